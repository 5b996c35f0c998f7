/*
 * The service worker keeps the app on the phone, so that it opens without network.
 *
 * The server puts four lines before this file and serves the whole as /phone/sw.js:
 *
 *     const VERSION = "<hash of every file below and of this one>";
 *     const FILES = [["/phone/", "sha256-…"], …];
 *     const PACK = ["/phone/pack", "sha256-…", ["/static/phone/app.js", …]];
 *     const READER = ["<hash of its files>", [["/phone/reader.js", "sha256-…"], …]];
 *
 * A file with other content than its hash says is not taken. PACK is one file of many texts: address,
 * type and content of each, with a NUL between any two. Together they are a third smaller than one by
 * one. A version is fetched whole or not at all, and never mixed with another.
 *
 * READER reads printed codes for browsers that cannot. It is several times as large as the app, so
 * only a phone that asks for it keeps it, beside the app, and over new versions of the app.
 *
 * It answers only for FILES and READER. Everything else, above all /phone/push and /phone/pull, goes to the
 * network or fails: an offline call never gets a page for an answer. It never touches IndexedDB,
 * where the entries are.
 */
/* global VERSION, FILES, PACK, READER */

const CACHE = `milieu-phone-${VERSION}`
const [READER_VERSION, READER_FILES] = READER
const READER_CACHE = `milieu-phone-reader-${READER_VERSION}`
let opened = null // the cache, opened once for all files of a start
const addressOf = ([address]) => address
const [PACK_ADDRESS, PACK_HASH, PACKED] = PACK
const OURS = new Set([...FILES.map(addressOf), ...PACKED])
const READERS = new Set(READER_FILES.map(addressOf))

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([keepApp(), keepNewReader(), answerWithoutWorker(event)]))
})

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOldVersions().then(() => self.clients.claim()))
})

// The page says when: nobody is writing and nothing is being sent.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting()
  // A phone that cannot read codes by itself. Without network it asks again at its next start.
  if (event.data === "keep-reader") event.waitUntil(keepReader().catch(() => {}))
})

// A notice of the phone's own alarm was touched: the app comes to the front.
self.addEventListener("notificationclick", (event) => {
  event.notification.close()
  event.waitUntil(toFront())
})

self.addEventListener("fetch", (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== "GET" || origin !== self.location.origin) return
  if (OURS.has(pathname)) event.respondWith(kept(pathname, request))
  else if (READERS.has(pathname)) event.respondWith(keptReader(pathname, request))
})

async function kept(path, request) {
  opened ??= caches.open(CACHE)
  return (await (await opened).match(path, { ignoreVary: true })) ?? fetch(request)
}

// All are fetched before the first is kept. Without Vary: an answer is the same for every request,
// and a browser that looks here by itself cannot be told to ignore it.
async function keepApp() {
  const [pack, ...answers] = await fetchAll([[PACK_ADDRESS, PACK_HASH], ...FILES])
  const parts = (await pack.text()).split("\0")
  const cache = await caches.open(CACHE)
  const keep = (address, n) => {
    const [type, text] = parts.slice(3 * n + 1)
    return cache.put(address, new Response(text, { headers: { "Content-Type": type } }))
  }
  await Promise.all(parts.filter((_, n) => n % 3 === 0).map(keep))
  await Promise.all(answers.map((answer) => cache.put(answer.url, withoutVary(answer))))
}

async function fetchAll(files) {
  const answers = await Promise.all(files.map((file) => fetch(fresh(file))))
  const wrong = answers.find(({ ok, redirected }) => !ok || redirected)
  if (wrong) throw new Error(`${wrong.url}: ${wrong.status}`)
  return answers
}

async function keepAll(name, files) {
  const answers = await fetchAll(files)
  const cache = await caches.open(name)
  await Promise.all(answers.map((answer) => cache.put(answer.url, withoutVary(answer))))
}

const inReader = (path) => caches.match(path, { cacheName: READER_CACHE, ignoreVary: true })

async function keptReader(path, request) {
  return (await inReader(path)) ?? fetch(request)
}

async function keepReader() {
  const found = await Promise.all([...READERS].map(inReader))
  if (!found.every(Boolean)) await keepAll(READER_CACHE, READER_FILES)
}

// Whoever has a reader has one after an update too. An app without it is better than none.
async function keepNewReader() {
  const names = await caches.keys()
  if (names.some((name) => name.startsWith("milieu-phone-reader-"))) await keepReader().catch(() => {})
}

function withoutVary({ body, status, statusText, headers: given }) {
  const headers = new Headers(given)
  headers.delete("Vary")
  return new Response(body, { status, statusText, headers })
}

// Where a browser can (static routing), it answers for the kept files from this version's cache by
// itself, and the worker need not be started first. What it does not find goes to the network.
function answerWithoutWorker(event) {
  if (!event.addRoutes) return
  const or = [...OURS].map((pathname) => ({ urlPattern: new URLPattern({ pathname, search: "" }) }))
  return event.addRoutes({ condition: { or }, source: { cacheName: CACHE } }).catch(() => {})
}

async function toFront() {
  const [page] = await self.clients.matchAll({ type: "window" })
  return page ? page.focus() : self.clients.openWindow("/phone/")
}

const fresh = ([address, integrity]) =>
  new Request(address, { cache: "reload", credentials: "omit", integrity })

async function removeOldVersions() {
  const names = await caches.keys()
  const ours = names.filter((name) => name.startsWith("milieu-phone-"))
  const old = ours.filter((name) => name !== CACHE && name !== READER_CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
}
