/**
 * IndexedDB: what this phone keeps when it is closed. Entries are written with strict durability:
 * the screen says "saved" only when they are on the disk.
 */

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

// Opened and read as soon as this file is there: the page names it before the others.
const opening = open()
const finding = opening.then(find)
finding.catch(() => {}) // whoever asks for the store is told

function open() {
  const asked = indexedDB.open(NAME, VERSION)
  asked.onupgradeneeded = ({ oldVersion }) => {
    for (const step of STEPS.slice(oldVersion)) step(asked.result)
  }
  return answer(asked)
}

// What the app needs to ask who it is, in one look.
async function find(db) {
  const work = db.transaction(["device", "people", "entries"], "readonly")
  const known = ["clock", "token", "device"].map((name) => work.objectStore("device").get(name))
  const all = ["people", "entries"].map((name) => work.objectStore(name).getAll())
  const [clock, token, device, people, rows] = await Promise.all([...known, ...all].map(answer))
  return { clock, token, device, people, rows }
}

/** The open database, and what was `found` in it. `blocking` is called when a newer page wants to change its shape. */
export async function openStore(blocking = () => {}) {
  const db = await opening
  db.onversionchange = () => {
    db.close()
    blocking()
  }
  return {
    found: await finding,
    device: named(db, "device"),
    people: {
      all: () => answer(read(db, "people").getAll()),
      get: (id) => answer(read(db, "people").get(id)),
      put: (person) => write(db, "people", (store) => store.put(person)),
      remove: (id) => write(db, "people", (store) => store.delete(id)),
    },
    entries: entries(db),
  }
}

const named = (db, store) => ({
  get: (name) => answer(read(db, store).get(name)),
  put: (name, value) => write(db, store, (opened) => opened.put(value, name)),
})

const read = (db, store) => db.transaction(store, "readonly").objectStore(store)

function write(db, store, change) {
  const work = db.transaction(store, "readwrite", STRICT)
  change(work.objectStore(store))
  return onDisk(work)
}

/** What a request was answered. */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Resolves when all of this work is on the disk; rejects when none of it is. */
function onDisk(work) {
  const done = new Promise((resolve, reject) => {
    work.oncomplete = () => resolve()
    work.onabort = () => reject(work.error ?? new Error("The phone gave the work up."))
  })
  work.commit() // now, and not only when every single request has been answered
  return done
}

/** The outbox's store; see outbox.js for what it promises. */
function entries(db) {
  const begin = () => db.transaction(["entries", "device"], "readwrite", STRICT)
  return {
    rows: () => answer(read(db, "entries").getAll()),

    async add(row) {
      const work = begin()
      const log = await logOf(work)
      const placed = { ...row, n: ++log.n }
      await finish(work, log, { put: [placed] })
      return placed
    },

    async change(decide) {
      const work = begin()
      const reading = answer(work.objectStore("entries").getAll())
      const log = await logOf(work)
      const before = JSON.stringify(log)
      const outcome = decide(await reading, log) ?? {}
      await finish(work, JSON.stringify(log) === before ? null : log, outcome)
    },
  }
}

const logOf = async (work) => ({
  ...EMPTY_LOG,
  ...(await answer(work.objectStore("device").get("log"))),
})

function finish(work, log, { put = [], drop = [] }) {
  const store = work.objectStore("entries")
  for (const row of put) store.put(row)
  for (const id of drop) store.delete(id)
  if (log) work.objectStore("device").put(log, "log")
  return onDisk(work)
}
