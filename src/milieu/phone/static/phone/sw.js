/*
 * The service worker keeps the app on the phone, so that it opens without network.
 *
 * The server puts two lines before this file and serves the whole as /phone/sw.js:
 *
 *     const VERSION = "<hash of every file below and of this one>";
 *     const FILES = ["/phone/", "/static/phone/app.js", …];
 *
 * An item of FILES may also be ["<address>", "sha256-<base64>"]: then a file with other content is
 * not taken. A version is fetched whole or not at all, and never mixed with another.
 *
 * It answers only for FILES. Everything else, above all /phone/push and /phone/pull, goes to the
 * network or fails: an offline call never gets a page for an answer. It never touches IndexedDB,
 * where the entries are.
 */
/* global VERSION, FILES */

const CACHE = `milieu-phone-${VERSION}`
let opened = null // the cache, opened once for all files of a start
const OURS = new Set(FILES.map((file) => (Array.isArray(file) ? file[0] : file)))

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([keepAll(), answerWithoutWorker(event)]))
})

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOldVersions().then(() => self.clients.claim()))
})

// The page says when: nobody is writing and nothing is being sent.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting()
})

// A notice of the phone's own alarm was touched: the app comes to the front.
self.addEventListener("notificationclick", (event) => {
  event.notification.close()
  event.waitUntil(toFront())
})

self.addEventListener("fetch", (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== "GET" || origin !== self.location.origin || !OURS.has(pathname)) return
  event.respondWith(kept(pathname, request))
})

async function kept(path, request) {
  opened ??= caches.open(CACHE)
  return (await (await opened).match(path, { ignoreVary: true })) ?? fetch(request)
}

// All are fetched before the first is kept. Without Vary: an answer is the same for every request,
// and a browser that looks here by itself cannot be told to ignore it.
async function keepAll() {
  const answers = await Promise.all(FILES.map((file) => fetch(fresh(file))))
  const wrong = answers.find(({ ok, redirected }) => !ok || redirected)
  if (wrong) throw new Error(`${wrong.url}: ${wrong.status}`)
  const cache = await caches.open(CACHE)
  await Promise.all(answers.map((answer) => cache.put(answer.url, withoutVary(answer))))
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

function fresh(file) {
  const [address, integrity] = Array.isArray(file) ? file : [file]
  return new Request(address, {
    cache: "reload",
    credentials: "omit",
    ...(integrity && { integrity }),
  })
}

async function removeOldVersions() {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith("milieu-phone-") && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
}
