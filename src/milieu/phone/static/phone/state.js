/** What the app knows, as signals. Screens read them; shift, record and contact set them. */

import { peopleNow } from "./due.js"
import { computed, signal } from "./html.js"
import { Walk } from "./suggest.js"
import { hourOf, wallTime } from "./zone.js"

/** The parts that are made once, at the start: store, clock, keyring, door, outbox, sync. */
export const phone = {}

export const device = signal(null) // {id, name, unit}
export const people = signal([]) // who has signed in on this phone
export const session = signal(null) // {person, token, starts_at, ends_at}
export const locked = signal(true)
export const screen = signal({ name: "list" })
export const lockScreen = signal({ name: "who" }) // what the locked phone shows
export const snapshot = signal(null) // what was last pulled
export const items = signal([]) // the outbox
export const contact = signal({ online: null, problem: null })
export const now = signal(Date.now()) // the server's time as far as we know, in steps
export const toast = signal(null) // {id, text, undo}
export const draft = signal(null) // the check being written: {stay, fact, at, mending}
export const update = signal(false) // a newer version waits to take over

const walk = new Walk()
const UNSENT = ["held", "waiting"]
const SHIFT_MS = 14 * 3_600_000

export const me = computed(() => session.value?.person ?? null)
export const zone = computed(() => snapshot.value?.unit.time_zone ?? "UTC")

/** Everyone on the unit, as they stand now. */
export const everyone = computed(() =>
  snapshot.value?.pack && me.value
    ? peopleNow({ snapshot: snapshot.value, items: items.value, me: me.value })
    : [],
)

/** My list, in the order in which to see them. */
export const myPeople = computed(() =>
  walk.order(
    everyone.value.filter(({ holder }) => holder?.id === me.value?.id),
    now.value,
  ),
)

/** How many entries are only here, how many of this shift are stored, how many need a person. */
export const counts = computed(() => {
  const since = now.value - SHIFT_MS
  const count = (test) => items.value.filter(test).length
  return {
    onPhone: count(({ state }) => UNSENT.includes(state)),
    inRecord: count(({ state, stored_at }) => state === "stored" && stored_at > since),
    refused: count(({ state }) => state === "refused"),
    sealed: count(({ state, entry }) => UNSENT.includes(state) && !entry),
  }
})

/** Someone on the unit; or, by name only, who has left and of whom something was written here. */
export const personOf = (stayId) =>
  [...everyone.value, ...(snapshot.value?.left ?? [])].find(({ id }) => id === stayId) ?? null

/** Preferred name and family initial: `Rosa M.` */
export const screenName = ({ preferred_name, family_initial }) =>
  [preferred_name, family_initial && `${family_initial.replace(/\.$/, "")}.`]
    .filter(Boolean)
    .join(" ")

/** A time as the unit's clock shows it. */
export const clockTime = (ms) => wallTime(ms, zone.value)
export const hourNow = () => hourOf(now.value, zone.value)

/** Whether this person may do this, as far as the phone was told. The server has the last word. */
export function may(action) {
  const known = snapshot.value?.person
  return known?.id !== me.value?.id || !known?.may || known.may.includes(action)
}

/** Go to a screen. The address stays as it is: a name never stands in the browser's history. */
export function go(name, more = {}) {
  if (screen.value.name === "list" && name !== "list") history.pushState({ depth: 1 }, "")
  screen.value = { name, ...more }
}

/** Back to the list; what was being written is given up. */
export function goBack() {
  screen.value = { name: "list" }
  draft.value = null
  if (history.state?.depth) history.back()
}
