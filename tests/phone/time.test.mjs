/** A check for an earlier time: which times are offered. */

import assert from "node:assert/strict"
import test from "node:test"

import { openCheck } from "../../src/milieu/phone/static/phone/record.js"
import { offered } from "../../src/milieu/phone/static/phone/screens/time.js"
import { draft, items, now, session, snapshot } from "../../src/milieu/phone/static/phone/state.js"
import { isLateAfter } from "../../src/milieu/phone/static/phone/due.js"

const MINUTE = 60_000
const NOW = Date.parse("2026-11-22T05:13:40Z")
const DANA = { id: "dana", name: "Dana R." }

/** The minutes before now that are offered for Rosa, who arrived then. */
function offeredTo(admitted_at) {
  session.value = { person: DANA }
  now.value = NOW
  const rosa = { id: "rosa", state: "in", level: null, holder: null, admitted_at }
  snapshot.value = { person: DANA, pulledAt: NOW, unit: { time_zone: "UTC" }, pack: { levels: [] }, stays: [rosa] }
  openCheck("rosa")
  return offered(draft.value.stay).map(({ minutes }) => minutes)
}

test("the first time that is offered is no late entry yet, with a minute to write it", () => {
  offeredTo("2026-11-20T05:00:00Z")
  const [{ at }] = offered("rosa")
  assert.equal(isLateAfter(NOW + MINUTE - at), false)
})

test("no time is offered that is before somebody arrived, as far as the phone knows", () => {
  assert.deepEqual(offeredTo("2026-11-22T05:04:10Z"), [2, 5])
  assert.deepEqual(offeredTo("2026-11-22T05:12:00Z"), [])
  assert.equal(offeredTo("2026-11-20T05:00:00Z").length, 6)
  assert.equal(offeredTo(undefined).length, 6)
})

test("of somebody who left, as the refusal says, only times until then are offered", () => {
  offeredTo(undefined)
  items.value = [{ id: "a", state: "refused", answer: { code: "after-discharge", message: "Rosa left at 05:08. Ask a nurse." } }]
  openCheck("rosa", { screen: "check", mending: "a" })
  assert.deepEqual(
    offered("rosa").map(({ minutes }) => minutes),
    [5, 10, 15, 20, 30],
  )
  items.value = []
})
