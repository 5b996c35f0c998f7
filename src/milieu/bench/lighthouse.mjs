/**
 * Ask Lighthouse about pages that are open in a running Chromium, as they are or loaded anew.
 *
 *     node lighthouse.mjs FOLDER
 *
 * FOLDER holds node_modules/lighthouse. Each line that it reads is {"port": …, "address": …,
 * "mode": "snapshot" | "navigation"}: Chromium's port for debugging, and how the address of the page
 * begins. To each it answers with one line, {"scores": {…}, "failed": […]}.
 */

import { createRequire } from "node:module"
import { createInterface } from "node:readline"
import { pathToFileURL } from "node:url"

const [folder] = process.argv.slice(2)
const from = createRequire(`${folder}/`)
const load = (name) => import(pathToFileURL(from.resolve(name)).href)
const CONFIG = {
  extends: "lighthouse:default",
  settings: {
    onlyCategories: ["accessibility", "best-practices"],
    throttlingMethod: "provided",
    disableStorageReset: true, // whoever is signed in stays signed in
    screenEmulation: { disabled: true },
    formFactor: "mobile",
  },
}

const { snapshot, navigation } = await load("lighthouse")
const puppeteer = (await load("puppeteer-core")).default
for await (const line of createInterface({ input: process.stdin })) {
  const found = await look(JSON.parse(line))
  process.stdout.write(`${JSON.stringify(summary(found.lhr))}\n`)
}

async function look({ port, address, mode }) {
  const browserURL = `http://127.0.0.1:${port}`
  const browser = await puppeteer.connect({ browserURL, defaultViewport: null })
  try {
    const page = (await browser.pages()).find((one) => one.url().startsWith(address))
    if (mode === "snapshot") return await snapshot(page, { config: CONFIG })
    return await navigation(page, page.url(), { config: CONFIG })
  } finally {
    await browser.disconnect()
  }
}

function summary({ categories, audits }) {
  const scores = Object.fromEntries(
    Object.values(categories).map(({ id, score }) => [id, Math.round(score * 100)]),
  )
  const failed = Object.values(categories)
    .flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => `${id}: ${audits[id].title}`)
  return { scores, failed }
}
