/**
 * After a hard moment: how somebody is. Asked of whoever holds the phone, held in memory while it is
 * open, and on no disk: the next to unlock it finds nothing. docs/wellbeing.md. Only until when
 * somebody wishes not to be asked is kept, sealed.
 */

import { computed, effect, signal } from "./html.js"
import { contact, locked, me, now, phone, session } from "./state.js"

const AGAIN_MS = 10 * 60_000
const LATER_MS = 2 * 3_600_000
const NAME = "asked-later"

export const waiting = signal([]) // what this person is asked now
const later = signal({}) // person -> until when they wish not to be asked

/** What is asked of me now, unless I wished it later. */
export const askedNow = computed(() => ((later.value[me.value?.id] ?? 0) > now.value ? [] : waiting.value))

/** Not now. The wish is kept over a restart: until when, and nothing of what is asked. */
export function askLater() {
  later.value = { ...later.value, [me.value.id]: now.value + LATER_MS }
  return keepLater().catch(() => {}) // a full disk: it holds until the app ends
}

async function keepLater() {
  const still = Object.entries(later.value).filter(([, until]) => until > now.value)
  await phone.store.device.put(NAME, await phone.keyring.seal(Object.fromEntries(still), NAME))
}

async function readLater() {
  const sealed = await phone.store.device.get(NAME)
  const kept = sealed && (await phone.keyring.open(sealed, NAME))
  later.value = { ...kept, ...later.value }
}

/** Keep an answer in the record of nobody: with the server, for its author alone. Nothing waits here. */
export const tellAfter = (said) => exchange((token) => phone.door.post("/phone/after", said, token))

const ask = () => exchange((token) => phone.door.get("/phone/after", token))

async function exchange(send) {
  const { token } = session.value
  const reply = await send(token)
  if (session.value?.token === token && !locked.value) waiting.value = reply.waiting
}

const isOpen = computed(() => Boolean(session.value) && !locked.value)
const mayAsk = computed(() => (isOpen.value && contact.value.online ? session.value.token : ""))
// Asked again at the next turn, whatever comes of this one.
const quietly = () => mayAsk.peek() && readLater().catch(() => {}).then(ask).catch(() => {})

/** Ask when the phone is opened, when the network is back, and now and then; forget when it locks. */
export function keepAsking() {
  effect(() => void (isOpen.value || (waiting.value = [])))
  effect(() => void (mayAsk.value && quietly()))
  setInterval(quietly, AGAIN_MS)
}
