/** How a phone calls somebody: tones, shaking, and a notice when another app is in front. */

import { say } from "./words.js"

const CALL = [880, 1175, 880, 1175] // Hz
/** Help is called: like nothing else that rings here. */
export const SIREN = [620, 930, 620, 930, 620, 930, 620, 930]
/** A limit of restraint has passed: the sharpest that there is. */
export const LIMIT = [1480, 740, 1480, 740, 1480, 740, 1480, 740, 1480, 740]
const AGAIN_MS = 20_000
const NOTE_S = 0.25
const LOUD = 0.5
const SHAKE_MS = [400, 150, 400]
const TAG = "milieu" // one notice at a time; the newest stands
const AWAKE = "milieu-awake"
let audio = null
let wanted = null // the tones that are to sound; a browser may keep them until the phone is touched
let waking = false
let lock = null
// A first tone takes a slow phone a while: not in the moment in which somebody taps. One that is never
// idle, or out of sight, sounds all the same.
const whenIdle = globalThis.requestIdleCallback ?? setTimeout
const SOON = { timeout: 300 } // ms

/** Ring once. The notice names nobody: it may lie on a table. */
export function ring(key, pitches = CALL) {
  wanted = pitches
  whenIdle(() => sound().catch(() => {}), SOON) // a phone may have no speaker
  navigator.vibrate?.(SHAKE_MS)
  if (document.hidden) notify(say(key)).catch(() => {})
}

/**
 * What rings again every 20 seconds for as long as it is called for, and is then hushed. It is told
 * so whenever something may have changed, with the server's time.
 */
export function ringing(key, pitches) {
  let rangAt = -Infinity
  return (isCalled, time) => {
    if (isCalled && Math.abs(time - rangAt) < AGAIN_MS) return
    if (isCalled) ring(key, pitches)
    else if (rangAt > -Infinity) hush()
    rangAt = isCalled ? time : -Infinity
  }
}

/** There is nothing to call for any longer. */
export async function hush() {
  wanted = null
  navigator.vibrate?.(0)
  const worker = await navigator.serviceWorker?.ready
  for (const notice of (await worker?.getNotifications({ tag: TAG })) ?? []) notice.close()
}

// What could not sound yet sounds once when it can, and not if it was hushed meanwhile.
async function sound() {
  audio ??= new AudioContext()
  if (waking) return
  waking = true
  await audio.resume().finally(() => (waking = false))
  const pitches = wanted
  wanted = null
  if (!pitches) return
  const tone = audio.createOscillator()
  const level = audio.createGain()
  pitches.forEach((pitch, n) => tone.frequency.setValueAtTime(pitch, audio.currentTime + n * NOTE_S))
  level.gain.value = LOUD
  tone.connect(level).connect(audio.destination)
  tone.onended = () => audio.suspend()
  tone.start()
  tone.stop(audio.currentTime + pitches.length * NOTE_S)
  const { dataset } = document.documentElement
  dataset.rang = Number(dataset.rang ?? 0) + 1
}

async function notify(body) {
  if (notices() !== "granted") return
  const worker = await navigator.serviceWorker.ready
  await worker.showNotification("Milieu", {
    body,
    tag: TAG,
    renotify: true,
    requireInteraction: true,
    vibrate: SHAKE_MS,
  })
}

/** Whether notices may be shown: `granted`, `denied`, or `default` while nobody was asked. */
export const notices = () => globalThis.Notification?.permission ?? "denied"
export const askForNotices = () => globalThis.Notification?.requestPermission()

/** Whether the screen stays on while the app is in front: then the phone does not fall asleep. */
export const staysOn = () => localStorage.getItem(AWAKE) === "on"

export function setStaysOn(on) {
  localStorage.setItem(AWAKE, on ? "on" : "off")
  keepScreen()
}

/** The browser lets the screen go whenever the app is out of sight: ask again. */
export async function keepScreen() {
  if (document.hidden || !navigator.wakeLock) return
  await lock?.release()
  lock = staysOn() ? await navigator.wakeLock.request("screen").catch(() => null) : null
}
