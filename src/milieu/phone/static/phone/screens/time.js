/** A check for an earlier time. It says plainly that it will be shown as late. */

import { Screen } from "../frame.js"
import { html, useSignal } from "../html.js"
import { draft, go, now } from "../state.js"
import { clockTime, lastTime, personOf, zone } from "../unit.js"
import { say } from "../words.js"
import { momentsOf } from "../zone.js"
import { personHead } from "./check.js"
import { long } from "./held.js"
import { inMending, timeIn, WhyRefused } from "./refused.js"

const MINUTE = 60_000
const withColon = (text) =>
  text
    .replace(/\D/g, "")
    .slice(0, 4)
    .replace(/^(\d\d)(\d)/, "$1:$2")
const AGO = [2, 5, 10, 15, 20, 30] // the first is not late yet

/** The times to offer: while this person was here, as far as the phone knows. */
export function offered(stay) {
  const arrived = Date.parse(personOf(stay)?.admitted_at) // NaN where it is not known
  const { code, message } = inMending()?.answer ?? {}
  const [left] = code === "after-discharge" ? momentsOf(timeIn(message), zone.value, now.value) : []
  const whole = Math.floor(now.value / MINUTE)
  const all = AGO.map((minutes) => ({ minutes, at: (whole - minutes) * MINUTE }))
  return all.filter(({ at }) => !(at < arrived || at > left))
}

export function Time() {
  const typed = useSignal("")
  const { stay } = draft.value
  const choose = (at) => {
    draft.value = { ...draft.value, at }
    go(draft.value.screen)
  }
  const isWhole = typed.value.length === "00:00".length
  const moments = isWhole ? momentsOf(typed.value, zone.value, now.value) : []
  return html`
    <${Screen} ...${personHead(stay)} back=${() => go(draft.value.screen)}>
      <${WhyRefused} />
      <h2>${say("when-was-it")}</h2>
      <p>${say("late-is-shown")}</p>
      <ul class="chips">
        ${offered(stay).map(
          ({ minutes, at }) => html`<li key=${minutes}>
            <button class="chip chip-time" onClick=${() => choose(at)}>
              <strong>${clockTime(at)}</strong> <small>${say("ago", { time: long(minutes * MINUTE) })}</small>
            </button>
          </li>`,
        )}
      </ul>
      <label class="field">${say("another-time")}
        <input
          class="input-time"
          inputmode="numeric"
          autocomplete="off"
          maxlength="5"
          placeholder="00:00"
          value=${typed.value}
          onInput=${(event) => (typed.value = withColon(event.currentTarget.value))}
        />
      </label>
      ${moments.map(
        (at) => html`<button key=${at} class="button-main" onClick=${() => choose(at)}>
          ${say("use-time", { time: lastTime(at), ago: say("ago", { time: long(now.value - at) }) })}
        </button>`,
      )}
      ${isWhole && !moments.length && html`<p class="notice">${say("no-such-time")}</p>`}
    <//>
  `
}
