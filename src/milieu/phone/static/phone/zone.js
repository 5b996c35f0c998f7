/** Times as the unit's wall clock shows them, whatever zone the phone is set to. */

const MINUTE = 60_000
const LOOK_BACK_MINUTES = 24 * 60
const formats = new Map()

function format(zone, style) {
  const key = `${zone} ${style}`
  if (!formats.has(key)) {
    const parts =
      style === "zone"
        ? { timeZoneName: "short" }
        : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
    formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...parts }))
  }
  return formats.get(key)
}

// The first one of all takes a slow phone 70 ms: made while this file is read, before anyone waits.
format("UTC", "wall")

const plain = (ms, zone) => format(zone, "wall").format(ms)

/** `02:53`; in the hour that the clocks repeat, with the zone's letters: `01:30 EDT`. */
export function wallTime(ms, zone) {
  const text = plain(ms, zone)
  return isDoubled(ms, zone) ? `${text} ${zoneLetters(ms, zone)}` : text
}

/** A day of the unit's clock, as this language writes it: `Nov 26`. */
export const dayOf = (ms, zone, language) =>
  new Intl.DateTimeFormat(language, { timeZone: zone, day: "numeric", month: "short" }).format(ms)

/** The date on the unit's calendar: `2026-11-26`, as Swedes write it. */
export const dateOf = (ms, zone) => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(ms)

/** The hour of the unit's clock, 0 to 23. */
export const hourOf = (ms, zone) => Number(plain(ms, zone).slice(0, 2))

/** The moments of the last 24 hours at which the unit's clock showed `wall`, newest first. */
export function momentsOf(wall, zone, now) {
  const start = Math.floor(now / MINUTE) * MINUTE
  const found = []
  for (let back = 0; back < LOOK_BACK_MINUTES; back++) {
    const moment = start - back * MINUTE
    if (plain(moment, zone) === wall) found.push(moment)
  }
  return found
}

// Clocks go back by an hour; by half an hour on Lord Howe Island.
const isDoubled = (ms, zone) =>
  [-60, -30, 30, 60].some((minutes) => plain(ms + minutes * MINUTE, zone) === plain(ms, zone))

const zoneLetters = (ms, zone) =>
  format(zone, "zone")
    .formatToParts(ms)
    .find(({ type }) => type === "timeZoneName").value
