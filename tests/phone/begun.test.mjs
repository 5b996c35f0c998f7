/** What is begun and not recorded is kept on the phone: what of it, for whom, and for how long. */

import assert from "node:assert/strict"
import test from "node:test"

import { keepBegun, begunOf, forget, lately, toKeep } from "../../src/milieu/phone/static/phone/begun.js"
import { openCheck } from "../../src/milieu/phone/static/phone/record.js"
import { begun, draft, phone, session } from "../../src/milieu/phone/static/phone/state.js"

const HOUR = 3_600_000
const NOW = Date.parse("2026-03-02T02:53:00Z")
const said = { helps: ["A walk"] }
const keys = {
  check: ({ stay }) => `check ${stay}`,
  plan: ({ stay }) => `plan ${stay}`, "held-start": ({ stay }) => `held-start ${stay}` }
const one = (more) => ({ screen: "plan", stay: "rosa", said, at: null, from: {}, amends: null, mending: null, ...more })

test("a plan is kept once something of it was changed, a start from its first tap", () => {
  assert.deepEqual(toKeep(one(), keys), ["plan rosa", { said, at: null }])
  assert.equal(toKeep(one({ from: said }), keys), null)
  assert.deepEqual(toKeep(one({ screen: "held-start", from: undefined, said: {}, at: NOW }), keys), [
    "held-start rosa",
    { said: {}, at: NOW },
  ])
})

test("of a check its words are kept, and none of its choices; without words nothing", () => {
  const check = { screen: "check", note: "Humming", concern: "", from: undefined }
  assert.deepEqual(toKeep(one(check), keys), ["check rosa", { note: "Humming", concern: "" }])
  assert.deepEqual(toKeep(one({ ...check, note: "" }), keys), ["check rosa", null])
})

test("nothing else is kept: no other screen, nothing that puts an entry right", () => {
  for (const more of [{ screen: "vitals" }, { amends: { id: "1" } }, { mending: "1" }])
    assert.equal(toKeep(one(more), keys), null)
  assert.equal(toKeep(null, keys), null)
})

test("what nobody went on with for three days is given up", () => {
  const all = { a: { kept_at: NOW - 71 * HOUR }, b: { kept_at: NOW - 73 * HOUR } }
  assert.deepEqual(Object.keys(lately(all, NOW)), ["a"])
})

test("the words of a check are given up when somebody else opens the phone", () => {
  const all = { "check rosa dana": { kept_at: NOW }, "plan rosa dana": { kept_at: NOW } }
  assert.deepEqual(Object.keys(lately(all, NOW, "dana")), Object.keys(all))
  assert.deepEqual(Object.keys(lately(all, NOW, "sam")), ["plan rosa dana"])
})

test("it lies sealed on the disk, comes back when the phone is opened, and goes when it is recorded", async () => {
  const disk = new Map()
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
  phone.clock = { now: () => NOW }
  phone.store = { device: { get: async (name) => disk.get(name), put: async (name, value) => void disk.set(name, value) } }
  phone.keyring = { seal: async (value) => ({ sealed: JSON.stringify(value) }), open: async ({ sealed }) => JSON.parse(sealed) }
  session.value = { person: { id: "dana" } }
  keepBegun()
  await settled()
  draft.value = one()
  await settled()
  assert.ok(disk.get("begun").sealed.includes("A walk"))

  draft.value = null
  begun.value = {}
  session.value = { person: { id: "sam" } }
  await settled()
  assert.equal(begunOf("plan", "rosa"), null) // it is Dana's
  session.value = { person: { id: "dana" } }
  await settled()
  assert.deepEqual(begunOf("plan", "rosa").said, said)
  forget("plan", "rosa")
  await settled()
  assert.equal(disk.get("begun").sealed, "{}")

  // A note that was begun is there when the check of the same person is opened again.
  openCheck("rosa")
  draft.value = { ...draft.value, note: "Humming", concern: "Ate nothing", forNurse: true }
  draft.value = null
  await settled()
  begun.value = {} // the browser was killed
  session.value = { person: { id: "dana" } }
  await settled()
  openCheck("john")
  assert.equal(draft.value.note, "")
  openCheck("rosa")
  const { note, concern, forNurse } = draft.value
  assert.deepEqual({ note, concern, forNurse }, { note: "Humming", concern: "Ate nothing", forNurse: true })
  openCheck("rosa", { screen: "vitals" })
  assert.equal(draft.value.note, "", "what was said for a check goes with no other entry")

  draft.value = null
  session.value = { person: { id: "sam" } }
  await settled()
  assert.equal(disk.get("begun").sealed, "{}", "Sam has the phone now")
})
