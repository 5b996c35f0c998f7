/**
 * IndexedDB: what this phone keeps when it is closed. Entries are written with strict durability:
 * the screen says "saved" only when they are on the disk.
 */

import { openDB } from "../vendor/idb/idb.js"

const NAME = "milieu-phone"
const VERSION = 1
const STRICT = { durability: "strict" }
const EMPTY_LOG = { n: 0, device_seq: 0, durable_upto: null, epoch: null, head: null }

// One step for each version of the database; a step is never changed, only added.
const STEPS = [
  (db) => {
    db.createObjectStore("device") // what is known of this phone: one value for each name
    db.createObjectStore("people", { keyPath: "id" }) // who has signed in here, with their vaults
    db.createObjectStore("entries", { keyPath: "id" }) // the outbox
  },
]

/** Open the database. `blocking` is called when a newer page wants to change its shape. */
export async function openStore(blocking = () => {}) {
  const db = await openDB(NAME, VERSION, {
    upgrade(opened, from) {
      for (const step of STEPS.slice(from)) step(opened)
    },
    blocking() {
      db.close()
      blocking()
    },
  })
  return {
    device: named(db, "device"),
    people: {
      all: () => db.getAll("people"),
      get: (id) => db.get("people", id),
      put: (person) => put(db, "people", person),
      remove: (id) => db.delete("people", id),
    },
    entries: entries(db),
  }
}

const named = (db, store) => ({
  get: (name) => db.get(store, name),
  put: (name, value) => put(db, store, value, name),
  remove: (name) => db.delete(store, name),
})

async function put(db, store, value, key) {
  const work = db.transaction(store, "readwrite", STRICT)
  await Promise.all([work.store.put(value, key), work.done])
}

/** The outbox's store; see outbox.js for what it promises. */
function entries(db) {
  const begin = () => db.transaction(["entries", "device"], "readwrite", STRICT)
  return {
    rows: () => db.getAll("entries"),

    async add(row) {
      const work = begin()
      const log = await logOf(work)
      const placed = { ...row, n: ++log.n }
      await finish(work, log, { put: [placed] })
      return placed
    },

    async change(decide) {
      const work = begin()
      const log = await logOf(work)
      const before = JSON.stringify(log)
      const outcome = decide(await work.objectStore("entries").getAll(), log) ?? {}
      await finish(work, JSON.stringify(log) === before ? null : log, outcome)
    },
  }
}

const logOf = async (work) => ({ ...EMPTY_LOG, ...(await work.objectStore("device").get("log")) })

async function finish(work, log, { put: rows = [], drop = [] }) {
  const store = work.objectStore("entries")
  const writes = [...rows.map((row) => store.put(row)), ...drop.map((id) => store.delete(id))]
  if (log) writes.push(work.objectStore("device").put(log, "log"))
  await Promise.all([...writes, work.done])
}
