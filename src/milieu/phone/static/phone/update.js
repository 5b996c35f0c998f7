/**
 * New versions. The service worker fetches a new version whole beside the old one; it takes over
 * only when nobody is writing, and what waits has been sent: the page begins anew with it, and then
 * sends nothing until somebody unlocks the phone. Something that cannot be sent holds it up for an
 * hour at most. What was written lies in IndexedDB, which no version of the worker touches.
 */

import { items, locked, phone, screen, session, update } from "./state.js"

const WORKER = "/phone/sw.js"
const CHECK_MS = 3_600_000
export const UNSENT_MAX_MS = 3_600_000 // longer than that nothing but a hand holds a new version up
let registration = null
let reloadWhenQuiet = false
let wanted = false // the person asked for it: the list need not be locked first
let readyAt = null // since when a new version waits here

export async function keepUpToDate() {
  const workers = navigator.serviceWorker
  if (!workers) return
  if (document.documentElement.dataset.worker === "none") return letGo(workers)
  let isControlled = Boolean(workers.controller)
  workers.addEventListener("controllerchange", () => {
    reloadWhenQuiet = isControlled // the first worker of all takes over a page of its own version
    isControlled = true
    applyWhenQuiet()
  })
  registration = await workers.register(trusted(WORKER), {
    scope: "/phone/",
    updateViaCache: "none",
  })
  registration.addEventListener("updatefound", () => watch(registration.installing))
  watch(registration.waiting ?? registration.installing)
  setInterval(lookForUpdate, CHECK_MS)
}

/** Ask whether there is a new version. Without network there is none. */
export function lookForUpdate() {
  registration?.update().catch(() => {})
}

/** The person wants the new version: it comes as soon as nothing is held or being sent. */
export function useUpdate() {
  wanted = true
  applyWhenQuiet()
}

/** Let a new version take over, if nobody is writing and nothing has to be sent first. */
export function applyWhenQuiet(at = performance.now()) {
  if (!reloadWhenQuiet && !registration?.waiting) return
  readyAt ??= at
  const writing = !locked.value && !(wanted && screen.value.name === "list")
  if (writing || (isSomethingUnsent() && at - readyAt < UNSENT_MAX_MS)) return
  if (reloadWhenQuiet) location.reload()
  else registration.waiting.postMessage("take-over")
}

// Whoever locked the phone is still known to it, and it goes on sending; whoever looks at the list
// will unlock it again at once. What no key that is open here can read is not sent by waiting.
function isSomethingUnsent() {
  const goesOn = locked.value && session.value
  const unsent = ({ state, entry }) =>
    state === "held" || (goesOn && state === "waiting" && entry)
  return phone.outbox.isSending || items.value.some(unsent)
}

/** The app has to go: what the worker began by itself, its page ends. */
async function letGo(workers) {
  for (const each of await workers.getRegistrations()) await each.unregister()
}

function watch(worker) {
  if (!worker) return
  const look = () => {
    update.value = Boolean(registration.waiting && navigator.serviceWorker.controller)
    if (update.value) applyWhenQuiet()
  }
  worker.addEventListener("statechange", look)
  look()
}

function trusted(url) {
  if (!globalThis.trustedTypes) return url
  return trustedTypes
    .createPolicy("milieu-phone", { createScriptURL: () => url })
    .createScriptURL(url)
}
