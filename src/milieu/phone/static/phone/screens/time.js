/** A check for an earlier time. It says plainly that it will be shown as late. */

import { Screen } from "../frame.js"
import { html, useSignal } from "../html.js"
import { draft, go, now } from "../state.js"
import { clockTime, zone } from "../unit.js"
import { say, sayMany } from "../words.js"
import { momentsOf } from "../zone.js"
import { personHead } from "./check.js"
import { WhyRefused } from "./refused.js"

const MINUTE = 60_000
const agoWords = (at) => sayMany("minutes-ago", Math.round((now.value - at) / MINUTE))
const withColon = (text) =>
  text
    .replace(/\D/g, "")
    .slice(0, 4)
    .replace(/^(\d\d)(\d)/, "$1:$2")
const AGO = [5, 10, 15, 20, 30, 45]

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
        ${AGO.map((minutes) => {
          const at = Math.floor(now.value / MINUTE) * MINUTE - minutes * MINUTE
          return html`<li key=${minutes}>
            <button class="chip chip-time" onClick=${() => choose(at)}>
              <strong>${clockTime(at)}</strong> <small>${sayMany("minutes-ago", minutes)}</small>
            </button>
          </li>`
        })}
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
          ${say("use-time", { time: clockTime(at), ago: agoWords(at) })}
        </button>`,
      )}
      ${isWhole && !moments.length && html`<p class="notice">${say("no-such-time")}</p>`}
    <//>
  `
}
