import assert from "node:assert/strict"
import test from "node:test"

import {
  ITERATIONS,
  Keyring,
  keyFrom,
  lockAway,
  newSalt,
  open,
  seal,
  takeOut,
} from "../../src/milieu/phone/static/phone/vault.js"

const QUICK = { iterations: 1000 }
const bytes = (length) => crypto.getRandomValues(new Uint8Array(length))

test("what was locked away comes out with the right PIN, and not with another", async () => {
  const vault = await lockAway("482913", { token: "secret" }, QUICK)
  assert.deepEqual(await takeOut("482913", vault), { token: "secret" })
  assert.equal(await takeOut("482914", vault), null)
})

test("a PIN is stretched 600,000 times unless a test asks for less", async () => {
  const vault = await lockAway("482913", "anything")
  assert.equal(vault.iterations, ITERATIONS)
  assert.equal(ITERATIONS, 600_000)
  assert.equal(await takeOut("482913", vault), "anything")
})

test("the same PIN gives another vault each time", async () => {
  const [one, other] = [await lockAway("482913", "x", QUICK), await lockAway("482913", "x", QUICK)]
  assert.notDeepEqual(one.salt, other.salt)
  assert.notDeepEqual(new Uint8Array(one.data), new Uint8Array(other.data))
})

test("nothing of what is sealed can be read on the disk", async () => {
  const keyring = new Keyring()
  await keyring.begin()
  const sealed = await keyring.seal({ note: "Rosa Martinez, own room" }, "entry-1")
  const disk = Buffer.concat([
    Buffer.from(sealed.kid),
    Buffer.from(sealed.iv),
    Buffer.from(sealed.data),
  ])
  assert.ok(!disk.toString("latin1").includes("Rosa"))
  assert.deepEqual(await keyring.open(sealed, "entry-1"), { note: "Rosa Martinez, own room" })
})

test("a sealed entry cannot be put in the place of another", async () => {
  const keyring = new Keyring()
  await keyring.begin()
  assert.equal(await keyring.open(await keyring.seal("seen", "entry-1"), "entry-2"), null)
})

test("what another key has sealed is not lost: it opens when that key comes back", async () => {
  const [dana, sam] = [new Keyring(), new Keyring()]
  await dana.begin()
  await sam.begin()
  const sealed = await dana.seal("written by Dana", "e")
  assert.equal(await sam.open(sealed, "e"), undefined)

  await sam.add(dana.toVault())
  assert.equal(await sam.open(sealed, "e"), "written by Dana")
})

test("keys that were locked away under a PIN open everything after the phone was off", async () => {
  const before = new Keyring()
  await before.begin()
  const sealed = await before.seal("kept", "e")
  const vault = await lockAway("482913", { keys: before.toVault() }, { ...QUICK, salt: newSalt() })

  const after = new Keyring()
  await after.add((await takeOut("482913", vault)).keys)
  assert.equal(await after.open(sealed, "e"), "kept")
  assert.ok(after.isIn(before.toVault()))
})

test("a key of the server's opens what it sealed, and no other does", async () => {
  const key = await keyFrom(bytes(32))
  const box = await seal(key, { kid: "raw" })
  assert.deepEqual(await open(key, box), { kid: "raw" })
  assert.equal(await open(await keyFrom(bytes(32)), box), null)
})
