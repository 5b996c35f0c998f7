/** Writing: what a tap becomes. Kept on the phone before the screen says so. */

import { WRITTEN_ON } from "./amend.js"
import { begunOf, forget } from "./begun.js"
import { vitalsAgain } from "./body.js"
import { EMPTY_CHECK, happenedAt, writeEntry } from "./entry.js"
import { heldAgain } from "./held-facts.js"
import { proofOf, useFor } from "./presence.js"
import { HOLD_MS } from "./settle.js"
import { contact, draft, go, goBack, me, phone, session, snapshot, toast } from "./state.js"
import { clockTime, personOf } from "./unit.js"
import { say } from "./words.js"

const SEND_AFTER_MS = HOLD_MS + 100

const time = (ms) => (ms === null ? null : new Date(ms).toISOString())

const BLANK = {
  ...{ at: null, mending: null, note: "", concern: "", amends: null, reason: "" },
  ...{ screen: "check", said: {} }, // what is being written, where it is no check
  ...{ opened: "", forNote: false, forNurse: false }, // a field of words; which are open
  ...{ asked: null }, // what was asked for first
  ...{ seen: null }, // what the refused check said that is put right
}

/** Begin a check of this person. Nothing is chosen beforehand; words that were begun are there. */
export function openCheck(stay, more = {}) {
  const begun = Symbol("this check")
  const { note = "", concern = "" } = { ...(!more.screen && begunOf("check", stay)), ...more }
  draft.value = { ...BLANK, note, concern, forNurse: Boolean(concern), stay, begun, ...more }
}

/** What has to be said before this draft can be recorded: "reason", "concern", or nothing. */
export const unsaid = ({ amends, reason, forNurse, concern }) =>
  (amends && !reason.trim() && "reason") || (forNurse && !concern.trim() && "concern") || null

// Ask for it on the screen, each time anew. Whether something was left to say of what is recorded:
// not every kind of entry has words for a nurse.
function asks(fact) {
  const forNurse = draft.value.forNurse && Boolean(fact) && "nurse_should_know" in fact
  const field = unsaid({ ...draft.value, forNurse })
  if (field) draft.value = { ...draft.value, asked: { field } }
  return Boolean(field)
}

/**
 * Record the check being written. `seen` is a tile, or the parts, or an outcome and why. What puts
 * another right needs a reason first, and what the nurse should know its words: without them, the
 * screen asks. With `look`, what a look from the doorway is like is kept beside it, at the same time.
 */
export async function recordCheck(seen, look = null) {
  if (asks(EMPTY_CHECK)) return
  const { stay, at, mending, note, concern } = draft.value
  const fact = { ...EMPTY_CHECK, ...seen, note: note.trim(), nurse_should_know: concern.trim() }
  const entry = written("round.check", fact)
  const beside = look && written("sleep.look", look)
  await once(async () => {
    if (at === null) Object.assign(fact, await useFor(stay, entry.id))
    await keepWritten(entry, { at, mending, beside })
    if (!mending && !entry.amends) forget("check", stay)
  })
}

const keeping = new Set()

// A second tap, before the disk has what the first one said, says nothing more.
async function once(work) {
  const what = draft.value?.begun
  if (keeping.has(what)) return
  keeping.add(what)
  await work().finally(() => keeping.delete(what))
}

// What is recorded of the draft. What puts another right says the same moment of the phone's own
// clock, by which the server knows it, however that clock was set since.
function written(kind, fact) {
  const { stay, at, amends, reason } = draft.value
  const happenedAt = amends?.happenedAt ?? (at === null ? null : phone.clock.toDevice(at))
  const common = { stay, author: me.value.id, clock: phone.clock, happenedAt }
  return writeEntry(kind, { ...common, fact, amends: amends?.id, reason: reason.trim() })
}

// An entry with what shows that it was written in its author's own session, whoever sends it.
const proved = async (entry) => ({ ...entry, proof: await proofOf(session.value.token, entry.id) })

async function keepWritten(made, { at, mending, beside = null, after = goBack }) {
  const entry = await proved(made)
  const person = personOf(entry.stay)
  if (mending) await phone.outbox.mend(mending, entry)
  else await phone.outbox.add(entry, { hold_ms: HOLD_MS })
  if (beside) await phone.outbox.add(beside, { hold_ms: HOLD_MS })
  after()
  const time = clockTime(at ?? happenedAt(entry))
  const said = [say("saved-check", { name: person?.preferred_name ?? "", time })]
  if (entry.fact?.nurse_should_know) said.push(say(contact.value.online ? "nurse-when-sent" : "nurse-not-yet"))
  tell(said.join(". "), mending ? null : entry.id, beside?.id)
  setTimeout(() => phone.sync.run({ push: true }), SEND_AFTER_MS)
}

