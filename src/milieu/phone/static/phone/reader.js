/**
 * Reads printed codes for a browser that cannot: ZXing-C++, in a worker of its own.
 *
 * The server gives this file as /phone/reader.js. Only so does the service worker answer for what it
 * imports, and only so can it alone have the policy that WebAssembly needs: the page keeps its own.
 *
 * It is asked with {picture, port}, an ImageData and where to answer: with the texts of the codes.
 * It says once whether it can read at all.
 */

import { prepareZXingModule, readBarcodes } from "/static/vendor/zxing-wasm/reader/reader.js"

const WASM = "/static/vendor/zxing-wasm/zxing_reader.wasm"
const HOW = { formats: ["QRCode"], maxNumberOfSymbols: 4, tryHarder: true }

self.addEventListener("message", async ({ data: { picture, port } }) => {
  const found = await readBarcodes(picture, HOW).catch(() => [])
  port.postMessage(found.map(({ text }) => text))
})

prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true }).then(
  () => self.postMessage(true),
  () => self.postMessage(false),
)
