/** The unit as it stands now: what was last pulled, and over that what was written here since. */

import { peopleNow } from "./due.js"
import { withHeld } from "./held.js"
import { computed } from "./html.js"
import { withPlans } from "./plan.js"
import { begun, items, me, now, snapshot } from "./state.js"
import { Walk } from "./suggest.js"
import { hourOf, wallTime } from "./zone.js"

const walk = new Walk()

export const zone = computed(() => snapshot.value?.unit.time_zone ?? "UTC")

/** Everyone on the unit, as they stand now. */
export const everyone = computed(() => {
  if (!snapshot.value?.pack || !me.value) return []
  const known = { snapshot: snapshot.value, items: items.value, me: me.value, begun: begun.value }
  return withHeld(withPlans(peopleNow(known), known), known)
})

/** My list, in the order in which to see them. */
export const myPeople = computed(() =>
  walk.order(
    everyone.value.filter(({ holder }) => holder?.id === me.value?.id),
    now.value,
    (snapshot.value?.pack?.limits?.look_s ?? 0) * 1000,
  ),
)

/** Whether somebody relieves me now: then nothing on this phone is mine to do. */
export const isOnBreak = computed(() =>
  everyone.value.some(({ relieves }) => relieves?.id === me.value?.id),
)

/** Someone on the unit; or, by name only, who has left and of whom something was written here. */
export const personOf = (stayId) =>
  [...everyone.value, ...(snapshot.value?.left ?? [])].find(({ id }) => id === stayId) ?? null

/** Until when this person's sleep is protected, ms; null while it is not. */
export function sleepUntil(person, time) {
  const nights = (person?.sleep ?? []).map((night) => night.map((mark) => Date.parse(mark)))
  return nights.find(([from, to]) => from <= time && time < to)?.[1] ?? null
}

/** Preferred name and family initial: `Rosa M.` */
export const screenName = ({ preferred_name, family_initial }) =>
  [preferred_name, family_initial && `${family_initial.replace(/\.$/, "")}.`]
    .filter(Boolean)
    .join(" ")

export const byRoom = (a, b) =>
  `${a.room}${a.bed}`.localeCompare(`${b.room}${b.bed}`, undefined, { numeric: true })

/** A time as the unit's clock shows it. */
export const clockTime = (ms) => wallTime(ms, zone.value)
export const hourNow = () => hourOf(now.value, zone.value)

/** Whether this person may do this, as far as the phone was told. The server has the last word. */
export function may(action) {
  const known = snapshot.value?.person
  return known?.id !== me.value?.id || !known?.may || known.may.includes(action)
}
