/** The check that is open: what it is drawn from, and what it says of its time. */

import assert from "node:assert/strict"
import test from "node:test"

import { openCheck } from "../../src/milieu/phone/static/phone/record.js"
import { Besides, CalmLink, drawnFrom, ForTime, personHead } from "../../src/milieu/phone/static/phone/screens/check.js"
import { language } from "../../src/milieu/phone/static/phone/words.js"
import { draft, now, session, snapshot } from "../../src/milieu/phone/static/phone/state.js"

const MINUTE = 60_000
const NOW = Date.parse("2026-11-22T02:53:00Z")

/** What can be read of something drawn. */
function wordsOf(drawn) {
  if (Array.isArray(drawn)) return drawn.map(wordsOf).join(" ")
  if (typeof drawn !== "object") return typeof drawn === "string" ? drawn : ""
  if (drawn === null) return ""
  const { type, props } = drawn
  return wordsOf(typeof type === "function" ? type(props) : props.children)
}

/** What stands above a check that is written at 02:53 for so many minutes before. */
function forTime(minutes, limits) {
  snapshot.value = { unit: { time_zone: "UTC" }, pack: { limits } }
  now.value = NOW
  draft.value = { at: NOW - minutes * MINUTE, amends: null }
  return wordsOf(ForTime())
}

test("a check for an earlier time says that it will be late from the unit's own limit on", () => {
  assert.doesNotMatch(forTime(10, { late_entry_s: 600 }), /late/)
  assert.match(forTime(11, { late_entry_s: 600 }), /02:42.*late: 11 min after.*not move/)
  assert.match(forTime(3, { late_entry_s: 120 }), /late: 3 min after/)
})

test("a time of yesterday says so, with its hours", () => {
  language.value = "en"
  assert.match(forTime(17 * 60 + 4), /For yesterday 09:49.*late: 17 h 4 min after/)
  language.value = "es"
  assert.match(forTime(17 * 60 + 4), /las 09:49 de ayer.*tardía: 17 h 4 min después/)
  language.value = "en"
  assert.match(forTime(49 * 60), /For Nov 20, 01:53/)
})

test("a pack that has no limit has five minutes", () => {
  assert.doesNotMatch(forTime(5, undefined), /late/)
  assert.match(forTime(6, undefined), /late: 6 min after/)
})

const NIGHT = ["2026-11-22T03:00:00Z", "2026-11-22T11:00:00Z"]
const DANA = { person: { id: "dana", name: "Dana R." }, token: "one" }

/** The phone learns of this pack, at this time of the night; from three on Rosa's sleep is protected. */
function learns(name, time = NOW) {
  const rosa = { id: "rosa", state: "in", level: null, holder: null, sleep: [NIGHT] }
  const pack = { name, levels: [], limits: {} }
  const unit = { time_zone: "UTC" }
  snapshot.value = { person: DANA.person, pulledAt: NOW, unit, pack, stays: [rosa] }
  now.value = time
}

/** A check of Rosa that Dana opened at 02:53. */
function opened() {
  session.value = DANA
  learns("first")
  openCheck("rosa")
  return shown()
}

const shown = () => [drawnFrom().pack.name, drawnFrom().hour, drawnFrom().until !== null]

test("while a check is open neither a new pack nor the next hour moves its tiles, nor a protected night", () => {
  assert.deepEqual(opened(), ["first", 2, false])
  learns("second", NOW + 8 * MINUTE)
  draft.value = { ...draft.value, note: "Asked for water" }
  assert.deepEqual(shown(), ["first", 2, false])
})

test("the next check is drawn from what is known then, also of the same person", () => {
  opened()
  learns("second")
  openCheck("rosa")
  assert.deepEqual(shown(), ["second", 2, false])
})

test("for another time, the tiles are those of its hour", () => {
  opened()
  draft.value = { ...draft.value, at: NOW - 60 * MINUTE }
  assert.deepEqual(shown(), ["first", 1, false])
})

test("a check that is found again after a lock is drawn anew", () => {
  opened()
  learns("second", NOW + 8 * MINUTE)
  session.value = { ...DANA }
  assert.deepEqual(shown(), ["second", 3, true])
})

test("while a check is put right nothing else is begun that would take its place", () => {
  const beside = () => wordsOf([CalmLink(), Besides({ stay: "rosa" })])
  opened()
  assert.match(beside(), /What helps.*Vital signs/s)
  for (const again of [{ mending: "refused" }, { amends: { id: "wrong" } }]) {
    openCheck("rosa", { at: NOW, ...again })
    assert.doesNotMatch(beside(), /\w/)
  }
})

test("who has no bed is said to have none, and a birth date is not broken", () => {
  learns("first")
  const [rosa] = snapshot.value.stays
  const head = (more) => {
    snapshot.value = { ...snapshot.value, stays: [{ ...rosa, preferred_name: "Rosa", legal_name: "Rosa Marin", ...more }] }
    return personHead("rosa")
  }
  assert.match(wordsOf(head({ room: "12", bed: "A" }).title), /room 12A/)
  const { title, under } = head({ room: "", bed: "", birth_date: "1993-01-28" })
  assert.match(wordsOf(title), /Rosa +No bed/)
  assert.match(wordsOf(under), /Rosa Marin +· +born 1993-01-28/)
  const whole = (drawn) => [drawn].flat(9).find((one) => one?.props?.class === "figures")
  assert.equal(wordsOf(whole(under)), "born 1993-01-28")
})
