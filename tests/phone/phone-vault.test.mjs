/** The phone's own vault: what a person wrote who has forgotten a PIN is opened by whoever signs in. */

import assert from "node:assert/strict"
import test from "node:test"

import { enrol, readPeople, withNewPin } from "../../src/milieu/phone/static/phone/shift.js"
import { items, now, people, phone, session } from "../../src/milieu/phone/static/phone/state.js"
import { Keyring, keyFrom, seal, toBase64 } from "../../src/milieu/phone/static/phone/vault.js"

const NOW = Date.parse("2026-11-22T20:00:00Z")
const KEY = toBase64(new Uint8Array(32).fill(1)) // what the server gives this phone
const OTHER = toBase64(new Uint8Array(32).fill(2)) // and after it was enrolled anew
const named = (rows = new Map()) => ({
  get: async (name) => rows.get(name),
  put: async (name, value) => void rows.set(name, value),
})

/** A phone with nothing in memory; `kept` is what lies on its disk. */
function started(kept = named()) {
  const people = new Map()
  Object.assign(phone, {
    store: {
      device: kept,
      people: {
        get: async (id) => people.get(id),
        all: async () => [...people.values()],
        put: async (row) => void people.set(row.id, row),
      },
    },
    keyring: new Keyring(),
    vault: null,
    door: { post: async () => ({ device_token: "token", device: { id: "phone 3" } }) },
    outbox: { load: async () => {} },
    rest: Promise.resolve(),
    sync: { wake() {} },
    clock: { now: () => NOW },
  })
  now.value = NOW // else it is the day on which the test is run
  session.value = null
  return kept
}

const signsIn = (id, phone_key) =>
  withNewPin(
    {
      person: { id, name: id, initials: "" },
      session: { token: id, starts_at: "2026-11-22T19:00:00Z", ends_at: "2026-11-23T09:00:00Z" },
      phone_key,
    },
    "482913",
  )
const written = () => phone.keyring.seal("written by Dana", "entry")
const opened = (box) => phone.keyring.open(box, "entry")

test("whoever signs in opens what another wrote, also after the app was ended", async () => {
  const disk = started()
  await signsIn("dana", KEY)
  const box = await written()
  started(disk)
  await signsIn("sam", KEY)
  assert.equal(await opened(box), "written by Dana")
})

test("a phone that was enrolled anew takes no vault's place that it cannot open", async () => {
  const disk = started()
  await signsIn("dana", KEY)
  const box = await written()
  started(disk)
  await signsIn("sam", OTHER)
  assert.equal(await opened(box), undefined)
  started(disk)
  await signsIn("nora", KEY)
  assert.equal(await opened(box), "written by Dana")
})

test("enrolled anew while it is open, it keeps everything under the key that it is given then", async () => {
  const disk = started()
  await signsIn("dana", KEY)
  const box = await written()
  await enrol("7F3K-92QX", "Phone 3")
  await signsIn("sam", OTHER)
  started(disk)
  await signsIn("nora", OTHER)
  assert.equal(await opened(box), "written by Dana")
})

test("the vault of an older version is opened by its key, and left as it is by another", async () => {
  const before = new Keyring()
  await before.begin()
  const box = await before.seal("written by Dana", "entry")
  const disk = started()
  const vault = await seal(await keyFrom(new Uint8Array(32).fill(1)), before.toVault())
  await disk.put("phone_vault", vault)

  await signsIn("sam", OTHER)
  assert.equal(await disk.get("phone_vault"), vault)
  started(disk)
  await signsIn("nora", KEY)
  assert.equal(await opened(box), "written by Dana")
})

test("who left long ago is forgotten while only what was set aside is left, not while anything waits", async () => {
  started()
  const left = { id: "dana", name: "Dana R.", ends_at: "2026-11-18T09:00:00Z" }
  phone.store.people.remove = async () => {}
  items.value = [{ state: "refused" }]
  await readPeople([left])
  assert.equal(people.value.length, 1)
  items.value = [{ state: "aside" }, { state: "stored" }]
  await readPeople([left])
  assert.equal(people.value.length, 0)
})
