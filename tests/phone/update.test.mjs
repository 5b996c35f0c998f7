/** A new version takes over when nothing has to be sent first, and in the end in any case. */

import assert from "node:assert/strict"
import test, { mock } from "node:test"

import { items, locked, phone, screen, session } from "../../src/milieu/phone/static/phone/state.js"

const MINUTE = 60_000
const said = (state) => ({ state, entry: { kind: "round.check" } })
const SEALED = { state: "waiting" } // its key is not open on this phone

let told = [] // what the waiting worker and the browser were told
let changed // says that another worker has taken over
const waiting = { postMessage: (words) => told.push(words), addEventListener() {} }
const serviceWorker = {
  controller: {},
  addEventListener: (_, heard) => (changed = heard),
  register: async () => ({ waiting, addEventListener() {} }),
}
Object.defineProperty(globalThis, "navigator", { value: { serviceWorker } })
globalThis.document = { documentElement: { dataset: {} } }
globalThis.location = { reload: () => told.push("reload") }
mock.timers.enable({ apis: ["setInterval"] })

/** A phone that Dana has written on and locked, and for which a new version waits from now on. */
async function phoneWith(written, { isSending = false } = {}) {
  told = []
  locked.value = true
  screen.value = { name: "list" }
  session.value = { person: { id: "dana" }, token: "one" }
  items.value = written
  phone.outbox = { isSending }
  const update = await import(`../../src/milieu/phone/static/phone/update.js?${Math.random()}`)
  const began = performance.now()
  await update.keepUpToDate()
  const after = (minutes) => {
    told = []
    update.applyWhenQuiet(began + minutes * MINUTE)
    return told
  }
  return { ...update, after }
}

test("a locked phone with nothing to send takes a new version at once", async () => {
  await phoneWith([said("stored"), said("refused")])
  assert.deepEqual(told, ["take-over"])
})

test("while somebody's session sends what they wrote, a new version waits until it is sent", async () => {
  const { after } = await phoneWith([said("waiting")])
  assert.deepEqual(told, [])
  assert.deepEqual(after(20), [])
  items.value = [said("stored")]
  assert.deepEqual(after(21), ["take-over"])
})

test("a page that has to begin anew waits in the same way", async () => {
  const { after } = await phoneWith([said("waiting")])
  changed() // in another tab it was not held up
  assert.deepEqual(after(20), [])
  items.value = []
  assert.deepEqual(after(21), ["reload"])
})

test("what nobody who is known here can send holds nothing up", async () => {
  await phoneWith([SEALED])
  assert.deepEqual(told, ["take-over"])

  const { after } = await phoneWith([said("waiting")])
  session.value = null
  assert.deepEqual(after(1), ["take-over"])
})

test("after an hour nothing but a hand on the phone holds a new version up", async () => {
  const { after, UNSENT_MAX_MS } = await phoneWith([said("waiting"), said("held")], { isSending: true })
  const most = UNSENT_MAX_MS / MINUTE
  assert.deepEqual(after(most - 1), [])
  locked.value = false // each who unlocks it begins no hour anew
  assert.deepEqual(after(most + 1), [])
  locked.value = true
  assert.deepEqual(after(most + 1), ["take-over"])
})

test("whoever asks for it on their list has it at once, since they are there to unlock it", async () => {
  const { after, useUpdate } = await phoneWith([said("waiting")])
  locked.value = false
  assert.deepEqual(after(1), [])
  useUpdate()
  assert.deepEqual(told, ["take-over"])
})

test("what can still be undone, and what is on its way, is waited for", async () => {
  const { after } = await phoneWith([said("held")])
  assert.deepEqual(after(1), [])
  items.value = []
  phone.outbox.isSending = true
  assert.deepEqual(after(1), [])
  phone.outbox.isSending = false
  assert.deepEqual(after(1), ["take-over"])
})
