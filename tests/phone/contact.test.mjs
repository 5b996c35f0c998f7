import assert from "node:assert/strict"
import test from "node:test"

import { Clock } from "../../src/milieu/phone/static/phone/clock.js"
import { Door, Refused, Unreachable } from "../../src/milieu/phone/static/phone/door.js"
import { leftFrom, merge, pullPath } from "../../src/milieu/phone/static/phone/pull.js"
import {
  backoff,
  BACKOFF_MAX_MS,
  PULL_MS,
  PUSH_MS,
  Sync,
} from "../../src/milieu/phone/static/phone/sync.js"
import { language } from "../../src/milieu/phone/static/phone/words.js"

const json = (body, status = 200, headers = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  })
const door = (answer) => new Door(new Clock(), async () => answer())

test("a page, an empty body or a broken line is the same as no network", async () => {
  const answers = [
    () => new Response("<html>Sign in to the guest Wi-Fi</html>", { status: 200 }),
    () => new Response("", { status: 200 }),
    () => new Response("null", { status: 200 }),
    () => Promise.reject(new TypeError("Failed to fetch")),
    () => new Response("<html>Bad gateway</html>", { status: 502 }),
  ]
  for (const answer of answers) {
    await assert.rejects(door(answer).post("/phone/push", {}), Unreachable)
  }
})

test("a refusal is told in the server's words, and how long to wait when it says so", async () => {
  const busy = () =>
    json({ code: "too-many-requests", message: "Wait." }, 429, { "Retry-After": "90" })
  await assert.rejects(door(busy).get("/phone/pull"), (error) => {
    assert.ok(error instanceof Refused)
    assert.equal(error.message, "Wait.")
    assert.equal(error.retryAfterS, 90)
    return true
  })
})

test("both tokens go with a call, and no cookie", async () => {
  let sent
  const one = new Door(new Clock(), async (path, request) => ((sent = request), json({ ok: true })))
  one.deviceToken = "device"
  await one.post("/phone/push", { wire: 1 }, "session")
  assert.equal(sent.headers.Authorization, "Bearer device")
  assert.equal(sent.headers["Milieu-Session"], "session")
  assert.equal(sent.credentials, "omit")
  assert.equal(sent.redirect, "error")
})

test("the server is asked to answer in the language of the phone", async () => {
  let sent
  const one = new Door(new Clock(), async (path, request) => ((sent = request), json({ ok: true })))
  language.value = "es"
  await one.get("/phone/pull", "session")
  language.value = "en"
  assert.equal(sent.headers["Accept-Language"], "es")
})

function sync({ push = async () => true, pull = async () => {} } = {}) {
  const time = { now: 0 }
  const calls = []
  const told = []
  const one = new Sync({
    push: async () => (calls.push("push"), push()),
    pull: async () => (calls.push("pull"), pull()),
    told: (state) => told.push(state),
    now: () => time.now,
    random: () => 1,
  })
  return { one, time, calls, told }
}

test("it pushes every 15 seconds while something waits, and pulls every 30 in sight", async () => {
  const { one, time, calls } = sync({ push: async () => false })
  for (; time.now < PULL_MS; time.now += 1000) await one.tick({ waiting: true, visible: true })
  assert.equal(calls.filter((call) => call === "push").length, PULL_MS / PUSH_MS)
  assert.equal(calls.filter((call) => call === "pull").length, 1)
})

test("out of sight with nothing waiting it leaves the network alone", async () => {
  const { one, time, calls } = sync()
  for (; time.now < 10 * PULL_MS; time.now += 1000)
    await one.tick({ waiting: false, visible: false })
  assert.deepEqual(calls, [])
})

test("after each push it pulls, so that the list is up to date", async () => {
  const { one, calls } = sync()
  await one.run({ push: true })
  assert.deepEqual(calls, ["push", "pull"])
})

