/**
 * Who is held or shut in, as this phone knows it: what was last pulled, and over that what was
 * written here since. Clocks run here without network. What a law asks for comes with the pack;
 * whether a limit was kept, the server works out from the record.
 */

import { byId, isAmended } from "./amend.js"
import { firstOf, isLate, isNews, momentOf } from "./due.js"
import { dateOf } from "./zone.js"

const MINUTE = 60_000
const OWN_RULE = [["facility", ""]]
/** What whoever stands at the door can do now. All else needs somebody who may by law. */
const AT_THE_DOOR = ["check", "observer", "release"]

const ms = (time) => (time ? Date.parse(time) : null)

/**
 * People with `held` brought up to date, or null where nobody holds them. A start that is begun here
 * and not recorded yet (`begun`) has its clocks too: no `application` then.
 */
export function withHeld(people, { snapshot, items, begun = {} }) {
  const written = byId(items)
  const isOfIt = ({ entry }) => entry?.kind.startsWith("restraint.")
  const news = items.filter((item) => isOfIt(item) && isNews(item, snapshot.pulledAt))
  const isNew = ({ id }) => news.some((one) => one.id === id)
  const facts = news
    .filter((item) => item.entry.fact && !isAmended(item, items))
    .map(({ entry }) => ({ entry, at: momentOf(entry, written), first: firstOf(entry, written) }))
    .sort((a, b) => a.at - b.at)
  const names = new Map((snapshot.people ?? []).map((one) => [one.id, one]))
  return people.map((person) => {
    const own = facts.filter(({ entry }) => entry.stay === person.id)
    const known = { person, pack: snapshot.pack, names, zone: snapshot.unit.time_zone }
    const held = own.reduce((now, said) => after(now, said, known), pulled(person.held))
    if (!held) return { ...person, held: begunHere(begun[`held-start ${person.id}`], known) }
    // What was pulled rests on an entry that was put right since: only the server can take it back.
    const unsure = news.some(
      ({ entry }) =>
        entry.stay === person.id && entry.amends && !isNew(firstOf(entry, written)) && changesClocks(entry),
    )
    return { ...person, held: { ...withRelease(held, snapshot.pack), unsure } }
  })
}

const changesClocks = ({ kind, fact }) => !fact || ["restraint.change", "restraint.start"].includes(kind)

// Whoever begins has no time to say how: until it is said, the strictest clocks of all sorts run.
function begunHere(one, known) {
  if (!one) return null
  const { said, at } = one
  const { devices } = known.pack.restraint
  const codes = said.devices?.length ? said.devices : devices.map(({ code }) => code)
  const fact = { devices: codes, criteria: [], observer: said.observer || null }
  return { ...started({ id: null }, fact, at, known), devices: codes === said.devices ? devicesOn(codes, at) : [] }
}

function pulled(held) {
  if (!held) return null
  const moments = ({ since, due_at, met_at, ...limit }) => ({
    ...limit,
    ...{ since: ms(since), due: ms(due_at), met: ms(met_at) },
  })
  return {
    ...held,
    began: ms(held.began_at),
    ready: ms(held.ready_at),
    devices: held.devices.map(({ code, since }) => ({ code, since: ms(since) })),
    limits: held.limits.map(moments),
  }
}

function after(held, { entry, at, first }, known) {
  const { kind, fact } = entry
  if (kind === "restraint.start") return held ?? started(first, fact, at, known)
  if (!held || fact.application !== held.application) return held
  if (kind === "restraint.end") return null
  if (kind === "restraint.change") return changed(held, fact, at, known)
  if (kind === "restraint.check") return checked(held, fact, { at, isLate: isLate(first, known.pack) })
  return held
}

const devicesOn = (codes, at) => codes.map((code) => ({ code, since: at }))

function started({ id }, fact, at, known) {
  const devices = devicesOn(fact.devices, at)
  const limits = limitsFrom(fact.devices, at, known)
  const held = {
    ...{ application: id, began: at, ready: null, devices, criteria: fact.criteria, met: [] },
    ...{ untrained: false, barred: [], limits, check_s: checkOf(limits) },
  }
  return observedBy(held, fact.observer, at, known)
}

function changed(held, { what, device, observer }, at, known) {
  if (what === "observer") return observedBy(held, observer, at, known)
  const others = held.devices.filter(({ code }) => code !== device)
  if (what === "off") {
    // The clock of checks stands while nothing holds them; only a release ends the rest.
    const limits = others.length ? held.limits : withoutOpen(held.limits, "check")
    return { ...held, devices: others, limits }
  }
  if (others.length < held.devices.length) return held
  const more = limitsFrom([device], at, known).filter((one) => one.what !== "observer")
  const limits = strictest([...held.limits, ...more])
  const check_s = Math.min(held.check_s ?? Infinity, checkOf(more) ?? Infinity)
  const devices = [...others, { code: device, since: at }]
  return { ...held, devices, limits, check_s: check_s === Infinity ? null : check_s }
}

