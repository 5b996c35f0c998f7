/**
 * How presence is shown with a check: a tag, a code, a colleague. Never asked for. What was read is
 * `pending`, `at` the device's time, for a short while: {shown, at, room, stay}; `room` or `stay`
 * say whom alone it can be about. docs/wire.md has what is `shown`.
 */

import { signal } from "./html.js"
import { draft, go, locked, pending, phone, screen, snapshot } from "./state.js"
import { everyone, personOf } from "./unit.js"

const WALL_LENGTH = 6 // a code of the wall board; one that is printed at a door is longer
const SUN = /picc_data=([0-9a-f]{32})&cmac=([0-9a-f]{16})/i

export const isReading = signal(false)
export const lastDoor = signal(null) // {room, at}: the last tag that was tapped with this phone
export const canTap = () => "NDEFReader" in globalThis

const isWall = ({ how, code }) => how === "code" && code.length === WALL_LENGTH

/** The message in what a tag says, or null when it is none of our kind. */
export function sunOf(text) {
  const [, picc_data, cmac] = SUN.exec(text) ?? []
  return cmac ? { how: "tap", picc_data, cmac } : null
}

/** The code in what a camera read or a person typed; empty while it is not whole. */
export function codeOf(text) {
  const code = text.toUpperCase().replace(/[^0-9A-Z]/g, "")
  return [WALL_LENGTH, 8].includes(code.length) ? code : ""
}

/** Keep what was just read for the check that follows. */
export const keep = (shown, more = {}) =>
  (pending.value = { room: null, stay: null, ...more, shown, at: phone.clock.device() })

/** What shows presence for a check of this person now, or null. */
export function pendingFor(stay, now = phone.clock.device()) {
  const { shown, at, room, stay: only } = pending.value ?? {}
  if (!shown || (only && only !== stay)) return null
  if (room && personOf(stay)?.room !== room) return null
  const { tap_within_s, wall_code_s } = snapshot.value.pack.limits
  return now - at <= 1000 * (isWall(shown) ? wall_code_s : tap_within_s) ? pending.value : null
}

/** What goes with a check, once: two checks need two taps. A wall code goes with a walk. */
export async function useFor(stay, entryId) {
  const found = pendingFor(stay)
  if (!found) return {}
  const { shown, at } = found
  if (!isWall(shown)) pending.value = null
  const said = { ...shown, at: new Date(at).toISOString() }
  if (shown.how !== "second") return { presence: said }
  delete said.token
  return { presence: { ...said, proof: await proofOf(shown.token, entryId) } }
}

/** What shows that this token was open here, for one entry only. */
export async function proofOf(token, entryId) {
  const bytes = (text) => new TextEncoder().encode(text)
  const raw = await crypto.subtle.digest("SHA-256", bytes(token))
  const how = { name: "HMAC", hash: "SHA-256" }
  const key = await crypto.subtle.importKey("raw", raw, how, false, ["sign"])
  const made = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(entryId)))
  return [...made].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** Begin to read tags. A browser asks for a tap on the screen first; then it goes on. */
export async function readTags(open) {
  const reader = new globalThis.NDEFReader()
  reader.onreading = ({ message, serialNumber }) => {
    const texts = message.records.map(({ data }) => new TextDecoder().decode(data))
    tapped(texts.map(sunOf).find(Boolean), serialNumber, open)
  }
  await reader.scan()
  isReading.value = true
}

function tapped(shown, serialNumber, open) {
  if (!shown || !snapshot.value) return
  const uid = serialNumber?.replaceAll(":", "").toUpperCase()
  const room = snapshot.value.pack.doors?.[uid] ?? null
  keep(shown, { room })
  if (room) lastDoor.value = { room, at: phone.clock.now() }
  navigator.vibrate?.(50)
  if (!room || locked.value || draft.value || screen.value.name !== "list") return
  const here = everyone.value.filter((person) => person.room === room && person.state === "in")
  if (here.length === 1) open(here[0].id)
  else if (here.length) go("door", { room })
}
