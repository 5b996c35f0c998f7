/**
 * One pair of hands and the phone's own suggestions, for a shift: prints each person's checks in
 * seconds. Arguments: people, seconds of a look, hours, seed.
 */
import { Walk } from "../../src/milieu/phone/static/phone/suggest.js"

const [people, look, hours, seed] = process.argv.slice(2).map(Number)
const GAP = 900_000

let state = seed
const chance = () => {
  state = (state + 0x6d2b79f5) | 0 // mulberry32: the same shift for the same seed
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const walk = new Walk(chance)
const onList = Array.from({ length: people }, (_, n) => ({
  id: String(n),
  since: n * look * 1000,
  dueAt: n * look * 1000 + GAP,
}))
const checks = onList.map(({ since }) => [since])
let now = people * look * 1000

while (now < hours * 3_600_000) {
  const [next] = walk.order(onList, now, look * 1000)
  now = Math.max(now, next.seeAt) + look * 1000
  const seen = onList[Number(next.id)]
  seen.since = now
  seen.dueAt = now + GAP
  checks[Number(next.id)].push(now)
}
console.log(JSON.stringify(checks.map((times) => times.map((ms) => ms / 1000))))
