/**
 * Who holds the phone. A phone is enrolled once; a person signs in with a password once in a
 * shift; after that a PIN or a badge opens the phone for them, with or without network.
 */

import { Refused, Unreachable } from "./door.js"
import {
  counts,
  device,
  draft,
  locked,
  lockScreen,
  now,
  pending,
  people,
  phone,
  screen,
  session,
  snapshot,
  toast,
} from "./state.js"
import {
  fromBase64,
  keyFrom,
  keyOf,
  keyToVault,
  lockAway,
  newSalt,
  open,
  seal,
  takeOut,
  toBase64,
} from "./vault.js"

export const PIN_TRIES = 5
export const PIN_MIN = 6
export const PIN_MAX = 10
const KEEP_MS = 72 * 3_600_000 // an ended session can still send what was written; docs/wire.md
const VAULT = "phone_vault" // by this name alone, as older versions kept it: read, never written

/** The PIN is not this person's. `left` tries remain before only a password helps. */
export class WrongPin extends Error {
  constructor(left) {
    super()
    this.left = left
  }
}

/** The badge is not this person's, or was never used on this phone. */
class WrongBadge extends Error {}

export async function enrol(code, name) {
  const answer = await phone.door.post("/phone/enrol", { code, name })
  await phone.store.device.put("token", answer.device_token)
  await phone.store.device.put("device", answer.device)
  phone.door.deviceToken = answer.device_token
  phone.vault = null // its key was for the phone that this was before
  device.value = answer.device
  lockScreen.value = { name: "who" }
}

/** Sign in with a password. The PIN is asked for next; see `withPin` and `withNewPin`. */
export const signIn = (username, password, otp, own) =>
  phone.door.post("/phone/session", {
    username,
    password,
    otp: otp || null,
    new_password: own || "",
  })

/** After signing in: the PIN that the server already knows. */
export async function withPin(answer, pin) {
  const person = answer.person.id
  const again = await phone.door.post("/phone/unlock", { person, pin }, answer.session.token)
  await adopt({ phone_key: answer.phone_key, ...again }, { pin })
}

/** After signing in: a PIN of one's own choice. */
export async function withNewPin(answer, pin) {
  await phone.door.post("/phone/pin", { pin }, answer.session.token)
  await adopt(answer, { pin })
}

const early = { pin: null, vault: null, key: null, busy: false }

/**
 * A PIN is being typed, and could be whole: begin on its key, which takes a phone up to half a
 * second. A key alone opens nothing and tells nothing; `unlock` counts the try before it is used.
 */
export async function expectPin(personId, pin) {
  const known = await phone.store.people.get(personId)
  if (!known?.pin || early.busy) return
  Object.assign(early, { pin, vault: known.pin, busy: true })
  early.key = keyToVault(pin, known.pin).finally(() => (early.busy = false))
}

function keyFor(pin, vault) {
  const isReady = early.pin === pin && String(early.vault?.salt) === String(vault.salt)
  const key = isReady ? early.key : keyToVault(pin, vault)
  Object.assign(early, { pin: null, vault: null, key: null })
  return key
}

// Counted, on the disk, before trying, so that ending the app gives no try back.
async function openWithPin(known, pin) {
  if (!known?.pin || known.misses >= PIN_TRIES) throw new WrongPin(0)
  const counting = phone.store.people.put({ ...known, misses: known.misses + 1 })
  const [key] = await Promise.all([keyFor(pin, known.pin), counting])
  const held = await open(key, known.pin)
  if (!held) throw new WrongPin(PIN_TRIES - known.misses - 1)
  return held
}

/** Open the phone for someone who has signed in in this shift, here or on another phone. */
export async function unlock(personId, pin) {
  const known = await phone.store.people.get(personId)
  if (!known?.pin)
    return adopt(await phone.door.post("/phone/unlock", { person: personId, pin }), { pin })

  const held = await openWithPin(known, pin)
  const forgiving = phone.store.people.put({ ...known, misses: 0 })
  if (hasEnded(held)) {
    await forgiving
    return renew({ person: personId, pin }, { pin }, known, held)
  }
  await Promise.all([forgiving, begin(known, held, { pin })])
}

/**
 * A colleague opens their own lock for a moment, without network too: their session's token, which
 * only their PIN or badge gives out here. Nothing of theirs stays open.
 */
export async function vouch(personId, { pin, badge }) {
  const known = await phone.store.people.get(personId)
  if (badge) {
    const held = known?.badge && (await open(await keyOf(badge, await badgeSalt()), known.badge))
    if (!held) throw new WrongBadge()
    return { person: personId, token: held.token }
  }
  const held = await openWithPin(known, pin)
  await phone.store.people.put({ ...known, misses: 0 })
  return { person: personId, token: held.token }
}

export async function unlockByBadge(badge) {
  const key = await keyOf(badge, await badgeSalt())
  for (const known of await phone.store.people.all()) {
    const held = known.badge && (await open(key, known.badge))
    if (held && !hasEnded(held)) return begin(known, held, { badge })
    if (held) return renew({ badge }, { badge }, known, held)
  }
  await adopt(await phone.door.post("/phone/unlock", { badge }), { badge })
}

