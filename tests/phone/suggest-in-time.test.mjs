/** Whoever follows the suggestions sees everyone in time, where that can be done at all. */

import assert from "node:assert/strict"
import test from "node:test"

import { Walk } from "../../src/milieu/phone/static/phone/suggest.js"

const SECOND = 1000
const MINUTE = 60 * SECOND
const ROUNDED = 0.01 // ms: sums in another order
const NOW = Date.parse("2026-11-22T02:53:00Z")

/** Numbers in [0, 1), the same for the same seed: a walk that was not in time can be walked again. */
function chances(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0 // mulberry32
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const between = (low, high, chance) => low + (high - low) * chance()
const some = (most, chance) => 1 + Math.floor(most * chance())
const one = (list, chance) => list[Math.floor(list.length * chance())]
const numbered = (count, make) => Array.from({ length: count }, (_, n) => make(String(n)))

/** One by one as they fall due, begun now: can everyone who is not over yet be seen in time? */
function canBeDone(people, now, look) {
  const over = people.filter(({ dueAt }) => dueAt < now).length
  const ahead = people.filter(({ dueAt }) => dueAt >= now).sort((a, b) => a.dueAt - b.dueAt)
  return ahead.every(({ dueAt }, n) => now + (over + n + 1) * look <= dueAt + ROUNDED)
}

function anyone(id, chance) {
  const gap = one([5, 15, 30, 60], chance) * MINUTE
  const since = NOW - between(0, 1.1, chance) * gap
  return { id, gap, since, dueAt: since + gap }
}

test("a walk that can be done can still be done after what is suggested", () => {
  let tried = 0
  for (let seed = 0; tried < 4_000; seed++) {
    const chance = chances(seed)
    const look = between(5, 120, chance) * SECOND
    const people = numbered(some(12, chance), (id) => anyone(id, chance))
    if (!canBeDone(people, NOW, look)) continue
    tried++
    const [top] = new Walk(chance).order(people, NOW, look)
    const ends = (top.dueAt < NOW ? NOW : Math.max(NOW, top.seeAt)) + look
    if (top.dueAt >= NOW) assert.ok(ends <= top.dueAt + ROUNDED, `seed ${seed}: ${ends - top.dueAt} ms late`)
    const others = people.filter(({ id }) => id !== top.id)
    assert.ok(canBeDone(others, ends, look), `seed ${seed}: the others no longer fit`)
  }
})

test("nobody is ever suggested for later than due", () => {
  for (let seed = 0; seed < 4_000; seed++) {
    const chance = chances(seed)
    const people = numbered(some(40, chance), (id) => anyone(id, chance))
    const order = new Walk(chance).order(people, NOW, between(0, 120, chance) * SECOND)
    assert.equal(order.length, people.length)
    for (const { dueAt, seeAt } of order) assert.ok(seeAt <= Math.max(dueAt, NOW), `seed ${seed}`)
  }
})

test("hour after hour nobody is late while a whole round fits the shortest gap", () => {
  for (let seed = 0; seed < 60; seed++) {
    const chance = chances(seed)
    const walk = new Walk(chance)
    const count = some(30, chance)
    const levels = one([[15], [15, 30], [15, 60], [10, 15, 60]], chance)
    const look = ((Math.min(...levels) * MINUTE) / count) * between(0.2, 1, chance)
    let now = NOW
    let people = numbered(count, (id) => {
      const gap = one(levels, chance) * MINUTE
      const since = NOW - gap + Math.max(gap * chance(), (Number(id) + 1) * look)
      return { id, gap, since, dueAt: since + gap }
    })
    for (let looks = 0; looks < 400; looks++) {
      const [top] = walk.order(people, now, look)
      now = Math.max(now, top.seeAt) + look
      assert.ok(now <= top.dueAt + ROUNDED, `seed ${seed}: ${now - top.dueAt} ms late`)
      const seen = { ...top, since: now, dueAt: now + top.gap }
      people = people.map((person) => (person.id === top.id ? seen : person))
    }
  }
})

test("with time to spare the drawn moments decide, as they did before", () => {
  const chance = chances(7)
  const people = numbered(8, (id) => {
    const since = NOW - Number(id) * 90 * SECOND
    return { id, since, dueAt: since + 15 * MINUTE }
  })
  for (let round = 0; round < 200; round++) {
    const walk = new Walk(chance)
    const drawn = walk.order(people, NOW)
    assert.deepEqual(walk.order(people, NOW, 15 * SECOND), drawn)
  }
})

test("with none to spare whoever is due first goes first, at once", () => {
  const look = MINUTE
  const people = numbered(5, (id) => ({
    id,
    since: NOW - 10 * MINUTE,
    dueAt: NOW + (Number(id) + 1) * look,
  }))
  const [top] = new Walk(() => 0.99).order(people, NOW, look)
  assert.deepEqual([top.id, top.seeAt], ["0", NOW])
})
