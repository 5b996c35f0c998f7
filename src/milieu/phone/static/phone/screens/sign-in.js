/** Signing in with a password, once in a shift; then a PIN that opens the phone without it. */

import { Button, Screen, Trouble } from "../frame.js"
import { html, useSignal } from "../html.js"
import { lock, PIN_MIN, signIn, trouble, withNewPin, withPin } from "../shift.js"
import { contact, lockScreen } from "../state.js"
import { say, sayMany } from "../words.js"
import { PinPad } from "./pin.js"

const AS_NAME = { autocomplete: "username", autocapitalize: "none", spellcheck: false }
const AS_PASSWORD = { type: "password", autocomplete: "current-password" }
const AS_OWN = { type: "password", autocomplete: "new-password" }
const AS_CODE = { inputmode: "numeric", autocomplete: "one-time-code" }
const show = (name) => (lockScreen.value = { name })

/** On the list, when the server knows the session or the phone no more. All is kept. */
export function SignInAgain() {
  const isUnknownPhone = contact.value.problem?.code === "device-unknown"
  const leadTo = (name) => () => {
    lock()
    lockScreen.value = { name }
  }
  return html`
    <div class="notice notice-soon">
      <p><strong>${say(isUnknownPhone ? "phone-unknown" : "session-over")}</strong></p>
      <p>${say("all-is-kept")}</p>
      <button onClick=${leadTo(isUnknownPhone ? "enrol" : "sign-in")}>
        ${say(isUnknownPhone ? "enrol-now" : "sign-in")}
      </button>
    </div>
  `
}

export function SignIn() {
  const answer = useSignal(null)
  if (!answer.value) return html`<${Password} done=${(said) => (answer.value = said)} />`
  return html`<${PinAfter} answer=${answer.value} />`
}

function Password({ done }) {
  const problem = useSignal(null)
  const isUnknownPhone = useSignal(false)
  const wantsCode = useSignal(false)
  const wantsOwn = useSignal(false)
  const busy = useSignal(false)
  const submit = async (event) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    problem.value = null
    if (form.get("own") !== form.get("again")) return void (problem.value = { key: "pins-differ" })
    busy.value = true
    try {
      const [name, ...more] = ["username", "password", "otp", "own"].map((key) => form.get(key))
      done(await signIn(name.trim(), ...more))
    } catch (error) {
      wantsCode.value ||= error.field === "otp"
      wantsOwn.value ||= error.field === "new_password"
      isUnknownPhone.value = error.code === "device-unknown"
      problem.value = trouble(error)
    } finally {
      busy.value = false
    }
  }
  const field = (label, name, more) =>
    html`<label class="field">${label}<input name=${name} required ...${more} /></label>`
  return html`
    <${Screen} title=${say("sign-in")} back=${() => (lockScreen.value = { name: "who" })} wide>
      <form class="form" onSubmit=${submit}>
        ${field(say("user-name"), "username", AS_NAME)}
        ${field(say("password"), "password", AS_PASSWORD)}
        ${wantsCode.value && field(say("one-time-code"), "otp", AS_CODE)}
        ${wantsOwn.value && field(say("own-password"), "own", AS_OWN)}
        ${wantsOwn.value && field(say("own-again"), "again", AS_OWN)}
        <${Trouble} problem=${problem.value} />
        <button class="button-main" disabled=${busy.value}>
          ${busy.value ? say("one-moment") : say("sign-in")}
        </button>
      </form>
      ${
        isUnknownPhone.value
          ? html`<${Button} words="enrol-now" tap=${() => show("enrol")} />`
          : html`<${Button} quiet words="signed-in-elsewhere" tap=${() => show("elsewhere")} />`
      }
    <//>
  `
}

function PinAfter({ answer }) {
  const choosing = useSignal(!answer.pin_set)
  const first = useSignal("")
  const problem = useSignal(null)
  const attempt = async (work) => {
    problem.value = null
    await work().catch((error) => (problem.value = trouble(error)))
  }
  const chosen = (pin) => {
    if (!first.value) return void (first.value = pin)
    if (first.value === pin) return attempt(() => withNewPin(answer, pin))
    first.value = ""
    problem.value = { key: "pins-differ" }
  }
  const known = (pin) => attempt(() => withPin(answer, pin))
  const title = !choosing.value ? "enter-pin" : first.value ? "pin-again" : "choose-pin"
  return html`
    <${Screen} title=${say(title)} under=${answer.person.name} back=${null} wide>
      ${choosing.value && html`<p>${say("pin-why", { n: PIN_MIN })}</p>`}
      <${Trouble} problem=${problem.value} />
      <${PinPad} key=${title} done=${choosing.value ? chosen : known} />
      ${
        !choosing.value &&
        html`<${Button} quiet words="forgot-pin" tap=${() => (choosing.value = true)} />`
      }
    <//>
  `
}
