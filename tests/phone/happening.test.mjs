/** To which incident a mark belongs: the one that goes on here, or on another phone, or a new one. */

import assert from "node:assert/strict"
import test from "node:test"

import { incidentOf, marksOf } from "../../src/milieu/phone/static/phone/happening.js"

const AT = Date.parse("2026-03-02T02:53:00Z")
const HOUR = 3_600_000
const marked = (incident, stay = "rosa", at = AT) => ({
  id: `${incident}-${at}`,
  entry: {
    kind: "incident.mark",
    stay,
    happened_at: new Date(at).toISOString(),
    fact: { incident, what: "calm" },
  },
})
const known = (more) => ({ written: [], told: [], time: AT + HOUR, goesOnMs: 2 * HOUR, ...more })

test("a mark goes on with what was marked here of the same person lately", () => {
  const written = [marked("i1"), marked("i2", "john"), { id: "x", entry: { kind: "round.check" } }]
  assert.equal(incidentOf("rosa", known({ written })), "i1")
  assert.equal(incidentOf("ana", known({ written })), null)
  assert.equal(incidentOf("rosa", known({ written, time: AT + 3 * HOUR })), null)
})

test("for how long it goes on is by the server's time, whatever the phone's own clock said", () => {
  const fast = { ...marked("i1", "rosa", AT + 3 * HOUR) }
  fast.entry.clock = { offset_ms: 3 * HOUR }
  assert.equal(incidentOf("rosa", known({ written: [fast] })), "i1")
  assert.equal(incidentOf("rosa", known({ written: [fast], time: AT + 3 * HOUR })), null)
  const setBack = { ...marked("i1", "rosa", AT - 5 * HOUR) }
  setBack.entry.clock = { offset_ms: null, guess_ms: -5 * HOUR }
  assert.equal(incidentOf("rosa", known({ written: [setBack] })), "i1")
})

test("else with what another phone began, as the server told", () => {
  const told = [{ id: "i9", stay: "rosa" }]
  assert.equal(incidentOf("rosa", known({ told })), "i9")
  assert.equal(incidentOf("rosa", known({ told, written: [marked("i1")] })), "i1")
})

test("what is shown of an incident is what was marked of it here", () => {
  const written = [marked("i1"), marked("i2"), marked("i1", "rosa", AT + 1000)]
  assert.deepEqual(
    marksOf("i1", written).map(({ id }) => id),
    [`i1-${AT}`, `i1-${AT + 1000}`],
  )
})
