/**
 * Alerts that the server tells this person of: they come with a pull, and ring once for each step
 * that they climb. An answer is given only where the server hears it: one that lay here would look
 * given, while the alert went on calling others.
 */

import { ring } from "./ring.js"
import { phone, session, snapshot } from "./state.js"

const calls = (alerts) => (alerts ?? []).map(({ id, steps }) => `${id} ${steps}`)

/** Ring when an alert is new, or has climbed since the phone was last told. */
export function hear(before, after) {
  const known = new Set(calls(before))
  if (calls(after).some((call) => !known.has(call))) ring("ring-alert")
}

/** How many answers were given: what was asked for before the last of them is no longer so. */
export const answers = { given: 0 }

/** Rejects while the server cannot be reached, or says why not. */
export async function answerAlert(alert, words) {
  const { person, token } = session.value
  const reply = await phone.door.post("/phone/answer", { alert, words }, token)
  answers.given += 1
  // Another may have opened the phone meanwhile: what waits for this person is not told to them.
  if (snapshot.value.person.id !== person.id) return
  snapshot.value = { ...snapshot.value, alerts: reply.alerts }
}
