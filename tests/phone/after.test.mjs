/** After a hard moment: asked of one person, in memory, and forgotten when the phone locks. */

import assert from "node:assert/strict"
import test from "node:test"

import { askedNow, askLater, keepAsking, tellAfter, waiting } from "../../src/milieu/phone/static/phone/after.js"
import { contact, locked, now, phone, session } from "../../src/milieu/phone/static/phone/state.js"
import { openBox } from "./memory-store.mjs"

const ASKED = { id: "c1", words: "Right now", questions: [] }
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
let answers
phone.door = {
  get: async (_path, token) => ({ waiting: answers[token] ?? [] }),
  post: async (_path, { check_in }, token) => {
    answers[token] = answers[token].filter(({ id }) => id !== check_in)
    return { waiting: answers[token] }
  },
}
const disk = new Map()
phone.store = { device: { get: async (name) => disk.get(name), put: async (name, value) => disk.set(name, value) } }
phone.keyring = openBox
const realInterval = globalThis.setInterval
globalThis.setInterval = () => 0
keepAsking()
globalThis.setInterval = realInterval

async function unlock(name) {
  locked.value = true
  session.value = { person: { id: name }, token: name }
  locked.value = false
  await settled()
}

test.beforeEach(() => {
  answers = { dana: [ASKED] }
  contact.value = { online: true, problem: null }
  now.value = Date.parse("2026-03-02T02:53:00Z")
})

test("whoever opens the phone is asked what is asked of them, and of nobody else", async () => {
  await unlock("dana")
  assert.deepEqual(askedNow.value, [ASKED])
  await unlock("sam")
  assert.deepEqual(askedNow.value, [])
})

test("a locked phone holds nothing of it, and an answer that comes too late is dropped", async () => {
  await unlock("dana")
  const telling = tellAfter({ check_in: "none" })
  locked.value = true
  await telling
  assert.deepEqual(waiting.value, [])
})

test("without network nobody is asked; when it is back they are", async () => {
  contact.value = { online: false, problem: null }
  await unlock("dana")
  assert.deepEqual(askedNow.value, [])
  contact.value = { online: true, problem: null }
  await settled()
  assert.deepEqual(askedNow.value, [ASKED])
})

test("later is two hours later, for that person alone", async () => {
  answers.sam = [{ ...ASKED, id: "c2" }]
  await unlock("dana")
  askLater()
  assert.deepEqual(askedNow.value, [])
  await unlock("sam")
  assert.equal(askedNow.value.length, 1)
  await unlock("dana")
  now.value += 2 * 3_600_000
  assert.equal(askedNow.value.length, 1)
})

test("later holds when the app was ended and opened again, and says on the disk nothing but until when", async () => {
  await unlock("dana")
  await askLater()
  assert.deepEqual(Object.keys(disk.get("asked-later").value), ["dana"])
  const again = await import("../../src/milieu/phone/static/phone/after.js?opened-again")
  globalThis.setInterval = () => 0
  again.keepAsking()
  globalThis.setInterval = realInterval
  await unlock("dana")
  assert.equal(again.waiting.value.length, 1)
  assert.deepEqual(again.askedNow.value, [])
  now.value += 2 * 3_600_000
  assert.equal(again.askedNow.value.length, 1)
})

test("what was answered is asked no more", async () => {
  await unlock("dana")
  now.value += 3 * 3_600_000
  await tellAfter({ check_in: "c1", answers: {}, words: "" })
  assert.deepEqual(askedNow.value, [])
})
