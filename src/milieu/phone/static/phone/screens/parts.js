/** A check built from its parts, and a check that could not be made. */

import { Choice, Screen } from "../frame.js"
import { html, useSignal } from "../html.js"
import { recordCheck } from "../record.js"
import { draft, go, now, screen, snapshot } from "../state.js"
import { clockTime } from "../unit.js"
import { reasonsFor, WORDS_OF } from "../tiles.js"
import { language, say } from "../words.js"
import { ForTime, Notes, personHead } from "./check.js"

const PARTS = ["place", "position", "eyes", "activity", "breathing"]

const optionsOf = (list) =>
  list.map(({ code, label }) => ({ code, text: label[language.value] ?? label.en }))

export function Parts() {
  const chosen = useSignal({ place: screen.value.place ?? "" })
  const missing = useSignal(false)
  const { stay, at } = draft.value
  const { pack } = snapshot.value
  const isEnough = chosen.value.place && (chosen.value.position || chosen.value.activity)
  const record = () =>
    isEnough ? recordCheck({ outcome: "seen", ...chosen.value }) : (missing.value = true)
  const foot = html`
    <footer class="foot">
      ${
        missing.value &&
        !isEnough &&
        html`<p class="notice notice-soon" role="alert">${say("parts-missing")}</p>`
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
          choose=${(code) => (chosen.value = { ...chosen.value, [part]: code })}
        />`,
      )}
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
