/**
 * The phone's own alarm: it rings for whoever on my list was not seen within the pack's grace, with
 * or without network, until a check says otherwise, or I say by name that I am going. Then it is
 * quiet for the time that an answer may take, and no longer. Whoever is on a break has handed their
 * list over, and so hears nothing. What a browser cannot do stands in docs/phone-alarm.md.
 */

import { effect } from "./html.js"
import { keepScreen, ringing } from "./ring.js"
import { me, now, overdue, snapshot } from "./state.js"
import { myPeople } from "./unit.js"

const GRACE_S = 120 // both only until the pack is here
const QUIET_S = 900
const going = new Map() // stay -> {by, dueAt, at}
const call = ringing("ring-overdue")

/** Who was not seen in time; each with since when `by` is going there, or null. */
export function notSeen(people, { going, by, time, graceMs, quietMs }) {
  const missed = people.filter(({ dueAt }) => dueAt !== null && time >= dueAt + graceMs)
  return missed.map((person) => {
    const said = going.get(person.id)
    const holds = said?.by === by && said.dueAt === person.dueAt && time - said.at < quietMs
    return { ...person, goingSince: holds ? said.at : null }
  })
}

/** I am going to everyone for whom it rings. */
export function sayGoing() {
  for (const { id, dueAt, goingSince } of overdue.value) {
    if (goingSince === null) going.set(id, { by: me.value.id, dueAt, at: now.value })
  }
  look()
}

export function keepWatch() {
  effect(look)
  keepScreen()
  document.addEventListener("visibilitychange", keepScreen)
}

function look() {
  const { limits, ladders } = snapshot.value?.pack ?? {}
  const ladder = ladders?.find(({ kind }) => kind === "overdue")
  overdue.value = notSeen(myPeople.value, {
    going,
    by: me.value?.id,
    time: now.value,
    graceMs: (limits?.overdue_grace_s ?? GRACE_S) * 1000,
    quietMs: (ladder?.answer_s ?? QUIET_S) * 1000,
  })
  call(overdue.peek().some(({ goingSince }) => goingSince === null), now.value)
}
