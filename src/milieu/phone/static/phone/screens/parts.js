/** A check built from its parts, and a check that could not be made. */

import { Choice, Screen } from "../frame.js"
import { html, useSignal } from "../html.js"
import { recordCheck } from "../record.js"
import { draft, go, now, screen, snapshot } from "../state.js"
import { clockTime } from "../unit.js"
import { reasonsFor, WORDS_OF } from "../tiles.js"
import { say } from "../words.js"
import { ForTime, Notes, personHead } from "./check.js"
import { optionsOf, write } from "./observe.js"

const UNSEEN = "not-seen"
const PARTS = ["place", "position", "eyes", "activity", "breathing"]

/** What is missing of what was chosen: a key of the catalogue, or null. */
export function lackOf({ place, position, activity, breathing, why }) {
  if (!place || !(position || activity)) return "parts-missing"
  return breathing === UNSEEN && !why ? "breathing-missing" : null
}

/** A reason says what could not be seen: without that it goes. */
export const withReason = (said) => (said.breathing === UNSEEN ? said : { ...said, why: "" })

export function Parts() {
  const { place } = screen.value // as it was chosen on the way here
  const chosen = useSignal({ ...draft.value.said, ...(place && { place }) })
  const missing = useSignal(false)
  const { stay, at } = draft.value
  const { pack } = snapshot.value
  const lacks = lackOf(chosen.value)
  const record = () => {
    if (!lacks) return recordCheck({ outcome: "seen", ...chosen.value })
    missing.value = true
    const lacking = lacks === "parts-missing" ? Number(Boolean(chosen.value.place)) : PARTS.length
    document.querySelectorAll("fieldset")[lacking].scrollIntoView({ block: "start" })
  }
  const choose = (said) => write((chosen.value = withReason({ ...chosen.value, ...said })))
  const foot = html`
    <footer class="foot">
      ${
        missing.value &&
        lacks &&
        html`<p class="notice notice-soon" role="alert">${say(lacks)}</p>`
      }
      <button class="button-main button-wide" onClick=${record}>
        ${say("record", { time: clockTime(at ?? now.value) })}
      </button>
    </footer>
  `
  return html`
    <${Screen} ...${{ ...personHead(stay), foot }} back=${() => go("check")}>
      <${ForTime} />
      ${PARTS.map(
        (part) => html`<${Choice}
          key=${part}
          name=${say(`part-${part}`)}
          options=${optionsOf(pack[WORDS_OF[part]])}
          value=${chosen.value[part] ?? ""}
          choose=${(code) => choose({ [part]: code })}
        />`,
      )}
      ${
        chosen.value.breathing === UNSEEN &&
        html`<${Choice}
          name=${say("why-breathing")}
          options=${optionsOf(reasonsFor(pack, UNSEEN))}
          value=${chosen.value.why ?? ""}
          choose=${(why) => choose({ why })}
        />`
      }
      <${Notes} />
    <//>
  `
}

export function Unseen() {
  const { stay } = draft.value
  const { pack } = snapshot.value
  return html`
    <${Screen} ...${personHead(stay)} back=${() => go("check")}>
      <${ForTime} />
      ${["refused", "not-seen"].map(
        (outcome) => html`<section key=${outcome}>
          <h2>${say(`why-${outcome}`)}</h2>
          <ul class="tiles">
            ${optionsOf(reasonsFor(pack, outcome)).map(
              ({ code, text }) => html`<li key=${code}>
                <button
                  class="tile tile-low"
                  onClick=${() => recordCheck({ outcome, why: code })}
                >
                  ${text}
                </button>
              </li>`,
            )}
          </ul>
        </section>`,
      )}
      <${Notes} />
    <//>
  `
}
