/** Vital signs and drinks of one person; a meal of everyone at a table, in one pass. */

import { drinkFact, mealAt, mealFact, vitalsFact } from "../body.js"
import { Button, Choice, Field, Screen } from "../frame.js"
import { html, useSignal } from "../html.js"
import { recordMeals } from "../record.js"
import { draft, snapshot } from "../state.js"
import { byRoom, everyone, hourNow, myPeople, personOf, screenName } from "../unit.js"
import { say, sayMany } from "../words.js"
import { optionsOf, Part, words, write, Writing } from "./observe.js"

const SHARES = ["0", "25", "50", "75", "100"]
const UNITS = { temperature: { f: "°F", c: "°C" }, weight: { kg: "kg", lb: "lb" } }
const OUTCOMES = ["vitals-taken", "vitals-declined", "vitals-asleep"]
const AIR = ["air-air", "air-oxygen"]
const AWARENESS = [
  ...["awareness-alert", "awareness-confused", "awareness-voice"],
  ...["awareness-pain", "awareness-unresponsive"],
]
const POSITIONS = ["position-lying", "position-sitting", "position-standing"]
const NOT_EATEN = ["meal-declined", "meal-not-there"]

const lastUnit = {} // what was chosen last on this phone: people do not change their thermometer

// What is chosen by a key of the catalogue: its code is what follows the first dash.
const saidBy = (keys) => keys.map((key) => ({ code: key.slice(key.indexOf("-") + 1), text: say(key) }))

/** One set of vital signs, or that there was none and why. */
export function Vitals() {
  const { said } = draft.value
  const { measures } = snapshot.value.pack
  const outcome = said.outcome ?? "taken"
  const doubted = useSignal([])
  const make = () => {
    const made = vitalsFact({ ...unitsOf(said), ...said }, { ...draft.value, measures })
    doubted.value = made.doubted ?? []
    return made
  }
  return html`
    <${Writing} kind="vitals.set" make=${make}>
      ${personOf(draft.value.stay)?.vitals?.scale === 2 && html`<p class="notice">${say("scale-2")}</p>`}
      <${Choice}
        name=${say("about-vitals")} value=${outcome}
        options=${saidBy(OUTCOMES)}
        choose=${(code) => write({ outcome: code || "taken" })}
      />
      ${outcome === "declined" && html`<${Field} name=${say("vitals-why-ask")} maxlength="140" value=${said.why ?? ""} write=${(why) => write({ why })} />`}
      ${outcome === "taken" && html`<${Measures} ...${{ measures, said }} />`}
      ${
        doubted.value.length > 0 &&
        html`<${Choice}
          name=${say("is-so")} value=${said.confirmed ?? []}
          options=${doubted.value.map((code) => ({ code, text: `${nameOf(measures, code)} ${said[code]}` }))}
          choose=${(confirmed) => write({ confirmed })}
        />`
      }
    <//>
  `
}

const nameOf = (measures, code) => words(measures.find((one) => one.code === code).label)

function unitsOf(said) {
  const units = {}
  for (const code of Object.keys(UNITS))
    units[`${code}_unit`] = said[`${code}_unit`] ?? lastUnit[code] ?? ""
  return units
}

function Measures({ measures, said }) {
  const named = (code) => {
    const { unit } = measures.find((one) => one.code === code)
    return code in UNITS || !unit ? nameOf(measures, code) : `${nameOf(measures, code)}, ${unit}`
  }
  const whole = (code) => html`<${Field}
    key=${code} name=${named(code)} inputmode="numeric" maxlength="3"
    value=${said[code] ?? ""} write=${(text) => write({ [code]: text.replace(/\D/g, "") })}
  />`
  const inUnit = (code) => html`
    <${Field} name=${named(code)} inputmode="decimal" maxlength="6" value=${said[code] ?? ""} write=${(text) => write({ [code]: text })} />
    ${
      said[code] &&
      html`<${Choice}
        name=${say("in-unit")} small value=${said[`${code}_unit`] ?? lastUnit[code] ?? ""}
        options=${Object.entries(UNITS[code]).map(([unit, text]) => ({ code: unit, text }))}
        choose=${(unit) => write({ [`${code}_unit`]: (lastUnit[code] = unit) })}
      />`
    }
  `
  const part = (name, keys) => html`<${Choice}
    name=${say(`about-${name}`)} options=${saidBy(keys)} value=${said[name] ?? ""}
    choose=${(code) => write({ [name]: code })}
  />`
  return html`
    <div class="measures">
      ${["pulse", "breaths", "systolic", "diastolic"].map(whole)}
    </div>
    ${said.systolic && part("position", POSITIONS)}
    <div class="measures">${["oxygen", "pain"].map(whole)}</div>
    ${said.oxygen && part("air", AIR)}
    ${inUnit("temperature")}
    ${inUnit("weight")}
    ${part("awareness", AWARENESS)}
  `
}

