/**
 * What is known of this phone's clock, measured against the server at each contact.
 *
 * Entries carry the raw device time and this evidence beside it. Nothing is corrected on the phone:
 * the server works out what the evidence supports. `now()` is only for showing, and goes by a guess
 * where nothing is proved any more: due times must not move when somebody sets the clock back.
 *
 * @typedef {{anchor: string | null, offset_ms: number | null, guess_ms: number, doubt_ms: number,
 *            measured_at: number | null}} Measured  offset_ms: device clock minus server clock;
 *            guess_ms: the same for showing, at most that much once the clock was set back
 */

const STALE_MS = 5 * 60_000 // an older measurement gives way to a new one, even a rougher one
const JUMP_MS = 2_000 // the wall clock went back by more than a timer can explain

/** @type {Measured} */
const UNKNOWN = { offset_ms: null, doubt_ms: Infinity, measured_at: null }

export class Clock {
  #wall
  #steady
  #lead // wall minus steady clock, as last seen; it grows while the phone sleeps, never shrinks

  /**
   * @param {Measured | null} kept  what was measured before the phone was closed
   * @param {() => number} wall  the device's clock, ms since 1970
   * @param {() => number} steady  a clock that nobody can set, ms
   */
  constructor(kept = null, wall = () => Date.now(), steady = () => performance.now()) {
    this.measured = { anchor: null, guess_ms: kept?.offset_ms ?? 0, ...UNKNOWN, ...kept }
    this.#wall = wall
    this.#steady = steady
    this.#lead = wall() - steady()
  }

  /** Now, by both clocks: `heard` is given it back with the answer. */
  sent() {
    return { wall: this.#wall(), steady: this.#steady() }
  }

  /**
   * The server answered: it received our request at `serverAt`, in between. How long it took is told
   * by the steady clock: the other may have been set meanwhile. If that one went ahead, it was set,
   * or the phone slept on its way, and nobody can say which: nothing is measured by that.
   */
  heard(sent, { serverAt, anchor }) {
    const heardAt = this.#wall()
    const doubt = (this.#steady() - sent.steady) / 2
    const old = this.measured
    if (heardAt - sent.wall <= 2 * doubt + JUMP_MS) {
      const offset = Math.round(heardAt - doubt - serverAt)
      const age = heardAt - (old.measured_at ?? -Infinity)
      const moved = Math.abs(offset - old.offset_ms) > doubt + old.doubt_ms
      if (old.offset_ms === null || moved || doubt <= old.doubt_ms || age > STALE_MS || age < 0) {
        const found = { offset_ms: offset, guess_ms: offset, doubt_ms: doubt, measured_at: heardAt }
        Object.assign(old, found)
      }
    }
    old.anchor = anchor ?? old.anchor
    this.#lead = heardAt - this.#steady()
  }

  /** The evidence that an entry carries: as docs/wire.md has it. */
  evidence() {
    this.#noticeSetBack()
    const { anchor, offset_ms, guess_ms, measured_at } = this.measured
    if (offset_ms === null) return { anchor, offset_ms, age_s: null, guess_ms }
    return { anchor, offset_ms, age_s: Math.round((this.#wall() - measured_at) / 1000) }
  }

  /** The server's time as far as this phone can tell, ms since 1970. */
  now() {
    this.#noticeSetBack()
    return this.toServer(this.#wall())
  }

  /** The device's own time, ms since 1970, as entries carry it. */
  device() {
    return this.#wall()
  }

  toServer(deviceMs) {
    return deviceMs - this.measured.guess_ms
  }

  toDevice(serverMs) {
    return serverMs + this.measured.guess_ms
  }

  // A clock that somebody set back makes the measured offset untrue. By how much it went back, the
  // steady clock tells, or the moment of the measurement; more where the phone slept meanwhile. One
  // that was set forward cannot be told from a phone that slept; the next contact finds it.
  #noticeSetBack() {
    const lead = this.#wall() - this.#steady()
    const wentBack = this.#lead - lead > JUMP_MS ? this.#lead - lead : 0
    const beforeMeasured = (this.measured.measured_at ?? -Infinity) - this.#wall()
    const back = Math.max(wentBack, beforeMeasured)
    if (back > 0) Object.assign(this.measured, UNKNOWN, { guess_ms: this.measured.guess_ms - back })
    this.#lead = lead
  }
}
