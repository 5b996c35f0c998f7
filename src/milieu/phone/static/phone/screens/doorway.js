/** While sleep is protected: a look from the doorway, without a torch, and whether it woke them. */

import { html } from "../html.js"
import { recordCheck } from "../record.js"
import { now } from "../state.js"
import { reasonsFor } from "../tiles.js"
import { clockTime, personOf, sleepUntil } from "../unit.js"
import { say } from "../words.js"
import { words } from "./observe.js"

/** Until when the look being written falls into a protected night; null where it does not. */
export const isDoorway = ({ stay, at, amends }) =>
  amends ? null : sleepUntil(personOf(stay), at ?? now.value)

export function Doorway({ until, pack }) {
  if (!until) return null
  const look = (woken, breathing = "seen", why = "") =>
    recordCheck({ place: pack.own_place, breathing, why }, { breathing, woken, why })
  return html`
    <p class="notice">${say("sleep-until", { time: clockTime(until) })}</p>
    <ul class="tiles">
      ${["no", "yes"].map(
        (woken) => html`<li key=${woken}>
          <button class="tile" onClick=${() => look(woken)}>${say(`woken-${woken}`)}</button>
        </li>`,
      )}
    </ul>
    <details>
      <summary>${say("breathing-unseen")}</summary>
      <ul class="tiles">
        ${reasonsFor(pack, "not-seen").map(
          ({ code, label }) => html`<li key=${code}>
            <button class="tile tile-low" onClick=${() => look("no", "not-seen", code)}>
              ${words(label)}
            </button>
          </li>`,
        )}
      </ul>
    </details>
  `
}
