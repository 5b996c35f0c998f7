import assert from "node:assert/strict"
import test from "node:test"

import { notSeen } from "../../src/milieu/phone/static/phone/alarm.js"

const MINUTE = 60_000
const DUE = Date.parse("2026-11-22T02:53:00Z")
const ROSA = { id: "rosa", dueAt: DUE }
const at = (minutes, going = {}, by = "dana") =>
  notSeen([ROSA, { id: "away", dueAt: null }], {
    going: new Map(Object.entries(going)),
    by,
    time: DUE + minutes * MINUTE,
    graceMs: 2 * MINUTE,
    quietMs: 15 * MINUTE,
  }).map(({ id, goingSince }) => [id, goingSince && (goingSince - DUE) / MINUTE])
const said = (minutes, more = {}) => ({
  rosa: { by: "dana", dueAt: DUE, at: DUE + minutes * MINUTE, ...more },
})

test("nobody is called for within the grace, nor for who has nothing due", () => {
  assert.deepEqual(at(1.9), [])
  assert.deepEqual(at(2), [["rosa", null]])
})

test("who is going is not called again, until the time for an answer is over", () => {
  assert.deepEqual(at(3, said(3)), [["rosa", 3]])
  assert.deepEqual(at(17.9, said(3)), [["rosa", 3]])
  assert.deepEqual(at(18, said(3)), [["rosa", null]])
})

test("going once does not answer for the next check, nor for the next who holds the phone", () => {
  assert.deepEqual(at(3, said(3, { dueAt: DUE - 15 * MINUTE })), [["rosa", null]])
  assert.deepEqual(at(3, said(3), "lena"), [["rosa", null]])
})
