/** What stands at the foot of a screen: the truth about the data, messages, a new version. */

import { Button, truthWords } from "./frame.js"
import { html, useEffect } from "./html.js"
import { undoLast } from "./record.js"
import { contact, counts, go, now, screen, snapshot, toast, update } from "./state.js"
import { clockTime } from "./unit.js"
import { useUpdate } from "./update.js"
import { say, sayMany } from "./words.js"

const WITH_MESSAGES = ["list", "waiting", "happening"] // elsewhere it would lie over what is being chosen
const STALE_MS = 5 * 60_000 // a list older than this is shown as stale

/** "3 on this phone, 41 in the record", how old the list is, and whether there is a network. */
export function Truth({ children }) {
  const { onPhone, inRecord, refused } = counts.value
  const stale = isStale()
  return html`
    <footer class="truth ${stale ? "truth-stale" : ""}">
      <button class="truth-say" onClick=${() => go("waiting")}>
        <span>${truthWords(onPhone, inRecord)}</span>
        <small>${ageWords(stale)}</small>
        ${
          refused > 0 && html`<strong class="tag tag-now">${sayMany("needs-you", refused)}</strong>`
        }
      </button>
      ${children}
    </footer>
  `
}

/** "list from 02:41 · no network" */
export function ageWords(stale = isStale()) {
  if (!snapshot.value) return say("no-list-yet")
  const time = clockTime(snapshot.value.pulledAt)
  const state = contact.value.online === false ? ` · ${say("no-network")}` : ""
  return `${say(stale ? "list-still-from" : "list-from", { time })}${state}`
}

export const isStale = () =>
  Boolean(snapshot.value) && now.value - snapshot.value.pulledAt > STALE_MS

/** What was just saved, with the way to take it back; and a new version that waits. */
export const Messages = () => html`
  <div class="messages-at-foot">
    <div role="status" aria-live="polite">
      ${
        toast.value &&
        WITH_MESSAGES.includes(screen.value.name) &&
        html`<div class="undo">
        <span>${toast.value.text}</span>
        ${toast.value.id && html`<${Undo} />`}
      </div>`
      }
    </div>
  </div>
`

// Whoever stands on it when it goes, tapped or in time, is led to the head of the screen.
function Undo() {
  const leave = () => document.activeElement === document.body && document.querySelector("h1")?.focus({ preventScroll: true })
  useEffect(() => leave, [])
  return html`<${Button} words="undo" icon="undo-2" tap=${undoLast} />`
}

export const UpdateNotice = () =>
  update.value &&
  html`<p class="notice notice-update">
    ${say("update-ready")}
    <button onClick=${useUpdate}>${say("update-now")}</button>
  </p>`
