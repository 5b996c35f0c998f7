/**
 * Whom to see next, and when. A check that an onlooker can predict is a weak one (NCCHC B-05:
 * "unpredictable intervals"), so each person gets a moment drawn by the device's own randomness,
 * always before the check is due. It is drawn afresh after every check of that person. Where there
 * is no time to spare, being seen in time goes before being hard to guess.
 *
 * @typedef {{id: string, since: number | null, dueAt: number | null}} Person  times in ms; its due time
 *   runs since a check, or an order or a return
 */

// Where in the allowed gap a moment may fall. Later than half, or the walk would double; never in
// the last twentieth, so that there is time to get there. Product decision, 2026-11.
export const EARLIEST = 0.5
export const LATEST = 0.95

/** A number in [0, 1) that cannot be guessed. */
export function chance() {
  return crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32
}

/** The moment to see this person: between `now` and due; when it is past due, due itself. */
export function moment({ since, dueAt }, now, random = chance) {
  if (dueAt === null) return null
  const from = Math.min(since ?? now, dueAt)
  const gap = dueAt - from
  const latest = from + gap * LATEST
  const earliest = Math.max(from + gap * EARLIEST, now)
  if (earliest >= latest) return Math.min(dueAt, Math.max(now, latest))
  return earliest + (latest - earliest) * random()
}

/** Keeps each person's moment until that person's last check or due time changes. */
export class Walk {
  #drawn = new Map()
  #random

  constructor(random = chance) {
    this.#random = random
  }

  /**
   * People in the order in which to see them: overdue first, the longest over first; then by
   * their moments, as long as everyone can still be seen in time; those with nothing due last.
   * @param {number} look  how long one look takes, the way there included, in ms
   */
  order(people, now, look = 0) {
    const drawn = people
      .map((person) => ({ ...person, seeAt: this.#momentOf(person, now) }))
      .sort((a, b) => place(a, now) - place(b, now) || rank(a, now) - rank(b, now))
    const over = drawn.filter((person) => isOver(person, now))
    const away = drawn.filter(({ dueAt }) => dueAt === null)
    const ahead = drawn.slice(over.length, drawn.length - away.length)
    return [...over, ...inTime(ahead, now + over.length * look, look), ...away]
  }

  #momentOf(person, now) {
    const key = `${person.since} ${person.dueAt}`
    let held = this.#drawn.get(person.id)
    if (held?.key !== key) {
      held = { key, at: moment(person, now, this.#random) }
      this.#drawn.set(person.id, held)
    }
    return held.at
  }
}

/**
 * The drawn order, if whoever is first can wait for their moment and everyone after them is still
 * seen in time, one by one as they fall due. Else whoever is due first goes first, and no later
 * than the others allow. So where one pair of hands can see everyone once in time, it still can
 * after what is suggested here (tests/phone/suggest.test.mjs).
 */
function inTime(drawn, from, look) {
  if (!drawn.length) return drawn
  const byDue = [...drawn].sort((a, b) => a.dueAt - b.dueAt)
  const [first, ...later] = [drawn[0], ...byDue.filter((person) => person !== drawn[0])]
  const begin = Math.max(from, first.seeAt)
  if ([first, ...later].every(({ dueAt }, n) => begin + (n + 1) * look <= dueAt)) return drawn
  const latest = Math.min(...byDue.map(({ dueAt }, n) => dueAt - (n + 1) * look))
  const top = { ...byDue[0], seeAt: Math.min(byDue[0].seeAt, Math.max(from, latest)) }
  return [top, ...drawn.filter(({ id }) => id !== top.id)]
}

const isOver = ({ dueAt }, now) => dueAt !== null && dueAt < now
const place = (person, now) => (isOver(person, now) ? 0 : person.dueAt === null ? 2 : 1)
const rank = (person, now) => (isOver(person, now) ? person.dueAt : (person.seeAt ?? 0))
