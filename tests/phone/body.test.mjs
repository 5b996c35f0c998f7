/** Vital signs, drinks and meals become facts, or say what is missing. */

import assert from "node:assert/strict"
import test from "node:test"

import {
  againSince,
  bodyWords,
  drinkFact,
  mealAt,
  mealFact,
  mistyped,
  tenths,
  vitalsAgain,
  vitalsFact,
} from "../../src/milieu/phone/static/phone/body.js"

const MEASURES = [
  { code: "temperature", low: 33, high: 42 },
  { code: "pulse", low: 35, high: 180 },
  { code: "weight", low: 30, high: 250 },
]
const ENDS = { note: "", concern: "", measures: MEASURES }
const made = (said) => vitalsFact(said, ENDS)

test("a set says at least one measure, and zero is one", () => {
  assert.equal(made({}).missing, "measure-missing")
  assert.equal(made({ pain: "0" }).fact.pain, 0)
  assert.equal(made({ awareness: "alert" }).fact.awareness, "alert")
})

test("tenths are kept as they were typed, with a point or a comma", () => {
  assert.equal(tenths("98.6"), 986)
  assert.equal(tenths("36,8"), 368)
  assert.equal(tenths("37"), 370)
  assert.equal(tenths(""), null)
  for (const text of ["37.25", "hot", "3 7", "-1"]) assert.ok(Number.isNaN(tenths(text)))
  const { fact } = made({ temperature: "98.6", temperature_unit: "f" })
  assert.deepEqual([fact.temperature_tenths, fact.temperature_unit], [986, "f"])
  assert.equal(made({ temperature: "98.6" }).missing, "unit-missing")
  assert.equal(made({ weight: "70.55", weight_unit: "kg" }).missing, "one-decimal")
})

test("what looks mistyped is asked about, and goes once it is confirmed", () => {
  const slip = made({ pulse: "7" })
  assert.deepEqual([slip.missing, slip.doubted], ["looks-mistyped", ["pulse"]])
  assert.equal(made({ pulse: "7", confirmed: ["pulse"] }).fact.pulse, 7)
  const warm = { temperature_tenths: 986, temperature_unit: "f", weight_tenths: null, pulse: null }
  assert.deepEqual(mistyped(warm, MEASURES), [])
  assert.deepEqual(mistyped({ ...warm, temperature_unit: "c" }, MEASURES), ["temperature"])
})

test("a blood pressure has two numbers, the upper one larger", () => {
  assert.equal(made({ systolic: "120" }).missing, "pressure-halved")
  assert.equal(made({ systolic: "70", diastolic: "120" }).missing, "pressure-reversed")
  assert.equal(made({ systolic: "120", diastolic: "70", position: "lying" }).fact.position, "lying")
  assert.equal(made({ pulse: "70", position: "lying" }).fact.position, "")
})

test("who declined has a reason, who slept was not woken, and nothing was measured", () => {
  assert.equal(made({ outcome: "declined", pulse: "70" }).missing, "vitals-why")
  const declined = made({ outcome: "declined", why: " tired ", pulse: "70" }).fact
  assert.deepEqual([declined.why, declined.pulse], ["tired", undefined])
  assert.equal(made({ outcome: "asleep", pulse: "70" }).fact.pulse, undefined)
})

test("what is put right begins as it was typed", () => {
  const { fact } = made({ temperature: "36.8", temperature_unit: "c", pulse: "64" })
  const again = vitalsAgain(fact)
  assert.deepEqual([again.temperature, again.pulse, again.weight], ["36.8", 64, ""])
  assert.deepEqual(vitalsFact(again, ENDS).fact, fact)
})

test("a drink is what its vessel holds, unless an amount was typed", () => {
  const vessels = [{ code: "glass", ml: 200 }]
  assert.equal(drinkFact({ vessel: "glass" }, ENDS, vessels).fact.ml, 200)
  assert.equal(drinkFact({ vessel: "glass", ml: "80" }, ENDS, vessels).fact.ml, 80)
  assert.equal(drinkFact({}, ENDS, vessels).missing, "ml-missing")
  assert.equal(drinkFact({ ml: "9000" }, ENDS, vessels).missing, "ml-missing")
})