/** One drink of one person. */
export function Drink() {
  const { said } = draft.value
  const { vessels } = snapshot.value.pack.intake
  const withMl = vessels.map(({ code, label, ml }) => ({ code, text: `${words(label)}, ${ml} ml` }))
  return html`
    <${Writing} kind="intake.drink" ask=${["note"]} make=${() => drinkFact(said, draft.value, vessels)}>
      <${Choice} name=${say("about-vessel")} options=${withMl} value=${said.vessel ?? ""} choose=${(vessel) => write({ vessel })} />
      <${Field} name=${say("about-ml")} inputmode="numeric" maxlength="4" value=${said.ml ?? ""} write=${(text) => write({ ml: text.replace(/\D/g, "") })} />
    <//>
  `
}

/** One meal of one person: to put right what was said in a pass. */
export function Meal() {
  const { said } = draft.value
  const { meals, why } = snapshot.value.pack.intake
  const choice = said.choice ?? (said.outcome === "eaten" ? String(said.share) : (said.outcome ?? ""))
  const make = () => {
    const fact = said.meal && mealFact(said.meal, { choice, why: said.why })
    return fact ? { fact: { ...fact, note: draft.value.note.trim() } } : { missing: "meal-missing" }
  }
  return html`
    <${Writing} kind="intake.meal" ask=${["note"]} make=${make}>
      <${Part} part="meal" list=${meals} />
      <${Eaten} choice=${choice} choose=${(code) => write({ choice: code })} />
      ${choice === "declined" && html`<${Choice} name=${say("meal-why")} options=${optionsOf(why)} value=${said.why ?? ""} choose=${(code) => write({ why: code })} />`}
    <//>
  `
}

const Eaten = ({ name = say("about-eaten"), choice, choose }) => html`
  <${Choice}
    name=${name} value=${choice} choose=${choose}
    options=${[
      ...SHARES.map((share) => ({ code: share, text: share })),
      ...saidBy(NOT_EATEN),
    ]}
  />
`

/** A meal of many: one tap for each, and one to record them all. Nothing is chosen beforehand. */
export function Meals() {
  const { meals, why } = snapshot.value.pack.intake
  const meal = useSignal(mealAt(meals, hourNow()))
  const all = useSignal(false)
  const said = useSignal({})
  const people = (all.value ? everyone.value : myPeople.value)
    .filter(({ state }) => state === "in")
    .toSorted(byRoom)
  const write = (id, more) => (said.value = { ...said.value, [id]: { ...said.value[id], ...more } })
  const facts = Object.entries(said.value)
    .map(([id, one]) => [id, mealFact(meal.value, one)])
    .filter(([, fact]) => fact)
  const foot = html`
    <footer class="foot">
      <button class="button-main button-wide" disabled=${facts.length === 0} onClick=${() => recordMeals(facts)}>
        ${sayMany("record-meals", facts.length)}
      </button>
    </footer>
  `
  return html`
    <${Screen} title=${say("meals")} ...${{ foot }}>
      <${Choice} name=${say("about-meal")} small options=${optionsOf(meals)} value=${meal.value} choose=${(code) => (meal.value = code || meal.value)} />
      <p class="soft">${say("meals-how")}</p>
      ${people.map((person) => {
        const { choice = "", why: reason = "" } = said.value[person.id] ?? {}
        const name = html`<span class="head-room">${person.room}${person.bed}</span> ${screenName(person)}`
        return html`<div key=${person.id} class="at-table">
          <${Eaten} ...${{ name, choice }} choose=${(code) => write(person.id, { choice: code })} />
          ${choice === "declined" && html`<${Choice} name=${say("meal-why")} options=${optionsOf(why)} value=${reason} choose=${(code) => write(person.id, { why: code })} />`}
        </div>`
      })}
      <${Button} quiet words=${all.value ? "my-people-only" : "whole-unit"} tap=${() => (all.value = !all.value)} />
    <//>
  `
}