function observedBy(held, id, at, known) {
  const limits = withoutOpen(held.limits, "observer")
  if (id) return { ...held, limits, observer: known.names.get(id) ?? { id, name: "" } }
  const codes = held.devices.map(({ code }) => code)
  const asked = limitsFrom(codes, at, known).filter((one) => one.what === "observer")
  return { ...held, limits: [...limits, ...asked], observer: null }
}

function checked(held, { met }, { at, isLate }) {
  const ready = held.criteria.every((line) => met.includes(line)) ? at : null
  const now = { ...held, met, ready }
  const open = held.limits.find(({ what, met }) => what === "check" && !met)
  if (!open || at <= open.since || isLate) return now
  const next = { ...open, since: at, due: at + held.check_s * 1000 }
  return { ...now, limits: [...withoutOpen(held.limits, "check"), next] }
}

function withRelease(held, pack) {
  const limits = withoutOpen(held.limits, "release")
  if (held.ready === null) return { ...held, limits }
  const due = held.ready + pack.restraint.release_min * MINUTE
  const release = { what: "release", since: held.ready, due, met: null, rule: OWN_RULE }
  return { ...held, limits: [...limits, release] }
}

const withoutOpen = (limits, name) => limits.filter(({ what, met }) => what !== name || met)

function checkOf(limits) {
  const check = limits.find(({ what }) => what === "check")
  return check ? (check.due - check.since) / 1000 : null
}

// Every clock that begins with these devices, by the age; where that is not known, the strictest.
function limitsFrom(codes, at, { person, pack, zone }) {
  const sorts = new Set(sortsOf(codes, pack))
  const age = person.birth_date ? years(person.birth_date, dateOf(at, zone)) : null
  return strictest([...sorts].flatMap((sort) => bandOf(pack.held.begins, sort, age))).map(
    ({ after_s, ...limit }) => ({
      ...limit,
      ...{ since: at, due: after_s === null ? null : at + after_s * 1000, met: null },
    }),
  )
}

// How old, by dates, as the server counts: born on 29 February, older on 1 March. Born later, not known.
function years(born, day) {
  const age = day.slice(0, 4) - born.slice(0, 4) - (day.slice(5) < born.slice(5))
  return age < 0 ? null : age
}

function bandOf(begins, sort, age) {
  const bands = begins.filter((one) => one.sort === sort)
  const fits = ({ from_age }) => (age === null ? from_age === null : (from_age ?? Infinity) <= age)
  return bands.filter(fits).at(-1)?.limits ?? []
}

// Of the same clock the one that is due first. What was met is kept beside it.
function strictest(limits) {
  const found = new Map()
  for (const limit of limits) {
    const key = `${limit.what} ${limit.sort} ${limit.met ?? ""}`
    const known = found.get(key)
    if (!known || dueOf(limit) < dueOf(known)) found.set(key, limit)
  }
  return [...found.values()]
}
const dueOf = ({ due, after_s }) => due ?? after_s ?? Infinity

/** The sorts that these devices are of. */
export const sortsOf = (codes, pack) =>
  codes.map((code) => pack.restraint.devices.find((one) => one.code === code)?.sort ?? "mechanical")

/** What is not met yet: by its due time, then what is due as soon as possible. */
export const openOf = ({ limits }) =>
  limits.filter(({ met }) => !met).sort((a, b) => dueOf(a) - dueOf(b) || a.since - b.since)

/** `over`, `soon`, `open`; or `asap`, with no moment at which it has passed. */
export function stateOf({ what, due }, time, pack) {
  if (due === null) return "asap"
  if (time >= due) return "over"
  const { warn_min } = pack.restraint
  return due - time <= (warn_min[what] ?? warn_min.other) * MINUTE ? "soon" : "open"
}

/**
 * The limits that call on this phone: of those on my list, of whom I observe, and of those whom
 * nobody has and nobody observes. `goingSince`: since when `me` is going, or null. It is quiet for
 * as long as an answer may take; for what others have to do, for one interval of checks.
 */
export function callsOf(people, { going, me, time, pack }) {
  const quiet = quietFor(pack)
  return people
    .filter(({ held, holder }) => held && isMine(held, holder, me))
    .flatMap((person) =>
      openOf(person.held).map((limit) => ({ person, limit, state: stateOf(limit, time, pack) })),
    )
    .filter(({ state }) => state === "over" || state === "soon")
    .map((call) => {
      const key = `${call.person.held.application} ${call.limit.what} ${call.limit.due}`
      const said = going.get(key)
      const holds = said?.by === me && time - said.at < quiet(call.limit.what)
      return { ...call, key, goingSince: holds ? said.at : null }
    })
}

const isMine = ({ observer }, holder, me) =>
  holder?.id === me || observer?.id === me || (!observer && !holder)

function quietFor({ restraint, ladders = [] }) {
  const answer_s = ladders.find(({ kind }) => kind === "limit-passed")?.answer_s ?? 120
  return (what) => (AT_THE_DOOR.includes(what) ? answer_s * 1000 : restraint.again_min * MINUTE)
}
