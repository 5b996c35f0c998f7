/** What was pulled: the unit as the server last told it. */

const TOLD_MS = 3_600_000

/**
 * Bring what the phone knew up to date with an answer to a pull. Of those who have left, the name
 * stays while this phone holds something that was written about them; and for an hour, in which
 * whoever had them is told.
 * @param {Set<string>} writtenAbout  ids of stays
 */
export function merge(old, reply, writtenAbout = new Set()) {
  const stays = new Map(reply.whole || !old ? [] : old.stays.map((stay) => [stay.id, stay]))
  for (const stay of reply.stays) stays.set(stay.id, stay)
  for (const id of reply.gone ?? []) stays.delete(id)
  const pulledAt = Date.parse(reply.received_at)
  const known = [...(old?.left ?? []), ...(old?.stays ?? []).map((stay) => nameOnly(stay, pulledAt))]
  const isTold = ({ id, heardAt }) => writtenAbout.has(id) || pulledAt - heardAt < TOLD_MS
  const left = known.filter((one) => !stays.has(one.id) && isTold(one))
  return {
    cursor: reply.cursor,
    pulledAt,
    person: reply.person,
    people: reply.people ?? old?.people ?? [],
    unit: reply.unit,
    pack: reply.pack ?? old?.pack,
    stays: [...stays.values()],
    alerts: reply.alerts ?? [],
    incidents: reply.incidents ?? [],
    apart: reply.apart ?? [],
    left: [...new Map(left.map((one) => [one.id, one])).values()],
  }
}

const nameOnly = ({ id, preferred_name, family_initial, room, bed, holder }, heardAt) => ({
  id,
  preferred_name,
  family_initial,
  room,
  bed,
  holder,
  gone: true,
  heardAt,
})

/** Who left the unit within the last hour while this person had them. */
export const leftFrom = ({ left = [], pulledAt }, personId) =>
  left.filter(({ holder, heardAt }) => holder?.id === personId && pulledAt - heardAt < TOLD_MS)

/** The address to pull from: only what changed, when it is the same person who asks again. */
export function pullPath(snapshot, personId) {
  const query = new URLSearchParams()
  if (snapshot?.person.id === personId && snapshot.cursor) query.set("since", snapshot.cursor)
  if (snapshot?.pack) query.set("pack", snapshot.unit.pack_version)
  return `/phone/pull${query.size ? `?${query}` : ""}`
}
