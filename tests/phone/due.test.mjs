import assert from "node:assert/strict"
import test from "node:test"

import { isLate, peopleNow } from "../../src/milieu/phone/static/phone/due.js"

const MINUTE = 60_000
const NOW = Date.parse("2026-11-22T02:53:00Z")
const iso = (ms) => new Date(ms).toISOString()
const ME = { id: "dana", name: "Dana R." }
const PACK = { levels: [{ code: "q15", gap_s: 900 }], limits: { late_entry_s: 300 } }
const rosa = (more = {}) => ({
  id: "rosa",
  state: "in",
  level: { code: "q15" },
  last: { entry: "pulled", at: iso(NOW - 10 * MINUTE), fact: { outcome: "seen", place: "dayroom" } },
  due_at: iso(NOW + 5 * MINUTE),
  holder: null,
  ...more,
})
const own = ({
  kind = "round.check",
  amends = null,
  at = NOW,
  writtenAt = at,
  offset_ms = 0,
  state = "waiting",
  ...more
} = {}) => ({
  state,
  stored_at: null,
  entry: {
    kind,
    stay: "rosa",
    author: "dana",
    happened_at: iso(at),
    written_at: iso(writtenAt),
    clock: { offset_ms },
    amends,
    fact: kind === "round.check" ? { outcome: "seen", place: "own-room" } : {},
  },
  ...more,
})
const now = (items, stay = rosa(), pack = PACK) =>
  peopleNow({ snapshot: { stays: [stay], pulledAt: NOW, pack }, items, me: ME })[0]

test("due is the last check plus the level's gap, also when only this phone knows of it", () => {
  assert.equal(now([]).dueAt, NOW + 5 * MINUTE)
  const after = now([own()])
  assert.equal(after.dueAt, NOW + 15 * MINUTE)
  assert.equal(after.last.fact.place, "own-room")
  assert.equal(after.last.onPhone, true)
})

test("a check is reckoned by the server's clock, as far as the phone knew it", () => {
  assert.equal(now([own({ at: NOW + 3_600_000, offset_ms: 3_600_000 })]).dueAt, NOW + 15 * MINUTE)
})

test("a late entry is shown, and does not make anyone less due", () => {
  const late = own({ at: NOW - 6 * MINUTE, writtenAt: NOW })
  assert.equal(isLate(late.entry, PACK), true)
  assert.equal(now([late]).dueAt, NOW + 5 * MINUTE)
  assert.equal(now([late]).last.fact.place, "own-room")
})

test("a check older than the last one known changes nothing that is due", () => {
  const older = now([own({ at: NOW - 12 * MINUTE, writtenAt: NOW - 11 * MINUTE })])
  assert.equal(older.dueAt, NOW + 5 * MINUTE)
  assert.equal(older.last.fact.place, "dayroom")
})

test("a refused check does not count, and one that was pulled already is no news", () => {
  assert.equal(now([own({ state: "refused" })]).dueAt, NOW + 5 * MINUTE)
  assert.equal(now([own({ state: "stored", stored_at: NOW - 1 })]).dueAt, NOW + 5 * MINUTE)
  assert.equal(now([own({ state: "stored", stored_at: NOW + 1 })]).dueAt, NOW + 15 * MINUTE)
})

test("a pack may say which outcomes restart the clock", () => {
  const unseen = own()
  unseen.entry.fact.outcome = "not-seen"
  assert.equal(now([unseen]).dueAt, NOW + 15 * MINUTE)
  assert.equal(now([unseen], rosa(), { ...PACK, counts: ["seen"] }).dueAt, NOW + 5 * MINUTE)
})

test("a pulled check that was put right here earns no time, but what was seen before it does", () => {
  const unseen = own({ at: NOW - 10 * MINUTE, writtenAt: NOW, amends: "pulled" })
  unseen.entry.fact.outcome = "not-seen"
  const pack = { ...PACK, counts: ["seen"] }
  assert.equal(now([unseen], rosa(), pack).dueAt, NOW - 10 * MINUTE)
  assert.equal(now([unseen], rosa(), pack).lastAt, null)

  const before = own({ at: NOW - 12 * MINUTE, state: "stored", stored_at: NOW - 11 * MINUTE })
  assert.equal(now([before, unseen], rosa(), pack).dueAt, NOW + 3 * MINUTE)
  assert.equal(now([before, unseen], rosa(), pack).lastAt, NOW - 12 * MINUTE)

  const taken = own({ kind: "round.take", state: "stored", stored_at: NOW - 11 * MINUTE })
  assert.equal(now([taken, unseen], rosa(), pack).holder, null, "What was pulled says who has them.")
})

test("who was not seen is not seen by what is written long afterwards", () => {
  const pack = { ...PACK, counts: ["seen"] }
  const at = NOW - 6 * MINUTE
  const refused = own({ id: "refused", at })
  refused.entry.fact.outcome = "refused"
  const seen = (writtenAt) => own({ id: "seen", at, writtenAt, amends: "refused" })
  assert.equal(now([refused, seen(NOW)], rosa(), pack).dueAt, NOW + 5 * MINUTE)
  assert.equal(now([refused, seen(at + MINUTE)], rosa(), pack).dueAt, NOW + 9 * MINUTE)

  const again = own({ at, writtenAt: NOW, amends: "seen" })
  assert.equal(now([refused, seen(at + MINUTE), again], rosa(), pack).dueAt, NOW + 9 * MINUTE)
})

test("what was stored before the pull is not said over it again while it is confirmed", () => {
  const before = { stored_at: NOW - 11 * MINUTE, state: "waiting" }
  assert.equal(now([own({ kind: "round.take", ...before })]).holder, null)
  assert.equal(now([own({ kind: "round.take", ...before, stored_at: null })]).holder.id, "dana")
})

