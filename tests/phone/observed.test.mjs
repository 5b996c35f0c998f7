/** What is observed beside checks becomes a fact, or says what is missing; and a score is a sum. */

import assert from "node:assert/strict"
import test from "node:test"

import {
  agitationOf,
  episodeFact,
  scoredFact,
  scoreOf,
  shiftFact,
  tellsNurse,
} from "../../src/milieu/phone/static/phone/observed.js"

const ENDS = { note: "", concern: "" }
const option = (code, value) => ({ code, label: { en: code }, value })
const FOUR = [option("a", 0), option("b", 1), option("c", 2), option("d", 3)]
const question = (item, options = 0) => ({ item, number: "", label: { en: item }, options })
const PHQ = {
  code: "phq-9",
  text: "abc",
  low: 0,
  high: 9,
  scored: ["1", "2", "9"],
  questions: [question("1"), question("2"), question("9"), question("more", 1)],
  options: [FOUR, [option("x", null), option("y", null)]],
  nurse: [{ item: "9", from: 1 }],
}
const SLOT = { code: "c-ssrs", low: 0, high: 3, nurse: [{ item: "", from: 1 }] }
const answers = (given) => Object.entries(given).map(([item, code]) => ({ item, code }))

test("a shift says which one, and at least one thing that was seen", () => {
  assert.equal(shiftFact({}, ENDS).missing, "shift-missing")
  assert.equal(shiftFact({ shift: "day" }, ENDS).missing, "nothing-said")
  const { fact } = shiftFact({ shift: "day", activity: "4", mood: " fine " }, ENDS)
  assert.deepEqual([fact.activity, fact.mood, fact.requests], [4, "fine", null])
  assert.equal(shiftFact({ shift: "day" }, { ...ENDS, note: "Slept late" }).fact.note, "Slept late")
})

test("zero requests is something said, and is not the same as not noted", () => {
  assert.equal(shiftFact({ shift: "day", requests: "0" }, ENDS).fact.requests, 0)
})

test("who was not seen has a reason and nothing else", () => {
  const said = { shift: "night", outcome: "not-seen", activity: "4", agitation: ["pacing"] }
  assert.equal(shiftFact(said, ENDS).missing, "why-missing")
  const { fact } = shiftFact({ ...said, why: "asleep" }, ENDS)
  assert.deepEqual([fact.why, fact.activity, fact.agitation], ["asleep", null, []])
})

test("none of the agitation items stands alone", () => {
  assert.deepEqual(agitationOf(["pacing"], ["pacing", "none"]), ["none"])
  assert.deepEqual(agitationOf(["none"], ["none", "pacing"]), ["pacing"])
  assert.deepEqual(agitationOf(["pacing", "door"], ["door"]), ["door"])
})

test("an episode has all three parts", () => {
  const said = { antecedent: "Call ended", behavior: "Shouted", consequence: " " }
  assert.equal(episodeFact(said, ENDS).missing, "episode-missing")
  const { fact } = episodeFact({ ...said, consequence: "Walked", count: "2", intensity: "1" }, ENDS)
  assert.deepEqual([fact.count, fact.duration_min, fact.intensity], [2, null, 1])
})

test("a score is the sum of every answer that counts, over all answers that there can be", () => {
  const codes = ["a", "b", "c", "d"]
  for (const [one, first] of codes.entries())
    for (const [two, second] of codes.entries())
      for (const [nine, last] of codes.entries()) {
        const given = answers({ 1: first, 2: second, 9: last, more: "x" })
        assert.equal(scoreOf(PHQ, given).score, one + two + nine)
      }
})

test("with a question left out there is no score, and how many were is said", () => {
  assert.deepEqual(scoreOf(PHQ, answers({ 1: "d" })), { score: null, atLeast: 3, left: 2 })
})

test("any answer above none to the question that matters must reach a nurse", () => {
  assert.equal(tellsNurse(PHQ, { answers: answers({ 9: "a" }) }), false)
  for (const code of ["b", "c", "d"]) assert.ok(tellsNurse(PHQ, { answers: answers({ 9: code }) }))
  assert.equal(tellsNurse(PHQ, { answers: answers({ 1: "d", 2: "d" }) }), false)
  assert.equal(tellsNurse(SLOT, { score: 0 }), false)
  assert.ok(tellsNurse(SLOT, { score: 1 }))
  assert.equal(tellsNurse(SLOT, { score: null }), false)
})

test("an instrument is answered, declined, or could not be done", () => {
  assert.equal(scoredFact(PHQ, {}, ENDS).missing, "outcome-missing")
  assert.equal(scoredFact(PHQ, { outcome: "answered" }, ENDS).missing, "answers-missing")
  const said = { outcome: "answered", answers: answers({ 1: "b" }) }
  assert.deepEqual(scoredFact(PHQ, said, ENDS).fact.text, "abc")
  assert.equal("answers" in scoredFact(PHQ, { ...said, outcome: "declined" }, ENDS).fact, false)
})

test("a typed score stays within the range of its form", () => {
  for (const score of ["", "4", "x"])
    assert.equal(scoredFact(SLOT, { outcome: "answered", score }, ENDS).missing, "score-missing")
  assert.equal(scoredFact(SLOT, { outcome: "answered", score: "3" }, ENDS).fact.score, 3)
})
