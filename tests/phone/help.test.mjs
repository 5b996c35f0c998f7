/** What stands of calls for help, of what the server told and what was said on this phone since. */

import assert from "node:assert/strict"
import test from "node:test"

import { callsNow } from "../../src/milieu/phone/static/phone/help.js"

const AT = Date.parse("2026-03-02T02:53:00Z")
const TOLD = { id: "c1", caller: "Dana R.", room: "12", coming: [], there: [] }
const said = (says, more = {}, caller = "Sam O.") => ({
  word: { id: `w-${says}`, call: "c1", says, ...more },
  at: AT,
  caller,
})

test("a call made here stands here at once, and says that it is on this phone only", () => {
  const [call] = callsNow([], [said("called", { room: "12", room_by: "tag" }, "Dana R.")])
  assert.equal(call.onPhone, true)
  assert.deepEqual([call.id, call.caller, call.room], ["c1", "Dana R.", "12"])
  assert.equal(call.called_at, "2026-03-02T02:53:00.000Z")
})

test("once the server tells of it, it is no longer on this phone only", () => {
  assert.deepEqual(callsNow([TOLD], [said("called")]), [TOLD])
})

test("what I say counts here at once, and once", () => {
  const words = [said("coming"), said("coming")]
  assert.deepEqual(callsNow([TOLD], words)[0].coming, ["Sam O."])
  assert.deepEqual(callsNow([{ ...TOLD, coming: ["Sam O."] }], words)[0].coming, ["Sam O."])
})

test("said to be over here it is gone here, also before the server knows", () => {
  assert.deepEqual(callsNow([TOLD], [said("coming"), said("over")]), [])
  assert.deepEqual(callsNow([], [said("called"), said("over")]), [])
})

test("what is said of a call that the server no longer tells of brings nothing back", () => {
  assert.deepEqual(callsNow([], [said("coming")]), [])
})
