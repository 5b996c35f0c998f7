import assert from "node:assert/strict"
import { createHash, createHmac } from "node:crypto"
import test from "node:test"

import {
  codeOf,
  keep,
  pendingFor,
  proofOf,
  readTags,
  sunOf,
  useFor,
} from "../../src/milieu/phone/static/phone/presence.js"
import * as state from "../../src/milieu/phone/static/phone/state.js"

const MESSAGE = { picc_data: "EF963FF7828658A599F3041510671E88", cmac: "94EED9EE65337086" }
const ADDRESS = `https://elm.example/phone/#picc_data=${MESSAGE.picc_data}&cmac=${MESSAGE.cmac}`
const NOW = Date.parse("2026-11-22T02:53:00Z")
const stay = (id, room) => ({ id, room, bed: "", state: "in", level: null, last: null, due_at: null })

function held({ rooms = ["01", "02", "02"] } = {}) {
  let now = NOW
  state.phone.clock = { device: () => now, now: () => now }
  state.session.value = { person: { id: "dana" } }
  state.locked.value = false
  state.draft.value = state.pending.value = null
  state.screen.value = { name: "list" }
  globalThis.history = { pushState() {} }
  state.snapshot.value = {
    pulledAt: NOW,
    unit: { time_zone: "UTC" },
    pack: {
      levels: [],
      limits: { tap_within_s: 120, wall_code_s: 600 },
      doors: { "04DE5F1EACC040": "01", "04DE5F1EACC041": "02" },
    },
    stays: rooms.map((room, n) => stay(`stay${n}`, room)),
  }
  return { wait: (ms) => (now += ms) }
}

/** Start reading; the answer taps a tag. */
async function reader(open) {
  let made = null
  globalThis.NDEFReader = class {
    scan = async () => void (made = this)
  }
  await readTags(open)
  const data = new TextEncoder().encode(ADDRESS)
  return (serialNumber, bytes = data) =>
    made.onreading({ serialNumber, message: { records: [{ data: bytes }] } })
}

test("a tag's message is found in its address, and nothing else is one", () => {
  assert.deepEqual(sunOf(ADDRESS), { how: "tap", ...MESSAGE })
  assert.equal(sunOf("https://elm.example/"), null)
  assert.equal(sunOf(ADDRESS.slice(0, -1)), null)
})

test("a code is whole or nothing, however it was typed", () => {
  assert.equal(codeOf("7f3k-92qx"), "7F3K92QX")
  assert.equal(codeOf(" 7f3k 92"), "7F3K92")
  for (const text of ["", "7F3K", "7F3K92Q", "https://elm.example/phone/"]) assert.equal(codeOf(text), "")
})

test("a tap goes with the next check of that room, once, and with no other room's", async () => {
  held()
  const tap = await reader(() => {})
  tap("04:de:5f:1e:ac:c0:40")
  assert.deepEqual(await useFor("stay1", "a"), {})
  const at = new Date(NOW).toISOString()
  assert.deepEqual(await useFor("stay0", "b"), { presence: { how: "tap", ...MESSAGE, at } })
  assert.deepEqual(await useFor("stay0", "c"), {}, "two checks need two taps")
})

test("a tap waits no longer than the pack says", async () => {
  const { wait } = held()
  const tap = await reader(() => {})
  tap("04:de:5f:1e:ac:c0:40")
  wait(120_001)
  assert.equal(pendingFor("stay0"), null)
})

test("a tap at a door opens the person of that room; where there are two, it asks", async () => {
  held()
  const opened = []
  const tap = await reader((id) => opened.push(id))
  tap("04:de:5f:1e:ac:c0:40")
  tap("04:de:5f:1e:ac:c0:41")
  assert.deepEqual(opened, ["stay0"])
  assert.deepEqual(state.screen.value, { name: "door", room: "02" })
})

test("while a check is written, or the phone is locked, a tap opens nothing and is kept", async () => {
  held()
  const opened = []
  const tap = await reader((id) => opened.push(id))
  state.draft.value = { stay: "stay1" }
  tap("04:de:5f:1e:ac:c0:40")
  state.draft.value = null
  state.locked.value = true
  tap("04:de:5f:1e:ac:c0:40")
  assert.deepEqual(opened, [])
  assert.ok(pendingFor("stay0"))
})

test("a tag of somebody else's says nothing; one at no known door goes with any check", async () => {
  held()
  const tap = await reader(() => assert.fail("it opens nobody"))
  tap("04:de:5f:1e:ac:c0:40", new TextEncoder().encode("https://example.org"))
  assert.equal(state.pending.value, null)
  tap("04:aa:aa:aa:aa:aa:aa")
  assert.ok(pendingFor("stay0") && pendingFor("stay1"))
})

test("the wall's code goes with every check of a walk; a door's code with one", async () => {
  const { wait } = held()
  keep({ how: "code", code: "7F3K92" })
  assert.equal((await useFor("stay0", "a")).presence.code, "7F3K92")
  wait(590_000)
  assert.equal((await useFor("stay1", "b")).presence.code, "7F3K92")
  wait(20_000)
  assert.deepEqual(await useFor("stay2", "c"), {})

  keep({ how: "code", code: "7F3K92QX" }, { stay: "stay0" })
  assert.deepEqual(await useFor("stay1", "d"), {})
  assert.equal((await useFor("stay0", "e")).presence.code, "7F3K92QX")
  assert.deepEqual(await useFor("stay0", "f"), {})
})

test("a colleague's token is never sent, only what it makes of this one entry", async () => {
  held()
  keep({ how: "second", person: "lena", token: "secret" }, { stay: "stay0" })
  const { presence } = await useFor("stay0", "an-entry")
  const key = createHash("sha256").update("secret").digest()
  assert.equal(presence.proof, createHmac("sha256", key).update("an-entry").digest("hex"))
  assert.deepEqual(Object.keys(presence).sort(), ["at", "how", "person", "proof"])
  assert.notEqual(presence.proof, await proofOf("secret", "another"))
})
