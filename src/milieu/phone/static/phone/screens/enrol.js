/** A phone becomes a phone of this unit, once, with a code that a lead has made. */

import { Screen, Trouble } from "../frame.js"
import { html, useEffect, useSignal } from "../html.js"
import { enrol, trouble } from "../shift.js"
import { say } from "../words.js"

const NAME_MAX = 60

/** The code in the address (`#enrol=7F3K-92QX`), taken out of it at once: it works only once. */
function codeInAddress() {
  const code = location.hash.match(/^#enrol=([\w-]+)$/)?.[1] ?? ""
  if (code) history.replaceState(null, "", location.pathname)
  return code
}

export function Enrol() {
  const code = useSignal("")
  const name = useSignal("")
  const problem = useSignal(null)
  useEffect(() => void (code.value = codeInAddress()), [])
  const submit = async (event) => {
    event.preventDefault()
    problem.value = null
    await enrol(code.value.trim(), name.value.trim()).catch(
      (error) => (problem.value = trouble(error)),
    )
  }
  return html`
    <${Screen} title=${say("enrol-title")} back=${null} wide>
      <p>${say("enrol-how")}</p>
      <form class="form" onSubmit=${submit}>
        <label class="field">${say("enrol-code")}
          <input
            required
            autocomplete="off"
            autocapitalize="characters"
            value=${code.value}
            onInput=${(event) => (code.value = event.currentTarget.value)}
          />
        </label>
        <label class="field">${say("phone-name")}
          <span class="hint">${say("phone-name-hint")}</span>
          <input
            required
            maxlength=${NAME_MAX}
            autocomplete="off"
            value=${name.value}
            onInput=${(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <${Trouble} problem=${problem.value} />
        <button class="button-main">${say("enrol-now")}</button>
      </form>
    <//>
  `
}
