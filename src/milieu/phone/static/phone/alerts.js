/**
 * Alerts that the server tells this person of: they come with a pull, and ring once for each step
 * that they climb. An answer is given only where the server hears it: one that lay here would look
 * given, while the alert went on calling others.
 */

import { effect } from "./html.js"
import { ring } from "./ring.js"
import { alerts, phone, session, snapshot } from "./state.js"

let heard = new Set()

/** Ring when an alert is new, or has climbed since it was last heard of. */
export const hearAlerts = () =>
  effect(() => {
    const calls = new Set(alerts.value.map(({ id, steps }) => `${id} ${steps}`))
    if ([...calls].some((call) => !heard.has(call))) ring("ring-alert")
    heard = calls
  })

/** Rejects while the server cannot be reached, or says why not. */
export async function answerAlert(alert, words) {
  const reply = await phone.door.post("/phone/answer", { alert, words }, session.value.token)
  snapshot.value = { ...snapshot.value, alerts: reply.alerts }
}
