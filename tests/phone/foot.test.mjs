import assert from "node:assert/strict"
import test from "node:test"

import { ageWords, isStale } from "../../src/milieu/phone/static/phone/foot.js"
import { contact, now, snapshot } from "../../src/milieu/phone/static/phone/state.js"

const MINUTE = 60_000
const PULLED = Date.parse("2026-11-22T02:41:00Z")

test("a list that is older than five minutes is said to be old", () => {
  contact.value = { online: true, problem: null }
  snapshot.value = { pulledAt: PULLED, unit: { time_zone: "UTC" }, stays: [] }

  now.value = PULLED + 5 * MINUTE
  assert.equal(isStale(), false)
  assert.equal(ageWords(), "List from 02:41")

  now.value = PULLED + 5 * MINUTE + 1000
  contact.value = { online: false, problem: null }
  assert.equal(isStale(), true)
  assert.match(ageWords(), /still from 02:41 · no network$/)

  snapshot.value = null
  assert.equal(isStale(), false)
})
