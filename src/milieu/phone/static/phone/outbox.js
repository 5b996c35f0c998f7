/**
 * The outbox: every entry that this phone has written and must not lose.
 *
 * An entry leaves "waiting" only when a parsed answer names its id. Stored ones are retained for
 * 72 hours more, so that a server restored from an older backup can be given what it lost. Refused
 * ones stay, with the reason, until a person puts them right; also those that one has set aside.
 * Nothing is ever dropped because something went wrong.
 *
 * Entries are numbered (`device_seq`) in the order of writing, when their time to undo is over: a
 * hole in the numbers then proves that something is missing.
 *
 * @typedef {"held" | "waiting" | "stored" | "refused" | "mended" | "aside"} State
 * @typedef {{id: string, n: number, state: State, device_seq: number | null, held_until: number,
 *            stored_at: number | null, asked_at: number | null, seq: number | null,
 *            settled_at: number | null, body: object, answer: object | null}} Row
 * @typedef {{n: number, device_seq: number, durable_upto: number | null, epoch: string | null,
 *            head: string | null}} Log  `head` is shown to the server again, as it came
 * @typedef {{rows: () => Promise<Row[]>, add: (row: Row) => Promise<Row>,
 *            change: (decide: (rows: Row[], log: Log) => {put?: Row[], drop?: string[]}) =>
 *              Promise<void>}} Store  `add` gives the row its place `n`; it and `change`
 *            are atomic, and on the disk when they resolve
 */

import { BATCH_MAX, BYTES_MAX, decide } from "./settle.js"

export class Outbox {
  #store
  #box
  #send
  #now
  #alone
  #told
  #items = new Map() // id -> {row, entry, answer}; entry is undefined while its key is not open
  #changes = 0 // how often something was written on the disk from here
  #flushing = null

  /** Whether the disk took what was written last. */
  keeps = true

  /**
   * @param {object} parts
   * @param {Store} parts.store  IndexedDB in the app, a Map in tests
   * @param {{seal: Function, open: Function}} parts.box  seals and opens what lies on the disk
   * @param {(entries: object[]) => Promise<object>} parts.send  posts a batch, gives the answer;
   *        rejects when the server could not be reached or refused the whole request
   * @param {() => number} parts.now  ms
   * @param {(work: () => Promise<void>) => Promise<void>} parts.alone  one tab at a time
   * @param {() => void} parts.told  called when anything here has changed
   */
  constructor({ store, box, send, now = Date.now, alone = (work) => work(), told = () => {} }) {
    this.#store = store
    this.#box = box
    this.#send = send
    this.#now = now
    this.#alone = alone
    this.#told = told
  }

