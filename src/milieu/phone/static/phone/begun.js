/**
 * What is begun and not recorded yet: kept on this phone's disk, sealed like everything about anyone,
 * until it is recorded or given up. So an empty battery, a lock or a colleague who needs the phone
 * costs no word that somebody said, and no moment at which somebody was held.
 */

import { effect } from "./html.js"
import { begun, draft, me, phone, session } from "./state.js"

const NAME = "begun"
const KEEP_MS = 72 * 3_600_000 // as what was sent; outbox.js
/** A plan is whose author began it, a check too until another opens the phone; a start is for whoever has it. */
const KEPT = {
  check: ({ stay }) => `check ${stay} ${me.value?.id}`,
  plan: ({ stay }) => `plan ${stay} ${me.value?.id}`,
  "held-start": ({ stay }) => `held-start ${stay}`,
}

export const keyOf = (screen, stay) => KEPT[screen]({ stay })
export const begunOf = (screen, stay) => begun.value[keyOf(screen, stay)] ?? null
export const forget = (screen, stay) => put(keyOf(screen, stay), null)

/**
 * What of a draft is to be kept, under which key; null for all that is not. A plan that nobody
 * changed yet (`from`) is not begun.
 */
export function toKeep(one, known = KEPT) {
  if (!one || !(one.screen in known) || one.amends || one.mending || one.said === one.from) return null
  const { said, at, note, concern } = one
  const what = one.screen !== "check" ? { said, at } : note || concern ? { note, concern } : null
  return [known[one.screen](one), what]
}

/** What is not too old to go on with, and no check of anybody but this holder. */
export const lately = (all, now, holder) =>
  Object.fromEntries(
    Object.entries(all).filter(
      ([key, { kept_at }]) => now - kept_at < KEEP_MS && (!key.startsWith("check") || key.endsWith(holder)),
    ),
  )

/** Read what was begun whenever somebody opens the phone, and keep what is being written. */
export function keepBegun() {
  effect(() => void (session.value && read()))
  effect(() => {
    const [key, value] = toKeep(draft.value) ?? []
    if (key) put(key, value)
  })
}

let writing = Promise.resolve()
let isAsked = false

async function read() {
  await writing
  const sealed = await phone.store.device.get(NAME)
  const found = (sealed && (await phone.keyring.open(sealed, NAME))) ?? {}
  const all = { ...found, ...begun.value }
  begun.value = lately(all, phone.clock.now(), me.value?.id)
  if (Object.keys(all).length > Object.keys(begun.value).length) keep()
}

function put(key, value) {
  const { [key]: before, ...others } = begun.peek()
  if (!value && !before) return
  begun.value = value ? { ...others, [key]: { ...value, kept_at: phone.clock.now() } } : others
  keep()
}

function keep() {
  if (isAsked) return
  isAsked = true
  writing = writing.then(write).catch(() => {}) // a full disk: what is written goes on in memory
}

async function write() {
  isAsked = false
  await phone.store.device.put(NAME, await phone.keyring.seal(begun.peek(), NAME))
}
