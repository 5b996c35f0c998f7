/** What was pulled: the unit as the server last told it. */

/** Bring what the phone knew up to date with an answer to a pull. */
export function merge(old, reply) {
  const stays = new Map(reply.whole || !old ? [] : old.stays.map((stay) => [stay.id, stay]))
  for (const stay of reply.stays) stays.set(stay.id, stay)
  for (const id of reply.gone ?? []) stays.delete(id)
  return {
    cursor: reply.cursor,
    pulledAt: Date.parse(reply.received_at),
    person: reply.person,
    people: reply.people ?? old?.people ?? [],
    unit: reply.unit,
    pack: reply.pack ?? old?.pack,
    stays: [...stays.values()],
  }
}

/** The address to pull from: only what changed, when it is the same person who asks again. */
export function pullPath(snapshot, personId) {
  const query = new URLSearchParams()
  if (snapshot?.person.id === personId && snapshot.cursor) query.set("since", snapshot.cursor)
  if (snapshot?.pack) query.set("pack", snapshot.unit.pack_version)
  return `/phone/pull${query.size ? `?${query}` : ""}`
}
