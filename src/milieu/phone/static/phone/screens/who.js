/** The locked phone: who is it? It shows nothing of anyone in care. */

import { Button, Screen, truthWords } from "../frame.js"
import { html, useEffect, useSignal } from "../html.js"
import { trouble, unlock, unlockByBadge } from "../shift.js"
import { counts, device, lockScreen, people, phone } from "../state.js"
import { say } from "../words.js"
import { Enrol } from "./enrol.js"
import { PinPad } from "./pin.js"
import { SignIn, Trouble } from "./sign-in.js"

const BADGE_MIN = 4
const BADGE_PAUSE_MS = 100 // a reader types faster than a hand
const SCREENS = {
  who: Who,
  pin: Pin,
  "sign-in": SignIn,
  elsewhere: Elsewhere,
  badge: Badge,
  enrol: Enrol,
}

export const Locked = () => html`<${SCREENS[lockScreen.value.name]} />`

const show = (name, more = {}) => (lockScreen.value = { name, ...more })
const backToWho = () => show("who")

function Who() {
  const problem = useSignal(null)
  useBadgeReader((badge) => tryBadge(badge, problem))
  const { onPhone, inRecord } = counts.value
  const foot = html`
    <footer class="foot">
      <p class="soft">${truthWords(onPhone, inRecord)} · ${device.value.name}</p>
    </footer>
  `
  const under = device.value.unit.name
  return html`
    <${Screen} title=${say("who-is-it")} back=${null} wide ...${{ under, foot }}>
      <${Trouble} problem=${problem.value} />
      <ul class="who">
        ${people.value.map(
          (person) => html`<li key=${person.id}>
            <button class="who-tile" onClick=${() => show("pin", { person })}>
              <span class="photo" aria-hidden="true">${person.initials}</span>${person.name}
            </button>
          </li>`,
        )}
      </ul>
      <div class="pair">
        <${Button}
          words=${people.value.length ? "someone-else" : "sign-in"}
          tap=${() => show("sign-in")}
        />
        <${Button} words="badge" tap=${() => show("badge")} />
      </div>
    <//>
  `
}

function Pin() {
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
      <${PinPad} ...${{ done }} />
    <//>
  `
}

// Someone who has signed in on another phone of this unit in this shift.
function Elsewhere() {
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

function Badge() {
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

async function tryBadge(badge, problem) {
  problem.value = null
  await unlockByBadge(badge).catch((error) => (problem.value = trouble(error)))
}

// A badge reader is a keyboard: letters in quick order, then Enter.
function useBadgeReader(read) {
  useEffect(() => {
    let code = ""
    let last = 0
    const typed = ({ key, timeStamp }) => {
      if (timeStamp - last > BADGE_PAUSE_MS) code = ""
      last = timeStamp
      if (key === "Enter" && code.length >= BADGE_MIN) read(code)
      code = key.length === 1 ? code + key : ""
    }
    addEventListener("keydown", typed)
    return () => removeEventListener("keydown", typed)
  }, [])
}
