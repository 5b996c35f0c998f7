/**
 * What is written of who is held: the start, the check, the release. Nothing chosen beforehand. Each
 * can be put right where it was written.
 */

import { forget } from "../begun.js"
import { Button, Choice, Field, Screen } from "../frame.js"
import { checkFact, endFact, startFact } from "../held-facts.js"
import { heldOf, openHeld } from "../holding.js"
import { html, useSignal } from "../html.js"
import { recordObserved } from "../record.js"
import { draft, go, goBack, items, me, now, snapshot } from "../state.js"
import { clockTime } from "../unit.js"
import { say } from "../words.js"
import { ForTime, Notes, personHead } from "./check.js"
import { Fold } from "./fold.js"
import { Criteria, Held, heldWords } from "./held.js"
import { optionsOf, words, write } from "./observe.js"

const FEW = 140

// One form: what is missing of it, and the button that keeps it.
function Form({ kind, button, make, back, after, above, children }) {
  const asked = useSignal(false)
  const { stay, at, amends, mending } = draft.value
  const { fact, missing } = make()
  const isAgain = amends || mending
  const keep = () => (fact ? recordObserved(kind, fact, isAgain ? leave(stay) : after) : (asked.value = true))
  const foot = html`<footer class="foot">
    ${asked.value && missing && html`<p class="notice notice-soon" role="alert">${missing === "nothing-said" ? say(missing) : say("still-missing", { what: [missing].flat().map((key) => say(key)).join(", ") })}</p>`}
    <button class="button-main button-wide" onClick=${keep}>${say(isAgain ? "record" : button, { time: clockTime(at ?? now.value) })}</button>
  </footer>`
  return html`<${Screen} ...${{ ...personHead(stay), foot, back: isAgain ? leave(stay) : back }}>
    ${(!isAgain && above) || html`<${ForTime} />`}<div class="short-form">${children}</div>
    ${amends && kind !== "restraint.start" && html`<${Strike} kind=${kind} />`}
  <//>`
}

// Where one goes on after something was put right: with who is held, else with the list.
const leave = (stay) => () => (heldOf(stay) ? openHeld(stay) : goBack())

// It was not so, or was about somebody else: struck out, with the reason. It stays readable.
const Strike = ({ kind }) => html`<${Button} quiet words="strike-out" tap=${() => recordObserved(kind, null, leave(draft.value.stay))} />`

const Part = ({ name, part, options, value }) => html`
  <${Choice} ...${{ name }} ...${{ options }} value=${draft.value.said[part] ?? value} choose=${(code) => write({ [part]: code })} />
`
const Line = ({ name, part, max = FEW }) => html`
  <${Field} name=${say(name)} maxlength=${max} value=${draft.value.said[part] ?? ""} write=${(text) => write({ [part]: text })} />
`

const FOLDS = ["devices", "observer", "danger", "applied", "criteria", "tried"] // most urgent first
const NAMES = { devices: "held-how", observer: "who-observes", danger: "held-danger", applied: "held-applied", criteria: "criteria", tried: "held-tried" }
const TYPED = ["danger", "criteria"] // what can be said in one's own words too

/**
 * The clock runs already. One thing after the other, in any order; each tap is kept on the phone, and
 * what is still missing is said until it is all there.
 */
