/** What every screen stands in: its head with the way back, the truth about the data, messages. */

import { html, useEffect, useRef } from "./html.js"
import { undoLast } from "./record.js"
import { lock } from "./shift.js"
import {
  clockTime,
  contact,
  counts,
  go,
  goBack,
  locked,
  me,
  now,
  screen,
  snapshot,
  toast,
  update,
} from "./state.js"
import { useUpdate } from "./update.js"
import { say, sayMany } from "./words.js"

const ICONS = "/static/vendor/lucide/icons.svg"
const WITH_MESSAGES = ["list", "waiting"] // elsewhere it would lie over what is being chosen
const STALE_MS = 5 * 60_000 // a list older than this is shown as stale

/** One of the icons of the vendored sprite. An icon never stands alone. */
export const Icon = ({ name }) =>
  html`<svg class="icon" aria-hidden="true"><use href="${ICONS}#${name}" /></svg>`

/** A button by its key in the catalogue, with its icon if it has one. */
export const Button = ({ words, icon, quiet, main, tap }) => html`
  <button class=${quiet ? "button-quiet" : main ? "button-main" : ""} onClick=${tap}>
    ${icon && html`<${Icon} name=${icon} />`}${say(words)}
  </button>
`

/** A screen: head, what is in it, and what always stands at its foot. */
export function Screen({ title, under, back = goBack, foot, children, wide = false }) {
  const heading = useRef(null)
  const named = typeof title === "string" ? title : "" // a drawn title stays for the whole screen
  useEffect(() => heading.current?.focus({ preventScroll: true }), [named])
  return html`
    <div class="screen ${wide ? "screen-bare" : ""}">
      <header class="head">
        ${
          back &&
          html`<button class="head-back" onClick=${back}>
          <${Icon} name="arrow-left" /><span class="unseen">${say("back")}</span>
        </button>`
        }
        <div class="head-title">
          <h1 tabindex="-1" ref=${heading}>${title}</h1>
          ${under && html`<p class="soft">${under}</p>`}
        </div>
        ${!back && me.value && !locked.value && html`<${Switch} />`}
      </header>
      <main class="body">${children}</main>
      ${foot}
    </div>
  `
}

const Switch = () => html`
  <button class="head-switch" onClick=${lock}>
    <span>${me.value.name}</span><small>${say("switch")}</small>
  </button>
`

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

export const truthWords = (onPhone, inRecord) => say("truth", { onPhone, inRecord })

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
        ${toast.value.id && html`<${Button} words="undo" icon="undo-2" tap=${undoLast} />`}
      </div>`
      }
    </div>
  </div>
`

export const UpdateNotice = () =>
  update.value &&
  html`<p class="notice notice-update">
    ${say("update-ready")}
    <button onClick=${useUpdate}>${say("update-now")}</button>
  </p>`

/** One choice of several as a row of buttons; nothing is chosen beforehand. */
export const Choice = ({ name, options, value, choose, small = false }) => html`
  <fieldset class="choice-group ${small ? "choice-small" : ""}">
    <legend>${name}</legend>
    <div class="chips">
      ${options.map(
        ({ code, text }) => html`
          <button
            type="button"
            class="chip"
            aria-pressed=${value === code ? "true" : "false"}
            onClick=${() => choose(value === code ? "" : code)}
          >
            ${text}
          </button>
        `,
      )}
    </div>
  </fieldset>
`
