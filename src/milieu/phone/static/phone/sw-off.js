/*
 * Served as /phone/sw.js in place of the worker when it has to go: it removes itself and the kept
 * files, and lets the pages load from the server. The entries, in IndexedDB, stay.
 */

self.addEventListener("install", () => self.skipWaiting())

self.addEventListener("activate", (event) => event.waitUntil(leave()))

async function leave() {
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith("milieu-phone-")).map((name) => caches.delete(name)),
  )
  await self.registration.unregister()
}
