/** What every screen stands in: its head with the way back; and what screens are made of. */

import { html, useEffect, useRef } from "./html.js"
import { lock } from "./shift.js"
import { corner, goBack, keeps, locked, me } from "./state.js"
import { say, sayMany } from "./words.js"

const ICONS = "/static/vendor/lucide/icons.svg"

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
export function Screen({ title, under, back = goBack, foot, aside, children, wide = false }) {
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
        ${aside}
        ${!back && me.value && !locked.value && html`<${Switch} />`}
        ${corner.value && html`<${corner.value} />`}
      </header>
      <main class="body">
        ${!keeps.value && html`<${Trouble} problem=${{ key: "cannot-keep" }} />`}${children}
      </main>
      ${foot}
    </div>
  `
}

const Switch = () => html`
  <button class="head-switch" onClick=${lock}>
    <span>${me.value.name}</span><small>${say("switch")}</small>
  </button>
`

/** "3 on this phone, 41 in the record" */
export const truthWords = (onPhone, inRecord) => say("truth", { onPhone, inRecord })

/** What did not work, and what to do. */
export const Trouble = ({ problem }) =>
  problem &&
  html`<p class="notice notice-soon" role="alert">
    ${problem.words ?? (problem.many ? sayMany(problem.many, problem.n) : say(problem.key))}
  </p>`

/** One choice of several as a row of buttons, or several where `value` is a list; none beforehand. */
export const Choice = ({ name, options, value, choose, small = false }) => html`
  <fieldset class="choice-group ${small ? "choice-small" : ""}">
    <legend>${name}</legend>
    <div class="chips">
      ${options.map(
        ({ code, text }) => html`
          <button
            type="button"
            class="chip"
            aria-pressed=${isChosen(value, code) ? "true" : "false"}
            onClick=${() => choose(chosen(value, code))}
          >
            ${text}
          </button>
        `,
      )}
    </div>
  </fieldset>
`

const isChosen = (value, code) => (Array.isArray(value) ? value.includes(code) : value === code)

function chosen(value, code) {
  if (!Array.isArray(value)) return value === code ? "" : code
  return value.includes(code) ? value.filter((one) => one !== code) : [...value, code]
}

/** A line or a few lines of text, or a whole number, with its name above. */
export const Field = ({ name, value, write, long = false, ...more }) => {
  const common = { value, onInput: (event) => write(event.currentTarget.value), ...more }
  return html`
    <label class="field">${name}
      ${long ? html`<textarea ...${common}></textarea>` : html`<input type="text" autocomplete="off" ...${common} />`}
    </label>
  `
}
