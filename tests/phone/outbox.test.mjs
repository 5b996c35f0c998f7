import assert from "node:assert/strict"
import test from "node:test"

import { Refused } from "../../src/milieu/phone/static/phone/door.js"
import { Outbox } from "../../src/milieu/phone/static/phone/outbox.js"
import {
  BATCH_MAX,
  CONFIRM_MS,
  HOLD_MS,
  RETAIN_MS,
} from "../../src/milieu/phone/static/phone/settle.js"
import { entry, memoryStore, openBox, server } from "./memory-store.mjs"

const NOW = Date.parse("2026-11-22T02:53:00Z")

function phone({ far = server(), store = memoryStore(), ...more } = {}) {
  const time = { now: NOW }
  const outbox = new Outbox({
    store,
    box: openBox,
    send: (batch) => far.send(batch),
    now: () => time.now,
    ...more,
  })
  const states = () => Object.fromEntries(outbox.items.map(({ id, state }) => [id, state]))
  return { outbox, far, store, time, states }
}

test("an entry waits on the phone until the server has stored it", async () => {
  const { outbox, far, states } = phone()
  far.online = false
  await outbox.add(entry({ id: "a" }))

  await assert.rejects(outbox.flush())
  assert.deepEqual(states(), { a: "waiting" })

  far.online = true
  await outbox.flush()
  assert.deepEqual(states(), { a: "stored" })
  assert.deepEqual(far.ids, ["a"])
})

test("an answer that names no id lets the phone forget nothing", async () => {
  for (const answer of [{}, { answers: [] }, { answers: [{ id: "other", outcome: "stored" }] }]) {
    const { outbox, states } = phone({ far: { send: async () => answer } })
    await outbox.add(entry({ id: "a" }))
    await assert.rejects(outbox.flush())
    assert.deepEqual(states(), { a: "waiting" })
  }
})

test("an entry that was not answered for is sent again, the answered ones are not", async () => {
  const far = server()
  const { outbox, states } = phone({ far })
  far.send = async (batch) => ({ answers: batch.slice(0, 1).map((item) => far.store(item)) })
  for (const id of ["a", "b", "c"]) await outbox.add(entry({ id }))

  await outbox.flush()
  assert.deepEqual(far.ids, ["a", "b", "c"])
  assert.deepEqual(states(), { a: "stored", b: "stored", c: "stored" })
})

test("a refused entry is kept with the reason and does not hold up the others", async () => {
  const { outbox, far, states } = phone()
  far.refuse.set("bad", {
    id: "bad",
    outcome: "refused",
    code: "before-admission",
    message: "This time is before Rosa arrived (14:10).",
    field: "happened_at",
  })
  await outbox.add(entry({ id: "bad" }))
  await outbox.add(entry({ id: "good" }))

  await outbox.flush()
  assert.deepEqual(states(), { bad: "refused", good: "stored" })
  assert.equal(outbox.items[0].answer.code, "before-admission")
  assert.match(outbox.items[0].answer.message, /before Rosa arrived/)
})

test("a refused entry is put right by a copy with a new id, and stays in sight", async () => {
  const { outbox, far, states } = phone()
  far.refuse.set("bad", { id: "bad", outcome: "refused" })
  await outbox.add(entry({ id: "bad" }))
  await outbox.flush()

  await outbox.mend("bad", entry({ id: "right" }))
  await outbox.flush()
  assert.deepEqual(states(), { bad: "mended", right: "stored" })
  assert.deepEqual(far.ids, ["right"])
})

test("a refused entry is set aside only by a person, and can be brought back", async () => {
  const { outbox, far, states } = phone()
  far.refuse.set("bad", { id: "bad", outcome: "refused" })
  await outbox.add(entry({ id: "bad" }))
  await outbox.flush()

  await outbox.setAside("bad")
  await outbox.flush()
  assert.deepEqual(states(), { bad: "aside" })

  far.refuse.clear()
  await outbox.sendAgain("bad")
  await outbox.flush()
  assert.deepEqual(states(), { bad: "stored" })
})

test("entries go oldest first, in batches, numbered without a hole", async () => {
  const { outbox, far } = phone()
  const ids = Array.from({ length: 2 * BATCH_MAX + 50 }, (_, n) => `entry ${n}`)
  for (const id of ids) await outbox.add(entry({ id }))

  await outbox.flush()
  assert.deepEqual(far.ids, ids)
  assert.deepEqual(
    far.batches.map(({ length }) => length),
    [BATCH_MAX, BATCH_MAX, 50],
  )
  assert.deepEqual(
    far.log.map(({ device_seq }) => device_seq),
    ids.map((_, n) => n + 1),
  )
})

