/** An entry that the record did not take: why, whose it is, and what its author can do about it. */

import { WRITTEN_ON } from "../amend.js"
import { Button } from "../frame.js"
import { html } from "../html.js"
import { openAgain, tell } from "../record.js"
import { draft, go, items, people, phone, snapshot } from "../state.js"
import { personOf, screenName } from "../unit.js"
import { say } from "../words.js"
import { EntryLine } from "./recent.js"

// What the server says by these codes is said in the language of who reads it.
const SAID_HERE = {
  "before-admission": "refused-before",
  "after-discharge": "refused-after",
  "unknown-stay": "refused-stay",
}

export const nameOf = ({ stay }) => {
  const person = personOf(stay)
  return person ? screenName(person) : ""
}

/** The first time in what the server said. */
export const timeIn = (words) => words?.match(/\b\d\d:\d\d( [A-Z]+)?/)?.[0]

/** Why the record did not take it: here where all of it can be said, else as the server said it. */
export function refusedWords({ entry, answer }) {
  const { code, message } = answer ?? {}
  const key = SAID_HERE[code]
  const time = timeIn(message)
  const name = personOf(entry.stay)?.preferred_name
  if (key === "refused-stay") return say(key)
  if (key && time && name) return `${say(key, { name, time })} ${say("refused-time")}`
  return message || say("refused-no-words") // a time that is not known here is in theirs
}

const isOfTime = ({ answer }) => answer?.field === "happened_at"

const authorOf = ({ author }) =>
  [...people.value, ...(snapshot.value?.people ?? [])].find(({ id }) => id === author)?.name ?? ""

const Author = ({ entry }) => {
  const name = authorOf(entry)
  return name && html`<p class="soft">${say("written-by", { name })}</p>`
}

/** One that I may settle. */
export function RefusedEntry({ item }) {
  const { entry } = item
  return html`
    <div class="notice notice-now">
      <p><strong>${refusedWords(item)}</strong></p>
      <${EntryLine} item=${item} name=${nameOf(entry)} />
      <${Author} ...${{ entry }} />
      <div class="pair">
        ${entry.kind in WRITTEN_ON && entry.fact && html`<${Button} words="put-right" tap=${() => mend(item)} />`}
        <${Button} words="send-again" tap=${() => sendAgain(item)} />
        <${Button} quiet words="set-aside" tap=${() => setAside(item)} />
      </div>
    </div>
  `
}

/** One that waits for whoever wrote it, or for a lead: nobody else can say what was seen. */
export const NotYours = ({ item }) => html`
  <div class="notice notice-soon">
    <p><strong>${refusedWords(item)}</strong></p>
    <${EntryLine} item=${item} name=${nameOf(item.entry)} />
    <p>${say("waits-for-author", { name: authorOf(item.entry) || say("its-author") })}</p>
  </div>
`

/** What is put right now. */
export const inMending = () => items.value.find(({ id }) => id === draft.value.mending)

/** While one is put right: why the record did not take it stays in sight. */
export function WhyRefused() {
  const item = inMending()
  return item && html`<p class="notice notice-now"><strong>${refusedWords(item)}</strong></p>`
}

// Where only the time was not taken, that is asked first; the words that were chosen stay.
function mend(item) {
  const { id, entry } = item
  const { kind, amends, reason, fact } = entry
  openAgain(entry, { mending: id, amends, reason, seen: kind === "round.check" ? fact : null })
  if (!amends && isOfTime(item)) go("time")
}

export async function sendAgain(item) {
  await phone.outbox.sendAgain(item.id)
  await phone.sync.wake()
  if (items.value.some(({ id, state }) => id === item.id && state === "refused")) tell(say("refused-again"))
}

async function setAside(item) {
  await phone.outbox.setAside(item.id)
  tell(say("was-set-aside"))
}
