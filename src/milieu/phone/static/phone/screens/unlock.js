/** Showing who one is: by a PIN, here or from another phone; by a badge. */

import { Button, Screen, Trouble } from "../frame.js"
import { html, useEffect, useSignal } from "../html.js"
import { expectPin, trouble, unlock } from "../shift.js"
import { lockScreen, phone } from "../state.js"
import { say } from "../words.js"
import { PinPad } from "./pin.js"
import { BADGE_MIN, tryBadge } from "./who.js"

const show = (name, more = {}) => (lockScreen.value = { name, ...more })
const backToWho = () => show("who")

export function Pin() {
  const { person } = lockScreen.value
  const problem = useSignal(null)
  const done = async (pin) => {
    problem.value = null
    await unlock(person.id, pin).catch((error) => (problem.value = trouble(error)))
  }
  return html`
    <${Screen} title=${person.name} under=${say("enter-pin")} back=${backToWho} wide>
      <${Trouble} problem=${problem.value} />
      ${problem.value && html`<${Button} words="use-password" tap=${() => show("sign-in")} />`}
      <${PinPad} ...${{ done }} typed=${(pin) => expectPin(person.id, pin)} />
    <//>
  `
}

// Someone who has signed in on another phone of this unit in this shift.
export function Elsewhere() {
  const staff = useSignal([])
  const under = say("needs-network")
  useEffect(() => void phone.store.device.get("staff").then((all) => (staff.value = all ?? [])), [])
  return html`
    <${Screen} title=${say("who-is-it")} ...${{ under }} back=${() => show("sign-in")} wide>
      <ul class="who">
        ${staff.value.map(
          (person) => html`<li key=${person.id}>
            <button class="who-tile" onClick=${() => show("pin", { person })}>
              ${person.name}
            </button>
          </li>`,
        )}
      </ul>
      ${staff.value.length === 0 && html`<p class="notice">${say("no-names-yet")}</p>`}
    <//>
  `
}

export function Badge() {
  const problem = useSignal(null)
  const submit = (event) => {
    event.preventDefault()
    tryBadge(new FormData(event.currentTarget).get("badge").trim(), problem)
  }
  return html`
    <${Screen} title=${say("badge")} back=${backToWho} wide>
      <p>${say("badge-how")}</p>
      <form class="form" onSubmit=${submit}>
        <label class="field">${say("badge-code")}
          <input name="badge" type="password" autocomplete="off" required minlength=${BADGE_MIN} />
        </label>
        <${Trouble} problem=${problem.value} />
        <button class="button-main">${say("open")}</button>
      </form>
    <//>
  `
}