test("an order moves the due time, and nobody was seen by it", () => {
  const stricter = rosa({ due_at: iso(NOW + 10 * MINUTE) })
  assert.equal(now([], stricter).lastAt, NOW - 10 * MINUTE)
  assert.equal(now([], stricter).since, NOW - 5 * MINUTE)
})

const LEVELS = [...PACK.levels, { code: "q5", gap_s: 300 }, { code: "hourly", gap_s: 3600 }]
const ordered = (code, minutes, due) =>
  rosa({ level: { code, since: iso(NOW + minutes * MINUTE) }, due_at: iso(NOW + due * MINUTE) })
const dueIn = (stay, ...checks) => {
  const items = checks.map((minutes) => own({ at: NOW + minutes * MINUTE }))
  return (now(items, stay, { ...PACK, levels: LEVELS }).dueAt - NOW) / MINUTE
}

test("a level that was pulled counts at once, stricter or looser, for what was written here too", () => {
  const stricter = ordered("q5", -2, 3) // its gap runs from the order: the last check was before
  assert.equal(dueIn(stricter), 3)
  assert.equal(dueIn(stricter, -9), 3)
  assert.equal(dueIn(stricter, -9, 0), 5)
  const looser = ordered("hourly", -2, 50)
  assert.equal(dueIn(looser), 50)
  assert.equal(dueIn(looser, -9), 51)
  assert.equal(dueIn(looser, 0), 60)
})

test("what was missed before a looser level stays missed until somebody is seen", () => {
  const missed = rosa({ level: { code: "hourly" }, due_at: iso(NOW - 4 * MINUTE) })
  assert.equal(dueIn(missed), -4)
  assert.equal(dueIn(missed, -12), -4) // before the check by which it was missed
  assert.equal(dueIn(missed, -1), 59)
})

test("on leave nothing is due, whatever was written; a first check starts the clock", () => {
  assert.equal(now([own()], rosa({ state: "leave", due_at: null })).dueAt, null)
  assert.equal(now([own()], rosa({ last: null, due_at: null })).dueAt, NOW + 15 * MINUTE)
})

test("who was taken is on my list at once, who was given back stays until another accepts", () => {
  assert.equal(now([own({ kind: "round.take" })]).holder.id, "dana")
  assert.equal(now([own({ kind: "round.take" }), own({ kind: "round.give" })]).holder.id, "dana")
  const sams = rosa({ holder: { id: "sam", name: "Sam O." } })
  assert.equal(now([own({ kind: "round.give" })], sams).holder.id, "sam")
})

test("what a role was asked to take is not taken here by who is something else", () => {
  const stay = rosa({ holder: { id: "sam" }, offer: { id: "o", by: { id: "sam" }, to: null, role: "nurse" } })
  const taken = (roles) => {
    const snapshot = { stays: [stay], pulledAt: NOW, pack: PACK, person: { ...ME, roles } }
    const items = [own({ kind: "round.take" })]
    return peopleNow({ snapshot, items, me: ME })[0].holder.id
  }
  assert.equal(taken(["technician"]), "sam")
  assert.equal(taken(["nurse"]), "dana")
})

const UNSEEN = { outcome: "not-seen", why: "asleep-covered" }
const COUNTS = { ...PACK, counts: ["seen"] }
const VAIN = { entry: "try", at: iso(NOW - 4 * MINUTE), fact: UNSEEN }

test("who was looked for in vain since they were seen, by anyone, is said to be; it stops no clock", () => {
  const after = now([], rosa({ in_vain: VAIN }), COUNTS)
  assert.deepEqual([after.last.fact, after.last.onPhone], [UNSEEN, false])
  assert.deepEqual([after.lastAt, after.dueAt], [NOW - 10 * MINUTE, NOW + 5 * MINUTE])
  assert.deepEqual([after.seen.at, after.seen.fact.place], [NOW - 10 * MINUTE, "dayroom"])
  assert.equal(now([], rosa({ last: null, due_at: null, in_vain: VAIN }), COUNTS).last.fact, UNSEEN)
})

test("a look in vain is over when somebody saw them since, or it was put right here", () => {
  const seen = (at) => now([own({ at, writtenAt: at })], rosa({ in_vain: VAIN }), COUNTS)
  assert.equal(seen(NOW - 2 * MINUTE).last.fact.outcome, "seen")
  assert.equal(seen(NOW - 6 * MINUTE).last.fact, UNSEEN, "They were seen before it.")
  const struck = own({ amends: "try" })
  struck.entry.fact = null
  assert.equal(now([struck], rosa({ in_vain: VAIN }), COUNTS).last.fact.place, "dayroom")

  const earlier = own({ at: NOW - 7 * MINUTE, state: "stored" })
  Object.assign(earlier, { stored_at: NOW - 6 * MINUTE, entry: { ...earlier.entry, fact: UNSEEN } })
  const before = now([earlier, struck], rosa({ in_vain: VAIN }), COUNTS)
  assert.deepEqual([before.last.at, before.last.fact], [NOW - 7 * MINUTE, UNSEEN])
})

test("a nurse is not told of what was not sent, or not taken; of anything else they are", () => {
  const worried = (more) => {
    const item = own(more)
    item.entry.fact.nurse_should_know = "Shivers"
    return now([item]).untold
  }
  for (const state of ["held", "waiting", "refused"]) assert.equal(worried({ state }), true, state)
  assert.equal(worried({ state: "stored", stored_at: NOW }), false)
  assert.equal(worried({ stored_at: NOW - 1 }), false) // stored before, and to be confirmed
  assert.equal(worried({ state: "mended" }), false)
  assert.equal(now([own()]).untold, false)
  assert.equal(worried({ kind: "behavior.shift" }), true)
})
