import assert from "node:assert/strict"
import test from "node:test"

import { expectPin, PIN_TRIES, unlock, vouch, WrongPin } from "../../src/milieu/phone/static/phone/shift.js"
import { locked, now, phone, session } from "../../src/milieu/phone/static/phone/state.js"
import { Keyring, lockAway } from "../../src/milieu/phone/static/phone/vault.js"

const NOW = Date.parse("2026-11-22T20:00:00Z")
const HELD = {
  token: "one",
  starts_at: "2026-11-22T19:00:00Z",
  ends_at: "2026-11-23T09:00:00Z",
  keys: { k1: btoa("0123456789abcdef0123456789abcdef") },
}

/** A phone that Dana has signed in on. `steps` tells what was done, in order. */
async function held({ misses = 0 } = {}) {
  const pin = await lockAway("482913", HELD, { iterations: 1000 })
  const kept = { id: "dana", name: "Dana R.", initials: "DR", ends_at: HELD.ends_at, misses, pin }
  const steps = []
  const people = {
    row: kept,
    get: async () => structuredClone(people.row),
    all: async () => [structuredClone(people.row)],
    put: async (row) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      people.row = structuredClone(row)
      steps.push(`misses ${row.misses}`)
    },
  }
  const keyring = new Keyring()
  const add = keyring.add.bind(keyring)
  keyring.add = (keys) => (steps.push("opened"), add(keys))
  Object.assign(phone, {
    store: { people, device: { get: async () => null, put: async () => {} } },
    keyring,
    vault: null,
    outbox: { load: async () => {} },
    rest: Promise.resolve(),
    sync: { wake() {} },
    clock: { now: () => NOW },
  })
  now.value = NOW // else it is the day on which the test is run
  session.value = null
  locked.value = true
  return { people, steps }
}

test("a try is on the disk before its PIN is tried, also when its key was made early", async () => {
  for (const typed of [[], ["482913"], ["482911", "482913"]]) {
    const { steps, people } = await held()
    for (const pin of typed) await expectPin("dana", pin)
    assert.deepEqual(steps, [])
    await unlock("dana", "482913")
    assert.deepEqual(steps.slice(0, 2), ["misses 1", "opened"])
    assert.equal(people.row.misses, 0)
    assert.equal(locked.value, false)
  }
})

test("a wrong PIN counts, and after five tries no PIN is tried", async () => {
  const { people } = await held({ misses: PIN_TRIES - 1 })
  await expectPin("dana", "111111")
  await assert.rejects(unlock("dana", "111111"), (error) => error.left === 0)
  assert.equal(people.row.misses, PIN_TRIES)
  await assert.rejects(unlock("dana", "482913"), WrongPin)
  assert.equal(locked.value, true)
})

test("a key that was made for what was typed before opens nothing later", async () => {
  const { people } = await held()
  await expectPin("dana", "482913")
  await assert.rejects(unlock("dana", "482914"), (error) => error.left === PIN_TRIES - 1)
  assert.equal(people.row.misses, 1)
  assert.equal(locked.value, true)
})

test("a colleague who opens their own lock gives a token, and nothing of theirs stays open", async () => {
  const { steps, people } = await held()
  const before = session.value
  assert.deepEqual(await vouch("dana", { pin: "482913" }), { person: "dana", token: "one" })
  assert.equal(session.value, before)
  assert.deepEqual(steps, ["misses 1", "misses 0"])
  await assert.rejects(vouch("dana", { pin: "111222" }), WrongPin)
  assert.equal(people.row.misses, 1)
  await assert.rejects(vouch("dana", { badge: "badge" }))
})
