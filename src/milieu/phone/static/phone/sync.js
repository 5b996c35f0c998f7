/**
 * When to push and pull. Pushes at the start, when the network returns, when the app comes back
 * into sight, and every 15 seconds while something waits; pulls every 30 seconds in sight and
 * after each push. After trouble it waits longer each time, by chance, so that a whole hospital's
 * phones do not come back in the same second.
 */

import { Refused } from "./door.js"
import { chance } from "./suggest.js"

export const PUSH_MS = 15_000
export const PULL_MS = 30_000
export const BACKOFF_MAX_MS = 60_000
const BACKOFF_FIRST_MS = 1_000

// Not the wall clock: one that is set back must not stop the sending.
const steady = () => performance.now()

/** How long to wait after so many failures in a row: full jitter, up to a minute. */
export function backoff(failures, random = chance) {
  return random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures)
}

export class Sync {
  #push
  #pull
  #told
  #now
  #random
  #failures = 0
  #notBefore = 0 // because of trouble
  #askedUntil = 0 // because the server wished so
  #pushedAt = -Infinity
  #pulledAt = -Infinity
  #running = null
  #again = false // a push was asked for while a round was under way

  /**
   * @param {object} parts
   * @param {() => Promise<boolean>} parts.push  sends what waits; false when there was nothing
   * @param {() => Promise<void>} parts.pull
   * @param {(state: {online: boolean, problem: Error | null}) => void} parts.told
   */
  constructor({ push, pull, told = () => {}, now = steady, random = chance }) {
    this.#push = push
    this.#pull = pull
    this.#told = told
    this.#now = now
    this.#random = random
  }

  /** Called every second. Does what is due, unless trouble asks for patience. */
  tick({ waiting, visible }) {
    const now = this.#now()
    if (this.#running || now < this.#notBefore) return
    const push = waiting && now - this.#pushedAt >= PUSH_MS
    const pull = visible && now - this.#pulledAt >= PULL_MS
    if (push || pull) return this.run({ push, pull })
  }

  /**
   * Something happened that makes it worth trying at once, and soon again: a phone says that it has
   * a network a moment before it can use it. The server's own wish still holds.
   */
  async wake() {
    await this.#running // it began before, and may well fail
    if (this.#now() < this.#askedUntil) return
    this.#failures = 0
    await this.run({ push: true, pull: true })
  }

  /**
   * Push, then pull. One at a time: a push that is asked for meanwhile follows at once. Resolves
   * when all of it is over, whether or not it worked.
   */
  run(what) {
    if (this.#running) this.#again ||= Boolean(what.push)
    this.#running ??= this.#rounds(what).finally(() => (this.#running = null))
    return this.#running
  }

  async #rounds(what) {
    await this.#work(what)
    while (this.#again) await this.#work({ push: true })
  }

  async #work({ push, pull }) {
    this.#again = false
    try {
      if (push) this.#pushedAt = this.#now()
      const sent = push ? await this.#push() : false
      if (pull || sent) {
        this.#pulledAt = this.#now()
        await this.#pull()
      }
      this.#failures = 0
      this.#notBefore = 0
      this.#told({ online: true, problem: null })
    } catch (error) {
      this.#wait(error)
    }
  }

  #wait(error) {
    this.#failures += 1
    this.#again = false // what waits is tried when the wait is over
    const now = this.#now()
    this.#askedUntil = now + (error.retryAfterS ?? 0) * 1000
    this.#notBefore = Math.max(this.#askedUntil, now + backoff(this.#failures, this.#random))
    this.#pulledAt = this.#pushedAt = -Infinity // the wait decides, not the round
    this.#told({ online: error instanceof Refused, problem: error })
  }
}
