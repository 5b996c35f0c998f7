/** Speaking with the server: what a push carries and what a pull brings. */

import { answers, hear } from "./alerts.js"
import { hearCalls } from "./help.js"
import { effect } from "./html.js"
import { merge, pullPath } from "./pull.js"
import { contact, counts, device, items, phone, session, snapshot } from "./state.js"
import { Sync } from "./sync.js"
import { everyone } from "./unit.js"

const SECOND = 1_000

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
  const before = counts.value.unsent
  await phone.outbox.flush()
  return before > 0
}

export async function pull() {
  const who = session.value
  if (!who) return
  const given = answers.given
  const path = pullPath(snapshot.value, who.person.id, device.value.unit.id)
  const reply = await phone.door.get(path, who.token)
  await keepClock()
  const writtenAbout = new Set(items.value.map(({ entry }) => entry?.stay))
  const fresh = merge(snapshot.value, reply, writtenAbout, whomIHad(who))
  await phone.store.device.put("snapshot", await phone.keyring.seal(fresh, "snapshot"))
  await phone.store.device.put("staff", fresh.people)
  await phone.outbox.witness(reply)
  await phone.outbox.prune()
  if (answers.given !== given) fresh.alerts = snapshot.value.alerts // newer than what was asked for
  hearCalls(reply.calls)
  hear(snapshot.value?.alerts, fresh.alerts)
  snapshot.value = fresh
}

// What was pulled before this shift says of nobody that they are with me now.
function whomIHad({ person, starts_at }) {
  if (!snapshot.value || snapshot.value.pulledAt < Date.parse(starts_at)) return new Set()
  const mine = everyone.value.filter((one) => [one.holder?.id, one.relieves?.id].includes(person.id))
  return new Set(mine.map(({ id }) => id))
}

const keepClock = () => phone.store.device.put("clock", { ...phone.clock.measured })

/** Begin to send and to ask: in time, when the network is back, when the app comes into sight. */
export function keepInContact() {
  phone.sync = new Sync({ push, pull, told: (told) => (contact.value = told) })
  const visible = () => document.visibilityState === "visible"
  addEventListener("online", () => phone.sync.wake())
  addEventListener("offline", () => (contact.value = { online: false, problem: null }))
  document.addEventListener("visibilitychange", () => visible() && phone.sync.wake())
  tellOtherTabs()
  setInterval(() => {
    if (!session.value) return
    phone.sync.tick({ waiting: counts.value.unsent > 0, visible: visible() })
  }, SECOND)
}

function tellOtherTabs() {
  const others = new BroadcastChannel("milieu-outbox")
  others.onmessage = () => phone.outbox.load()
  let shown = null
  effect(() => {
    const states = items.value.map(({ id, state }) => `${id} ${state}`).join()
    if (shown !== null && shown !== states) others.postMessage("changed")
    shown = states
  })
}
