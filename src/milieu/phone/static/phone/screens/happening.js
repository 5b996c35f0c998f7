/** What is happening now: the unit's words, one tap each; and what was tapped, with its time. */

import { happenedAt } from "../entry.js"
import { Field, Screen } from "../frame.js"
import { incidentNow, mark, marksOf } from "../happening.js"
import { HeldLink } from "./held.js"
import { html, useSignal } from "../html.js"
import { draft, go, items, snapshot } from "../state.js"
import { clockTime } from "../unit.js"
import { say } from "../words.js"
import { personHead } from "./check.js"
import { words } from "./observe.js"

const WORDS_MAX = 140
const ABOUT_STAFF = "staff-came"
const HANDS_ON = "hands-on"

export function Happening() {
  const asks = useSignal(false)
  const { stay, note } = draft.value
  const { marks } = snapshot.value.pack.incident
  const named = new Map(marks.map(({ code, label }) => [code, words(label)]))
  const tap = (code) => (code === ABOUT_STAFF ? (asks.value = true) : mark(code, named.get(code)))
  const came = ({ id, name }) => {
    asks.value = false
    mark(ABOUT_STAFF, `${named.get(ABOUT_STAFF)}: ${name}`, id)
  }
  const people = new Map((snapshot.value.people ?? []).map(({ id, name }) => [id, name]))
  const mine = marksOf(incidentNow(stay), items.value).reverse()
  return html`
    <${Screen} ...${personHead(stay)} back=${() => go("check")}>
      ${
        asks.value
          ? html`<div class="pair">
              ${(snapshot.value.people ?? []).map(
                (one) => html`<button key=${one.id} onClick=${() => came(one)}>${one.name}</button>`,
              )}
            </div>`
          : html`<div class="pair">
              ${[...named].map(([code, text]) => html`<button key=${code} onClick=${() => tap(code)}>${text}</button>`)}
            </div>`
      }
      ${mine.some(({ entry }) => entry.fact.what === HANDS_ON) && html`<div class="pair"><${HeldLink} stay=${stay} /></div>`}
      <${Field} name=${say("few-words")} maxlength=${WORDS_MAX} value=${note} write=${(text) => (draft.value = { ...draft.value, note: text })} />
      <ul class="entries" aria-live="polite">
        ${mine.map(
          ({ id, entry }) => html`<li key=${id}><p class="entry">
            <time>${clockTime(happenedAt(entry))}</time>
            <span>${[named.get(entry.fact.what), people.get(entry.fact.who), entry.fact.words].filter(Boolean).join(" · ")}</span>
          </p></li>`,
        )}
      </ul>
      <p class="hint">${say("report-later")}</p>
    <//>
  `
}
