/** This phone: whether it keeps what is written, how it rings, looks and speaks, and signing out. */

import { Button, Choice, Screen, Trouble } from "../frame.js"
import { html, useEffect, useSignal } from "../html.js"
import { askForNotices, notices, ring, setStaysOn, staysOn } from "../ring.js"
import { signOut, trouble } from "../shift.js"
import { counts, device, go, me } from "../state.js"
import { myPeople } from "../unit.js"
import { CATALOGUES, language, say, sayMany, setLanguage } from "../words.js"

const THEMES = ["device", "day", "night", "contrast"]
const YEAR_S = 31_536_000

export function Phone() {
  const storage = useSignal(null)
  const notice = useSignal(notices())
  const awake = useSignal(staysOn() ? "on" : "dark")
  const tryAlarm = async () => {
    ring("ring-overdue")
    await askForNotices()
    notice.value = notices()
  }
  const theme = useSignal(document.documentElement.dataset.theme ?? "device")
  useEffect(() => void howKept().then((kept) => (storage.value = kept)), [])
  const languages = Object.entries(CATALOGUES).map(([code, words]) => ({
    code,
    text: words["language-name"],
  }))
  const themes = THEMES.map((code) => ({ code, text: say(`theme-${code}`) }))
  const under = `${device.value.name} · ${device.value.unit.name}`
  return html`
    <${Screen} title=${say("this-phone")} ...${{ under }} back=${() => go("waiting")}>
      <${Leaving} />
      <dl class="facts">
        <dt>${say("kept-safe")}</dt>
        <dd>${say(storage.value?.persisted ? "kept-yes" : "kept-no")}</dd>
        <dt>${say("installed")}</dt>
        <dd>${say(storage.value?.installed ? "installed-yes" : "installed-no")}</dd>
        <dt>${say("room-left")}</dt>
        <dd>${storage.value ? say("megabytes", { n: storage.value.freeMb }) : ""}</dd>
        <dt>${say("when-overdue")}</dt>
        <dd>${say(`notices-${notice.value}`)}</dd>
      </dl>
      <${Button} words="try-alarm" icon="bell-ring" tap=${tryAlarm} />
      <${Choice}
        name=${say("screen")}
        options=${["dark", "on"].map((code) => ({ code, text: say(`screen-${code}`) }))}
        value=${awake.value}
        choose=${(code) => code && setStaysOn((awake.value = code) === "on")}
      />
      <${Choice}
        name=${say("language")}
        options=${languages}
        value=${language.value}
        choose=${(code) => code && setLanguage(code)}
      />
      <${Choice}
        name=${say("theme")}
        options=${themes}
        value=${theme.value}
        choose=${(code) => code && setTheme((theme.value = code))}
      />
    <//>
  `
}

// Signing out. Who still has people, or an entry that needs them, is told so first, with the way to
// each; to leave all the same is a choice with a name of its own, never a second tap.
function Leaving() {
  const problem = useSignal(null)
  const asking = useSignal(false)
  const { unsent, refused } = counts.value
  const mine = myPeople.value.length
  const out = () => signOut().catch((error) => (problem.value = trouble(error)))
  const leave = () => {
    problem.value = unsent > 0 ? { many: "unsent-first", n: unsent } : null
    if (unsent > 0) return
    if (mine || refused) asking.value = true
    else out()
  }
  if (!asking.value || !(mine || refused)) {
    return html`
      <${Trouble} problem=${problem.value} />
      <button onClick=${leave}>${say("sign-out", { name: me.value.name })}</button>
    `
  }
  return html`
    <div class="notice notice-soon" role="alert">
      ${mine > 0 && html`<p>${say("people-first", { who: sayMany("people", mine) })}</p>`}
      ${refused > 0 && html`<p>${sayMany("needs-you", refused)}</p>`}
      <div class="pair">
        ${mine > 0 && html`<${Button} main words="hand-over" icon="users" tap=${() => go("hand")} />`}
        ${refused > 0 && html`<${Button} words="look" tap=${() => go("waiting")} />`}
        <${Button} quiet words=${mine ? "leave-nobody" : "leave-refused"} tap=${unsent > 0 ? leave : out} />
      </div>
      <${Trouble} problem=${problem.value} />
    </div>
  `
}

async function howKept() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {}
  return {
    persisted: (await navigator.storage?.persisted?.()) ?? false,
    installed: matchMedia("(display-mode: standalone)").matches,
    freeMb: Math.round((quota - usage) / 1e6),
  }
}

function setTheme(code) {
  const chosen = code === "device" ? "" : code
  document.cookie = `theme=${chosen}; path=/; max-age=${chosen ? YEAR_S : 0}; SameSite=Lax`
  if (chosen) document.documentElement.dataset.theme = chosen
  else delete document.documentElement.dataset.theme
}
