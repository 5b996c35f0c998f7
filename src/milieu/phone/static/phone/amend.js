/** Putting right what one wrote oneself. Both entries stay: in the record and on the screen. */

import { writtenAt } from "./entry.js"

const SHIFT_MS = 14 * 3_600_000 // the longest; later, a lead puts it right in the pages
const WRITTEN = ["waiting", "stored"]
/** On which screen each kind that can be put right is written. */
export const WRITTEN_ON = {
  "round.check": "check",
  "vitals.set": "vitals",
  "intake.meal": "meal",
  "intake.drink": "drink",
  "behavior.shift": "shift",
  "behavior.episode": "episode",
  "instrument.scored": "scored",
  "calm.tried": "tried",
  "calm.plan": "plan",
  "restraint.start": "held-start",
  "restraint.change": "held-change",
  "restraint.check": "held-check",
  "restraint.end": "held-end",
}
/**
 * Whether this person may settle an entry that the record did not take: put it right, send it again
 * or set it aside. What was seen is its author's to say; a lead may, as in the record. Where the
 * phone does not know, nobody else may: the entry waits.
 * @param {{id: string, may?: string[]} | undefined} known  a person, and what they may do
 */
export const maySettle = ({ entry }, known) =>
  Boolean(entry && known) &&
  (!entry.author || entry.author === known.id || Boolean(known.may?.includes("amend-any")))
/** States of an entry that is, or will be, in the record. */
export const STANDS = ["held", ...WRITTEN]
/** Of one that is only on this phone. */
export const ONLY_HERE = ["held", "waiting", "refused"]

/** What this phone has written and can read, by id. */
export const byId = (items) =>
  new Map(items.filter(({ entry }) => entry).map(({ id, entry }) => [id, entry]))

/** Whether another entry of this phone puts this one right. */
export const isAmended = ({ id }, items) =>
  items.some(({ state, entry }) => entry?.amends && entry.amends === id && STANDS.includes(state))

/**
 * Whether I may put this entry right here: one of mine, of this shift, no longer to be undone
 * and not yet put right. `now` is the server's time, ms.
 */
export function mayPutRight({ id, state, entry }, { items, me, now }) {
  if (!WRITTEN.includes(state) || !(entry?.kind in WRITTEN_ON) || !entry.fact) return false
  const isMine = entry.author === me.id && now - writtenAt(entry) < SHIFT_MS
  return isMine && !isAmended({ id }, items)
}