  /** Everything on this phone, oldest first: `{id, state, …, entry, answer}`. */
  get items() {
    return [...this.#items.values()]
      .map(({ row, entry, answer }) => ({ ...row, entry, answer }))
      .sort((a, b) => a.n - b.n)
  }

  /** Take what is on the disk, or what was just read of it; open what the open keys can open. */
  async load(found = null) {
    const before = this.#changes
    const rows = found ?? (await this.#store.rows())
    const known = this.#items
    const opened = await Promise.all(rows.map((row) => this.#opened(row, known.get(row.id))))
    if (before !== this.#changes) return this.load() // something was written meanwhile
    this.#items = new Map(opened.map((item) => [item.row.id, item]))
    this.#told()
  }

  /** Keep an entry. Resolves when it is safely on this phone's disk. */
  async add(entry, { hold_ms = 0 } = {}) {
    const row = await this.#onDisk(this.#store.add(await this.#rowFor(entry, hold_ms)))
    this.keeps = true
    this.#changes += 1
    this.#items.set(row.id, { row, entry, answer: null })
    this.#told()
  }

  /** Take back an entry that was not sent yet. False when its time to undo is over. */
  undo(id) {
    return this.#change(decide.undo(id))
  }

  /** Write a corrected copy of a refused entry; the refused one is marked as put right. */
  async mend(id, corrected) {
    const row = await this.#rowFor(corrected, 0)
    await this.#change(decide.mend(id, row, this.#now()))
  }

  /** A person decides that a refused entry will not be sent. It stays, and in sight. */
  setAside(id) {
    return this.#change(decide.move(id, ["refused"], "aside", this.#now()))
  }

  /** Send a refused or set-aside entry once more, as it was written. */
  sendAgain(id) {
    return this.#change(decide.move(id, ["refused", "aside"], "waiting", this.#now()))
  }

  /** Hear what the server says of its log, in a pull. */
  witness(reply) {
    return this.#change(decide.witness(reply))
  }

  /** Drop what was stored long ago and is known to be on a second medium. */
  prune() {
    return this.#change(decide.prune(this.#now()))
  }

  /** Send what waits, oldest first. Rejects when sending stopped before everything was sent. */
  flush() {
    this.#flushing ??= this.#alone(() => this.#sendAll()).finally(() => (this.#flushing = null))
    return this.#flushing
  }

  get isSending() {
    return this.#flushing !== null
  }

  async #sendAll() {
    await this.load()
    let most = BATCH_MAX
    for (;;) {
      await this.#change(decide.release(this.#now()))
      const batch = this.#nextBatch(most)
      if (batch.length === 0) return

      const reply = await this.#send(batch).catch((error) => refusalOfAll(error, batch))
      if (reply.tooMuch) {
        most = Math.ceil(batch.length / 2)
        continue
      }
      const answered = await this.#settle(batch, reply)
      if (answered === 0) throw new Error("The server answered for none of the entries.")
    }
  }

  #nextBatch(most) {
    const ready = this.items.filter(
      ({ state, device_seq, entry }) => state === "waiting" && device_seq !== null && entry,
    )
    const batch = []
    let bytes = 0
    for (const { entry, device_seq } of ready.slice(0, most)) {
      const body = { ...entry, device_seq }
      bytes += new TextEncoder().encode(JSON.stringify(body)).length
      if (bytes > BYTES_MAX && batch.length > 0) break
      batch.push(body)
    }
    return batch
  }

  async #settle(batch, reply) {
    const sent = new Set(batch.map(({ id }) => id))
    const answers = (reply.answers ?? []).filter(({ id }) => sent.has(id))
    for (const answer of answers) answer.sealed = await this.#box.seal(wordsOf(answer), answer.id)
    await this.#change(decide.settle({ ...reply, answers }, this.#now()))
    return answers.filter(({ outcome }) => decide.outcomes.includes(outcome)).length
  }

  async #rowFor(entry, hold_ms) {
    return {
      id: entry.id,
      n: 0,
      state: hold_ms ? "held" : "waiting",
      device_seq: null,
      held_until: this.#now() + hold_ms,
      stored_at: null,
      asked_at: null,
      seq: null,
      settled_at: null,
      body: await this.#box.seal(entry, entry.id),
      answer: null,
    }
  }

  // Run one decision on the disk, in one transaction, and bring what is in memory up to date.
  async #change(decision) {
    let result
    let outcome = {}
    const changing = this.#store.change((rows, log) => {
      outcome = decision(rows, log) ?? {}
      result = outcome.result
      return outcome
    })
    await this.#onDisk(changing)
    if (outcome.put?.length) this.keeps = true
    this.#changes += 1
    for (const id of outcome.drop ?? []) this.#items.delete(id)
    for (const row of outcome.put ?? []) {
      this.#items.set(row.id, await this.#opened(row, this.#items.get(row.id)))
    }
    if (outcome.put?.length || outcome.drop?.length) this.#told()
    return result
  }

  #onDisk(writing) {
    return writing.catch((fault) => {
      this.keeps = false
      this.#told()
      throw fault
    })
  }

  async #opened(row, known) {
    const entry = known?.entry ?? (await this.#box.open(row.body, row.id))
    const sameAnswer = known?.row.answer === row.answer || !row.answer
    const answer = sameAnswer
      ? (row.answer && known?.answer) || null
      : await this.#box.open(row.answer, row.id)
    return { row, entry, answer }
  }
}

const wordsOf = ({ code = "", message = "", field = "" }) => ({ code, message, field })

// A request that the server read and refused whole is split, until the one entry that it cannot
// take is found; that one is then refused alone. One bad entry never holds up a phone.
function refusalOfAll(error, batch) {
  if (!error.refusesContent) throw error
  if (batch.length > 1) return { tooMuch: true }
  const { code, message, field } = error
  return { answers: [{ id: batch[0].id, outcome: "refused", code, message, field }] }
}
