/**
 * Earlier checks of one person: the last one in the record, and those written on this phone. Who
 * wrote one can put it right.
 */

import { byId, isAmended, mayPutRight, WRITTEN_ON } from "../amend.js"
import { bodyWords } from "../body.js"
import { isLate, momentOf } from "../due.js"
import { Button, Screen } from "../frame.js"
import { computed, html } from "../html.js"
import { scoreOf } from "../observed.js"
import { openAgain } from "../record.js"
import { draft, go, items, me, now, snapshot } from "../state.js"
import { clockTime, dayTime, personOf } from "../unit.js"
import { sentence } from "../tiles.js"
import { language, say } from "../words.js"
import { personHead } from "./check.js"
import { deviceWords } from "./held.js"
import { words } from "./observe.js"

const MOST = 30
const written = computed(() => byId(items.value)) // once, however many lines there are
const BODY = ["vitals.set", "intake.meal", "intake.drink"]

export function Recent() {
  const { stay } = draft.value
  const { last, seen } = personOf(stay) ?? {}
  const known = [last, seen].filter((look, n, all) => look && all.indexOf(look) === n)
  const own = items.value
    .filter(({ entry }) => entry?.stay === stay && entry.kind in WRITTEN_ON && entry.fact)
    .slice(-MOST)
    .reverse()
  return html`
    <${Screen} ...${personHead(stay)} back=${() => go(draft.value.screen)}>
      <h2>${say("last-known")}</h2>
      ${known.map(({ at, fact }) => html`<p>${clockTime(at)} · ${factWords(fact)}</p>`)}
      ${!seen && html`<p>${say("not-seen-yet")}</p>`}
      <h2>${say("from-this-phone")}</h2>
      ${own.length === 0 && html`<p class="soft">${say("none-from-here")}</p>`}
      <ul class="entries">
        ${own.map(
          (item) => html`<li key=${item.id}>
            <${EntryLine} ...${{ item }} /><${PutRight} ...${{ item }} />
          </li>`,
        )}
      </ul>
    <//>
  `
}

function PutRight({ item }) {
  const known = { items: items.value, me: me.value, now: now.value }
  const open = () => openAgain(item.entry, { amends: item.id })
  return mayPutRight(item, known) && html`<${Button} quiet words="put-right" tap=${open} />`
}

/** One entry in words: when, what, and where it is kept. */
export const EntryLine = ({ item, name = "" }) => html`
  <p class="entry">
    <time>${dayTime(momentOf(item.entry, written.value), language.value)}</time>
    <span>${name && html`<b>${name}</b> `}${entryWords(item.entry)}</span>
    <small class="soft">
      ${say(`state-of-${isAmended(item, items.value) ? "mended" : item.state}`)}
      ${isLate(item.entry, snapshot.value?.pack) && ` · ${say("late-entry")}`}
      ${item.entry.amends && ` · ${say("amends-because", { reason: item.entry.reason })}`}
    </small>
  </p>
`

/** What an entry says. */
export function entryWords({ kind, fact }) {
  if (kind === "round.reply") return say(`did-${fact.says}`)
  if (kind === "sleep.look")
    return say(fact.breathing === "seen" ? `woken-${fact.woken}` : "breathing-unseen")
  if (kind === "calm.tried") return `${fact.words}: ${say(`tried-${fact.did}`)}`
  if (kind === "instrument.scored" && fact) return scoredWords(fact)
  if (kind.startsWith("restraint.")) return heldEntryWords(kind, fact)
  if (kind !== "round.check") return [say(kind), fact && observedWords(kind, fact)].filter(Boolean).join(": ")
  return factWords(fact)
}

function observedWords(kind, fact) {
  const pack = snapshot.value?.pack
  if (!pack) return fact.behavior ?? fact.mood
  if (BODY.includes(kind)) return bodyWords(kind, fact, { pack, words, say })
  if (kind !== "behavior.shift") return fact.behavior
  const word = (list, code) => words(list.find((one) => one.code === code)?.label)
  return [word(pack.shifts, fact.shift), fact.mood || word(pack.behavior.why, fact.why)].filter(Boolean).join(", ")
}

function heldEntryWords(kind, fact) {
  if (!fact) return `${say(kind)}: ${say("struck-out")}`
  if (kind === "restraint.end") return `${say(kind)}: ${fact.state}`
  if (kind !== "restraint.change") return say(kind)
  if (fact.what !== "observer") return `${say(fact.what === "on" ? "put-on" : "take-off")}: ${deviceWords(fact.device)}`
  const name = (snapshot.value?.people ?? []).find(({ id }) => id === fact.observer)?.name
  return name ? say("observes", { name }) : say("nobody-observes")
}

function scoredWords({ instrument, outcome, score, answers = [] }) {
  const known = snapshot.value?.pack?.instruments?.find(({ code }) => code === instrument)
  const title = known?.title[language.value] ?? known?.title.en ?? instrument
  if (outcome !== "answered") return `${title}: ${say(`scored-${outcome}`)}`
  return [title, score ?? (known?.text ? scoreOf(known, answers).score : null)]
    .filter((part) => part !== null)
    .join(": ")
}

function factWords(fact) {
  if (!fact) return ""
  const outcome = fact.outcome === "seen" ? "" : `${say(`outcome-${fact.outcome}`)}: `
  const note = [
    fact.note,
    fact.nurse_should_know && say("told-nurse", { words: fact.nurse_should_know }),
  ]
  return [`${outcome}${sentence(snapshot.value?.pack, fact, language.value)}`, ...note]
    .filter(Boolean)
    .join(" · ")
}
