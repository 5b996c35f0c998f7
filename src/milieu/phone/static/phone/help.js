/**
 * Help: called here, heard here. A call sounds on this phone at once, with or without network, and
 * is kept until the server has it; of others' calls the server tells within a second, through a
 * feed that stays open. A phone that nobody has unlocked calls and hears as well.
 */

import { uuid7, writtenAt } from "./entry.js"
import { computed, effect, signal } from "./html.js"
import { lastDoor } from "./presence.js"
import { hush, ring, SIREN } from "./ring.js"
import { device, draft, items, locked, me, now, phone, session } from "./state.js"
import { personOf } from "./unit.js"

const AGAIN_MS = 2_500 // between two sounds of the siren
const TRY_MS = 2_000
const SILENCE_MS = 12_000 // the server speaks every 5 seconds
const FRESH_MS = 120_000 // a tag tapped this lately says where I am before an open page does
const AGE_MAX_S = 86_400

const told = signal([]) // open calls, as the server last told
const waiting = signal([]) // what was said here and is not yet with the server: {word, at, caller, by}
const quiet = signal(new Set()) // calls that do not sound on this phone any longer

const notTaken = signal(null) // what the server refused last: {by, call, message}

/** What stands of calls when something more was said here. Said here, it counts here at once. */
export function callsNow(fromServer, saidHere) {
  const calls = new Map(fromServer.map((call) => [call.id, call]))
  for (const { word, at, caller } of saidHere) {
    const { call: id, says, stay, room, room_by } = word
    if (says === "over") calls.delete(id)
    else if (says === "called" && !calls.has(id)) {
      const called_at = new Date(at).toISOString()
      calls.set(id, { id, called_at, caller, stay, room, room_by, ...NOBODY, onPhone: true })
    } else if (calls.has(id) && says !== "called") {
      const call = calls.get(id)
      calls.set(id, { ...call, [says]: [...new Set([...call[says], caller])] })
    }
  }
  return [...calls.values()]
}
const NOBODY = { phone: "", coming: [], there: [] }

export const calls = computed(() => callsNow(told.value, waiting.value))
export const isAnswered = ({ coming, there }) => coming.length + there.length > 0
const sounds = computed(() =>
  calls.value.filter((call) => !isAnswered(call) && !quiet.value.has(call.id)),
)

export const hearCalls = (fromServer) => fromServer && (told.value = fromServer)
/** Why the server did not take what was said of this call, for whoever said it; or "". */
export function whyNotTaken(id) {
  const { by, call, message } = notTaken.value ?? {}
  return !locked.value && call === id && by === me.value?.id ? message : ""
}
export const beQuiet = (id) => (quiet.value = new Set([...quiet.value, id]))
export const isQuiet = (id) => quiet.value.has(id)

/** Call for help, from wherever this phone was last. */
export const callHelp = () => {
  const id = uuid7(phone.clock.now())
  const by = locked.value ? null : (me.value?.id ?? null)
  return keep({ id, call: id, says: "called", by, ...whereNow(phone.clock.now()) })
}

/** Say of a call that I come, that I am there, or that it is over. */
export const sayOf = (call, says, outcome = "") => {
  if (notTaken.value?.call === call) notTaken.value = null
  return keep({ id: uuid7(phone.clock.now()), call, says, outcome })
}

function whereNow(time) {
  const { room: tapped, at } = lastDoor.value ?? {}
  const stay = (!locked.value && draft.value?.stay) || null
  const open = stay && personOf(stay)
  if (tapped && (!open || time - at < FRESH_MS)) {
    return { stay, room: tapped, room_by: "tag", room_age_s: inSeconds(time - at) }
  }
  return open ? { stay, room: open.room, room_by: "person" } : (lastCheck(time) ?? {})
}

// Where a check was last written on this phone: better than nothing, and said to be that.
function lastCheck(time) {
  const last = items.value.findLast(({ entry }) => entry?.kind === "round.check")?.entry
  const room = last && personOf(last.stay)?.room
  return room ? { room, room_by: "check", room_age_s: inSeconds(time - writtenAt(last)) } : null
}

