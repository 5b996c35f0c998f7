/** A check from its parts says what was seen, and why not. */

import assert from "node:assert/strict"
import test from "node:test"

import { lackOf, withReason } from "../../src/milieu/phone/static/phone/screens/parts.js"

const LYING = { place: "own-room", position: "lying" }

test("breathing that could not be seen is recorded with a reason, and not without", () => {
  assert.equal(lackOf({ place: "own-room" }), "parts-missing")
  assert.equal(lackOf(LYING), null)
  assert.equal(lackOf({ ...LYING, breathing: "seen" }), null)
  assert.equal(lackOf({ ...LYING, breathing: "not-seen" }), "breathing-missing")
  assert.equal(lackOf({ ...LYING, breathing: "not-seen", why: "covered" }), null)
})

test("the reason goes when breathing was seen after all", () => {
  assert.equal(withReason({ ...LYING, breathing: "seen", why: "covered" }).why, "")
  assert.equal(withReason({ ...LYING, breathing: "not-seen", why: "covered" }).why, "covered")
})
