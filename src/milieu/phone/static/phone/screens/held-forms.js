/** What is written of who is held: the start, the check, the release. Nothing chosen beforehand. */

import { Button, Choice, Field, Screen } from "../frame.js"
import { checkFact, endFact, startFact } from "../held.js"
import { heldOf, openHeld } from "../holding.js"
import { html, useSignal } from "../html.js"
import { recordObserved } from "../record.js"
import { draft, go, goBack, now, snapshot } from "../state.js"
import { clockTime } from "../unit.js"
import { say } from "../words.js"
import { ForTime, Notes, personHead } from "./check.js"
import { Criteria, Held } from "./held.js"
import { optionsOf, words, write } from "./observe.js"

const FEW = 140

// One form: what is missing of it, and the button that keeps it.
function Form({ kind, button, make, back, after, children }) {
  const asked = useSignal(false)
  const { stay, at } = draft.value
  const { fact, missing } = make()
  const keep = () => (fact ? recordObserved(kind, fact, after) : (asked.value = true))
  const foot = html`<footer class="foot">
    ${asked.value && missing && html`<p class="notice notice-soon" role="alert">${missing === "nothing-said" ? say(missing) : say("still-missing", { what: say(missing) })}</p>`}
    <button class="button-main button-wide" onClick=${keep}>${say(button, { time: clockTime(at ?? now.value) })}</button>
  </footer>`
  return html`<${Screen} ...${{ ...personHead(stay), foot, back }}><${ForTime} /><div class="held-form">${children}</div><//>`
}

const Part = ({ name, part, options, value }) => html`
  <${Choice} ...${{ name }} ...${{ options }} value=${draft.value.said[part] ?? value} choose=${(code) => write({ [part]: code })} />
`
const Line = ({ name, part, max = FEW }) => html`
  <${Field} name=${say(name)} maxlength=${max} value=${draft.value.said[part] ?? ""} write=${(text) => write({ [part]: text })} />
`

/** Begin the clock: taps alone are enough, and nothing is asked for that could wait. */
export function HeldStart() {
  const { stay, said } = draft.value
  const { restraint } = snapshot.value.pack
  const label = (list, code) => words(restraint[list].find((one) => one.code === code)?.label)
  const people = (snapshot.value.people ?? []).map(({ id, name }) => ({ code: id, text: name }))
  return html`
    <${Form} kind="restraint.start" button="begin-clock" make=${() => startFact(said, label)}
      back=${() => go("check")} after=${() => openHeld(stay)}>
      <${Part} name=${say("held-how")} part="devices" value=${[]} options=${optionsOf(restraint.devices)} />
      <${Part} name=${say("held-danger")} part="danger" value=${[]} options=${optionsOf(restraint.danger)} />
      <${Line} name="own-words" part="dangerWords" />
      <${Part} name=${say("criteria")} part="criteria" value=${[]} options=${optionsOf(restraint.criteria)} />
      <${Line} name="own-words" part="criteriaWords" />
      <${Part} name=${say("held-applied")} part="applied" value=${[]} options=${people} />
      <${Part} name=${say("who-observes")} part="observer" value="" options=${people} />
      <${Part} name=${say("held-tried")} part="tried" value=${[]} options=${optionsOf(restraint.tried)} />
      <${Button} quiet words="other-time" icon="clock" tap=${() => go("time")} />
    <//>
  `
}

/** The check while somebody is held. */
export function HeldCheck() {
  const { stay, said } = draft.value
  const held = heldOf(stay)
  if (!held) return html`<${Held} />`
  return html`
    <${Form} kind="restraint.check" button="record" make=${() => checkFact(held.application, said, draft.value)}
      back=${() => go("held")} after=${() => openHeld(stay)}>
      ${snapshot.value.pack.held.looks.map(
        ({ code, label, answers }) =>
          html`<${Part} key=${code} name=${words(label)} part=${code} value="" options=${optionsOf(answers)} />`,
      )}
      <${Criteria} ...${{ held }} />
      <${Notes} />
    <//>
  `
}

/** Released: how they are, and whether anybody was hurt. */
export function HeldEnd() {
  const { stay, said } = draft.value
  const held = heldOf(stay)
  if (!held) return html`<${Held} />`
  const { looks, injuries } = snapshot.value.pack.held
  const distress = looks.find(({ code }) => code === "distress")
  const seems = words(distress.answers.find(({ code }) => code === said.seems)?.label)
  const make = () => endFact(held.application, { ...said, seems })
  return html`
    <${Form} kind="restraint.end" button="record" ...${{ make }} back=${() => go("held")} after=${goBack}>
      <${Part} name=${say("held-state")} part="seems" value="" options=${optionsOf(distress.answers)} />
      <${Line} name="own-words" part="words" />
      <${Part} name=${say("anybody-hurt")} part="injuries" value="" options=${optionsOf(injuries)} />
      ${(said.injuries ?? "none") !== "none" && html`<${Line} name="held-how" part="hurt" />`}
    <//>
  `
}
