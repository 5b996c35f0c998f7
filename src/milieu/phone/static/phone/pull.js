/** What was pulled: the unit as the server last told it. */

const TOLD_MS = 3_600_000

/**
 * Bring what the phone knew up to date with an answer to a pull. Of those who have left, the name
 * stays while this phone holds something that was written about them; and for an hour of those whom
 * the one who asks had, as far as this phone knew.
 * @param {Set<string>} writtenAbout  ids of stays
 * @param {Set<string>} had  ids of stays
 */
export function merge(old, reply, writtenAbout = new Set(), had = new Set()) {
  const stays = new Map(reply.whole || !old ? [] : old.stays.map((stay) => [stay.id, stay]))
  for (const stay of reply.stays) stays.set(stay.id, stay)
  for (const id of reply.gone ?? []) stays.delete(id)
  const pulledAt = Date.parse(reply.received_at)
  const isMoved = old?.unit && old.unit.id !== reply.unit.id // this phone, and not they
  const told = ({ id }) => (had.has(id) && !isMoved ? { from: reply.person.id, heardAt: pulledAt } : {})
  const known = [...(old?.left ?? []), ...(old?.stays ?? []).map((stay) => ({ ...nameOnly(stay), ...told(stay) }))]
  const isKept = (one) => writtenAbout.has(one.id) || isTold(one, pulledAt)
  const left = known.filter((one) => !stays.has(one.id) && isKept(one))
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

const nameOnly = ({ id, preferred_name, family_initial, room, bed }) => ({
  id,
  preferred_name,
  family_initial,
  room,
  bed,
  gone: true,
})

const isTold = ({ heardAt }, time) => time - heardAt < TOLD_MS

/** Of whom this phone heard within an hour that they left the unit while this person had them. */
export const leftFrom = ({ left = [] }, personId, time) =>
  left.filter((one) => one.from === personId && isTold(one, time))

/** The address to pull from: only what changed, when the same person asks again on the same unit. */
export function pullPath(snapshot, personId, unitId) {
  const query = new URLSearchParams()
  const isSame = snapshot?.person.id === personId && snapshot.unit.id === unitId
  const isWhole = snapshot?.stays?.every((stay) => "in_vain" in stay) // older apps did not ask for it
  if (isSame && isWhole && snapshot.cursor) query.set("since", snapshot.cursor)
  if (snapshot?.pack) query.set("pack", snapshot.unit.pack_version)
  return `/phone/pull${query.size ? `?${query}` : ""}`
}
