/** Handing over: what whoever is asked sees before they accept. */

import assert from "node:assert/strict"
import test from "node:test"

import { Answer, Handed } from "../../src/milieu/phone/static/phone/screens/hand.js"
import { items, now, screen, session, snapshot } from "../../src/milieu/phone/static/phone/state.js"

const MINUTE = 60_000
const NOW = Date.parse("2026-11-22T05:08:30Z")
const iso = (ms) => new Date(ms).toISOString()
const SAM = { id: "sam", name: "Sam O." }
const OFFER = { id: "one", by: { id: "dana", name: "Dana R." }, purpose: "shift", to: SAM }
const LEVEL = { code: "q15", gap_s: 900, short: "Q15" }

const person = (id, room, due, more = {}) => ({
  ...{ id, preferred_name: id, family_initial: "", room, bed: "A", state: "in", sleep: [] },
  ...{ level: { code: "q15" }, holder: OFFER.by, offer: OFFER, due_at: due && iso(due) },
  ...{ last: due && { entry: id, at: iso(due - 15 * MINUTE), fact: { outcome: "seen" } } },
  ...more,
})

/** The lines in which Sam reads of those whom Dana hands over. */
function linesOf(stays) {
  const pack = { levels: [LEVEL], limits: {}, restraint: { devices: [] } }
  snapshot.value = { person: SAM, pulledAt: NOW, unit: { time_zone: "UTC" }, pack, stays }
  session.value = { person: SAM }
  now.value = NOW
  screen.value = { name: "answer", key: "dana shift true  " }
  const { props } = Answer()
  return lines(props.children)
}

function lines(drawn) {
  if (Array.isArray(drawn)) return drawn.flatMap(lines)
  if (!drawn?.type) return []
  if (typeof drawn.type === "function") return lines(drawn.type(drawn.props))
  return drawn.type === "li" ? [wordsOf(drawn)] : lines(drawn.props.children)
}

function wordsOf(drawn) {
  if (Array.isArray(drawn)) return drawn.map(wordsOf).join("")
  return typeof drawn === "string" ? drawn : wordsOf(drawn?.props?.children ?? "")
}

test("who is overdue is said so before they are accepted, and comes first", () => {
  const inTime = person("Celia", "02", NOW + 9 * MINUTE)
  const over = person("Lucia", "07", NOW - 1.5 * MINUTE)
  const [first, second] = linesOf([inTime, over])
  assert.match(first, /Lucia.*1 min over.*by 05:07/)
  assert.match(second, /Celia.*by 05:17/)
  assert.doesNotMatch(second, /over/)
})

test("who is on leave, or was never due, is not overdue", () => {
  const away = person("Walt", "03", null, { state: "leave" })
  assert.match(linesOf([away])[0], /Walt.*on leave/)
  assert.doesNotMatch(linesOf([away])[0], /over/)
})

test("who handed everybody over is told who has them, and not of an earlier shift's", () => {
  const one = (id, room, holder = SAM) => person(id, room, NOW + MINUTE, { holder, offer: null })
  linesOf([one("Celia", "02"), one("Lucia", "07"), one("Walt", "03", null)].map((each) => ({ ...each, offer: OFFER })))
  snapshot.value = { ...snapshot.value, stays: snapshot.value.stays.map((each) => ({ ...each, offer: null })) }
  session.value = { person: OFFER.by, starts_at: iso(NOW - 60 * MINUTE) }
  const offered = (ago) =>
    ["Celia", "Lucia", "Walt"].map((stay) => {
      const entry = { kind: "round.offer", author: "dana", stay, written_at: iso(NOW - ago * MINUTE), fact: {} }
      return { id: stay, state: "stored", stored_at: NOW - ago * MINUTE, entry: { ...entry, clock: {}, happened_at: entry.written_at } }
    })
  const said = () => Handed().map(({ props }) => props.text)
  items.value = offered(5)
  assert.deepEqual(said(), ["Sam O. has 2 people now."])
  items.value = offered(90)
  assert.deepEqual(said(), [])
  items.value = []
})