/** Begin what is no check: a shift, an episode, an instrument. `screen` is where it is written. */
export function openObserving(screen, { stay, ...more }) {
  openCheck(stay, { screen, ...more })
  go(screen)
}

/**
 * Open an entry again where it was written, for the same time. What is recorded then puts right the
 * entry that `amends` names, or takes the place of `mending`, which the record did not take.
 */
export function openAgain(entry, { amends, ...more }) {
  const { kind, stay, fact, happened_at } = entry
  const { note = "", nurse_should_know: concern = "" } = fact
  const wrong = amends ? { id: amends, happenedAt: Date.parse(happened_at) } : null
  const begun = { stay, at: happenedAt(entry), said: saidAgain(entry), note, concern }
  openObserving(WRITTEN_ON[kind], { ...begun, amends: wrong, ...more })
}

function saidAgain({ kind, fact }) {
  if (kind === "round.check") return {}
  if (kind === "vitals.set") return vitalsAgain(fact)
  if (kind.startsWith("restraint.")) return heldAgain(kind, fact, codesByWords)
  return { ...fact }
}

// The codes of a list of the pack by their words, in whichever language they were tapped.
const codesByWords = (list) =>
  new Map(
    (snapshot.value.pack.restraint[list] ?? []).flatMap(({ code, label }) =>
      Object.values(label).map((words) => [words, code]),
    ),
  )

/** Record what was observed; first, as with a check, what has to be said is asked for. */
export async function recordObserved(kind, fact, after) {
  if (asks(fact)) return
  const { at, mending } = draft.value
  await once(() => keepWritten(written(kind, fact), { at, mending, after }))
}

/** Record what a thing that was tried did, and go on where it was tapped. */
export function recordTried(did, after) {
  const { of, code, words, note = "" } = draft.value.said
  return recordObserved("calm.tried", { of, code, words, did, note }, after)
}

/** Record a meal of many: [stay, fact] of each. */
export const recordMeals = (facts) =>
  keep(
    facts.map(([stay, fact]) => ["intake.meal", { id: stay }, fact]),
    "meals-saved",
  )

/** Ask somebody to take over these people, with the state as it stands on this screen. */
export function handOver(people, { purpose, to, role, minutes, sharpsOut }) {
  const until = purpose === "break" ? time(phone.clock.now() + minutes * 60_000) : null
  const sharps = sharpsOut ? "out" : "none"
  const said = { purpose, to, role, until, sharps, sharps_out: sharpsOut, note: "" }
  return keep(
    people.map((person) => [
      "round.offer",
      person,
      {
        ...said,
        last_at: time(person.lastAt),
        due_at: time(person.dueAt),
        level: person.level?.code ?? "",
        concern: Boolean(person.concern),
      },
    ]),
    "asked",
  )
}

/** Accept or decline what is asked, or withdraw what was asked. */
export const reply = (people, says) =>
  keep(
    people.map((person) => {
      const offer = person.offer?.id ?? person.level.entry
      return ["round.reply", person, { offer, says }]
    }),
    `did-${says}`,
  )

/** Take people whom nobody has, or whose holder is not there to hand them over. */
export const takeOver = (people) =>
  keep(
    people.map((person) => ["round.take", person, { without: person.holder?.id ?? null }]),
    "list-changed",
  )

const keep = (entries, words) =>
  once(async () => {
    const author = me.value.id
    for (const [kind, { id: stay }, fact] of entries)
      await phone.outbox.add(await proved(writeEntry(kind, { stay, author, fact, clock: phone.clock })))
    goBack()
    tell(say(words))
    phone.sync.run({ push: true })
  })

/** Take back the check that was saved a moment ago. */
export const undoLast = () =>
  once(async () => {
    const { id, beside } = toast.value
    const undone = await phone.outbox.undo(id)
    if (undone && beside) await phone.outbox.undo(beside)
    tell(say(undone ? "taken-back" : "too-late-to-undo"))
  })

/** Say something for a few seconds; with an id, offer to undo it. */
export function tell(text, id = null, beside = null) {
  const said = { text, id, beside }
  toast.value = said
  setTimeout(() => {
    if (toast.value === said) toast.value = null
  }, HOLD_MS)
}