test("an entry written while sending is neither lost nor sent twice", async () => {
  const far = server()
  const { outbox } = phone({ far })
  const send = far.send.bind(far)
  far.send = async (batch) => {
    if (far.batches.length === 0) await outbox.add(entry({ id: "second" }))
    return send(batch)
  }
  await outbox.add(entry({ id: "first" }))

  await Promise.all([outbox.flush(), outbox.flush()])
  assert.deepEqual(
    far.batches.map((batch) => batch.map(({ id }) => id)),
    [["first"], ["second"]],
  )
})

test("two tabs of one phone send each entry once", async () => {
  const far = server()
  const store = memoryStore()
  let last = Promise.resolve()
  const alone = (work) => (last = last.then(work, work))
  const one = phone({ far, store, alone })
  const other = phone({ far, store, alone })
  for (const id of ["a", "b"]) await one.outbox.add(entry({ id }))
  await other.outbox.load()

  await Promise.all([one.outbox.flush(), other.outbox.flush()])
  assert.deepEqual(
    far.batches.flat().map(({ id }) => id),
    ["a", "b"],
  )
})

test("an entry can be taken back for five seconds, and is sent only after that", async () => {
  const { outbox, far, time, states } = phone()
  await outbox.add(entry({ id: "a" }), { hold_ms: HOLD_MS })
  await outbox.flush()
  assert.deepEqual(states(), { a: "held" })
  assert.equal(await outbox.undo("a"), true)
  assert.deepEqual(states(), {})

  await outbox.add(entry({ id: "b" }), { hold_ms: HOLD_MS })
  time.now += HOLD_MS
  await outbox.flush()
  assert.equal(await outbox.undo("b"), false)
  assert.deepEqual(far.ids, ["b"])
})

test("what was taken back leaves no hole, and nothing overtakes what is held", async () => {
  const { outbox, far, time } = phone()
  await outbox.add(entry({ id: "undone" }), { hold_ms: HOLD_MS })
  await outbox.add(entry({ id: "held" }), { hold_ms: HOLD_MS })
  await outbox.add(entry({ id: "take" }))
  await outbox.undo("undone")
  await outbox.flush()
  assert.deepEqual(far.ids, [])

  time.now += HOLD_MS
  await outbox.flush()
  assert.deepEqual(
    far.log.map(({ id, device_seq }) => [id, device_seq]),
    [
      ["held", 1],
      ["take", 2],
    ],
  )
})

test("a clock that is set back does not hold an entry for hours", async () => {
  const { outbox, far, time } = phone()
  await outbox.add(entry({ id: "a" }), { hold_ms: HOLD_MS })
  time.now -= 3_600_000
  await outbox.flush()
  assert.deepEqual(far.ids, ["a"])
})

test("what was kept is still there when the browser was killed, in the same order", async () => {
  const store = memoryStore()
  const before = phone({ store })
  for (let n = 0; n < 300; n++) await before.outbox.add(entry({ id: `entry ${n}` }))

  const after = phone({ store })
  await after.outbox.load()
  await after.outbox.flush()
  assert.equal(after.far.ids.length, 300)
  assert.deepEqual(after.far.ids.slice(0, 2), ["entry 0", "entry 1"])
})

test("what is written while the phone reads its disk stays in sight", async () => {
  const store = memoryStore()
  const { outbox, states } = phone({ store })
  await outbox.add(entry({ id: "a" }))
  const rows = store.rows.bind(store)
  let reads = 0
  store.rows = async () => {
    const read = await rows()
    if (++reads === 1) await outbox.add(entry({ id: "b" }))
    return read
  }
  await outbox.load()
  assert.deepEqual(states(), { a: "waiting", b: "waiting" })
})

test("an entry whose key is not open waits for the person who can open it", async () => {
  const store = memoryStore()
  let isOpen = false
  const box = { ...openBox, open: async (sealed) => (isOpen ? openBox.open(sealed) : undefined) }
  await phone({ store }).outbox.add(entry({ id: "a" }))
  const { outbox, far, states } = phone({ store, box })

  await outbox.flush()
  assert.deepEqual(states(), { a: "waiting" })
  isOpen = true
  await outbox.flush()
  assert.deepEqual(far.ids, ["a"])
})

test("one entry that the server cannot read is found and refused alone", async () => {
  const far = server()
  const send = far.send.bind(far)
  far.send = async (batch) => {
    if (batch.some(({ id }) => id === "bad"))
      throw new Refused(400, {
        code: "wrong-shape",
        message: "Entry 3 has no stay.",
        field: "stay",
      })
    return send(batch)
  }
  const { outbox, states } = phone({ far })
  for (const id of ["a", "b", "bad", "c"]) await outbox.add(entry({ id }))

  await outbox.flush()
  assert.deepEqual(states(), { a: "stored", b: "stored", bad: "refused", c: "stored" })
})

test("a session that has ended, a full disk or a busy server empties nothing", async () => {
  for (const [status, code] of [
    [401, "session-unknown"],
    [507, "cannot-save"],
    [429, "too-many-requests"],
  ]) {
    const far = {
      send: async () => Promise.reject(new Refused(status, { code, message: "Later." })),
    }
    const { outbox, states } = phone({ far })
    await outbox.add(entry({ id: "a" }))
    await assert.rejects(outbox.flush())
    assert.deepEqual(states(), { a: "waiting" })
  }
})

