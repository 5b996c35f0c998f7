/** Handing over and answering: one entry for each person, kept here before the screen says so. */

import { writeEntry } from "./entry.js"
import { goBack, me, phone } from "./state.js"
import { tell } from "./record.js"
import { say } from "./words.js"

const MINUTE = 60_000
const time = (ms) => (ms === null ? null : new Date(ms).toISOString())

/** Ask somebody to take over these people, with the state as it stands on this screen. */
export function handOver(people, { purpose, to, role, minutes, sharpsOut }) {
  const until = purpose === "break" ? time(phone.clock.now() + minutes * MINUTE) : null
  const said = { purpose, to, role, until, note: "" }
  const sharps = { sharps: sharpsOut ? "out" : "none", sharps_out: sharpsOut }
  return keep(
    people.map((person) => [
      "round.offer",
      person,
      {
        ...said,
        ...sharps,
        last_at: time(person.lastAt),
        due_at: time(person.dueAt),
        level: person.level?.code ?? "",
        concern: Boolean(person.concern),
      },
    ]),
    "asked",
  )
}

/** Accept or decline what is asked, or withdraw what was asked. */
export const reply = (people, says) =>
  keep(
    people.map((person) => {
      const offer = person.offer?.id ?? person.level.entry
      return ["round.reply", person, { offer, says }]
    }),
    `did-${says}`,
  )

/** Take people whom nobody has, or whose holder is not there to hand them over. */
export const takeOver = (people) =>
  keep(
    people.map((person) => ["round.take", person, { without: person.holder?.id ?? null }]),
    "list-changed",
  )

async function keep(entries, words) {
  const author = me.value.id
  for (const [kind, { id: stay }, fact] of entries)
    await phone.outbox.add(writeEntry(kind, { stay, author, fact, clock: phone.clock }))
  goBack()
  tell(say(words))
  phone.sync.run({ push: true })
}