test("what is to be sent while it pulls is sent as soon as the pull is over", async () => {
  let end
  const pull = () => new Promise((resolve) => (end = resolve))
  const { one, calls } = sync({ pull, push: async () => false })
  const round = one.tick({ waiting: false, visible: true })
  const sent = one.run({ push: true })
  await Promise.resolve()
  assert.deepEqual(calls, ["pull"])
  end()
  await Promise.all([round, sent])
  assert.deepEqual(calls, ["pull", "push"])
})

test("what is to be sent while a round goes wrong waits as trouble asks, and then is sent", async () => {
  let fail
  const pull = () => new Promise((_, no) => (fail = () => no(new Unreachable())))
  const { one, time, calls } = sync({ pull, push: async () => false })
  const round = one.run({ pull: true })
  one.run({ push: true })
  fail()
  await round
  assert.deepEqual(calls, ["pull"])
  time.now += 2_000
  await one.tick({ waiting: true, visible: false })
  assert.deepEqual(calls, ["pull", "push"])
})

test("a pull puts no push off", async () => {
  const { one, time, calls } = sync({ push: async () => false })
  await one.tick({ waiting: false, visible: true })
  time.now += 1_000
  await one.tick({ waiting: true, visible: true })
  assert.deepEqual(calls, ["pull", "push"])
})

test("after trouble it waits longer each time, by chance, never more than a minute", async () => {
  const half = () => 0.5
  assert.deepEqual(
    [1, 2, 3].map((failures) => backoff(failures, half)),
    [1000, 2000, 4000],
  )
  for (let failures = 0; failures < 50; failures++) assert.ok(backoff(failures) <= BACKOFF_MAX_MS)

  const { one, time, calls, told } = sync({ push: () => Promise.reject(new Unreachable()) })
  await one.tick({ waiting: true, visible: false })
  assert.equal(told[0].online, false)
  time.now += 1999
  await one.tick({ waiting: true, visible: false })
  assert.equal(calls.length, 1)
  time.now += 1
  await one.tick({ waiting: true, visible: false })
  assert.equal(calls.length, 2)
})

test("a server that asks for patience gets it, even when the network comes back", async () => {
  const busy = new Refused(429, { code: "too-many-requests" }, 300)
  const { one, time, calls } = sync({ push: () => Promise.reject(busy) })
  await one.run({ push: true })
  time.now += 120_000
  await one.tick({ waiting: true, visible: true })
  await one.wake()
  assert.equal(calls.length, 1)
  time.now += 180_000
  await one.tick({ waiting: true, visible: true })
  assert.equal(calls.length, 2)
})

test("when the network is back it tries at once, after what was under way, and soon again", async () => {
  let fail
  let down = true
  const push = () =>
    down ? new Promise((_, no) => (fail = () => no(new Unreachable()))) : Promise.resolve(true)
  const { one, time, calls } = sync({ push })
  for (let failures = 0; failures < 8; failures++) {
    const tried = one.run({ push: true })
    fail()
    await tried
  }
  const underWay = one.run({ push: true })
  const woken = one.wake()
  fail() // what began without a network
  await underWay
  await Promise.resolve()
  fail() // and the first try with one that cannot be used yet
  await woken
  down = false
  calls.length = 0
  time.now += 2_000
  await one.tick({ waiting: true, visible: true })
  assert.deepEqual(calls, ["push", "pull"])
})

const stay = (id, more = {}) => ({ id, ...more })
const reply = (more) => ({
  cursor: "c2",
  received_at: "2026-11-22T02:53:00Z",
  person: { id: "dana" },
  unit: { id: "north", pack_version: "p1" },
  whole: false,
  stays: [],
  gone: [],
  ...more,
})

