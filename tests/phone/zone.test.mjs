import assert from "node:assert/strict"
import test from "node:test"

import { dayOf, hourOf, momentsOf, wallTime } from "../../src/milieu/phone/static/phone/zone.js"

const NEW_YORK = "America/New_York"
const at = Date.parse

test("times are the unit's, of 24 hours, whatever zone the phone is set to", () => {
  assert.equal(wallTime(at("2026-11-22T07:53:10Z"), NEW_YORK), "02:53")
  assert.equal(wallTime(at("2026-11-22T05:00:00Z"), NEW_YORK), "00:00")
  assert.equal(hourOf(at("2026-11-22T05:00:00Z"), NEW_YORK), 0)
})

test("a day is the unit's, in the language of who reads", () => {
  const night = at("2026-11-22T03:53:10Z")
  assert.equal(dayOf(night, NEW_YORK, "en"), "Nov 21")
  assert.equal(dayOf(night, NEW_YORK, "es"), "21 nov")
})

test("in the hour that the clocks repeat, the zone's letters tell the two apart", () => {
  assert.equal(wallTime(at("2026-11-01T05:30:00Z"), NEW_YORK), "01:30 EDT")
  assert.equal(wallTime(at("2026-11-01T06:30:00Z"), NEW_YORK), "01:30 EST")
  assert.equal(wallTime(at("2026-11-01T07:30:00Z"), NEW_YORK), "02:30")
  assert.equal(wallTime(at("2026-11-01T04:59:00Z"), NEW_YORK), "00:59")
})

test("a time typed in is the last moment at which the unit's clock showed it", () => {
  const now = at("2026-11-22T07:53:10Z")
  assert.deepEqual(momentsOf("02:30", NEW_YORK, now), [at("2026-11-22T07:30:00Z")])
  assert.deepEqual(momentsOf("03:10", NEW_YORK, now), [at("2026-11-21T08:10:00Z")])
})

test("a time in the doubled hour was two moments, and a time in the hour left out was none", () => {
  const autumn = momentsOf("01:30", NEW_YORK, at("2026-11-01T12:00:00Z"))
  assert.deepEqual(autumn, [at("2026-11-01T06:30:00Z"), at("2026-11-01T05:30:00Z")])
  assert.deepEqual(momentsOf("02:30", NEW_YORK, at("2026-03-08T12:00:00Z")), [])
})
