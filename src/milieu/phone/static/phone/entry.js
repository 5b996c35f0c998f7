/**
 * Entries as they are written on the phone: docs/wire.md, "Push".
 *
 * @typedef {{id: string, kind: string, stay: string, author: string, happened_at: string,
 *            written_at: string, clock: object, amends: string | null, reason: string,
 *            fact: object | null}} Entry
 */

export const NOTE_MAX = 500 // characters; the server refuses more
export const CONCERN_MAX = 140
export const REASON_MAX = 140 // a few words; the server takes more
export const EMPTY_CHECK = {
  outcome: "seen",
  place: "",
  position: "",
  activity: "",
  eyes: "",
  breathing: "",
  why: "",
  note: "",
  nurse_should_know: "",
}

/**
 * Write an entry. `happenedAt` is the device's own time, ms; without it, now. `amends` is the id of
 * the entry that this one puts right; `reason` says why.
 * @param {{happenedAt?: number | null, amends?: string | null, reason?: string}} more
 * @returns {Entry}
 */
export function writeEntry(kind, { stay, author, fact, clock, happenedAt = null, ...more }) {
  const writtenAt = clock.device()
  return {
    id: uuid7(writtenAt),
    kind,
    stay,
    author,
    happened_at: new Date(happenedAt ?? writtenAt).toISOString(),
    written_at: new Date(writtenAt).toISOString(),
    clock: clock.evidence(),
    amends: more.amends ?? null,
    reason: more.reason ?? "",
    fact,
  }
}

const byServer = (time, { clock }) => Date.parse(time) - (clock?.offset_ms ?? clock?.guess_ms ?? 0)

/** When it happened by the server's clock, ms, as far as the phone could tell when it was written. */
export const happenedAt = (entry) => byServer(entry.happened_at, entry)
/** The same, of when it was written. */
export const writtenAt = (entry) => byServer(entry.written_at, entry)

/** RFC 9562, version 7: ids of one phone sort by the time of writing. */
export function uuid7(ms, bytes = crypto.getRandomValues(new Uint8Array(16))) {
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) % 256
  bytes[6] = 0x70 | (bytes[6] & 0x0f)
  bytes[8] = 0x80 | (bytes[8] & 0x3f)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}
