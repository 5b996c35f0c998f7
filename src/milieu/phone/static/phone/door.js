/**
 * The server, as the phone speaks to it: docs/wire.md. An answer is a parsed JSON body or nothing:
 * a page, a redirect or an empty body is the same as no network.
 */

import { language } from "./words.js"

const PATIENCE_MS = 20_000

/** The server could not be reached, or something else answered in its place. */
export class Unreachable extends Error {}

/** The server read the request and refused it. `message` is for the person. */
export class Refused extends Error {
  constructor(status, { code = "", message = "", field = "" }, retryAfterS) {
    super(message)
    Object.assign(this, { status, code, field, retryAfterS })
  }

  /** The body was refused for what is in it, so that sending it again cannot help. */
  get refusesContent() {
    return [400, 413, 422].includes(this.status) && CONTENT.has(this.code)
  }
}

const CONTENT = new Set(["not-json", "wrong-shape", "too-large"])

export class Door {
  #clock
  #fetch
  #deviceToken = null

  constructor(clock, fetcher = (...request) => fetch(...request)) {
    this.#clock = clock
    this.#fetch = fetcher
  }

  set deviceToken(token) {
    this.#deviceToken = token
  }

  get(path, session) {
    return this.#ask(path, { method: "GET" }, session)
  }

  post(path, body, session) {
    const headers = { "Content-Type": "application/json" }
    return this.#ask(path, { method: "POST", body: JSON.stringify(body), headers }, session)
  }

  /** Open an answer that goes on: a feed. Rejects where the server does not give it. */
  async follow(path, signal) {
    const headers = { Authorization: `Bearer ${this.#deviceToken}` }
    const limits = { cache: "no-store", credentials: "omit", redirect: "error" }
    const response = await this.#fetch(path, { ...limits, headers, signal })
    if (!response.ok) throw new Unreachable(`${path}: ${response.status}`)
    return response
  }

  async #ask(path, request, session) {
    const headers = { Accept: "application/json", ...request.headers }
    headers["Accept-Language"] = language.value // the phone's, which need not be the browser's
    if (this.#deviceToken) headers.Authorization = `Bearer ${this.#deviceToken}`
    if (session) headers["Milieu-Session"] = session
    const sent = this.#clock.sent()
    const { response, body } = await this.#exchange(path, { ...request, headers })
    if (body?.received_at) {
      const serverAt = Date.parse(body.received_at)
      this.#clock.heard(sent, { serverAt, anchor: body.anchor })
    }
    if (!response.ok) throw new Refused(response.status, body, retryAfterS(response))
    return body
  }

  async #exchange(path, request) {
    const limits = {
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    }
    try {
      const response = await this.#fetch(path, { ...limits, ...request })
      return { response, body: response.status === 204 ? null : await parsed(response) }
    } catch (error) {
      throw new Unreachable(`${path} gave no answer`, { cause: error })
    }
  }
}

async function parsed(response) {
  const body = await response.json()
  if (body === null || typeof body !== "object") throw new TypeError("Not an answer of ours.")
  return body
}

function retryAfterS(response) {
  const seconds = Number(response.headers.get("Retry-After"))
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null
}
