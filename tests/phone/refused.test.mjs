/** What the record did not take waits for whoever can say what was seen, on this phone and in sight. */

import assert from "node:assert/strict"
import test from "node:test"

import { maySettle } from "../../src/milieu/phone/static/phone/amend.js"
import { Screen } from "../../src/milieu/phone/static/phone/frame.js"
import { refusedWords, sendAgain } from "../../src/milieu/phone/static/phone/screens/refused.js"
import { Waiting } from "../../src/milieu/phone/static/phone/screens/waiting.js"
import { counts, draft, items, now, phone, screen, session, snapshot, toast, wentBack } from "../../src/milieu/phone/static/phone/state.js"
import { language } from "../../src/milieu/phone/static/phone/words.js"

const NOW = Date.parse("2026-11-22T02:53:00Z")
const LEFT = "Agnes salió a las 13:45."
const entry = { kind: "round.check", author: "dana", stay: "agnes", fact: {} }
const refused = (more = {}) => ({ id: "a", state: "refused", entry, answer: { code: "after-discharge", message: LEFT }, ...more })
const holds = (id, may = ["check"]) => {
  session.value = { person: { id } }
  snapshot.value = { pulledAt: NOW, person: { id, may }, pack: { levels: [] }, unit: { time_zone: "UTC" }, stays: [], left: [{ id: "agnes", preferred_name: "Agnes" }] }
}

test("what the record did not take is its author's to settle, or a lead's, and nobody else's", () => {
  assert.equal(maySettle(refused(), { id: "dana" }), true)
  assert.equal(maySettle(refused(), { id: "sam", may: ["check", "take"] }), false)
  assert.equal(maySettle(refused(), { id: "sam" }), false)
  assert.equal(maySettle(refused(), { id: "lena", may: ["check", "amend-any"] }), true)
  assert.equal(maySettle({ id: "a", state: "refused" }, { id: "dana" }), false)
  assert.equal(maySettle(refused(), null), false)
})

test("what the record did not take counts as on this phone, whoever holds it, and is not sent", () => {
  now.value = NOW
  items.value = [refused(), { id: "b", state: "stored", stored_at: NOW, entry }]
  holds("dana")
  assert.deepEqual(counts.value, { onPhone: 1, unsent: 0, inRecord: 1, refused: 1, othersRefused: 0, sealed: 0 })
  holds("sam")
  assert.deepEqual(counts.value, { onPhone: 1, unsent: 0, inRecord: 1, refused: 0, othersRefused: 1, sealed: 0 })
  session.value = null
  assert.equal(counts.value.onPhone, 1)
})

/** What can be read of something drawn. */
function wordsOf(drawn) {
  if (Array.isArray(drawn)) return drawn.map(wordsOf).join(" ")
  if (typeof drawn !== "object" || drawn === null) return ["string", "number"].includes(typeof drawn) ? `${drawn}` : ""
  const { type, props } = drawn
  return wordsOf(typeof type === "function" && type !== Screen ? type(props) : props.children)
}

test("what was set aside is listed apart, however much is written after it", () => {
  now.value = NOW
  holds("dana")
  language.value = "en"
  const written = { ...entry, fact: { outcome: "seen", note: "Set aside by me" }, happened_at: new Date(NOW).toISOString(), written_at: new Date(NOW).toISOString() }
  const later = Array.from({ length: 31 }, (_, n) => ({ id: `${n}`, state: "stored", stored_at: NOW, entry: { ...written, fact: { outcome: "seen" } } }))
  items.value = [refused({ state: "aside", entry: written }), ...later]
  assert.match(wordsOf(Waiting()), /Set aside .*Set aside by me.*Bring back.*In the record/s)
  now.value = NOW + 5 * 24 * 3_600_000
  assert.match(wordsOf(Waiting()), /Nov 22, 02:53.*Set aside by me/s)
})

test("why is said in the language of who reads it, else as the server said it", () => {
  holds("dana")
  language.value = "en"
  assert.match(refusedWords(refused()), /^Agnes left at 13:45. If your time is right, ask a nurse/)
  language.value = "es"
  assert.match(refusedWords(refused()), /^Agnes salió a las 13:45. Si su hora es correcta, pida a enfermería/)
  language.value = "en"
  assert.equal(refusedWords(refused({ answer: { code: "another", message: "As said." } })), "As said.")
  assert.equal(refusedWords(refused({ answer: { code: "after-discharge", message: "Left." } })), "Left.")
  assert.match(refusedWords(refused({ answer: null })), /did not take/)
})

test("who sends again hears when it is not taken again, and nothing where it is or has to wait", async () => {
  const outcome = (state) => {
    toast.value = null
    phone.outbox = { sendAgain: async () => {} }
    phone.sync = { wake: async () => void (items.value = [refused({ state })]) }
    return sendAgain(refused())
  }
  for (const state of ["stored", "waiting"]) {
    await outcome(state)
    assert.equal(toast.value, null)
  }
  await outcome("refused")
  assert.match(toast.value.text, /Again the record did not take it/)
  toast.value = null
})

test("the phone's own way back leads from a choice of time to what is being written", () => {
  globalThis.history = { state: null, pushState() {}, back() {} }
  draft.value = { stay: "agnes", screen: "vitals" }
  screen.value = { name: "time" }
  wentBack()
  assert.equal(screen.value.name, "vitals")
  screen.value = { name: "parts" }
  wentBack()
  assert.equal(screen.value.name, "check")
  wentBack()
  assert.equal(screen.value.name, "list")
  assert.equal(draft.value, null, "else a call for help would name the room of whoever was open")
})
