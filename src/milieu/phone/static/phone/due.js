/**
 * What the list shows: the people as last pulled, and over that what this phone has written since.
 * A level is a greatest allowed gap: due is the last check that counts, plus the gap. No slots.
 *
 * @typedef {{state: string, stored_at: number | null, entry: import("./entry.js").Entry}} Item
 */

import { byId, isAmended, ONLY_HERE, STANDS } from "./amend.js"
import { happenedAt } from "./entry.js"
import { withSaid } from "./watch.js"

const LATE_S = 300 // written later than this, a check counts for nothing here; or as the pack says

const ms = (time) => (time ? Date.parse(time) : null)

/**
 * Whether an own entry is news to what was pulled at `pulledAt` (server's time, ms). One that was
 * stored before is none, also while it waits to be confirmed: the pull says what came of it.
 */
export const isNews = ({ state, stored_at }, pulledAt) =>
  STANDS.includes(state) && (stored_at ?? Infinity) >= pulledAt

/**
 * The people of the unit as they stand now, with who has them and `last`, the newest look, also in
 * vain; `seen`, the newest that saw them; `lastAt`, the last check that counts, `dueAt`, and since
 * when that runs (`since`: an order or a return counts there too, though nobody was seen).
 * @param {Item[]} items  what this phone has written, oldest first
 */
export function peopleNow({ snapshot, items, me }) {
  const read = items.filter((item) => item.entry)
  const news = read.filter((item) => isNews(item, snapshot.pulledAt))
  const byStay = group(news.filter((item) => !isAmended(item, news)))
  const written = byId(items)
  const names = new Map([...(snapshot.people ?? []), me].map(({ id, name }) => [id, { id, name }]))
  const nameOf = (id) => names.get(id) ?? { id }
  const rolesOf = (id) => (id === snapshot.person?.id ? snapshot.person.roles : null)
  const known = { pack: snapshot.pack, nameOf, rolesOf, written }
  // A pulled check that was put right here earns no time any more; those written here before may.
  const isCheck = ({ state, entry }) => entry.kind === "round.check" && STANDS.includes(state)
  const checks = read.filter((item) => isCheck(item) && !news.includes(item) && !isAmended(item, read))
  const earlier = group(checks)
  const untold = new Set(read.filter(isUntold).map(({ entry }) => entry.stay))
  return snapshot.stays.map((one) => {
    const isPutRight = (look) => look && isAmended({ id: look.entry }, news)
    const in_vain = isPutRight(one.in_vain) ? null : one.in_vain
    const stay = { ...one, in_vain, untold: untold.has(one.id) }
    const own = byStay.get(stay.id) ?? []
    const before = earlier.get(stay.id) ?? []
    const isTry = ({ entry }) => !saw(entry, snapshot.pack) && momentOf(entry, written) > ms(stay.last?.at)
    const tries = in_vain === one.in_vain ? [] : before.filter(isTry)
    if (!isPutRight(stay.last)) return personNow(stay, [...tries, ...own], known)
    const without = { ...stay, last: null, due_at: stay.due_at && stay.last.at }
    return personNow(without, [...before, ...own], known)
  })
}

// Whether a nurse is yet to be told of what this says.
const isUntold = ({ state, stored_at, entry }) =>
  entry.fact?.nurse_should_know && ONLY_HERE.includes(state) && !stored_at

function group(news) {
  const groups = new Map()
  for (const item of news) {
    if (!groups.has(item.entry.stay)) groups.set(item.entry.stay, [])
    groups.get(item.entry.stay).push(item)
  }
  return groups
}

function personNow(stay, news, known) {
  const level = known.pack.levels.find(({ code }) => code === stay.level?.code) ?? null
  const gap = level && level.gap_s * 1000
  const dueAt = ms(stay.due_at)
  const lastAt = ms(stay.last?.at)
  // What was missed before a looser level stays missed: its due time comes before last plus gap.
  const since = dueAt === null ? lastAt : Math.max(dueAt - gap, lastAt ?? -Infinity)
  const told = (look) => (look ? { at: ms(look.at), fact: look.fact, onPhone: false } : null)
  const seen = told(stay.last)
  const last = told(stay.in_vain) ?? seen // which is older
  let now = { ...stay, levelWords: level, last, seen, lastAt, since, dueAt }
  for (const item of news) now = withItem(now, item, { ...known, gap })
  return now.state === "in" ? now : { ...now, dueAt: null }
}

function withItem(person, item, { gap, pack, written, ...known }) {
  const { kind, fact } = item.entry
  const at = momentOf(item.entry, written)
  if (!fact || !kind.startsWith("round.")) return person
  if (kind !== "round.check") return withSaid(person, item.entry, { at, ...known })

  const look = { at, fact, onPhone: item.state !== "stored" }
  const newest = (known) => (!known || at >= known.at ? look : known)
  const seen = saw(item.entry, pack) ? newest(person.seen) : person.seen
  const looked = { ...person, last: newest(person.last), seen }
  if (!countsForDue(item.entry, pack, written)) return looked
  const lastAt = Math.max(person.lastAt ?? at, at)
  const runs = gap && at > (person.since ?? -Infinity) ? { since: at, dueAt: at + gap } : {}
  return { ...looked, lastAt, ...runs }
}

/** Whether the check was written long after it happened: it will be shown as a late entry. */
export const isLate = ({ happened_at, written_at }, pack) =>
  isLateAfter(ms(written_at) - ms(happened_at), pack)

/** Whether what is written so long (ms) after it happened will be shown as a late entry. */
export const isLateAfter = (age, pack) => age > (pack?.limits?.late_entry_s ?? LATE_S) * 1000

// What puts a check right counts as that check did, however much later it was written; what says that
// somebody was seen, where that check did not, counts by its own writing.
function countsForDue(entry, pack, written) {
  const did = (one) => saw(one, pack)
  return did(entry) && !isLate(firstOf(entry, written, did), pack)
}

const saw = ({ fact }, pack) => fact && (pack.counts?.includes(fact.outcome) ?? true)

/** When it happened. What puts right an entry of the same moment says no other, however the clock was set. */
export function momentOf(entry, written) {
  const before = entry.amends && written.get(entry.amends)
  return before?.happened_at === entry.happened_at ? momentOf(before, written) : happenedAt(entry)
}

/** The entry that this one, through others of which `holds` is so, puts right; or itself. */
export function firstOf(entry, written, holds = () => true) {
  const before = entry.amends && written.get(entry.amends)
  return before && holds(before) ? firstOf(before, written, holds) : entry
}
