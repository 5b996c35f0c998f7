/** What rings again for as long as it is called for. */

import assert from "node:assert/strict"
import test from "node:test"

let shaken = []
Object.defineProperty(globalThis, "navigator", { value: { vibrate: (pattern) => shaken.push(pattern) } })
globalThis.document = { hidden: false }
const asked = []
globalThis.requestIdleCallback = (_, limits) => asked.push(limits)
const { ringing } = await import("../../src/milieu/phone/static/phone/ring.js")

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
