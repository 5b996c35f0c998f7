/** Ten large keys. What is typed is shown as dots; the keyboard works too. */

import { Icon } from "../frame.js"
import { html, useEffect, useSignal } from "../html.js"
import { PIN_MAX, PIN_MIN } from "../shift.js"
import { say, sayMany } from "../words.js"

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"]

/**
 * @param {{done: (pin: string) => Promise<void> | void, typed?: (pin: string) => void}} parts
 *   `typed` hears what could be a whole PIN before the person says that it is
 */
export function PinPad({ done, typed = () => {} }) {
  const pin = useSignal("")
  const busy = useSignal(false)
  const press = (digit) => {
    if (busy.value || pin.value.length === PIN_MAX) return
    pin.value += digit
    if (pin.value.length >= PIN_MIN) typed(pin.value)
  }
  const erase = () => (pin.value = pin.value.slice(0, -1))
  const enter = async () => {
    if (busy.value || pin.value.length < PIN_MIN) return
    busy.value = true
    try {
      await done(pin.value)
    } finally {
      busy.value = false
      pin.value = ""
    }
  }
  useEffect(() => {
    const struck = ({ key }) => {
      if (/^\d$/.test(key)) press(key)
      if (key === "Backspace") erase()
      if (key === "Enter") enter()
    }
    addEventListener("keydown", struck)
    return () => removeEventListener("keydown", struck)
  }, [])
  const key = (digit) =>
    html`<button key=${digit} class="pin-key" onClick=${() => press(digit)}>${digit}</button>`
  return html`
    <div class="pin">
      <p class="pin-dots" role="status" aria-label=${sayMany("digits-typed", pin.value.length)}>
        ${busy.value ? say("one-moment") : "●".repeat(pin.value.length).padEnd(PIN_MIN, "○")}
      </p>
      <div class="pin-keys">
        ${DIGITS.map(key)}
        <button class="pin-key pin-word" onClick=${erase}>
          <${Icon} name="x" />${say("erase")}
        </button>
        ${key("0")}
        <button class="pin-key pin-word button-main" onClick=${enter}>${say("open")}</button>
      </div>
    </div>
  `
}
