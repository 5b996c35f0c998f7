/** An incident as it happens: one tap for each thing, each an entry of its own, kept at once. */

import { happenedAt, uuid7, writeEntry } from "./entry.js"
import { calls } from "./help.js"
import { tell } from "./record.js"
import { HOLD_MS } from "./settle.js"
import { draft, items, me, now, phone, snapshot } from "./state.js"
import { clockTime } from "./unit.js"
import { say } from "./words.js"

const MINUTE = 60_000
const isMark = ({ entry }) => entry?.kind === "incident.mark" && entry.fact

/** The marks that were written on this phone about one incident, the first first. */
export const marksOf = (incident, written) =>
  written.filter((item) => isMark(item) && item.entry.fact.incident === incident)

/** The incident of this person that goes on: as marked here, else as the server told; or null. */
export function incidentOf(stay, { written, told = [], time, goesOnMs }) {
  const here = written
    .filter((item) => isMark(item) && item.entry.stay === stay)
    .filter(({ entry }) => time - happenedAt(entry) < goesOnMs)
  const known = told.find((one) => one.stay === stay)
  return here.at(-1)?.entry.fact.incident ?? known?.id ?? null
}

/** The incident that is being marked on this screen; a new one if none goes on. */
export function incidentNow(stay) {
  const goesOnMs = snapshot.value.pack.incident.goes_on_min * MINUTE
  const known = { written: items.value, told: snapshot.value.incidents, time: now.value, goesOnMs }
  return incidentOf(stay, known) ?? draft.value.said.incident
}

/** Begin to mark what happens with this person. */
export const begin = (stay) =>
  (draft.value = { ...draft.value, stay, said: { incident: uuid7(phone.clock.now()) } })

/** Keep one mark, at this moment. `who` is a colleague whom it is about. */
export async function mark(what, label, who = null) {
  const { stay, note } = draft.value
  const call = calls.value.find((one) => one.stay === stay || one.caller === me.value.name)
  const fact = {
    incident: incidentNow(stay),
    what,
    who,
    call: call?.id ?? null,
    words: note.trim(),
  }
  const entry = writeEntry("incident.mark", { stay, author: me.value.id, clock: phone.clock, fact })
  draft.value = { ...draft.value, note: "" }
  await phone.outbox.add(entry, { hold_ms: HOLD_MS })
  tell(say("marked", { what: label, time: clockTime(happenedAt(entry)) }), entry.id)
  setTimeout(() => phone.sync.run({ push: true }), HOLD_MS + 100)
}