test("a server restored from an older backup gets back what it lost, under old ids", async () => {
  const { outbox, far } = phone()
  for (const id of ["a", "b", "c"]) await outbox.add(entry({ id }))
  await outbox.flush()
  far.log.length = 1

  await outbox.add(entry({ id: "d" }))
  await outbox.flush()
  assert.deepEqual(far.ids.toSorted(), ["a", "b", "c", "d"])
  assert.deepEqual(new Set(far.log.map(({ device_seq }) => device_seq)), new Set([1, 2, 3, 4]))
})

test("a restored server that has filled up again meanwhile is found by its epoch", async () => {
  const far = server()
  const { outbox } = phone({ far })
  const send = far.send.bind(far)
  let epoch = "before"
  far.send = async (batch) => ({ ...(await send(batch)), epoch })
  await outbox.add(entry({ id: "a" }))
  await outbox.flush()
  far.log = [entry(), entry(), entry()]
  epoch = "after"

  await outbox.witness({ durable_upto: 3, epoch })
  const [{ state, stored_at }] = outbox.items
  assert.deepEqual([state, stored_at], ["waiting", null], "no pull of that server has it")
  await outbox.flush()
  assert.ok(far.ids.includes("a"))
})

test("a server that does not find the head that this phone saw is given all of it again", async () => {
  const far = server()
  const { outbox, store } = phone({ far })
  const send = far.send.bind(far)
  let found = [true]
  far.send = async (batch) => ({ ...(await send(batch)), head: "h", head_found: found.shift() ?? true })
  await outbox.add(entry({ id: "a" }))
  await outbox.flush()
  await store.change((rows, log) => void assert.equal(log.head, "h"))
  far.log = [entry(), entry(), entry()]
  found = [false]

  await outbox.add(entry({ id: "b" }))
  await outbox.flush()
  assert.ok(far.ids.includes("a"))
  assert.ok(far.ids.includes("b"))
})

test("a head that was not found is not shown for ever", async () => {
  const { outbox, store } = phone({ far: server() })
  await outbox.witness({ durable_upto: 0, head: "h" })
  await outbox.witness({ durable_upto: 0, head: null, head_found: false })
  await store.change((rows, log) => void assert.equal(log.head, null))
})

test("in any order of loss and writing, the server ends with everything", async () => {
  for (let round = 0; round < 200; round++) {
    const { outbox, far } = phone()
    const written = []
    for (let step = 0; step < 12; step++) {
      if (Math.random() < 0.25) far.log.length = Math.floor(Math.random() * (far.log.length + 1))
      const one = entry()
      written.push(one.id)
      await outbox.add(one)
      await outbox.flush()
    }
    assert.deepEqual(far.ids.toSorted(), written.toSorted(), `round ${round}`)
  }
})

test("stored entries stay 72 hours, and longer until they are on a second medium", async () => {
  const { outbox, time, states } = phone()
  await outbox.add(entry({ id: "a" }))
  await outbox.flush()
  time.now += RETAIN_MS - 1
  await outbox.prune()
  assert.deepEqual(states(), { a: "stored" })
  time.now += 2
  await outbox.prune()
  assert.deepEqual(states(), {})

  const far = server()
  const send = far.send.bind(far)
  far.send = async (batch) => ({ ...(await send(batch)), durable_upto: 0 })
  const lagging = phone({ far })
  await lagging.outbox.add(entry({ id: "b" }))
  await lagging.outbox.flush()
  lagging.time.now += 2 * RETAIN_MS
  await lagging.outbox.prune()
  assert.deepEqual(lagging.states(), { b: "stored" })
})

test("an entry that is long without a second medium is asked about again", async () => {
  const far = server()
  const send = far.send.bind(far)
  far.send = async (batch) => ({ ...(await send(batch)), durable_upto: 0 })
  const { outbox, time } = phone({ far })
  await outbox.add(entry({ id: "a" }))
  await outbox.flush()
  far.log.length = 0

  time.now += CONFIRM_MS + 1
  await outbox.flush()
  assert.deepEqual(far.ids, ["a"])
})

test("waiting and refused entries are never pruned, however old, and those set aside neither", async () => {
  const { outbox, far, time, states } = phone()
  far.refuse.set("bad", { id: "bad", outcome: "refused" })
  far.refuse.set("aside", { id: "aside", outcome: "refused" })
  for (const id of ["bad", "aside"]) await outbox.add(entry({ id }))
  await outbox.flush()
  await outbox.setAside("aside")
  far.online = false
  await outbox.add(entry({ id: "a" }))
  time.now += 100 * RETAIN_MS
  await outbox.prune()
  assert.deepEqual(states(), { bad: "refused", aside: "aside", a: "waiting" })
})
