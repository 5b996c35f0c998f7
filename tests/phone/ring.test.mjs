/** What rings again for as long as it is called for; on a phone, and the siren of the wall. */

import assert from "node:assert/strict"
import test from "node:test"

let shaken = []
Object.defineProperty(globalThis, "navigator", { value: { vibrate: (pattern) => shaken.push(pattern) } })
const calls = { open: true }
globalThis.document = {
  ...{ hidden: false, addEventListener() {}, documentElement: { dataset: {} } },
  querySelector: () => (calls.open ? {} : null),
}
const asked = []
globalThis.requestIdleCallback = (work, limits) => void asked.push(limits) || work()

/** A browser that lets nothing sound before it is touched, and tells how often something did. */
class Speaker {
  static started = 0
  static touch = () => {}
  static touched = Promise.resolve()
  state = "suspended"
  destination = {}
  currentTime = 0
  resume = () => Speaker.touched.then(() => void (this.state = "running"))
  suspend() {}
  createGain = () => ({ gain: {}, connect() {} })
  createOscillator = () => ({
    frequency: { setValueAtTime() {}, linearRampToValueAtTime() {} },
    connect: (next) => next,
    start: () => void (Speaker.started += 1),
    stop() {},
  })
}
globalThis.AudioContext = Speaker
const { hush, ring, ringing } = await import("../../src/milieu/phone/static/phone/ring.js")

const AT = Date.parse("2026-11-22T02:53:00Z")
const S = 1_000
/** How often it rang and was hushed while it was told this: [whether called for, seconds from the start]. */
function heard(...looks) {
  shaken = []
  const call = ringing("ring-overdue")
  for (const [isCalled, s] of looks) call(isCalled, AT + s * S)
  return [shaken.filter(Boolean).length, shaken.filter((one) => one === 0).length]
}

test("it rings at once, and every 20 seconds until it is hushed", () => {
  assert.deepEqual(heard([true, 0], [true, 5], [true, 15], [true, 20], [true, 35]), [2, 0])
  assert.deepEqual(heard([true, 0], [false, 5], [false, 10]), [1, 1])
  assert.deepEqual(heard([true, 0], [false, 5], [true, 6]), [2, 1])
})

test("what was never called for is not hushed: something else may ring", () => {
  assert.deepEqual(heard([false, 0], [false, 5]), [0, 0])
})

test("a clock that was set back does not keep it quiet", () => {
  assert.deepEqual(heard([true, 0], [true, -3600]), [2, 0])
})

test("a phone that is never idle sounds all the same", () => {
  heard([true, 0])
  assert.ok(asked.at(-1).timeout < S)
})

/** How many sounds were heard when the browser was touched at last, after this was called for. */
async function atTheFirstTouch(call) {
  Speaker.touched = new Promise((resolve) => (Speaker.touch = resolve))
  Speaker.started = 0
  await call()
  Speaker.touch()
  await new Promise((resolve) => setTimeout(resolve))
  return Speaker.started
}

test("what rang before a phone was touched sounds once, and not when it was hushed", async () => {
  const rings = () => [1, 2, 3].forEach(() => ring("ring-help"))
  assert.equal(await atTheFirstTouch(rings), 1)
  assert.equal(await atTheFirstTouch(() => (rings(), void hush())), 0)
  assert.equal(await atTheFirstTouch(rings), 1)
})

test("the siren of the wall sounds once at the first touch, and not when nobody calls any longer", async () => {
  let look = null
  globalThis.MutationObserver = class {
    observe() {}
    constructor(work) {
      look = work
    }
  }
  const { setInterval } = globalThis
  globalThis.setInterval = () => {}
  const begin = async () => void (await import("../../src/milieu/help/static/help/siren.js"))
  assert.equal(await atTheFirstTouch(async () => (await begin(), look(), look())), 1)
  globalThis.setInterval = setInterval
  assert.equal(await atTheFirstTouch(() => void (look(), (calls.open = false))), 0)
})
