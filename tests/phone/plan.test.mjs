/** A person's own plan on the phone: whole from what is shown, written offline, and beside another's. */

import assert from "node:assert/strict"
import test from "node:test"

import {
  lacking,
  LINES_MAX,
  planBegun,
  planFact,
  PARTS,
  rowsAfter,
  unknownTo,
  wholePlan,
  withPlans,
} from "../../src/milieu/phone/static/phone/plan.js"

const HOUR = 3_600_000
const NOW = Date.parse("2026-03-02T02:53:00Z")
const thing = (words, did = [0, 0, 0, 0], of = "plan", code = "") => ({ thing: { of, code, words }, did })
const PULLED = {
  id: "rosa",
  plan: {
    ...{ entry: "p1", at: new Date(NOW - 9 * HOUR).toISOString(), day: "2026-03-01", by: "Sam O." },
    ...{ agreement: "agreed", own: { helps: [5, 3], talk: [8, 3] }, others: [] },
  },
  calm: [
    ...[{ head: "touch" }, { note: "Ask first" }, { head: "helps" }],
    ...[thing("Cold water", [1, 1, 0, 0]), thing("Sit down?", [1, 2, 0, 0], "choice", "sit"), thing("A walk")],
    ...[{ head: "worsens" }, { head: "talk" }, thing("My dog")],
  ],
}
const blank = Object.fromEntries(PARTS.map((part) => [part, []]))
const wrote = (fact, { id = "mine", at = NOW, state = "waiting", author = "dana", ...more } = {}) => {
  const time = new Date(at).toISOString()
  const entry = { id, kind: "calm.plan", stay: "rosa", author, happened_at: time, written_at: time, amends: null }
  return { id, state, entry: { ...entry, fact: { agreement: "agreed", ...blank, differs: "", after: ["p1"], ...fact }, ...more } }
}
const shown = (items, person = PULLED) => {
  const snapshot = { pulledAt: NOW - HOUR, people: [{ id: "dana", name: "Dana R." }] }
  return withPlans([person], { snapshot, items })[0]
}
const told = ({ calm }) => calm.map(({ head, note, thing }) => head ?? note ?? thing.words)

test("the whole plan is told by what is shown, in the person's own order, a line twice if they said it twice", () => {
  const whole = wholePlan(PULLED)
  assert.deepEqual(whole.helps, ["A walk", "Cold water"])
  assert.deepEqual(whole.talk, ["My dog", "Cold water"])
  assert.deepEqual([whole.touch, whole.sets_off], [["Ask first"], []])
  assert.deepEqual(wholePlan({ plan: null }), blank)
})

test("a new version begins as the one that stands, knows it, and asks anew whether they agree", () => {
  const begun = planBegun(PULLED)
  assert.deepEqual(begun.after, ["p1"])
  assert.equal(begun.agreement, undefined)
  assert.deepEqual(planBegun({}).after, [])
})

test("a plan is their lines as they stand; what is missing of it is said", () => {
  assert.equal(planFact({}).missing, "plan-empty")
  assert.equal(planFact({ helps: ["  ", ""] , agreement: "agreed" }).missing, "plan-empty")
  assert.equal(planFact({ helps: ["A walk"] }).missing, "agreement-missing")
  assert.equal(planFact({ helps: ["A walk"], agreement: "part", differs: " " }).missing, "differs-missing")
  assert.ok(planFact({ agreement: "declined" }).fact)
  const { fact } = planFact({ helps: [" A  walk", "", "A walk"], agreement: "agreed", differs: "x", after: ["p1"] })
  assert.deepEqual([fact.helps, fact.differs, fact.after], [["A walk"], "", ["p1"]])
  assert.ok(PARTS.every((part) => fact[part].length <= LINES_MAX))
})

test("what is written here is shown at once, with what the server knows of each line", () => {
  const person = shown([wrote({ helps: ["Music", "Cold water"], touch: ["Stay at the door"] })])
  assert.deepEqual([person.plan.by, person.plan.entry], ["Dana R.", "mine"])
  assert.deepEqual(told(person), ["touch", "Stay at the door", "helps", "Cold water", "Music", "Sit down?"])
  assert.deepEqual(person.calm[3].did, [1, 1, 0, 0])
  assert.deepEqual(wholePlan(person).helps, ["Music", "Cold water"])
})

test("of two that are only here the later stands; one that was put right or refused says nothing", () => {
  const first = wrote({ helps: ["Music"] }, { id: "a", at: NOW - HOUR / 2 })
  const second = wrote({ helps: ["Tea"], after: ["a"] }, { id: "b" })
  assert.deepEqual(told(shown([second, first])).slice(0, 2), ["helps", "Tea"])
  assert.equal(shown([first, second]).plan.entry, "b")
  assert.deepEqual(shown([first, second]).plan.others, [])
  assert.equal(shown([wrote({}, { state: "refused" })]).plan.entry, "p1")
  const right = wrote({ helps: ["Green tea"], after: ["a"] }, { id: "c", amends: "b" })
  assert.equal(shown([first, second, right]).plan.entry, "c")
})

test("a version that came meanwhile is offered beside a later one of this phone, with its lines", () => {
  const person = shown([wrote({ helps: ["Music"], after: ["p0"] })])
  assert.equal(person.plan.entry, "mine")
  assert.deepEqual(person.plan.others.map(({ entry, by }) => [entry, by]), [["p1", "Sam O."]])
  assert.deepEqual(person.plan.others[0].helps, ["A walk", "Cold water"])
})

test("and stands, where it is the later one: then that of this phone is offered", () => {
  const person = shown([wrote({ helps: ["Music"], after: ["p0"] }, { at: NOW - 10 * HOUR })])
  assert.equal(person.plan.entry, "p1")
  assert.deepEqual(person.plan.others.map(({ entry, helps }) => [entry, helps]), [["mine", ["Music"]]])
})

test("a draft is told of every version that it does not know, until it was looked at", () => {
  const person = { plan: { ...PULLED.plan, others: [{ entry: "p2", by: "June P." }] } }
  assert.deepEqual(unknownTo(["p1"], person).map(({ entry }) => entry), ["p2"])
  assert.deepEqual(unknownTo(["p0"], person).map(({ entry }) => entry), ["p1", "p2"])
  assert.deepEqual(unknownTo(["p1", "p2"], person), [])
  assert.deepEqual(unknownTo([], { plan: null }), [])
})

test("of another version only the lines are offered that this one lacks, however they are spaced", () => {
  const mine = { helps: ["a  WALK"], touch: [] }
  const other = { helps: ["A walk", "Music"], touch: ["Ask first"], by: "Sam O." }
  assert.deepEqual(lacking(mine, other), [["helps", ["Music"]], ["touch", ["Ask first"]]])
  assert.deepEqual(lacking(other, other), [])
})

test("what helped and is in no plan stays in sight; a line that was taken out and did not help goes", () => {
  const rows = rowsAfter({ ...blank, agreement: "agreed", differs: "I talk loud", helps: ["Music"] }, PULLED.calm)
  assert.deepEqual(told({ calm: rows }), ["differs", "I talk loud", "helps", "Music", "Cold water", "Sit down?"])
})
