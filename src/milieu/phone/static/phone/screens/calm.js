/**
 * In a hard moment: what helps this person, choices to offer, ways to calm; and what each did. Large,
 * and in pages: nothing has to be scrolled on a phone of 360 by 640.
 */

import { STANDS } from "../amend.js"
import { happenedAt } from "../entry.js"
import { Button, Screen } from "../frame.js"
import { html } from "../html.js"
import { recordTried } from "../record.js"
import { draft, go, items, now, phone, screen, snapshot } from "../state.js"
import { clockTime, may, personOf } from "../unit.js"
import { say, sayMany } from "../words.js"
import { ForTime, personHead } from "./check.js"
import { words, write } from "./observe.js"
import { openPlan } from "./plan.js"

const DID = ["calmer", "same", "worse", "not-wanted"]
const PAGE = 400 // px between head and foot of such a phone
const MOMENT_MS = 2 * 3_600_000 // what was tried on this phone is said beside it for so long

/**
 * What is shown of a person: heads, notes to read, and things to try with what they did so far. What
 * is to be offered first comes as the server ordered it; then choices and ways, always in one order.
 * `words` chooses the language, `told` says what a thing did.
 */
export function rowsOf({ calm = [], tried = {} }, pack, { words, told }) {
  const chapter = (head, of, list = []) => {
    const things = list.map(({ code, label, how }) => ({
      thing: { of, code, words: words(label) },
      how: words(how),
      did: tried[code],
    }))
    return things.length ? [{ head }, ...things] : []
  }
  return [
    ...calm,
    ...chapter("choices", "choice", pack.calm?.choices),
    ...chapter("ways", "way", pack.ways),
  ].map((row) => ({ ...row, more: [row.how, told(row.did)].filter(Boolean).join(" · ") }))
}

const lines = (text, letters) => Math.ceil(text.length / letters)

// About so high, px: letters are counted as if most were wide.
function heightOf({ head, note, thing, more }) {
  if (head) return 34
  if (note) return 8 + 26 * lines(note, 35)
  return 8 + Math.max(64, 16 + 25 * lines(thing.words, 31) + 22 * lines(more, 38))
}

/** Rows in pages: none is cut, no head stands alone, and what is not the plan begins a page. */
export function pagesOf(rows) {
  const pages = [[]]
  let left = PAGE
  rows.forEach((row, n) => {
    const needs = heightOf(row) + (row.head ? heightOf(rows[n + 1]) : 0)
    if (n && (needs > left || row.head === "choices")) {
      pages.push([])
      left = PAGE
    }
    pages.at(-1).push(row)
    left -= heightOf(row)
  })
  return pages
}

/** What was last tried of this thing on this phone, in this moment. */
export const lastTried = (items, stay, { code, words }, now) =>
  items.findLast(
    ({ state, entry }) =>
      STANDS.includes(state) &&
      entry?.kind === "calm.tried" &&
      entry.stay === stay &&
      (entry.fact.code || entry.fact.words) === (code || words) &&
      now - happenedAt(entry) < MOMENT_MS,
  )

const told = ([calmer, times, worse, unwanted] = []) =>
  [
    times && sayMany("helped", times, { calmer }),
    worse && `${say("tried-worse")}: ${worse}`,
    unwanted && `${say("tried-not-wanted")}: ${unwanted}`,
  ]
    .filter(Boolean)
    .join(" · ")

export function Calm() {
  const { stay } = draft.value
  const person = personOf(stay) ?? {}
  const { agreement = "none", by, day, at, others = [] } = person.plan ?? {}
  const pages = pagesOf(rowsOf(person, snapshot.value.pack, { words, told }))
  const page = Math.min(screen.value.page ?? 0, pages.length - 1)
  const turn = (key, to) =>
    html`<button disabled=${!pages[to]} onClick=${() => go("calm", { page: to })}>${say(key)}</button>`
  const first = may("calm")
    ? html`<${Button} words="plan-write" tap=${() => openPlan(stay)} />`
    : turn("previous", -1)
  const foot = html`<footer class="foot turn">
    ${page ? turn("previous", page - 1) : first}<span role="status">${page + 1} / ${pages.length}</span>${turn("next", page + 1)}
  </footer>`
  const when = day || (at && clockTime(Date.parse(at)))
  const another = others.length > 0 && say("plan-another", { by: others[0].by })
  const under = [say(`plan-${agreement}`), by, when, another].filter(Boolean).join(" · ")
  return html`
    <${Screen} ...${personHead(stay)} ...${{ under, foot }} back=${() => go("check")}>
      <div class="tiles">
        ${pages[page].map(
          ({ head, note, thing, more }) =>
            (head && html`<h2>${say(`calm-${head}`)}</h2>`) ||
            (note && html`<p class="calm-note">${note}</p>`) ||
            html`<${Thing} ...${{ stay, thing, more, page }} />`,
        )}
      </div>
    <//>
  `
}

const didWords = ({ entry }) => `${say(`tried-${entry.fact.did}`)} ${clockTime(happenedAt(entry))}`

function Thing({ stay, thing, more, page }) {
  const last = lastTried(items.value, stay, thing, now.value)
  const open = () => {
    write(thing)
    go("tried", { page })
  }
  return html`<button class="tile calm-thing" onClick=${open}>
    ${thing.words} <small>${last ? didWords(last) : more}</small>
  </button>`
}

/** One thing, and what it did: one tap. */
export function Tried() {
  const { stay, said, amends, mending } = draft.value
  const { page } = screen.value
  const last = lastTried(items.value, stay, said, now.value)
  const back = amends || mending ? undefined : () => go("calm", { page })
  return html`
    <${Screen} ...${{ ...personHead(stay), back }}>
      <${ForTime} />
      <p class="calm-said">${said.words}</p>
      <ul class="tiles">
        ${DID.map(
          (did) => html`<li key=${did}>
            <button class="tile" onClick=${() => recordTried(did, back)}>${say(`tried-${did}`)}</button>
          </li>`,
        )}
      </ul>
      ${
        last?.state === "held" &&
        html`<p class="notice notice-ask">${didWords(last)}
          <${Button} words="undo" icon="undo-2" tap=${() => phone.outbox.undo(last.id)} />
        </p>`
      }
    <//>
  `
}
