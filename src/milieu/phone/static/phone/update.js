/**
 * New versions. The service worker fetches a new version whole beside the old one; it takes over
 * only when nobody is writing and nothing is being sent. What was written lies in IndexedDB, which
 * no version of the worker touches.
 */

import { items, locked, phone, screen, update } from "./state.js"

const WORKER = "/phone/sw.js"
const CHECK_MS = 3_600_000
let registration = null
let reloadWhenQuiet = false
let wanted = false // the person asked for it: the list need not be locked first

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

/** Let a new version take over, if nobody is writing and nothing is being sent. */
export function applyWhenQuiet() {
  const writing = !locked.value && !(wanted && screen.value.name === "list")
  const held = items.value.some(({ state }) => state === "held")
  if (writing || held || phone.outbox.isSending) return
  if (reloadWhenQuiet) location.reload()
  else registration?.waiting?.postMessage("take-over")
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
