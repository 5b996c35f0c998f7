import assert from "node:assert/strict"
import test from "node:test"

import { EARLIEST, LATEST, moment, Walk } from "../../src/milieu/phone/static/phone/suggest.js"

const MINUTE = 60_000
const NOW = Date.parse("2026-11-22T02:53:00Z")
const Q15 = { id: "rosa", since: NOW, dueAt: NOW + 15 * MINUTE }
const minutes = (ms) => (ms - NOW) / MINUTE

test("a suggested moment is never later than due, whatever the gap", () => {
  for (let round = 0; round < 20_000; round++) {
    const gap = (1 + Math.random() * 120) * MINUTE
    const since = NOW - Math.random() * 1.5 * gap
    const dueAt = since + gap
    const at = moment({ since, dueAt }, NOW)
    assert.ok(at <= dueAt, `${at - dueAt} ms after due`)
    assert.ok(at >= Math.min(NOW, dueAt), "in the past, though it is not due")
  }
})

test("moments are spread over the time allowed, so that no minute can be expected", () => {
  const seen = Array(15).fill(0)
  for (let round = 0; round < 9_000; round++) seen[Math.floor(minutes(moment(Q15, NOW)))] += 1

  const used = seen.slice(Math.ceil(15 * EARLIEST), Math.floor(15 * LATEST))
  assert.ok(Math.min(...used) > 1_000, `${used}`)
  assert.ok(Math.max(...used) < 1_700, `${used}`)
  assert.equal(
    seen.slice(0, 7).reduce((sum, count) => sum + count),
    0,
  )
})

test("eight people due at the same time are not seen in the same order twice", () => {
  const people = [..."abcdefgh"].map((id) => ({ ...Q15, id }))
  const orders = new Set()
  const first = new Map()
  for (let round = 0; round < 400; round++) {
    const order = new Walk().order(people, NOW).map(({ id }) => id)
    orders.add(order.join(""))
    first.set(order[0], (first.get(order[0]) ?? 0) + 1)
  }
  // Of 40,320 orders some two of 400 come twice by chance; 20 of them in no run of anybody's.
  assert.ok(orders.size > 380, `${orders.size} different orders of 400`)
  assert.equal(first.size, 8)
})

test("a moment stays until the person is checked, then another one is drawn", () => {
  let drawn = 0
  const walk = new Walk(() => (drawn++, 0.5))
  const [before] = walk.order([Q15], NOW)
  const [later] = walk.order([Q15], NOW + 3 * MINUTE)
  assert.equal(later.seeAt, before.seeAt)
  assert.equal(drawn, 1)

  walk.order([{ ...Q15, since: NOW + MINUTE, dueAt: NOW + 16 * MINUTE }], NOW + 2 * MINUTE)
  assert.equal(drawn, 2)
})

test("who is overdue comes first, the longest over before the others; who is away, last", () => {
  const people = [
    { id: "away", since: null, dueAt: null },
    { id: "soon", since: NOW - 14 * MINUTE, dueAt: NOW + MINUTE },
    { id: "over by 2", since: NOW - 17 * MINUTE, dueAt: NOW - 2 * MINUTE },
    { id: "over by 4", since: NOW - 34 * MINUTE, dueAt: NOW - 4 * MINUTE },
    { id: "just seen", since: NOW, dueAt: NOW + 15 * MINUTE },
  ]
  const order = new Walk().order(people, NOW).map(({ id }) => id)
  assert.deepEqual(order, ["over by 4", "over by 2", "soon", "just seen", "away"])
})
