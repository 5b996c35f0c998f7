/** The button that calls for help, and the calls that are open on this unit, above every screen. */

import { Button } from "../frame.js"
import { beQuiet, callHelp, calls, isAnswered, isQuiet, sayOf, whyNotTaken } from "../help.js"
import { html, useRef, useSignal } from "../html.js"
import { locked, me } from "../state.js"
import { clockTime, personOf, screenName } from "../unit.js"
import { say } from "../words.js"

const HOLD_MS = 1_000 // nobody leans on it by chance for so long
const PRESSES = 3
const WITHIN_MS = 2_000
const OUTCOMES = { calm: "help-calm", "not-needed": "help-not-needed", mistake: "help-mistake" }

/** Held for a second, or pressed three times: with a glove, with a knuckle, by a keyboard. */
export function HelpButton() {
  const held = useRef(null)
  const presses = useRef([])
  const hint = useSignal(false)
  const call = () => {
    presses.current = []
    hint.value = false
    navigator.vibrate?.(200)
    callHelp()
  }
  const down = () => (held.current = setTimeout(call, HOLD_MS))
  const up = () => clearTimeout(held.current)
  const press = ({ timeStamp }) => {
    presses.current = [...presses.current, timeStamp].filter((at) => timeStamp - at < WITHIN_MS)
    if (presses.current.length >= PRESSES) return call()
    hint.value = true
    setTimeout(() => (hint.value = false), 2 * WITHIN_MS)
  }
  return html`
    <button
      class="head-help"
      onPointerDown=${down}
      onPointerUp=${up}
      onPointerLeave=${up}
      onPointerCancel=${up}
      onContextMenu=${(event) => event.preventDefault()}
      onClick=${press}
      aria-describedby=${hint.value ? "help-hint" : undefined}
    >
      ${say("help")}
    </button>
    ${hint.value && html`<p id="help-hint" class="help-hint" role="status">${say("help-how")}</p>`}
  `
}

/** Every open call, until it is over. */
export const Calls = () =>
  calls.value.length > 0 &&
  html`<div class="help-calls" role="alert">
    ${calls.value.map((call) => html`<${Call} key=${call.id} ...${{ call }} />`)}
  </div>`

function Call({ call }) {
  const ending = useSignal(false)
  const mine = !locked.value && call.caller === me.value?.name
  const coming = [...call.coming, ...call.there]
  const iCome = !locked.value && coming.includes(me.value?.name)
  const { id } = call
  const whyNot = whyNotTaken(id)
  return html`
    <section class="help-call ${isAnswered(call) || isQuiet(id) ? "" : "unanswered"}">
      <h2>${say("help")} · ${placeOf(call)}</h2>
      <p>
        ${[call.caller || call.phone, clockTime(Date.parse(call.called_at))].filter(Boolean).join(" · ")}
        ${call.onPhone && html`${" · "}${say("help-only-here")}`}
      </p>
      <p>${coming.length ? say("help-coming", { names: coming.join(", ") }) : say("help-nobody")}</p>
      ${whyNot && html`<p class="notice notice-soon">${whyNot}</p>`}
      <div class="pair">
        ${!locked.value && !mine && !iCome && html`<${Button} words="help-come" tap=${() => sayOf(id, "coming")} />`}
        ${iCome && !call.there.includes(me.value?.name) && html`<${Button} words="help-there" tap=${() => sayOf(id, "there")} />`}
        ${(mine || iCome) && !ending.value && html`<${Button} words="help-over" tap=${() => (ending.value = true)} />`}
        ${ending.value && Object.entries(OUTCOMES).map(([code, words]) => html`<${Button} key=${code} ...${{ words }} tap=${() => sayOf(id, "over", code)} />`)}
        ${!isAnswered(call) && !isQuiet(id) && html`<${Button} words="help-quiet" tap=${() => beQuiet(id)} />`}
      </div>
      ${locked.value && html`<p>${say("help-unlock")}</p>`}
    </section>
  `
}

function placeOf({ room, room_by, stay }) {
  const person = !locked.value && stay && personOf(stay)
  const words = room_by === "check" ? "help-near" : "in-room"
  const place = room ? say(words, { room }) : say("help-nowhere")
  return person ? `${place} · ${screenName(person)}` : place
}