/** Hide everything. The session stays in memory, so that what was written goes on being sent. */
export function lock() {
  if (locked.value) return
  locked.value = true
  toast.value = null
}

/** End this person's session here. Only when everything that was written has been sent. */
export async function signOut() {
  const { person, token } = session.value
  await phone.door.post("/phone/sign-out", {}, token)
  await phone.store.people.remove(person.id)
  session.value = null
  draft.value = null
  lock()
  await readPeople()
}

/** Read who has signed in here; forget who left long ago, when nothing is unsent. */
export async function readPeople(read = phone.store.people.all()) {
  const all = await read
  const unsent = counts.value.onPhone > 0
  const isOld = ({ ends_at }) => Date.parse(ends_at) + KEEP_MS < now.value
  for (const old of unsent ? [] : all.filter(isOld)) await phone.store.people.remove(old.id)
  people.value = (unsent ? all : all.filter((one) => !isOld(one))).map(
    ({ id, name, initials, misses }) => ({ id, name, initials, misses }),
  )
}

const hasEnded = ({ ends_at }) => Date.parse(ends_at) <= phone.clock.now()

// The session is over by the clock. With network the server decides; without it the night goes
// on: what is written now is kept, and is this person's.
async function renew(body, secret, known, held) {
  try {
    await adopt(await phone.door.post("/phone/unlock", body), secret)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    await begin(known, held, secret)
  }
}

// The server has opened a session: keep it, sealed by what this person used.
async function adopt(answer, { pin, badge }) {
  const { person, session: fresh } = answer
  const known = (await phone.store.people.get(person.id)) ?? { pin: null, badge: null }
  const older = pin && known.pin ? await takeOut(pin, known.pin) : null
  await phone.keyring.add(older?.keys)
  await openPhoneVault(answer.phone_key)
  await phone.keyring.begin()
  await begin({ ...known, ...person, misses: 0 }, { ...fresh, keys: {} }, { pin, badge })
}

async function begin(known, held, secret) {
  await phone.keyring.add(held.keys)
  if (!phone.keyring.isIn(held.keys) || !known.ends_at) await keepVault(known, held, secret)
  await keepPhoneVault()
  const { id, name, initials } = known
  const { token, starts_at, ends_at } = held
  if (session.value?.person.id !== id) {
    draft.value = pending.value = null
    screen.value = { name: "list" }
  }
  session.value = { person: { id, name, initials }, token, starts_at, ends_at }
  const [last] = await Promise.all([readSnapshot(), phone.outbox.load(), phone.rest])
  snapshot.value ??= last
  locked.value = false
  lockScreen.value = { name: "who" }
  await readPeople()
  phone.sync.wake()
}

async function keepVault(known, held, { pin, badge }) {
  const content = { ...held, keys: phone.keyring.toVault() }
  const kept = { ...known, ends_at: held.ends_at, misses: 0 }
  if (pin) kept.pin = await lockAway(pin, content)
  if (badge) kept.badge = await lockAway(badge, content, { salt: await badgeSalt() })
  await phone.store.people.put(kept)
}

async function badgeSalt() {
  const salt = (await phone.store.device.get("badge_salt")) ?? newSalt()
  await phone.store.device.put("badge_salt", salt)
  return salt
}

// The content keys, sealed by what only the server has: whoever signs in with a password can send
// what was written by a person who has forgotten a PIN. A phone that is enrolled anew, or whose
// server lost its secret, is given another key. Each key has a vault of its own, by its fingerprint:
// none takes the place of one that it cannot open.
async function openPhoneVault(phoneKey) {
  if (!phoneKey) return
  const raw = fromBase64(phoneKey)
  const print = toBase64(await crypto.subtle.digest("SHA-256", raw))
  phone.vault = { name: `${VAULT} ${print}`, key: await keyFrom(raw) }
  for (const name of [VAULT, phone.vault.name]) {
    const vault = await phone.store.device.get(name)
    if (vault) await phone.keyring.add(await open(phone.vault.key, vault))
  }
}

async function keepPhoneVault() {
  if (!phone.vault) return
  const { name, key } = phone.vault
  await phone.store.device.put(name, await seal(key, phone.keyring.toVault()))
}

async function readSnapshot() {
  const sealed = await phone.store.device.get("snapshot")
  return (sealed && (await phone.keyring.open(sealed, "snapshot"))) ?? null
}

/** What to tell when a sign-in or an unlock did not work: a key of the catalogue, or words. */
export function trouble(error) {
  if (error instanceof WrongPin)
    return error.left > 0 ? { many: "wrong-pin", n: error.left } : { key: "pin-locked" }
  if (error instanceof WrongBadge) return { key: "wrong-badge" }
  if (error instanceof Unreachable) return { key: "no-network-now" }
  if (error instanceof Refused) return { words: error.message }
  throw error
}
