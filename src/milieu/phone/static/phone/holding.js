/**
 * What rings for who is held. A limit that is near rings once; one that has passed rings with a sound
 * of its own until it is met, or somebody says that they are going. docs/restraint.md.
 */

import { writeEntry } from "./entry.js"
import { begunOf, forget } from "./begun.js"
import { effect } from "./html.js"
import { callsOf } from "./held.js"
import { openObserving } from "./record.js"
import { LIMIT, ring, ringing } from "./ring.js"
import { me, now, passing, phone, snapshot } from "./state.js"
import { everyone, personOf } from "./unit.js"

const going = new Map() // limit -> {by, at}
const heard = new Set() // limits that have rung as near
const call = ringing("ring-limit", LIMIT)

/** Open what is known of who is held. */
export const openHeld = (stay) => openObserving("held", { stay })
/** Begin a start, or go on with it. Its moment is the first tap, however long the rest takes. */
export const openStart = (stay) =>
  openObserving("held-start", { stay, at: phone.clock.now(), ...begunOf("held-start", stay) })
export const heldOf = (stay) => personOf(stay)?.held ?? null

/** Keep a check that says that every criterion is met, the moment that it is so. */
export function keepMet(stay, fact) {
  const entry = writeEntry("restraint.check", { stay, author: me.value.id, clock: phone.clock, fact })
  phone.outbox.add(entry).then(() => phone.sync.run({ push: true }))
}

/** I am going, for these limits. */
export function goFor(calls) {
  for (const { key } of calls) going.set(key, { by: me.value.id, at: now.value })
  look()
}

export const keepHolding = () => effect(look)

function look() {
  const pack = snapshot.value?.pack
  // A start that is known, whoever wrote it, takes the place of one that was only begun here.
  for (const { id, held } of everyone.value) if (held?.application) forget("held-start", id)
  const known = { going, me: me.value?.id, time: now.value, pack }
  passing.value = pack?.held ? callsOf(everyone.value, known) : []
  const calls = passing.peek()
  const near = calls.filter(({ state, key }) => state === "soon" && !heard.has(key))
  for (const { key } of near) heard.add(key)
  const isOver = calls.some(({ state, goingSince }) => state === "over" && goingSince === null)
  call(isOver, now.value)
  if (near.length && !isOver) ring("ring-limit")
}
