/**
 * Vital signs, drinks and meals: as facts of docs/wire.md and what is missing of them, again as they
 * were typed, in words; and when vital signs are to be tried again. Plain.
 */

import { whole } from "./observed.js"

const TENTHS = ["temperature", "weight"]
const WHOLE = ["pulse", "breaths", "oxygen", "systolic", "diastolic", "pain"]
const POUND_KG = 0.45359237

/** Tenths of what was typed, with a point or a comma; null when nothing was, NaN for no number. */
export function tenths(text) {
  if (whole(text) === null) return null
  const typed = String(text).trim().replace(",", ".")
  return /^\d{1,4}(\.\d)?$/.test(typed) ? Math.round(Number(typed) * 10) : Number.NaN
}

/** What was measured in the units of the pack's measures: Celsius, kilograms. */
function inUnits(code, fact) {
  if (!TENTHS.includes(code)) return fact[code]
  const value = fact[`${code}_tenths`]
  if (value === null) return null
  const unit = fact[`${code}_unit`]
  if (unit === "f") return (value / 10 - 32) / 1.8
  return unit === "lb" ? (value / 10) * POUND_KG : value / 10
}

/** The codes of measures that look like a slip of the finger, as the server would ask about them. */
export const mistyped = (fact, measures) =>
  measures
    .filter(({ code, low, high }) => {
      const value = inUnits(code, fact)
      return value !== null && (value < low || value > high)
    })
    .map(({ code }) => code)

/** A set of vital signs as a fact, and what is missing of it; `doubted` names what looks mistyped. */
export function vitalsFact(said, { note, concern, measures }) {
  const { outcome = "taken", why = "", confirmed = [] } = said
  const ends = { note: note.trim(), nurse_should_know: concern.trim() }
  if (outcome === "asleep") return { fact: { outcome, ...ends } }
  if (outcome === "declined") {
    return why.trim() ? { fact: { outcome, why: why.trim(), ...ends } } : { missing: "vitals-why" }
  }
  const parts = {}
  for (const code of WHOLE) parts[code] = whole(said[code])
  for (const code of TENTHS) {
    const value = tenths(said[code])
    if (Number.isNaN(value)) return { missing: "one-decimal" }
    parts[`${code}_tenths`] = value
    parts[`${code}_unit`] = value === null ? "" : (said[`${code}_unit`] ?? "")
    if (value !== null && !parts[`${code}_unit`]) return { missing: "unit-missing" }
  }
  const { air = "", awareness = "" } = said
  if (!awareness && Object.values(parts).every((value) => value === null || value === "")) {
    return { missing: "measure-missing" }
  }
  if ((parts.systolic === null) !== (parts.diastolic === null)) return { missing: "pressure-halved" }
  if (parts.systolic !== null && parts.systolic <= parts.diastolic) {
    return { missing: "pressure-reversed" }
  }
  const position = parts.systolic === null ? "" : (said.position ?? "")
  const fact = { outcome, ...parts, air, awareness, position, confirmed, ...ends }
  const doubted = mistyped(fact, measures).filter((code) => !confirmed.includes(code))
  return doubted.length ? { missing: "looks-mistyped", doubted } : { fact }
}

/** What a fact says, as the screen on which it was written shows it again. */
export function vitalsAgain(fact) {
  const shown = { ...fact }
  for (const code of TENTHS) {
    const value = fact[`${code}_tenths`] ?? null
    shown[code] = value === null ? "" : String(value / 10)
  }
  return shown
}

/**
 * Since when vital signs are to be tried again, ms: where the newest set was declined or slept
 * through, and its time has come. `own`: what this phone wrote of this person, `{at, fact}`.
 */
export function againSince({ vitals, level }, own, { vitals: hours }, now) {
  const told = vitals?.outcome ? [{ at: Date.parse(vitals.at), fact: vitals }] : []
  const newest = [...told, ...own].reduce((last, one) => (!last || one.at >= last.at ? one : last), null)
  if (!newest || newest.fact.outcome === "taken") return null
  const raised = hours.raised_levels.includes(level?.code)
  const since = newest.at + (raised ? hours.again_raised_h : hours.again_h) * 3_600_000
  return since <= now ? since : null
}

/** A drink as a fact: what the vessel holds, unless another amount was typed. */
export function drinkFact({ vessel = "", ml = "" }, { note }, vessels) {
  const amount = whole(ml) ?? vessels.find(({ code }) => code === vessel)?.ml ?? 0
  if (amount < 1 || amount > 3000) return { missing: "ml-missing" }
  return { fact: { ml: amount, vessel, note: note.trim() } }
}

/** One person's meal as a fact; null while nothing was said, or a reason is still missing. */
export function mealFact(meal, { choice = "", why = "" } = {}) {
  const common = { meal, note: "" }
  if (choice === "not-there") return { ...common, outcome: choice, share: null, why: "" }
  if (choice === "declined") return why ? { ...common, outcome: choice, share: null, why } : null
  return choice === "" ? null : { ...common, outcome: "eaten", share: Number(choice), why: "" }
}

const TYPED_IN = { c: "°C", f: "°F" }

/** What was measured, eaten or drunk, in short. `words` gives a label, `say` a key of the catalogue. */
export function bodyWords(kind, fact, { pack, words, say }) {
  if (kind === "intake.drink") return `${fact.ml} ml`
  if (kind === "intake.meal") {
    const meal = pack.intake.meals.find(({ code }) => code === fact.meal)
    const eaten = fact.outcome === "eaten" ? `${fact.share} %` : say(`meal-${fact.outcome}`)
    return `${words(meal?.label) || fact.meal}, ${eaten}`
  }
  if (fact.outcome !== "taken") return [say(`vitals-${fact.outcome}`), fact.why].filter(Boolean).join(": ")
  const measured = pack.measures.map(({ code, label, unit }) => {
    const value = fact[code] ?? (fact[`${code}_tenths`] ?? Number.NaN) / 10
    const typed = fact[`${code}_unit`]
    return Number.isNaN(value) ? "" : `${words(label)} ${value} ${(TYPED_IN[typed] ?? typed) || unit}`.trim()
  })
  const aware = fact.awareness && say(`awareness-${fact.awareness}`)
  return [...measured, aware].filter(Boolean).join(", ")
}

/** The meal that is offered at this hour: the last that began, or the day's first. */
export const mealAt = (meals, hour) =>
  (meals.findLast(({ from_hour }) => from_hour <= hour) ?? meals.at(-1)).code
