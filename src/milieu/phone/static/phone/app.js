/** The start: open what is on the phone, ask who it is, then read everything else. */

import { Clock } from "./clock.js"
import { Door } from "./door.js"
import { html, render, signal } from "./html.js"
import { Outbox } from "./outbox.js"
import { Who } from "./screens/who.js"
import { lock, readPeople } from "./shift.js"
import * as state from "./state.js"
import { openStore } from "./store.js"
import { applyWhenQuiet, keepUpToDate, lookForUpdate } from "./update.js"
import { Keyring } from "./vault.js"
import { language, say } from "./words.js"

const LOCK_AFTER_S = 30 // the unit's pack may say otherwise
const SECOND = 1_000
const DRAW_MS = 5_000 // what the screen says of times moves in steps of this
const { phone } = state
const rest = signal(null) // screens/inside.js, once it is there

const App = () => html`${state.above.value && html`<${state.above.value} />`}<${Shown} />`

function Shown() {
  const { Inside, LOCKED } = rest.value ?? {}
  if (!state.device.value) return LOCKED && html`<${LOCKED.enrol} />`
  if (Inside && !state.locked.value && state.session.value) return html`<${Inside} />`
  return html`<${LOCKED?.[state.lockScreen.value.name] ?? Who} />`
}

async function start() {
  document.documentElement.lang = language.value
  const root = document.getElementById("app")
  try {
    await putTogether()
  } catch (error) {
    render(html`<p class="notice notice-now">${say("cannot-keep")}</p>`, root)
    throw error
  }
  root.replaceChildren()
  phone.rest = painted().then(readRest)
  render(html`<${App} />`, root)
  watchTouch()
  watchTime()
  // A new version is looked for when this one is whole: files of two are never mixed.
  const inside = await phone.rest.finally(() => void keepUpToDate())
  inside.keepReader()
  navigator.storage?.persist?.()
}

async function putTogether() {
  phone.store = await openStore(() => location.reload())
  phone.keyring = new Keyring()
  phone.outbox = new Outbox({
    store: phone.store.entries,
    box: phone.keyring,
    send: async (entries) => (await import("./contact.js")).sendBatch(entries),
    now: () => phone.clock.now(),
    alone: (work) => navigator.locks.request("milieu-outbox", work),
    told: () => {
      state.items.value = phone.outbox.items
      state.keeps.value = phone.outbox.keeps
    },
  })
  const { clock, token, device, people, rows } = phone.store.found
  phone.clock = new Clock(clock)
  phone.door = new Door(phone.clock)
  phone.door.deviceToken = token ?? null
  state.now.value = phone.clock.now()
  await phone.outbox.load(rows)
  await readPeople(people)
  state.device.value = device ?? null
}

const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

async function readRest() {
  const inside = await import("./screens/inside.js")
  inside.keepInContact()
  inside.keepWatch()
  inside.keepAsking()
  inside.keepBegun()
  inside.keepHolding()
  inside.keepListening()
  rest.value = inside
  return inside
}

// Put down, the phone locks itself; out of sight, it shows nothing at once.
function watchTouch() {
  const clocks = () => [performance.now(), Date.now()] // the first may stop while the phone sleeps
  let touchedAt = clocks()
  for (const kind of ["pointerdown", "keydown", "input"]) {
    addEventListener(kind, () => (touchedAt = clocks()), { capture: true, passive: true })
  }
  document.addEventListener("visibilitychange", () => {
    document.documentElement.toggleAttribute("data-covered", document.hidden)
    if (!document.hidden) lookForUpdate()
  })
  addEventListener("popstate", state.wentBack)
  setInterval(() => {
    const after = state.snapshot.value?.pack?.limits?.lock_after_s ?? LOCK_AFTER_S
    if (clocks().some((time, n) => time - touchedAt[n] > after * SECOND)) lock()
  }, SECOND)
}

function watchTime() {
  setInterval(() => {
    const now = phone.clock.now()
    state.now.value = now - (now % DRAW_MS)
    applyWhenQuiet()
  }, SECOND)
}

start()
