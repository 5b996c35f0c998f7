/** Speaking with the server: what a push carries and what a pull brings. */

import { merge, pullPath } from "./pull.js"
import { counts, device, items, phone, session, snapshot } from "./state.js"

/** Post a batch of entries. */
export async function sendBatch(entries) {
  const envelope = {
    wire: 1,
    device: device.value.id,
    sent_at: new Date(phone.clock.device()).toISOString(),
    head_seen: (await phone.store.device.get("log"))?.head ?? null,
    entries,
  }
  const reply = await phone.door.post("/phone/push", envelope, session.value.token)
  await keepClock()
  return reply
}

/** Send what waits. False when nobody has opened this phone yet, so that nothing can be read. */
export async function push() {
  if (!session.value) return false
  const before = counts.value.onPhone
  await phone.outbox.flush()
  return before > 0
}

export async function pull() {
  const who = session.value
  if (!who) return
  const reply = await phone.door.get(pullPath(snapshot.value, who.person.id), who.token)
  await keepClock()
  const writtenAbout = new Set(items.value.map(({ entry }) => entry?.stay))
  const fresh = merge(snapshot.value, reply, writtenAbout)
  await phone.store.device.put("snapshot", await phone.keyring.seal(fresh, "snapshot"))
  await phone.store.device.put("staff", fresh.people)
  await phone.outbox.witness(reply)
  await phone.outbox.prune()
  snapshot.value = fresh
}

const keepClock = () => phone.store.device.put("clock", { ...phone.clock.measured })
