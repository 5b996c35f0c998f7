/**
 * After a hard moment: how somebody is. Asked of whoever holds the phone, held in memory while it is
 * open, and on no disk: the next to unlock it finds nothing. docs/wellbeing.md.
 */

import { computed, effect, signal } from "./html.js"
import { contact, locked, me, now, phone, session } from "./state.js"

const AGAIN_MS = 10 * 60_000
const LATER_MS = 2 * 3_600_000

export const waiting = signal([]) // what this person is asked now
const later = signal({}) // person -> until when they wish not to be asked

/** What is asked of me now, unless I wished it later. */
export const askedNow = computed(() => ((later.value[me.value?.id] ?? 0) > now.value ? [] : waiting.value))

export const askLater = () => (later.value = { ...later.value, [me.value.id]: now.value + LATER_MS })

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
const quietly = () => mayAsk.peek() && ask().catch(() => {}) // asked again at the next turn

/** Ask when the phone is opened, when the network is back, and now and then; forget when it locks. */
export function keepAsking() {
  effect(() => void (isOpen.value || (waiting.value = [])))
  effect(() => void (mayAsk.value && quietly()))
  setInterval(quietly, AGAIN_MS)
}
