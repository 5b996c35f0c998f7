/** One phone, several people: what was told to one of them is not shown to the next. */

import assert from "node:assert/strict"
import test from "node:test"

import { answerAlert } from "../../src/milieu/phone/static/phone/alerts.js"
import { holderWords } from "../../src/milieu/phone/static/phone/screens/take.js"
import { alerts, apart, phone, session, snapshot } from "../../src/milieu/phone/static/phone/state.js"

const DANA = { id: "dana", name: "Dana R." }
const SAM = { id: "sam", name: "Sam O." }
const ROSA = { id: "rosa", state: "in", holder: null }
const told = (person, more = {}) => ({ person, alerts: [], apart: [], ...more })
const opens = (person) => (session.value = { person, token: person.id })

test("that a colleague is suggested after a hard moment is shown to the one who had it, and to nobody else", () => {
  snapshot.value = told(DANA, { apart: ["rosa"] })
  opens(DANA)
  assert.deepEqual(apart.value, ["rosa"])
  assert.match(holderWords(ROSA), /a colleague/)

  opens(SAM) // without network: Dana's is the snapshot that is there
  assert.deepEqual(apart.value, [])
  assert.equal(holderWords(ROSA), "")

  snapshot.value = told(SAM)
  assert.equal(holderWords(ROSA), "")
})

test("alerts that wait for one person are not shown to the next", () => {
  snapshot.value = told(DANA, { alerts: [{ id: "a1" }] })
  opens(DANA)
  assert.equal(alerts.value.length, 1)
  opens(SAM)
  assert.deepEqual(alerts.value, [])
})

test("an answer that comes when another has opened the phone tells them nothing", async () => {
  snapshot.value = told(DANA, { alerts: [{ id: "a1" }, { id: "a2" }] })
  opens(DANA)
  let reply
  phone.door = { post: () => new Promise((resolve) => (reply = resolve)) }
  const answered = answerAlert("a1", "Seen to.")
  opens(SAM)
  snapshot.value = told(SAM)
  reply({ alerts: [{ id: "a2" }] })
  await answered
  assert.deepEqual(alerts.value, [])
})
