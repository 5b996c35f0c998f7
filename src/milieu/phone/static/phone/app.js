/** The start: open what is on the phone, put the parts together, draw, keep in contact. */

import { Clock } from "./clock.js"
import { pull, push, sendBatch } from "./contact.js"
import { Door } from "./door.js"
import { Messages } from "./frame.js"
import { effect, html, render } from "./html.js"
import { Outbox } from "./outbox.js"
import { Check } from "./screens/check.js"
import { Enrol } from "./screens/enrol.js"
import { List } from "./screens/list.js"
import { Parts, Unseen } from "./screens/parts.js"
import { Phone } from "./screens/phone.js"
import { Recent } from "./screens/recent.js"
import { Take } from "./screens/take.js"
import { Time } from "./screens/time.js"
import { Waiting } from "./screens/waiting.js"
import { Locked } from "./screens/who.js"
import { lock, readPeople } from "./shift.js"
import * as state from "./state.js"
import { openStore } from "./store.js"
import { Sync } from "./sync.js"
import { applyWhenQuiet, keepUpToDate, lookForUpdate } from "./update.js"
import { Keyring } from "./vault.js"
import { language, say } from "./words.js"

const LOCK_AFTER_S = 30 // the unit's pack may say otherwise
const SECOND = 1_000
const DRAW_MS = 5_000 // what the screen says of times moves in steps of this
const { phone } = state
const SCREENS = {
  list: List,
  take: Take,
  check: Check,
  parts: Parts,
  unseen: Unseen,
  time: Time,
  recent: Recent,
  waiting: Waiting,
  phone: Phone,
}
const WITHOUT_DRAFT = ["list", "take", "waiting", "phone"]

function App() {
  if (!state.device.value) return html`<${Enrol} />`
  if (state.locked.value || !state.session.value) return html`<${Locked} />`
  const { name } = state.screen.value
  const isLost = !WITHOUT_DRAFT.includes(name) && (!state.draft.value || !state.snapshot.value)
  return html`<${SCREENS[isLost ? "list" : name]} /><${Messages} />`
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
  render(html`<${App} />`, root)
  watchTouch()
  watchNetwork()
  keepUpToDate()
  navigator.storage?.persist?.()
}

async function putTogether() {
  phone.store = await openStore(() => location.reload())
  phone.clock = new Clock(await phone.store.device.get("clock"))
  phone.keyring = new Keyring()
  phone.door = new Door(phone.clock)
  phone.door.deviceToken = (await phone.store.device.get("token")) ?? null
  phone.outbox = new Outbox({
    store: phone.store.entries,
    box: phone.keyring,
    send: sendBatch,
    now: () => phone.clock.now(),
    alone: (work) => navigator.locks.request("milieu-outbox", work),
    told: () => (state.items.value = phone.outbox.items),
  })
  phone.sync = new Sync({ push, pull, told: (told) => (state.contact.value = told) })
  state.now.value = phone.clock.now()
  await phone.outbox.load()
  await readPeople()
  state.device.value = (await phone.store.device.get("device")) ?? null
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
  })
  addEventListener("popstate", () => (state.screen.value = { name: "list" }))
  setInterval(() => {
    const after = state.snapshot.value?.pack?.limits?.lock_after_s ?? LOCK_AFTER_S
    if (clocks().some((time, n) => time - touchedAt[n] > after * SECOND)) lock()
  }, SECOND)
}

function watchNetwork() {
  const visible = () => document.visibilityState === "visible"
  addEventListener("online", () => phone.sync.wake())
  addEventListener("offline", () => (state.contact.value = { online: false, problem: null }))
  document.addEventListener("visibilitychange", () => {
    if (!visible()) return
    lookForUpdate()
    phone.sync.wake()
  })
  const others = new BroadcastChannel("milieu-outbox") // another tab of this phone
  others.onmessage = () => phone.outbox.load()
  let shown = null
  effect(() => {
    const states = state.items.value.map(({ id, state: where }) => `${id} ${where}`).join()
    if (shown !== null && shown !== states) others.postMessage("changed")
    shown = states
  })
  setInterval(() => {
    const now = phone.clock.now()
    state.now.value = now - (now % DRAW_MS)
    applyWhenQuiet()
    if (!state.session.value) return
    phone.sync.tick({ waiting: state.counts.value.onPhone > 0, visible: visible() })
  }, SECOND)
}

start()
