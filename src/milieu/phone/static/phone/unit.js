/** The unit as it stands now: what was last pulled, and over that what was written here since. */

import { isAmended, STANDS } from "./amend.js"
import { againSince } from "./body.js"
import { peopleNow } from "./due.js"
import { happenedAt } from "./entry.js"
import { withHeld } from "./held.js"
import { computed } from "./html.js"
import { withPlans } from "./plan.js"
import { begun, items, known, me, now, snapshot } from "./state.js"
import { Walk } from "./suggest.js"
import { language, say } from "./words.js"
import { dateOf, dayOf, hourOf, wallTime } from "./zone.js"

const DAY_MS = 24 * 3_600_000
const walk = new Walk()

export const zone = computed(() => snapshot.value?.unit.time_zone ?? "UTC")

/** Everyone on the unit, as they stand now. */
export const everyone = computed(() => {
  if (!snapshot.value?.pack || !me.value) return []
  const all = { snapshot: snapshot.value, items: items.value, me: me.value, begun: begun.value }
  return withHeld(withPlans(peopleNow(all), all), all)
})

/** My list, in the order in which to see them. */
export const myPeople = computed(() =>
  walk.order(
    everyone.value.filter(({ holder }) => holder?.id === me.value?.id),
    now.value,
    (snapshot.value?.pack?.limits?.look_s ?? 0) * 1000,
  ),
)

/** Whose vital signs are to be tried again, of my list, and since when: the longest due first. */
export const tryAgain = computed(() => {
  const sets = items.value.filter(
    (item) => item.entry?.kind === "vitals.set" && item.entry.fact && STANDS.includes(item.state) && !isAmended(item, items.value),
  )
  return myPeople.value
    .filter(({ state }) => state === "in")
    .map((person) => {
      const own = sets.filter(({ entry }) => entry.stay === person.id)
      const said = own.map(({ entry }) => ({ at: happenedAt(entry), fact: entry.fact }))
      return { person, since: againSince(person, said, snapshot.value.pack, now.value) }
    })
    .filter(({ since }) => since !== null)
    .sort((a, b) => a.since - b.since)
})

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

/** Room and bed, or that there is none. */
export const roomWords = ({ room, bed }) => (room ? `${room}${bed}` : say("no-bed"))

export const byRoom = (a, b) =>
  `${a.room}${a.bed}`.localeCompare(`${b.room}${b.bed}`, undefined, { numeric: true })

/** A time as the unit's clock shows it. */
export const clockTime = (ms) => wallTime(ms, zone.value)
/** The same, with its day where that is not the last 24 hours. */
export const dayTime = (ms, language) =>
  now.value - ms < DAY_MS ? clockTime(ms) : `${dayOf(ms, zone.value, language)}, ${clockTime(ms)}`
/** The same, with its day where that is not today: `yesterday 12:00`. */
export const lastTime = (ms) => {
  const day = (time) => dateOf(time, zone.value)
  if (day(ms) === day(now.value)) return clockTime(ms)
  return now.value - ms < DAY_MS ? say("yesterday", { time: clockTime(ms) }) : dayTime(ms, language.value)
}
export const hourNow = () => hourOf(now.value, zone.value)

/** Whether this person may do this, as far as the phone was told. The server has the last word. */
export const may = (action) => known.value?.may?.includes(action) ?? true
