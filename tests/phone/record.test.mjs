/** What has to be said first is asked for: nothing that was asked of the phone is dropped in silence. */

import assert from "node:assert/strict"
import test from "node:test"

import { Outbox } from "../../src/milieu/phone/static/phone/outbox.js"
import { openCheck, openObserving, recordCheck, recordObserved } from "../../src/milieu/phone/static/phone/record.js"
import { contact, draft, phone, session, toast } from "../../src/milieu/phone/static/phone/state.js"
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
