/** Every word on the screen, in the language of the person who holds the phone. */

import { signal } from "./html.js"
import { en } from "./words/en.js"
import { es } from "./words/es.js"

export const CATALOGUES = { en, es }
const KEY = "milieu-language"

/** The language `kept` on this phone, else the first `wished` one that we have. */
export function chooseLanguage(kept, wished) {
  const codes = [kept, ...wished].map((code) => code?.slice(0, 2).toLowerCase())
  return codes.find((code) => code in CATALOGUES) ?? "en"
}

export const language = signal(
  chooseLanguage(
    globalThis.localStorage?.getItem(KEY) ?? null,
    globalThis.navigator?.languages ?? [],
  ),
)

export function setLanguage(code) {
  localStorage.setItem(KEY, code)
  document.documentElement.lang = code
  language.value = code
}

/** The words for a key, with values put in: `say("in-minutes", {n: 4})`. */
export function say(key, values = {}) {
  const words = CATALOGUES[language.value][key] ?? en[key]
  if (words === undefined) throw new Error(`No words for ${key}`)
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}

/** As `say`, for one or for many: keys end in `.one` and `.other`. */
export function sayMany(key, n, values = {}) {
  return say(`${key}.${n === 1 ? "one" : "other"}`, { n, ...values })
}
