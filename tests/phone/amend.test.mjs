import assert from "node:assert/strict"
import test from "node:test"

import { isAmended, mayPutRight } from "../../src/milieu/phone/static/phone/amend.js"
import { peopleNow } from "../../src/milieu/phone/static/phone/due.js"
import { writeEntry } from "../../src/milieu/phone/static/phone/entry.js"

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse("2026-11-22T02:53:00Z")
const ME = { id: "dana", name: "Dana R." }
const SEEN = { outcome: "seen", place: "own-room" }
const NOT_SEEN = { outcome: "not-seen", place: "", why: "in-bathroom" }

function check({ at = NOW, state = "stored", author = "dana", fast = 0, ...more } = {}) {
  const { fact = SEEN } = more
  const clock = {
    device: () => at + fast,
    evidence: () => ({ anchor: null, offset_ms: fast, age_s: 0 }),
  }
  const entry = writeEntry("round.check", { stay: "rosa", author, clock, ...more, fact })
  return { id: entry.id, state, stored_at: at, entry }
}
const may = (item, items = [item]) => mayPutRight(item, { items, me: ME, now: NOW })

test("who wrote a check can put it right, sent or not, once its time to undo is over", () => {
  assert.equal(may(check({ state: "stored" })), true)
  assert.equal(may(check({ state: "waiting" })), true)
  assert.equal(may(check({ state: "held" })), false)
})

test("another's check, one of another shift and a refused one are put right elsewhere", () => {
  assert.equal(may(check({ author: "sam" })), false)
  assert.equal(may(check({ at: NOW - 15 * HOUR })), false)
  assert.equal(may(check({ state: "refused" })), false)
  assert.equal(may(check({ at: NOW - 13 * HOUR, fast: 5 * HOUR })), true)
  assert.equal(may(check({ at: NOW - 15 * HOUR, fast: 5 * HOUR })), false)
})

test("a clock that was set back does not end the shift in which it can be put right", () => {
  const setBack = check({ at: NOW - 10 * HOUR, fast: -5 * HOUR })
  setBack.entry.clock = { offset_ms: null, guess_ms: -5 * HOUR }
  assert.equal(may(setBack), true)
})

test("an amendment names what it puts right, says why, and keeps the time of the first", () => {
  const wrong = check({ at: NOW - 20 * MINUTE })
  const { entry } = check({
    amends: wrong.id,
    reason: "Wrong room",
    happenedAt: Date.parse(wrong.entry.happened_at),
  })
  assert.equal(entry.amends, wrong.id)
  assert.equal(entry.reason, "Wrong room")
  assert.equal(entry.happened_at, wrong.entry.happened_at)
  assert.equal(entry.written_at, new Date(NOW).toISOString())
})

test("what was put right once is put right by putting the later one right", () => {
  const wrong = check()
  const right = check({ amends: wrong.id, reason: "Wrong room" })
  const items = [wrong, right]
  assert.equal(isAmended(wrong, items), true)
  assert.equal(may(wrong, items), false)
  assert.equal(may(right, items), true)
  assert.equal(may(wrong, [wrong, { ...right, state: "aside" }]), true)
})

test("on the list what was put right counts as the first did, and no more than it says", () => {
  const snapshot = {
    pulledAt: NOW - HOUR,
    pack: { levels: [{ code: "q15", gap_s: 900 }], counts: ["seen"] },
    stays: [{ id: "rosa", state: "in", level: { code: "q15" }, due_at: null, last: null }],
  }
  const at = NOW - 10 * MINUTE
  const wrong = check({ at, state: "waiting" })
  const shown = (fact) => {
    const right = check({ fact, amends: wrong.id, reason: "x", happenedAt: at, state: "waiting" })
    return peopleNow({ snapshot, items: [wrong, right], me: ME })[0]
  }
  assert.equal(shown({ ...SEEN, place: "dayroom" }).dueAt, at + 15 * MINUTE)
  assert.equal(shown({ ...SEEN, place: "dayroom" }).last.fact.place, "dayroom")
  assert.equal(shown(NOT_SEEN).dueAt, null)

  const fast = check({ at, fast: 3 * HOUR, state: "waiting" })
  const { happened_at } = fast.entry
  const right = check({ amends: fast.id, reason: "x", happenedAt: Date.parse(happened_at), state: "waiting" })
  const [rosa] = peopleNow({ snapshot, items: [fast, right], me: ME })
  assert.equal(rosa.dueAt, at + 15 * MINUTE, "The clock was set before it was put right.")
})
