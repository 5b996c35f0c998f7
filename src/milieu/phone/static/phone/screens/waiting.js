/** What is on this phone only, what the record has, and what needs a person. */

import { Button, Screen, truthWords } from "../frame.js"
import { ageWords } from "../foot.js"
import { html } from "../html.js"
import { maySettle } from "../amend.js"
import { counts, go, items, known, phone } from "../state.js"
import { say, sayMany } from "../words.js"
import { EntryLine } from "./recent.js"
import { nameOf, NotYours, RefusedEntry, sendAgain } from "./refused.js"

const SHOWN = 30
const newestFirst = (states) =>
  items.value.filter(({ state, entry }) => states.includes(state) && entry).reverse()

export function Waiting() {
  const { onPhone, inRecord, sealed } = counts.value
  const refused = newestFirst(["refused"])
  const mine = refused.filter((item) => maySettle(item, known.value))
  const others = refused.filter((item) => !maySettle(item, known.value))
  const aside = newestFirst(["aside"])
  const waiting = newestFirst(["held", "waiting"])
  const settled = newestFirst(["stored", "mended"]).slice(0, SHOWN)
  return html`
    <${Screen} title=${truthWords(onPhone, inRecord)} under=${ageWords()}>
      ${
        mine.length > 0 &&
        html`<section>
        <h2>${sayMany("needs-you", mine.length)}</h2>
        ${mine.map((item) => html`<${RefusedEntry} key=${item.id} ...${{ item }} />`)}
      </section>`
      }
      ${
        others.length > 0 &&
        html`<section>
        <h2>${sayMany("needs-others", others.length)}</h2>
        ${others.map((item) => html`<${NotYours} key=${item.id} ...${{ item }} />`)}
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
      ${
        aside.length > 0 &&
        html`<section>
        <h2>${say("were-set-aside")}</h2>
        <${Entries} list=${aside} />
      </section>`
      }
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

const Entries = ({ list }) => html`
  <ul class="entries">
    ${list.map(
      (item) => html`<li key=${item.id}>
        <${EntryLine} item=${item} name=${nameOf(item.entry)} />
        ${
          item.state === "aside" &&
          maySettle(item, known.value) &&
          html`<${Button} words="bring-back" tap=${() => sendAgain(item)} />`
        }
      </li>`,
    )}
  </ul>
`
