/** The locked phone: who is it? It shows nothing of anyone in care. */

import { Button, Screen, Trouble, truthWords } from "../frame.js"
import { html, useEffect, useSignal } from "../html.js"
import { trouble, unlockByBadge } from "../shift.js"
import { alerts, counts, device, lockScreen, me, overdue, passing, people } from "../state.js"
import { say, sayMany } from "../words.js"

export const BADGE_MIN = 6 // as the server keeps them
const BADGE_PAUSE_MS = 100 // a reader types faster than a hand

const show = (name, more = {}) => (lockScreen.value = { name, ...more })

export function Who() {
  const problem = useSignal(null)
  useBadgeReader((badge) => tryBadge(badge, problem))
  const { onPhone, inRecord } = counts.value
  const foot = html`
    <footer class="foot">
      <p class="soft">${truthWords(onPhone, inRecord)} · ${device.value.name}</p>
    </footer>
  `
  const under = device.value.unit.name
  return html`
    <${Screen} title=${say("who-is-it")} back=${null} wide ...${{ under, foot }}>
      <${Trouble} problem=${problem.value} />
      <${Calls} />
      <ul class="who">
        ${people.value.map(
          (person) => html`<li key=${person.id}>
            <button class="who-tile" onClick=${() => show("pin", { person })}>
              <span class="photo" aria-hidden="true">${person.initials}</span>${person.name}
            </button>
          </li>`,
        )}
      </ul>
      <div class="pair">
        <${Button}
          words=${people.value.length ? "someone-else" : "sign-in"}
          tap=${() => show("sign-in")}
        />
        <${Button} words="badge" tap=${() => show("badge")} />
      </div>
    <//>
  `
}

// Whom it calls, and how many wait for them: nobody in care is named.
const Calls = () =>
  [
    ["locked-limits", passing.value.filter(({ state }) => state === "over").length],
    ["locked-overdue", overdue.value.length],
    ["locked-alerts", alerts.value.length],
  ].map(
    ([key, n]) =>
      n > 0 &&
      html`<p key=${key} class="notice notice-now" role="alert">
        ${sayMany(key, n, { name: me.value?.name })}
      </p>`,
  )

/** Open the phone for whoever this badge is. */
export async function tryBadge(badge, problem) {
  problem.value = null
  await unlockByBadge(badge).catch((error) => (problem.value = trouble(error)))
}

// A badge reader is a keyboard: letters in quick order, then Enter.
function useBadgeReader(read) {
  useEffect(() => {
    let code = ""
    let last = 0
    const typed = ({ key, timeStamp }) => {
      if (timeStamp - last > BADGE_PAUSE_MS) code = ""
      last = timeStamp
      if (key === "Enter" && code.length >= BADGE_MIN) read(code)
      code = key.length === 1 ? code + key : ""
    }
    addEventListener("keydown", typed)
    return () => removeEventListener("keydown", typed)
  }, [])
}
