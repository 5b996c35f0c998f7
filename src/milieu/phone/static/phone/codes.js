/**
 * Reading the square of a printed code from the camera: by the browser where it can, else by a
 * reader (reader.js) that the phone fetches once and keeps apart from the app.
 */

const READER = "/phone/reader.js"
const KEEP_AFTER_MS = 10_000 // whoever has just opened the app comes first
const SIDE_MAX = 800 // px that our reader looks at, of the longer side

let own = null // our reader, begun once; or null

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia)

async function browserReads() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])
  return Boolean(formats?.includes("qr_code"))
}

/** Have the service worker keep our reader, on a phone that needs it, so that it works offline. */
export async function keepReader() {
  if (!hasCamera() || !navigator.serviceWorker || (await browserReads())) return
  const { active } = await navigator.serviceWorker.ready
  setTimeout(() => active.postMessage("keep-reader"), KEEP_AFTER_MS)
}

/**
 * What reads codes: give it a video, and it gives the texts in it now.
 *
 * Fails where the browser cannot and our reader is not here: never kept, and no network.
 */
export async function codeReader() {
  if (!(await browserReads())) {
    own ??= begin().catch((fault) => {
      own = null // the next try may have a network
      throw fault
    })
    return own
  }
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] })
  return async (video) => (await detector.detect(video)).map(({ rawValue }) => rawValue)
}

async function begin() {
  const worker = new Worker(READER, { type: "module" })
  const canRead = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = () => resolve(false)
  })
  if (!canRead) {
    worker.terminate()
    throw new Error("The reader of codes is not on this phone.")
  }
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  return async (video) => ask(worker, pictureOf(video, pen))
}

function ask(worker, picture) {
  const { port1, port2 } = new MessageChannel() // one for each question: no answer to another
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data)
    worker.postMessage({ picture, port: port2 }, [picture.data.buffer, port2])
  })
}

function pictureOf(video, pen) {
  const { videoWidth, videoHeight } = video
  const part = Math.min(1, SIDE_MAX / Math.max(videoWidth, videoHeight))
  const width = (pen.canvas.width = Math.round(videoWidth * part))
  const height = (pen.canvas.height = Math.round(videoHeight * part))
  pen.drawImage(video, 0, 0, width, height)
  return pen.getImageData(0, 0, width, height)
}
