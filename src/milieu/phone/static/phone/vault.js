/**
 * What lies on this phone's disk about anyone is sealed with a content key (AES-GCM, 256 bits).
 * A vault holds content keys, and a person's session, sealed by something that only that person
 * has: a PIN, a badge; or that only the server has. A phone that is found shows nothing of anyone.
 *
 * A PIN of six digits is short. What makes it hold is the phone's own lock and the five tries;
 * docs/security.md says what a stolen phone gives away.
 *
 * @typedef {{kid: string, iv: Uint8Array, data: ArrayBuffer}} Sealed
 * @typedef {{salt: Uint8Array, iterations: number, iv: Uint8Array, data: ArrayBuffer}} Vault
 */

// OWASP Password Storage Cheat Sheet (2023): PBKDF2-HMAC-SHA256 with 600,000 iterations.
export const ITERATIONS = 600_000
const AES = { name: "AES-GCM", length: 256 }
const TO_SEAL = ["encrypt", "decrypt"]

const bytesOf = (value) => new TextEncoder().encode(value)
const random = (length) => crypto.getRandomValues(new Uint8Array(length))

export const toBase64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
export const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
export const newSalt = () => random(16)

/** The key that a PIN or a badge stands for, with this salt. Slow on purpose. */
export async function keyOf(secret, salt, iterations = ITERATIONS) {
  const raw = await crypto.subtle.importKey("raw", bytesOf(secret), "PBKDF2", false, ["deriveKey"])
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations }
  return crypto.subtle.deriveKey(how, raw, AES, false, TO_SEAL)
}

/** The key that these 32 bytes are. */
export const keyFrom = (raw) => crypto.subtle.importKey("raw", raw, AES, false, TO_SEAL)

/** Seal any JSON value. `about` must be said again to open it, so that boxes cannot be swapped. */
export async function seal(key, value, about = "") {
  const iv = random(12)
  const how = { name: "AES-GCM", iv, additionalData: bytesOf(about) }
  return { iv, data: await crypto.subtle.encrypt(how, key, bytesOf(JSON.stringify(value))) }
}

/** Open a box, or return null when this is not its key. */
export async function open(key, { iv, data }, about = "") {
  const how = { name: "AES-GCM", iv, additionalData: bytesOf(about) }
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, data)))
  } catch (error) {
    if (error.name === "OperationError") return null
    throw error
  }
}

/** Lock a value away under a PIN or badge. @returns {Promise<Vault>} */
export async function lockAway(secret, value, { salt = newSalt(), iterations = ITERATIONS } = {}) {
  return { salt, iterations, ...(await seal(await keyOf(secret, salt, iterations), value)) }
}

/** The key that opens this vault, if the secret is the right one. @param {Vault} vault */
export const keyToVault = (secret, { salt, iterations }) => keyOf(secret, salt, iterations)

/** What is in the vault, or null when the secret is wrong. @param {Vault} vault */
export async function takeOut(secret, vault) {
  return open(await keyToVault(secret, vault), vault)
}

/** The content keys that are open now. The newest seals; any opens what it sealed. */
export class Keyring {
  #keys = new Map() // kid -> {raw, key}

  /** Make a first content key when there is none. */
  async begin() {
    if (!this.#keys.size) await this.#add(crypto.randomUUID(), random(32))
  }

  /** Add the keys from a vault. @param {Record<string, string>} keys  kid -> base64 */
  async add(keys) {
    for (const [kid, raw] of Object.entries(keys ?? {})) await this.#add(kid, fromBase64(raw))
  }

  /** All keys, to be locked away. @returns {Record<string, string>} */
  toVault() {
    return Object.fromEntries([...this.#keys].map(([kid, { raw }]) => [kid, toBase64(raw)]))
  }

  /** Whether every key here is also in `keys`. */
  isIn(keys) {
    return [...this.#keys.keys()].every((kid) => kid in (keys ?? {}))
  }

  async seal(value, about) {
    const [kid, { key }] = [...this.#keys].at(-1)
    return { kid, ...(await seal(key, value, about)) }
  }

  /** What is in the box; undefined when its key is not open on this phone now. */
  async open(sealed, about) {
    const held = this.#keys.get(sealed.kid)
    return held ? open(held.key, sealed, about) : undefined
  }

  async #add(kid, raw) {
    if (!this.#keys.has(kid)) this.#keys.set(kid, { raw, key: await keyFrom(raw) })
  }
}