test("what changed is brought in, who is gone goes, and the pack stays when it is left out", () => {
  const old = {
    stays: [stay("rosa", { room: "12" }), stay("tom"), stay("ed")],
    pack: { name: "inpatient" },
  }
  const fresh = merge(old, reply({ stays: [stay("rosa", { room: "14" })], gone: ["tom"] }))
  assert.deepEqual(fresh.stays, [stay("rosa", { room: "14" }), stay("ed")])
  assert.deepEqual(fresh.pack, { name: "inpatient" })
})

test("a whole answer replaces everything", () => {
  const fresh = merge(
    { stays: [stay("rosa")], pack: {} },
    reply({ whole: true, stays: [stay("tom")] }),
  )
  assert.deepEqual(fresh.stays, [stay("tom")])
})

test("another person asks for everything, because what one may see another may not", () => {
  const snapshot = { ...reply(), pack: {} }
  assert.equal(pullPath(null, "dana", "north"), "/phone/pull")
  assert.equal(pullPath(snapshot, "dana", "north"), "/phone/pull?since=c2&pack=p1")
  assert.equal(pullPath(snapshot, "sam", "north"), "/phone/pull?pack=p1")
})

test("everything is asked for on another unit, and where an older app knew less of somebody", () => {
  const snapshot = { ...reply(), pack: {}, stays: [stay("rosa", { in_vain: null })] }
  assert.equal(pullPath(snapshot, "dana", "north"), "/phone/pull?since=c2&pack=p1")
  assert.equal(pullPath(snapshot, "dana", "south"), "/phone/pull?pack=p1")
  const older = { ...snapshot, stays: [...snapshot.stays, stay("tom")] }
  assert.equal(pullPath(older, "dana", "north"), "/phone/pull?pack=p1")
})

test("of who has left, the name stays while something written about them is on this phone", () => {
  const stay = (id) => ({ id, preferred_name: id, birth_date: "1980-01-01" })
  const reply = (stays, gone = []) => ({ stays, gone, received_at: "2026-11-22T02:53:00Z" })
  const old = merge(null, { ...reply([stay("rosa"), stay("john")]), whole: true })
  const names = ({ left }) => left.map(({ id, birth_date }) => [id, birth_date])
  const written = new Set(["rosa"])

  const after = merge(old, reply([], ["rosa", "john"]), written)
  assert.deepEqual(names(after), [["rosa", undefined]])
  assert.deepEqual(names(merge(after, reply([]), written)), [["rosa", undefined]])
  assert.deepEqual(names(merge(after, reply([]), new Set())), [])
  assert.deepEqual(names(merge(after, reply([stay("rosa")]), written)), [])
})

test("for an hour, whoever had somebody who left the unit is told, and nobody else", () => {
  const old = merge(null, reply({ whole: true, stays: [stay("rosa"), stay("tom")] }))
  const after = merge(old, reply({ gone: ["rosa", "tom"] }), new Set(), new Set(["rosa"]))
  const at = (time) => Date.parse(`2026-11-22T${time}:00Z`)
  const told = (snapshot, id, time) => leftFrom(snapshot, id, at(time)).map((one) => one.id)
  assert.deepEqual([told(after, "dana", "03:50"), told(after, "sam", "03:50")], [["rosa"], []])
  assert.deepEqual(told(after, "dana", "03:53"), [], "Also where nothing was pulled since.")
  assert.deepEqual(after.left.map(({ id }) => id), ["rosa"])

  const later = merge(after, reply({ received_at: "2026-11-22T03:53:00Z" }))
  assert.deepEqual(later.left, [], "The name is gone too.")
  const back = merge(after, reply({ stays: [stay("rosa")] }))
  assert.deepEqual(told(back, "dana", "02:54"), [])
})

test("a phone that was moved to another unit says of nobody that they left it", () => {
  const old = merge(null, reply({ whole: true, stays: [stay("rosa")] }))
  const moved = reply({ whole: true, unit: { id: "south", pack_version: "p1" } })
  assert.deepEqual(merge(old, moved, new Set(), new Set(["rosa"])).left, [])
})