export function HeldStart() {
  const open = useSignal(FOLDS[0])
  const { stay, said, amends, mending } = draft.value
  if (!amends && !mending && heldOf(stay)?.application) return html`<${Held} />` // a colleague's start arrived
  const { restraint } = snapshot.value.pack
  const label = (list, code) => words(restraint[list].find((one) => one.code === code)?.label)
  const people = (snapshot.value.people ?? []).map(({ id, name }) => ({ code: id, text: name }))
  const mine = people.filter(({ code }) => code === me.value.id)
  const staff = [...mine, ...people.filter((one) => !mine.includes(one))]
  const options = (part) => (["observer", "applied"].includes(part) ? staff : optionsOf(restraint[part]))
  const make = () => startFact(said, label)
  const recorded = () => {
    forget("held-start", stay)
    openHeld(stay)
  }
  const takeBack = () => {
    forget("held-start", stay)
    goBack()
  }
  return html`
    <${Form} kind="restraint.start" button="held-into-record" ...${{ make }}
      back=${goBack} after=${recorded} above=${html`<${Running} ...${{ stay, missing: make().missing }} />`}>
      ${FOLDS.map(
        (part) => html`<${Fold} key=${part} name=${say(NAMES[part])} ...${{ part, open }} told=${toldOf(part, options(part))}>
          <${Part} name=${say(NAMES[part])} part=${part} value=${part === "observer" ? "" : []} options=${options(part)} />
          ${TYPED.includes(part) && html`<${Line} name="own-words" part=${`${part}Words`} />`}
        <//>`,
      )}
      ${
        !amends && !mending &&
        html`<div class="pair">
        <${Button} quiet words="other-time" icon="clock" tap=${() => go("time")} />
        <${Button} quiet words="held-not-so" tap=${takeBack} />
      </div>`
      }
    <//>
  `
}

// For how long, since when; and what is still missing before it can be in the record.
function Running({ stay, missing }) {
  const held = heldOf(stay)
  const lacks = missing && say("still-missing", { what: missing.map((key) => say(key)).join(", ") })
  return html`<p class="held-clock">
    ${held && html`<strong>${heldWords(held)}</strong> <span>${say("since", { time: clockTime(draft.value.at) })}</span>`}
    <small role="status">${say("held-not-recorded")} ${lacks}</small>
  </p>`
}

// What was said of a part, in words.
function toldOf(part, options) {
  const { said } = draft.value
  const chosen = [said[part] ?? []].flat()
  const texts = options.filter(({ code }) => chosen.includes(code)).map(({ text }) => text)
  return [...texts, said[`${part}Words`]].filter(Boolean).join(", ")
}

// The criteria of an application: of who is held now, else as they were begun on this phone.
function criteriaOf(application, met = []) {
  const start = items.value.find(({ id }) => id === application)?.entry
  return start?.fact?.criteria ?? met
}

/** The check while somebody is held; also afterwards, to put one right. */
export function HeldCheck() {
  const { stay, said, amends, mending } = draft.value
  const held = heldOf(stay)
  const application = said.application ?? held?.application
  if (!application) return html`<${Held} />`
  const isIt = held?.application === application
  const criteria = isIt ? held.criteria : criteriaOf(application, said.met)
  const isAgain = amends || mending
  return html`
    <${Form} kind="restraint.check" button="record" make=${() => checkFact({ ...said, application }, draft.value)}
      back=${() => go("held")} after=${() => openHeld(stay)}>
      ${snapshot.value.pack.held.looks.map(
        ({ code, label, answers }) =>
          html`<${Part} key=${code} name=${words(label)} part=${code} value="" options=${optionsOf(answers)} />`,
      )}
      ${
        isAgain || !isIt
          ? html`<${Part} name=${say("criteria")} part="met" value=${[]} options=${criteria.map((line) => ({ code: line, text: line }))} />`
          : html`<${Criteria} ...${{ held }} />`
      }
      <${Notes} />
    <//>
  `
}

/** Released: how they are, and whether anybody was hurt. */
export function HeldEnd() {
  const { stay, said } = draft.value
  const application = said.application ?? heldOf(stay)?.application
  if (!application) return html`<${Held} />`
  const { looks, injuries } = snapshot.value.pack.held
  const distress = looks.find(({ code }) => code === "distress")
  const seems = words(distress.answers.find(({ code }) => code === said.seems)?.label)
  const make = () => endFact({ ...said, application, seems })
  return html`
    <${Form} kind="restraint.end" button="record" ...${{ make }} back=${() => go("held")} after=${goBack}>
      <${Part} name=${say("held-state")} part="seems" value="" options=${optionsOf(distress.answers)} />
      <${Line} name="own-words" part="words" />
      <${Part} name=${say("anybody-hurt")} part="injuries" value="" options=${optionsOf(injuries)} />
      ${(said.injuries ?? "none") !== "none" && html`<${Line} name="held-how" part="hurt" />`}
    <//>
  `
}