const inSeconds = (ms) => Math.min(Math.max(Math.round(ms / 1000), 0), AGE_MAX_S)

// `by` is whose session was open then. Of a locked phone it is who had it last: the server takes a
// call for theirs, and it never goes out in the session of the next.
async function keep(word) {
  const caller = locked.value ? "" : (me.value?.name ?? "")
  const said = { word, at: phone.clock.now(), caller, by: me.value?.id ?? null }
  waiting.value = [...waiting.value, said]
  await phone.store.device.put("help", waiting.value)
  send()
}

const isCall = ({ word }) => word.says === "called"
const isBy = ({ by, caller }, { id, name }) => (by === undefined ? caller === name : by === id)

/**
 * What can go now of what waits, calls first, each with the token that it goes with. A call goes by
 * itself; what is said of one goes only in the session of whoever said it, and after what has to be
 * stored before it: the call, and what they said of it earlier. Nothing else is waited for.
 * @param {object | null} session  null also when the server takes it for ended
 */
export function ready(said, session) {
  const tokenOf = (one) => (session && isBy(one, session.person) ? session.token : null)
  const isBefore = (one) => (other) =>
    other.word.call === one.word.call && (isCall(other) || other.by === one.by)
  return said
    .map((one) => ({ ...one, token: tokenOf(one) }))
    .filter((one, n) => isCall(one) || (one.token && !said.slice(0, n).some(isBefore(one))))
    .sort((a, b) => isCall(b) - isCall(a))
}

const underWay = new Set() // ids of words
let ended = null // the token of a session that has ended: docs/wire.md, "Help"

/** Send what can go. A word that is not taken, or not answered yet, holds no other up. */
export async function send() {
  const open = session.value?.token === ended ? null : session.value
  const going = ready(waiting.value, open).filter(({ word }) => !underWay.has(word.id))
  await Promise.all(going.map(sendOne))
}

async function sendOne(said) {
  const { id } = said.word
  underWay.add(id)
  try {
    await tell(said)
    waiting.value = waiting.value.filter(({ word }) => word.id !== id)
    await phone.store.device.put("help", waiting.value)
    send() // what had to wait for it
  } catch {
    // No network, or not taken now: it is tried again in a moment, for as long as it takes.
  } finally {
    underWay.delete(id)
  }
}

// Resolves when the server has it, or never will take it.
async function tell({ word, at, by, token }) {
  const age_ms = Math.max(0, Math.round(phone.clock.now() - at))
  try {
    const reply = await phone.door.post("/phone/help", { ...word, age_ms }, token)
    told.value = reply.calls
  } catch (error) {
    if (error.code === "sign-in-first") ended = token
    if (error.status !== 422) throw error
    notTaken.value = { by, call: word.call, message: error.message }
  }
}

/** Follow the server's calls, send what waits, and sound what is open. */
export async function keepListening() {
  waiting.value = (await phone.store.device.get("help")) ?? []
  setInterval(send, TRY_MS)
  let rangAt = -Infinity
  setInterval(() => {
    if (sounds.value.length && performance.now() - rangAt >= AGAIN_MS) {
      rangAt = performance.now()
      ring("ring-help", SIREN)
    }
  }, 500)
  let rings = false
  effect(() => {
    if (rings && sounds.value.length === 0) hush()
    rings = sounds.value.length > 0
  })
  for (;;) {
    await follow().catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, TRY_MS))
  }
}

async function follow() {
  if (!device.value) return
  const ending = new AbortController()
  let silence = setTimeout(() => ending.abort(), SILENCE_MS)
  try {
    const response = await phone.door.follow("/live/phone/", ending.signal)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ""
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      clearTimeout(silence)
      silence = setTimeout(() => ending.abort(), SILENCE_MS)
      const events = (text + value).split("\n\n")
      text = events.pop()
      events.forEach(hearEvent)
    }
  } finally {
    clearTimeout(silence)
    ending.abort()
  }
}

function hearEvent(event) {
  const [name, data] = event.split("\n")
  if (name === "event: board") told.value = JSON.parse(data.slice("data: ".length))
}
