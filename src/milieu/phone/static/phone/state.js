/** What the app knows, as signals. Screens read them; shift, record and contact set them. */

import { maySettle, ONLY_HERE } from "./amend.js"
import { computed, signal } from "./html.js"

/**
 * The parts that are made once: store, clock, keyring, door, outbox, sync; `vault`, the name and key
 * of the phone's own, once somebody has signed in; and `rest`, which resolves when the screens and
 * the contact that opening needs are there.
 */
export const phone = {}

export const device = signal(null) // {id, name, unit}
export const people = signal([]) // who has signed in on this phone
export const session = signal(null) // {person, token, starts_at, ends_at}
export const locked = signal(true)
export const screen = signal({ name: "list" })
export const lockScreen = signal({ name: "who" }) // what the locked phone shows; for `pin`, of which person
export const snapshot = signal(null) // what was last pulled
export const items = signal([]) // the outbox
export const keeps = signal(true) // whether this phone's disk took what was written last
export const contact = signal({ online: null, problem: null })
export const now = signal(Date.now()) // the server's time as far as we know, in steps
export const toast = signal(null) // {text, id, beside}: the ids are of what can be taken back, or null
export const draft = signal(null) // what is being written; what is in it: record.js
export const overdue = signal([]) // of my list, beyond the grace: with since when I am going there
export const passing = signal([]) // limits of restraint that are near or passed: holding.js
export const begun = signal({}) // what is begun and not recorded yet: begun.js
export const pending = signal(null) // what shows presence, for the check that follows: presence.js
export const corner = signal(null) // what stands in the corner of every head, once it is read
export const above = signal(null) // what stands above every screen: calls for help
export const update = signal(false) // a newer version waits to take over

const UNSENT = ["held", "waiting"]
const SHIFT_MS = 14 * 3_600_000

export const me = computed(() => session.value?.person ?? null)

// The next to open the phone finds the snapshot of the one before, until there is an answer to them.
const told = computed(() =>
  snapshot.value?.person.id === me.value?.id ? (snapshot.value ?? {}) : {},
)
/** What waits for an answer, as this person was last told. */
export const alerts = computed(() => told.value.alerts ?? [])
/** For whom a colleague is suggested to this person: nobody else learns of it. */
export const apart = computed(() => told.value.apart ?? [])

// What the holder of this phone may do, as it was last told of them; else only who they are.
export const known = computed(() => told.value.person ?? me.value)

/**
 * How many entries are only here, how many of those are yet to be sent, how many of this shift are
 * stored, how many that the record did not take need me, and how many wait for somebody else.
 */
export const counts = computed(() => {
  const since = now.value - SHIFT_MS
  const count = (test) => items.value.filter(test).length
  const refused = count(({ state }) => state === "refused")
  const mine = count((item) => item.state === "refused" && maySettle(item, known.value))
  return {
    onPhone: count(({ state }) => ONLY_HERE.includes(state)),
    unsent: count(({ state }) => UNSENT.includes(state)),
    inRecord: count(({ state, stored_at }) => state === "stored" && stored_at > since),
    refused: mine,
    othersRefused: refused - mine,
    sealed: count(({ state, entry }) => UNSENT.includes(state) && !entry),
  }
})

const goDeeper = () => history.pushState({ depth: 1 }, "")
let goingBack = false // asked of the browser, which does it a moment later

/** Go to a screen. The address stays as it is: a name never stands in the browser's history. */
export function go(name, more = {}) {
  if (screen.value.name === "list" && name !== "list" && !goingBack) goDeeper()
  screen.value = { name, ...more }
}

function toList() {
  screen.value = { name: "list" }
  draft.value = null
}

/** Back to the list; what was being written is given up. */
export function goBack() {
  toList()
  if (!history.state?.depth || goingBack) return
  goingBack = true
  history.back()
}

// Screens that lead back to what is being written: its own screen, or a check.
const OVER_DRAFT = ["time", "recent"]
const OVER_CHECK = ["parts", "unseen"]

/**
 * The browser went back: by the phone's own button, or because it was asked to. Who taps the next
 * person before it did is on another screen by then, and stays there.
 */
export function wentBack() {
  const { name } = screen.value
  if (!goingBack && draft.value && [...OVER_DRAFT, ...OVER_CHECK].includes(name)) {
    screen.value = { name: OVER_DRAFT.includes(name) ? draft.value.screen : "check" }
    return goDeeper()
  }
  if (!goingBack) return toList()
  goingBack = false
  if (screen.value.name !== "list") goDeeper()
}
