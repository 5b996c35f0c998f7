import assert from "node:assert/strict"
import test from "node:test"

import { Outbox } from "../../src/milieu/phone/static/phone/outbox.js"
import { openCheck, recordCheck } from "../../src/milieu/phone/static/phone/record.js"
import { draft, keeps, phone, session, toast } from "../../src/milieu/phone/static/phone/state.js"
import { entry, memoryStore, openBox, server } from "./memory-store.mjs"

const full = () => Promise.reject(new DOMException("The disk is full.", "QuotaExceededError"))

/** An outbox over a store whose disk can be full, and a server that keeps a log. */
function fillable() {
  const store = memoryStore()
  const far = server()
  const told = () => (keeps.value = outbox.keeps)
  const outbox = new Outbox({ store, box: openBox, send: (batch) => far.send(batch), told })
  return { store, far, outbox, add: store.add, change: store.change }
}

test("what the disk did not take is not said to be on this phone", async () => {
  const { store, far, outbox, add } = fillable()
  store.add = full
  await assert.rejects(outbox.add(entry()), { name: "QuotaExceededError" })
  assert.deepEqual(outbox.items, [])

  store.add = add
  await outbox.add(entry({ id: "after" }))
  await outbox.flush()
  assert.deepEqual(far.ids, ["after"])
})

test("an answer that the disk did not take leaves the entry waiting, and it is asked about again", async () => {
  const { store, far, outbox, change } = fillable()
  await outbox.add(entry({ id: "one" }))
  let changes = 0
  store.change = (decide) => (++changes > 1 ? full() : change.call(store, decide)) // numbered first
  await assert.rejects(outbox.flush(), { name: "QuotaExceededError" })
  assert.deepEqual(far.ids, ["one"])
  assert.equal(outbox.items[0].state, "waiting")

  store.change = change
  await outbox.flush()
  assert.deepEqual(far.ids, ["one"])
  assert.equal(outbox.items[0].state, "stored")
})

test("a check that the disk did not take stays on the screen, and is not called saved", async () => {
  const { store, outbox, add } = fillable()
  store.add = full
  const clock = { device: Date.now, evidence: () => ({}) }
  Object.assign(phone, { outbox, clock })
  session.value = { person: { id: "dana", name: "Dana R." } }
  toast.value = null
  openCheck("rosa")

  await assert.rejects(recordCheck({ outcome: "seen" }), { name: "QuotaExceededError" })
  assert.equal(draft.value.stay, "rosa")
  assert.equal(toast.value, null)

  phone.sync = { run() {} }
  globalThis.history = { state: null, pushState() {}, back() {} }
  store.add = add
  await recordCheck({ outcome: "seen" })
  assert.equal(outbox.items.length, 1)
})

test("whoever holds the phone is told that it keeps nothing, until it does again", async () => {
  const { store, outbox, add, change } = fillable()
  await outbox.add(entry())
  assert.equal(keeps.value, true)

  store.add = full
  await assert.rejects(outbox.add(entry()))
  await outbox.prune()
  assert.equal(keeps.value, false)
  store.add = add
  await outbox.add(entry())
  assert.equal(keeps.value, true)

  store.change = full
  await assert.rejects(outbox.flush())
  assert.equal(keeps.value, false)
  store.change = change
  await outbox.flush()
  assert.equal(keeps.value, true)
})
