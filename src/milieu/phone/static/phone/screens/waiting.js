/** What is on this phone only, what the record has, and what needs a person. */

import { Button, Screen, truthWords } from "../frame.js"
import { ageWords } from "../foot.js"
import { html } from "../html.js"
import { WRITTEN_ON } from "../amend.js"
import { openAgain, openAmendment, openCheck, tell } from "../record.js"
import { counts, go, items, phone } from "../state.js"
import { personOf, screenName } from "../unit.js"
import { say, sayMany } from "../words.js"
import { EntryLine } from "./recent.js"
import { happenedAt } from "../due.js"

const SHOWN = 30
const newestFirst = (states) =>
  items.value.filter(({ state, entry }) => states.includes(state) && entry).reverse()

export function Waiting() {
  const { onPhone, inRecord, sealed } = counts.value
  const refused = newestFirst(["refused"])
  const waiting = newestFirst(["held", "waiting"])
  const settled = newestFirst(["stored", "mended", "aside"]).slice(0, SHOWN)
  return html`
    <${Screen} title=${truthWords(onPhone, inRecord)} under=${ageWords()}>
      ${
        refused.length > 0 &&
        html`<section>
        <h2>${sayMany("needs-you", refused.length)}</h2>
        ${refused.map((item) => html`<${RefusedEntry} key=${item.id} ...${{ item }} />`)}
      </section>`
      }
      <section>
        <h2>${say("only-here")}</h2>
        ${sealed > 0 && html`<p class="notice notice-soon">${sayMany("sealed", sealed)}</p>`}
        ${
          waiting.length > 0
            ? html`<${Entries} list=${waiting} />
              <${Button} words="send-now" icon="refresh-cw" tap=${() => phone.sync.wake()} />`
            : html`<p class="soft">${say("nothing-waits")}</p>`
        }
      </section>
      <section>
        <h2>${say("in-record")}</h2>
        ${
          settled.length > 0
            ? html`<${Entries} list=${settled} />`
            : html`<p class="soft">${say("none-from-here")}</p>`
        }
      </section>
      <${Button} words="this-phone" icon="smartphone" tap=${() => go("phone")} />
    <//>
  `
}

const nameOf = (entry) => {
  const person = personOf(entry.stay)
  return person ? screenName(person) : ""
}

const Entries = ({ list }) => html`
  <ul class="entries">
    ${list.map(
      (item) => html`<li key=${item.id}>
        <${EntryLine} item=${item} name=${nameOf(item.entry)} />
        ${
          item.state === "aside" &&
          html`<${Button} words="bring-back" tap=${() => sendAgain(item)} />`
        }
      </li>`,
    )}
  </ul>
`

function RefusedEntry({ item }) {
  const { entry, answer } = item
  const mend = () => {
    const { kind, stay, amends, reason, fact } = entry
    if (kind !== "round.check") {
      const wrong = amends && { id: amends, happenedAt: Date.parse(entry.happened_at) }
      const more = { mending: item.id, amends: wrong, reason, at: wrong ? null : happenedAt(entry) }
      return openAgain(WRITTEN_ON[kind], entry, more)
    }
    const { note, nurse_should_know: concern } = fact
    if (amends) openAmendment({ ...entry, id: amends }, { mending: item.id, reason })
    else openCheck(stay, { mending: item.id, at: happenedAt(entry), note, concern })
    go("check")
  }
  return html`
    <div class="notice notice-now">
      <p><strong>${answer?.message || say("refused-no-words")}</strong></p>
      <${EntryLine} item=${item} name=${nameOf(entry)} />
      <div class="pair">
        ${entry.kind in WRITTEN_ON && entry.fact && html`<${Button} words="put-right" tap=${mend} />`}
        <${Button} words="send-again" tap=${() => sendAgain(item)} />
        <${Button} quiet words="set-aside" tap=${() => setAside(item)} />
      </div>
    </div>
  `
}

async function sendAgain(item) {
  await phone.outbox.sendAgain(item.id)
  phone.sync.wake()
}

async function setAside(item) {
  await phone.outbox.setAside(item.id)
  tell(say("was-set-aside"))
}
