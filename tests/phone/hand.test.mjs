/** Handing over: what whoever is asked sees before they accept. */

import assert from "node:assert/strict"
import test from "node:test"

import { Answer } from "../../src/milieu/phone/static/phone/screens/hand.js"
import { now, screen, session, snapshot } from "../../src/milieu/phone/static/phone/state.js"

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
