/**
 * Ask Lighthouse about a page that is open in a running Chromium, as it is now or loaded anew.
 *
 *     node lighthouse.mjs FOLDER PORT snapshot|navigation ADDRESS
 *
 * FOLDER holds node_modules/lighthouse, PORT is Chromium's for debugging, ADDRESS is how the
 * address of the page begins. Prints {"scores": {…}, "failed": […]}.
 */

import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"

const [folder, port, mode, address] = process.argv.slice(2)
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
const browser = await puppeteer.connect({
  browserURL: `http://127.0.0.1:${port}`,
  defaultViewport: null,
})
try {
  const pages = await browser.pages()
  const page = pages.find((one) => one.url().startsWith(address))
  const found =
    mode === "snapshot"
      ? await snapshot(page, { config: CONFIG })
      : await navigation(page, page.url(), { config: CONFIG })
  process.stdout.write(JSON.stringify(summary(found.lhr)))
} finally {
  await browser.disconnect()
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
