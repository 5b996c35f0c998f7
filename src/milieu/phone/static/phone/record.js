/** Writing: what a tap becomes. Kept on the phone before the screen says so. */

import { EMPTY_CHECK, writeEntry } from "./entry.js"
import { HOLD_MS } from "./settle.js"
import { draft, goBack, me, phone, toast } from "./state.js"
import { clockTime, personOf } from "./unit.js"
import { say } from "./words.js"

const SEND_AFTER_MS = HOLD_MS + 100

const BLANK = { at: null, mending: null, note: "", concern: "", amends: null, reason: "" }

/** Begin a check of this person. Nothing is chosen beforehand. */
export function openCheck(stay, more = {}) {
  draft.value = { ...BLANK, stay, ...more }
}

/** Begin to put a check right: for the same time, with what was noted then. */
export function openAmendment({ id, happened_at, stay, fact }, more = {}) {
  openCheck(stay, {
    amends: { id, happenedAt: Date.parse(happened_at) },
    note: fact.note,
    concern: fact.nurse_should_know,
    ...more,
  })
}

/**
 * Record the check being written. `seen` is a tile, or the parts, or an outcome and why. What puts
 * another right needs a reason first: without one, the screen asks for it.
 */
export async function recordCheck(seen) {
  const { stay, at, mending, note, concern, amends, reason } = draft.value
  if (amends && !reason.trim()) return void (draft.value = { ...draft.value, asked: true })
  const fact = { ...EMPTY_CHECK, ...seen, note: note.trim(), nurse_should_know: concern.trim() }
  const happenedAt = amends?.happenedAt ?? (at === null ? null : phone.clock.toDevice(at))
  const entry = writeEntry("round.check", {
    stay,
    author: me.value.id,
    fact,
    clock: phone.clock,
    happenedAt,
    amends: amends?.id,
    reason: reason.trim(),
  })
  const person = personOf(stay)
  if (mending) await phone.outbox.mend(mending, entry)
  else await phone.outbox.add(entry, { hold_ms: HOLD_MS })
  goBack()
  const time = clockTime(phone.clock.toServer(Date.parse(entry.happened_at)))
  const text = say("saved-check", { name: person?.preferred_name ?? "", time })
  tell(text, mending ? null : entry.id)
  setTimeout(() => phone.sync.run({ push: true }), SEND_AFTER_MS)
}

/** Take back the check that was saved a moment ago. */
export async function undoLast() {
  const undone = await phone.outbox.undo(toast.value.id)
  tell(say(undone ? "taken-back" : "too-late-to-undo"))
}

/** Say something for a few seconds; with an id, offer to undo it. */
export function tell(text, id = null) {
  const said = { text, id }
  toast.value = said
  setTimeout(() => {
    if (toast.value === said) toast.value = null
  }, HOLD_MS)
}
