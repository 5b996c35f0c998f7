/** What has to be said first is asked for: nothing that was asked of the phone is dropped in silence. */

import assert from "node:assert/strict"
import test from "node:test"

import { Outbox } from "../../src/milieu/phone/static/phone/outbox.js"
import { openAgain, openCheck, openObserving, recordCheck, recordMeals, recordObserved, undoLast } from "../../src/milieu/phone/static/phone/record.js"
import { begun, contact, draft, phone, session, toast } from "../../src/milieu/phone/static/phone/state.js"
import { memoryStore, openBox } from "./memory-store.mjs"

const NOW = Date.parse("2026-11-22T02:53:00Z")
const SEEN = { outcome: "seen", place: "own-room" }

globalThis.history = { state: null, pushState() {}, back() {} }

function begin() {
  phone.clock = { device: () => NOW, evidence: () => ({}), toServer: (ms) => ms, toDevice: (ms) => ms }
  phone.outbox = new Outbox({ store: memoryStore(), box: openBox, send: () => ({}), now: () => NOW })
  phone.sync = { run() {} }
  session.value = { person: { id: "dana", name: "Dana R." } }
  contact.value = { online: true, problem: null }
  openCheck("rosa")
  return () => phone.outbox.items.map(({ entry }) => entry)
}
const write = (said) => (draft.value = { ...draft.value, ...said })

test("a check that the nurse should know of is not recorded before it says what of", async () => {
  const written = begin()
  write({ forNurse: true })
  await recordCheck(SEEN)
  assert.deepEqual(written(), [])
  assert.equal(draft.value.asked.field, "concern")

  write({ concern: "Did not eat" })
  await recordCheck(SEEN)
  assert.equal(written()[0].fact.nurse_should_know, "Did not eat")
})

test("what was just saved says whether the nurse is told, or is not told yet", async () => {
  for (const [online, words] of [
    [true, /told when it is sent/],
    [false, /not told yet/],
  ]) {
    begin()
    contact.value = { online, problem: null }
    write({ forNurse: true, concern: "Did not eat" })
    await recordCheck(SEEN)
    assert.match(toast.value.text, words)
  }
  begin()
  await recordCheck(SEEN)
  assert.doesNotMatch(toast.value.text, /told/)
})

test("the words for the nurse are not asked for where an entry has none", async () => {
  const written = begin()
  openObserving("drink", { stay: "rosa" })
  write({ forNurse: true })
  await recordObserved("intake.drink", { ml: 200, vessel: "", note: "" })
  assert.equal(written().length, 1)
})

test("words that were begun go when the check is recorded, and not with one that puts another right", async () => {
  const kept = { "check rosa dana": { note: "Humming" } }
  begin()
  begun.value = kept
  write({ amends: { id: "1", happenedAt: NOW }, reason: "It was the hall" })
  await recordCheck(SEEN)
  assert.deepEqual(begun.value, kept)

  openCheck("rosa")
  await recordCheck(SEEN)
  assert.deepEqual(begun.value, {})
})

const HOUR = 3_600_000
const iso = (ms) => new Date(ms).toISOString()
/** One of 02:53 by the server, written while the phone's clock was five minutes fast. */
const fast = (kind, fact) => ({
  ...{ id: "wrong", kind, stay: "rosa", author: "dana", fact },
  ...{ happened_at: iso(NOW + 300_000), written_at: iso(NOW + 300_000), clock: { offset_ms: 300_000 } },
})

test("what is put right is shown for the time that it was, and keeps its moment, however the clock was set", async () => {
  for (const [kind, fact, record] of [
    ["round.check", { ...SEEN, note: "Awake", nurse_should_know: "" }, () => recordCheck(SEEN)],
    ["intake.drink", { ml: 200, vessel: "", note: "" }, () => recordObserved("intake.drink", { ml: 100 })],
  ]) {
    const written = begin()
    phone.clock.toDevice = (ms) => ms + 3 * HOUR
    const wrong = fast(kind, fact)
    openAgain(wrong, { amends: "wrong" })
    assert.equal(draft.value.at, NOW)
    assert.equal(draft.value.note, fact.note)
    write({ reason: "Wrong room" })
    await record()
    const [entry] = written()
    assert.deepEqual([entry.amends, entry.happened_at], ["wrong", wrong.happened_at])
    assert.match(toast.value.text, /02:53/)
  }
})

test("what the record did not take is written anew for its own time, by the clock as it is now", async () => {
  const written = begin()
  phone.clock.toDevice = (ms) => ms + 3 * HOUR
  openAgain(fast("round.check", SEEN), { mending: "wrong", seen: SEEN })
  await recordCheck(SEEN)
  assert.deepEqual([written()[0].amends, written()[0].happened_at], [null, iso(NOW + 3 * HOUR)])
})

test("a second tap before the first is on the disk records nothing more", async () => {
  for (const tap of [
    () => recordCheck(SEEN),
    () => recordObserved("intake.drink", { ml: 200 }),
    () => recordMeals([["rosa", {}], ["john", {}]]),
  ]) {
    const written = begin()
    const taps = [tap(), tap()]
    await Promise.all(taps)
    assert.deepEqual(new Set(written().map(({ stay }) => stay)).size, written().length)
  }
  const written = begin()
  await recordCheck(SEEN)
  openCheck("rosa")
  await recordCheck(SEEN)
  assert.equal(written().length, 2)
})

test("two taps on the way to take it back say that it was taken back", async () => {
  const written = begin()
  await recordCheck(SEEN)
  await Promise.all([undoLast(), undoLast()])
  assert.deepEqual(written(), [])
  assert.match(toast.value.text, /Taken back/i)
})
