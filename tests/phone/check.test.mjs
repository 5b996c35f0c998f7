/** The check that is open: what it says of its time. */

import assert from "node:assert/strict"
import test from "node:test"

import { ForTime } from "../../src/milieu/phone/static/phone/screens/check.js"
import { draft, now, snapshot } from "../../src/milieu/phone/static/phone/state.js"

const MINUTE = 60_000
const NOW = Date.parse("2026-11-22T02:53:00Z")
const wordsOf = (drawn) =>
  [drawn?.props?.children ?? drawn ?? ""].flat().map((one) => (one?.props ? wordsOf(one) : one)).join(" ")

/** What stands above a check that is written at 02:53 for so many minutes before. */
function forTime(minutes, limits) {
  snapshot.value = { unit: { time_zone: "UTC" }, pack: { limits } }
  now.value = NOW
  draft.value = { at: NOW - minutes * MINUTE, amends: null }
  return wordsOf(ForTime())
}

test("a check for an earlier time says that it will be late from the unit's own limit on", () => {
  assert.doesNotMatch(forTime(10, { late_entry_s: 600 }), /late/)
  assert.match(forTime(11, { late_entry_s: 600 }), /02:42.*late: 11 minutes after/)
  assert.match(forTime(3, { late_entry_s: 120 }), /late: 3 minutes after/)
})

test("a pack that has no limit has five minutes", () => {
  assert.doesNotMatch(forTime(5, undefined), /late/)
  assert.match(forTime(6, undefined), /late: 6 minutes after/)
})
