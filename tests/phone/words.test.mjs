import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import test from "node:test"

import {
  CATALOGUES,
  chooseLanguage,
  say,
  sayMany,
} from "../../src/milieu/phone/static/phone/words.js"

const PHONE = new URL("../../src/milieu/phone/static/phone/", import.meta.url)
const { en, es } = CATALOGUES
const SOURCE = ["", "screens/"]
  .flatMap((folder) => readdirSync(new URL(folder, PHONE)).map((name) => folder + name))
  .filter((name) => name.endsWith(".js"))
  .map((name) => readFileSync(new URL(name, PHONE), "utf8"))
  .join("\n")
const values = (words) => [...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

test("Spanish says everything that English says, with the same values", () => {
  assert.deepEqual(Object.keys(es).sort(), Object.keys(en).sort())
  for (const key of Object.keys(en)) assert.deepEqual(values(es[key]), values(en[key]), key)
})

test("every key that a screen asks for is in the catalogue", () => {
  for (const [, key] of SOURCE.matchAll(/\bsay\("([\w-]+)"/g)) assert.ok(key in en, key)
  for (const [, key] of SOURCE.matchAll(/\bsayMany\("([\w-]+)"/g)) {
    assert.ok(`${key}.one` in en && `${key}.other` in en, key)
  }
})

test("no words are kept that nobody says", () => {
  const made = [...SOURCE.matchAll(/say\(`([\w-]+-)\$\{/g)].map(([, start]) => start)
  const unsaid = Object.keys(en).filter((key) => {
    const said = key.replace(/\.(one|other)$/, "")
    return !SOURCE.includes(`"${said}"`) && !made.some((start) => key.startsWith(start))
  })
  assert.deepEqual(unsaid, [])
})

test("the words are calm and say what to do", () => {
  const never = /\b(invalid|error|oops|please|failed|non-compliant|inválid|por favor)/i
  for (const words of [...Object.values(en), ...Object.values(es)])
    assert.doesNotMatch(words, never)
})

test("values are put in, and one is not many", () => {
  assert.equal(say("truth", { onPhone: 3, inRecord: 41 }), "3 on this phone, 41 in the record")
  assert.equal(sayMany("wrong-pin", 1), "That is not your PIN. 1 try is left.")
})

test("the language is the one chosen on this phone, else the browser's, else English", () => {
  assert.equal(chooseLanguage("es", ["en-US"]), "es")
  assert.equal(chooseLanguage(null, ["fr-FR", "es-MX"]), "es")
  assert.equal(chooseLanguage(null, ["fr-FR"]), "en")
})
