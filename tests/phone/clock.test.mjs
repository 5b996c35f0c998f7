import assert from "node:assert/strict"
import test from "node:test"

import { Clock } from "../../src/milieu/phone/static/phone/clock.js"
import { happenedAt, writeEntry } from "../../src/milieu/phone/static/phone/entry.js"

const NOON = Date.parse("2026-11-22T12:00:00Z")

/** A device whose clock is `ahead` of the server's by so many ms. */
function device(ahead = 0, kept = null) {
  const time = { true: NOON, ahead }
  const clock = new Clock(
    kept,
    () => time.true + time.ahead,
    () => time.true,
  )
  const contact = (tripMs = 0, anchor = "anchor", meanwhile = () => {}) => {
    const sent = clock.sent()
    time.true += tripMs
    meanwhile()
    clock.heard(sent, { serverAt: time.true - tripMs / 2, anchor })
  }
  return { clock, time, contact }
}

test("a phone that has never met the server says that it knows nothing", () => {
  const evidence = { anchor: null, offset_ms: null, age_s: null, guess_ms: 0 }
  assert.deepEqual(device().clock.evidence(), evidence)
})

test("the offset is device clock minus server clock, taken at the middle of the request", () => {
  const { clock, contact } = device(-350)
  contact(200)
  assert.equal(clock.evidence().offset_ms, -350)
  assert.equal(clock.evidence().anchor, "anchor")
})

test("an entry says how long before writing the offset was measured", () => {
  const { clock, time, contact } = device()
  contact()
  time.true += 5_400_000
  assert.equal(clock.evidence().age_s, 5400)
})

test("a slow request does not spoil a good measurement, but is better than an old one", () => {
  const { clock, time, contact } = device(1000)
  contact(20)
  contact(8000, "later")
  assert.equal(clock.evidence().offset_ms, 1000)
  assert.equal(clock.evidence().anchor, "later")

  time.true += 400_000
  contact(8000)
  assert.equal(clock.evidence().age_s, 0)
})

test("a clock that somebody moved is measured anew at the next contact", () => {
  const { clock, time, contact } = device()
  contact(20)
  time.ahead = 3_600_000
  contact(500)
  assert.ok(Math.abs(clock.evidence().offset_ms - 3_600_000) <= 250)
})

test("a clock that is set back while the server is asked is measured as it is now", () => {
  const { clock, time, contact } = device()
  contact(20)
  contact(500, "later", () => (time.ahead = -3 * 3_600_000))
  assert.equal(clock.evidence().offset_ms, -3 * 3_600_000)
})

test("one that went ahead meanwhile was set, or slept: what was measured before stays", () => {
  const { clock, time, contact } = device(40)
  contact(20)
  contact(500, "later", () => (time.ahead += 5 * 3_600_000))
  assert.equal(clock.evidence().offset_ms, 40)
  assert.equal(clock.evidence().anchor, "later")
})

test("a clock that is set back makes the old offset unknown, not wrong", () => {
  const { clock, time, contact } = device()
  contact()
  time.true += 60_000
  clock.evidence()
  time.ahead = -30_000
  assert.equal(clock.evidence().offset_ms, null)
})

test("a clock that is set back moves no due time: the time shown goes on", () => {
  const { clock, time, contact } = device(500)
  contact()
  for (const back of [3_600_000, 1_800_000]) {
    time.true += 60_000
    clock.now()
    time.ahead -= back
    assert.equal(clock.now(), time.true)
  }
  const { happened_at, clock: evidence } = writeEntry("round.check", { clock })
  assert.equal(evidence.offset_ms, null)
  assert.equal(happenedAt({ happened_at, clock: evidence }), time.true)

  contact()
  assert.equal(clock.now(), time.true)
  assert.equal(clock.evidence().offset_ms, time.ahead)
})

test("set back while the app was closed, the time shown is no earlier than the last contact", () => {
  const { clock, contact } = device(500)
  contact()
  const { clock: later } = device(-90_000, { ...clock.measured })
  assert.equal(later.now(), NOON)
})

test("what was measured is known after the app was closed, unless the clock went back", () => {
  const { clock, contact } = device(500)
  contact()
  const kept = { ...clock.measured }
  assert.equal(device(500, kept).clock.evidence().offset_ms, 500)
  assert.equal(device(-90_000, kept).clock.evidence().offset_ms, null)
})

test("a time chosen on the unit's clock goes back to the device's own clock unharmed", () => {
  const { clock, contact } = device(-350)
  contact()
  assert.equal(clock.now(), NOON)
  assert.equal(clock.toServer(clock.toDevice(NOON)), NOON)
})
