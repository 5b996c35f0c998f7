/**
 * Who has the watch of somebody, as far as this phone knows: what was last pulled, and over that
 * what was said here since. It passes only when whoever was asked accepts; docs/wire.md, "Schema".
 */

/**
 * What somebody says about the watch of this person, as `entry`. `at` by the server's clock, ms;
 * `rolesOf` tells what somebody is at work, or null where the phone does not know.
 */
export function withSaid(person, { id, kind, author, fact }, { at, nameOf, rolesOf = () => null }) {
  const { holder, offer } = person
  const who = nameOf(author)
  const isMine = isAsked(offer, author, rolesOf(author))
  const begin = (by) => begun(person, who, by, at)
  if (kind === "round.take") {
    if (holder?.id === author) return person
    if (isMine) return begin(offer)
    const free = !holder || fact.without === holder.id || isOrdered(person, author)
    return free ? begin(null) : person
  }
  if (kind === "round.offer" || kind === "round.give") {
    if (holder?.id !== author) return person
    const asked = { purpose: "shift", role: "", ...fact, to: fact.to ? nameOf(fact.to) : null }
    return { ...person, offer: { ...asked, id, by: who } }
  }
  const isOver = { withdraw: offer?.by.id, decline: offer?.to?.id }[fact.says] === author
  if (fact.says !== "accept") return isOver && offer.id === fact.offer ? { ...person, offer: null } : person
  if (isMine && offer.id === fact.offer) return begin(offer)
  return isOrdered(person, author) && person.level.entry === fact.offer ? begin(null) : person
}

function begun(person, holder, offer, at) {
  const onBreak = offer?.purpose === "break" && person.holder
  return {
    ...person,
    holder,
    offer: null,
    asked: isOrdered(person, holder.id) ? null : person.asked,
    relieves: onBreak ? { ...person.holder, until: offer.until } : null,
    eyes_since: person.levelWords?.continuous ? new Date(at).toISOString() : null,
  }
}

/** Whether an offer is to this person: by name, or as one of those who may take it. */
const isAsked = (offer, id, roles) =>
  Boolean(offer) &&
  offer.by.id !== id &&
  (offer.to ? offer.to.id === id : !offer.role || !roles || roles.includes(offer.role))

/** Whether an order names this person as the one who stays with somebody, not yet accepted. */
const isOrdered = ({ asked }, id) => asked?.id === id

/** When whoever stays with this person is to be relieved, ms; null where nobody stays. */
export const reliefAt = ({ eyes_since, levelWords }) =>
  eyes_since && levelWords?.relief_s ? Date.parse(eyes_since) + levelWords.relief_s * 1000 : null

/**
 * What is asked of this person, as groups to be answered at once: `{key, purpose, by, until, people}`.
 * Of one group everything is the same that is shown before it is accepted, above all the sharps.
 */
export function asksOf(people, { id, roles = null }) {
  const groups = new Map()
  for (const person of people) {
    const { offer } = person
    const mine = isAsked(offer, id, roles)
    if (!mine && !isOrdered(person, id)) continue
    const { by, purpose, to, until, sharps_out } = mine ? offer : {}
    const key = mine ? [by.id, purpose, Boolean(to), until, sharps_out].join(" ") : "order"
    const group = groups.get(key) ?? { key, purpose: "order", by: null, until: null, people: [] }
    if (mine) Object.assign(group, { purpose, by, until })
    group.people.push(person)
    groups.set(key, group)
  }
  return [...groups.values()]
}
