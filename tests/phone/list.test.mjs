/** My list: what a row says of somebody. */

import assert from "node:assert/strict"
import test from "node:test"

import { List } from "../../src/milieu/phone/static/phone/screens/list.js"
import { items, now, session, snapshot } from "../../src/milieu/phone/static/phone/state.js"

const NOW = Date.parse("2026-11-22T05:08:30Z")
const iso = (ms) => new Date(ms).toISOString()
const DANA = { id: "dana", name: "Dana R." }

/** The words of the row of Rosa, of whom Dana has written `fact` a minute ago. */
function row({ state = "waiting", ...said }, stay = { room: "12", bed: "A" }) {
  const pack = { levels: [{ code: "q15", gap_s: 900, short: "Q15" }], limits: {}, counts: ["seen"], places: [{ code: "hall", label: { en: "Hall" } }], why_not: [{ code: "door-held", label: { en: "door was held" } }] }
  const rosa = { id: "rosa", preferred_name: "Rosa", family_initial: "M", state: "in", sleep: [], level: { code: "q15" }, holder: DANA }
  const stays = [{ ...rosa, due_at: iso(NOW + 60_000), last: null, ...stay }]
  snapshot.value = { person: DANA, pulledAt: NOW - 1, unit: { time_zone: "UTC" }, pack, stays }
  session.value = { person: DANA }
  now.value = NOW
  const at = { happened_at: iso(NOW - 60_000), written_at: iso(NOW - 60_000), clock: { offset_ms: 0 } }
  const entry = { id: "one", kind: "round.check", stay: "rosa", author: "dana", amends: null, ...at }
  const stored_at = state === "stored" ? NOW - 30_000 : null
  items.value = [{ id: "one", state, stored_at, entry: { ...entry, fact: { outcome: "seen", ...said } } }]
  const list = [List().props.children].flat(9).find((one) => one?.props?.class === "people")
  return wordsOf(list).replace(/\s+/g, " ")
}

function wordsOf(drawn) {
  if (Array.isArray(drawn)) return drawn.map(wordsOf).join(" ")
  if (!drawn?.props) return typeof drawn === "string" ? drawn : ""
  return wordsOf(typeof drawn.type === "function" ? drawn.type(drawn.props) : drawn.props.children)
}

test("a row says that the nurse is not told yet, until it was sent", () => {
  assert.match(row({ nurse_should_know: "Shivers" }), /nurse not told yet/)
  assert.doesNotMatch(row({ nurse_should_know: "Shivers", state: "stored" }), /not told/)
  assert.doesNotMatch(row({}), /not told/)
})

test("a row goes on saying that somebody tried", () => {
  assert.match(row({ outcome: "not-seen" }), /on this phone Q15 last 05:07 could not be seen/)
  const in_vain = { entry: "one", at: iso(NOW - 60_000), fact: { outcome: "refused", why: "door-held" } }
  const words = /last 05:07 did not want to be seen: door was held/
  assert.match(row({ state: "stored" }, { in_vain }), words)
  const last = { entry: "two", at: iso(NOW - 300_000), fact: { outcome: "seen", place: "hall" } }
  assert.match(row({ state: "stored" }, { last, in_vain }), /door was held · seen 05:03 hall/)
})

test("a row says that somebody has no bed", () => {
  assert.match(row({}, { room: "", bed: "" }), /Room No bed/)
  assert.match(row({}), /Room 12A/)
})