test("a meal that nothing was said of is no fact, and a declined one needs its reason", () => {
  assert.equal(mealFact("lunch"), null)
  assert.equal(mealFact("lunch", { choice: "declined" }), null)
  assert.equal(mealFact("lunch", { choice: "declined", why: "unwell" }).why, "unwell")
  assert.equal(mealFact("lunch", { choice: "0" }).share, 0)
  assert.equal(mealFact("lunch", { choice: "not-there" }).share, null)
})

test("the meal of the hour is the last that began; before breakfast it is last night's", () => {
  const meals = [
    { code: "breakfast", from_hour: 5 },
    { code: "dinner", from_hour: 16 },
  ]
  assert.deepEqual([4, 5, 15, 16, 23].map((hour) => mealAt(meals, hour)), [
    "dinner",
    "breakfast",
    "breakfast",
    "dinner",
    "dinner",
  ])
})

const HOUR = 3_600_000
const NIGHT = Date.parse("2026-11-22T07:53:10Z")
const PACK = { vitals: { again_h: 168, again_raised_h: 24, raised_levels: ["q15"] } }
const told = (outcome) => ({ level: { code: "q15" }, vitals: { outcome, at: "2026-11-22T07:53:10Z" } })
const own = (hours, outcome) => ({ at: NIGHT + hours * HOUR, fact: { outcome } })
const since = (person, written, hours) => againSince(person, written, PACK, NIGHT + hours * HOUR)

test("what was declined or slept through is tried again once its time has come, and not before", () => {
  for (const outcome of ["declined", "asleep"]) {
    assert.equal(since(told(outcome), [], 23.9), null)
    assert.equal(since(told(outcome), [], 24), NIGHT + 24 * HOUR)
  }
  assert.equal(since({ ...told("declined"), level: { code: "hourly" } }, [], 167), null)
  assert.equal(since({ ...told("declined"), level: null }, [], 168), NIGHT + 168 * HOUR)
})

test("it is over as soon as this phone wrote a set, and begins anew when that was declined too", () => {
  assert.equal(since(told("declined"), [own(25, "taken")], 26), null)
  assert.equal(since(told("declined"), [own(-1, "taken")], 26), NIGHT + 24 * HOUR)
  assert.equal(since(told("declined"), [own(25, "asleep")], 48), null)
  assert.equal(since(told("declined"), [own(25, "asleep")], 50), NIGHT + 49 * HOUR)
})

test("without network it is worked out from what this phone wrote alone", () => {
  assert.equal(since({ level: { code: "q15" }, vitals: null }, [own(0, "declined")], 24), NIGHT + 24 * HOUR)
  assert.equal(since({ level: null, vitals: null }, [], 999), null)
  assert.equal(since(told("taken"), [], 999), null)
})

test("what was written can be told apart in the list of earlier entries", () => {
  const label = (en) => ({ en })
  const pack = {
    intake: { meals: [{ code: "lunch", label: label("Lunch") }] },
    measures: [
      { code: "temperature", label: label("Temperature"), unit: "°C" },
      { code: "pulse", label: label("Pulse"), unit: "/min" },
      { code: "pain", label: label("Pain"), unit: "" },
    ],
  }
  const told = (kind, fact) => bodyWords(kind, fact, { pack, words: (one) => one?.en ?? "", say: (key) => key })
  const taken = { outcome: "taken", temperature_tenths: 986, temperature_unit: "f", pulse: 0, pain: null }
  assert.equal(told("vitals.set", taken), "Temperature 98.6 °F, Pulse 0 /min")
  assert.equal(told("vitals.set", { outcome: "declined", why: "No" }), "vitals-declined: No")
  assert.equal(told("vitals.set", { outcome: "asleep" }), "vitals-asleep")
  assert.equal(told("intake.drink", { ml: 180 }), "180 ml")
  assert.equal(told("intake.meal", { meal: "lunch", outcome: "eaten", share: 0 }), "Lunch, 0 %")
  assert.equal(told("intake.meal", { meal: "brunch", outcome: "not-there", share: null }), "brunch, meal-not-there")
})
