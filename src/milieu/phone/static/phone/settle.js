/**
 * The decisions of the outbox, as plain functions of the rows on the disk and of what is known of
 * the server's log. Each one runs inside a single transaction, so two tabs cannot disagree.
 */

export const BATCH_MAX = 200 // docs/wire.md, "Push"
export const BYTES_MAX = 900_000 // of the 1 MiB that a push may have, with room for its envelope
export const HOLD_MS = 5_000 // time to undo
export const RETAIN_MS = 72 * 3_600_000 // stored entries stay this long; docs/wire.md
export const CONFIRM_MS = 10 * 60_000 // ask again about what is stored but on no second medium yet

const STORED = ["stored", "repeated"]

export const decide = {
  outcomes: [...STORED, "refused"],

  /** Number what may be sent, in the order of writing. Nothing overtakes an entry that is held. */
  release: (now) => (rows, log) => {
    const put = []
    for (const row of inOrder(rows)) {
      if (row.state === "held" && isHeld(row, now)) break
      if (row.state === "held") put.push(numbered({ ...row, state: "waiting" }, log))
      else if (row.state === "waiting" && row.device_seq === null) put.push(numbered(row, log))
      else if (isUnconfirmed(row, log, now)) put.push({ ...row, state: "waiting" })
    }
    return { put }
  },

  undo: (id) => (rows) => {
    const row = rows.find((one) => one.id === id)
    return row?.state === "held" ? { drop: [id], result: true } : { result: false }
  },

  settle: (reply, now) => (rows, log) => {
    const answers = new Map(reply.answers.map((answer) => [answer.id, answer]))
    const lost = hasGoneBack(reply, rows, log)
    const put = []
    for (const row of rows) {
      const answer = answers.get(row.id)
      if (answer && row.state === "waiting") put.push(settled(row, answer, now))
      else if (lost && row.state === "stored") put.push(again(row))
    }
    remember(reply, log)
    return { put: put.filter(Boolean), result: lost }
  },

  witness: (reply) => (rows, log) => {
    const lost = hasGoneBack(reply, rows, log)
    remember(reply, log)
    return { put: lost ? rows.filter(({ state }) => state === "stored").map(again) : [] }
  },

  mend: (id, row, now) => (rows, log) => {
    const old = rows.find((one) => one.id === id)
    const mended = old?.state === "refused" ? [{ ...old, state: "mended", settled_at: now }] : []
    return { put: [...mended, { ...row, n: ++log.n }] }
  },

  move: (id, from, to, now) => (rows) => {
    const row = rows.find((one) => one.id === id)
    return from.includes(row?.state) ? { put: [{ ...row, state: to, settled_at: now }] } : {}
  },

  prune: (now) => (rows, log) => ({
    drop: rows.filter((row) => mayGo(row, log, now)).map(({ id }) => id),
  }),
}

const inOrder = (rows) =>
  rows.toSorted?.((a, b) => a.n - b.n) ?? [...rows].sort((a, b) => a.n - b.n)

// A clock that went back would hold an entry for hours: held means five seconds, either way.
const isHeld = ({ held_until }, now) => now < held_until && now >= held_until - HOLD_MS

const numbered = (row, log) => ({ ...row, device_seq: ++log.device_seq })

// Put an entry that the server may have lost back into the queue. With its old id and number it is
// stored only once.
const again = (row) => ({ ...row, state: "waiting", stored_at: null, seq: null })

function settled(row, answer, now) {
  if (STORED.includes(answer.outcome)) {
    const stored_at = row.stored_at ?? now
    return {
      ...row,
      state: "stored",
      stored_at,
      asked_at: now,
      seq: answer.seq ?? null,
      answer: null,
    }
  }
  if (answer.outcome !== "refused") return null
  return { ...row, state: "refused", settled_at: now, answer: answer.sealed ?? null }
}

function remember({ durable_upto, epoch, head, head_found }, log) {
  log.durable_upto = durable_upto ?? log.durable_upto
  log.epoch = epoch ?? log.epoch
  log.head = head ?? (head_found === false ? null : log.head) // else it would be shown for ever
}

/**
 * Whether the server's log is not the one that this phone knew: it was restored from a backup.
 * Seen by another epoch, by the server's own word about the head that we showed it, by a durable
 * position that went back, or by a new entry that was given a place in the log which another one
 * of ours already had.
 */
function hasGoneBack(reply, rows, log) {
  if (reply.epoch && log.epoch && reply.epoch !== log.epoch) return true
  if (reply.head_found === false) return true
  if ((reply.durable_upto ?? Infinity) < (log.durable_upto ?? -Infinity)) return true
  const fresh = (reply.answers ?? []).filter(({ outcome }) => outcome === "stored")
  const first = Math.min(...fresh.map(({ seq }) => seq ?? Infinity))
  return rows.some(({ state, seq }) => state === "stored" && seq !== null && seq >= first)
}

const isDurable = ({ seq }, log) => seq === null || (log.durable_upto ?? -1) >= seq

const isUnconfirmed = (row, log, now) =>
  row.state === "stored" && !isDurable(row, log) && now - (row.asked_at ?? now) > CONFIRM_MS

function mayGo(row, log, now) {
  if (row.state === "stored") return now - row.stored_at > RETAIN_MS && isDurable(row, log)
  return row.state === "mended" && now - row.settled_at > RETAIN_MS
}
