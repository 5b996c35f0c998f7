/** The outbox's store in memory. What it gives out are copies, as IndexedDB's are. */
export function memoryStore(kept = {}) {
  const rows = new Map((kept.rows ?? []).map((row) => [row.id, row]))
  const log = { n: 0, device_seq: 0, durable_upto: null, epoch: null, ...kept.log }
  const write = ({ put = [], drop = [] }) => {
    for (const id of drop) rows.delete(id)
    for (const row of put) rows.set(row.id, structuredClone(row))
  }
  return {
    log,
    rows: async () => structuredClone([...rows.values()]),
    async add(row) {
      const placed = { ...row, n: ++log.n }
      write({ put: [placed] })
      return placed
    },
    async change(decide) {
      write(decide(structuredClone([...rows.values()]), log) ?? {})
    },
  }
}

/** A box that seals nothing, for tests that are not about sealing. */
export const openBox = {
  seal: async (value) => ({ kid: "test", value: structuredClone(value) }),
  open: async (sealed) => structuredClone(sealed.value),
}

let made = 0
export const entry = (more = {}) => ({ id: `entry-${++made}`, kind: "round.check", ...more })

/** A server that keeps a log, as docs/wire.md has it. */
export function server() {
  return {
    log: [],
    batches: [],
    refuse: new Map(), // id -> answer
    online: true,
    async send(batch) {
      if (!this.online) throw new TypeError("offline")
      this.batches.push(batch)
      const answers = batch.map((item) => this.refuse.get(item.id) ?? this.store(item))
      return { answers, durable_upto: this.log.length }
    },
    store(item) {
      const at = this.log.findIndex(({ id }) => id === item.id)
      if (at >= 0) return { id: item.id, outcome: "repeated", seq: at + 1 }
      this.log.push(item)
      return { id: item.id, outcome: "stored", seq: this.log.length }
    },
    get ids() {
      return this.log.map(({ id }) => id)
    },
  }
}
