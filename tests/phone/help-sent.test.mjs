/** What is said of help on a phone reaches the server: calls first, and each word as its speaker's. */

import assert from "node:assert/strict"
import test from "node:test"

import { Refused, Unreachable } from "../../src/milieu/phone/static/phone/door.js"
import { callHelp, ready, sayOf, send, whyNotTaken } from "../../src/milieu/phone/static/phone/help.js"
import { locked, phone, session } from "../../src/milieu/phone/static/phone/state.js"

const dana = (token = "Dana's") => ({ person: { id: "dana", name: "Dana R." }, token })
const SAM = { person: { id: "sam", name: "Sam O." }, token: "Sam's" }
const signInFirst = () => new Refused(401, { code: "sign-in-first", message: "Unlock it first." })
const neverTaken = () => new Refused(422, { code: "unknown-call", message: "No such call." })

const kept = new Map()
let heard = [] // what the server took: [what was said, of which call, in whose session]
let posted = 0
let begun = 0
let answer = () => {} // throws, or waits, where the server does not take it

Object.assign(phone, {
  clock: { now: () => Date.parse("2026-03-02T02:53:00Z") },
  store: { device: { put: async (name, value) => void kept.set(name, value) } },
  door: {
    async post(_, { says, call }, token) {
      posted += 1
      await answer({ says, call, token })
      heard.push([says, call, token])
      return { calls: [] }
    },
  },
})
const waits = () => kept.get("help").map(({ word }) => word.says)

/** Nothing waits any longer, and Dana has the phone open, in a session of her own for each test. */
async function begin() {
  answer = () => {}
  for (const each of [SAM, dana(`Dana's, ${++begun}`)]) await opens(each)
  locked.value = false
  heard = []
  posted = 0
  return session.value
}

async function opens(one) {
  session.value = one
  await settled()
}

/** All that can go has gone, or was not taken. */
async function settled() {
  for (let n = 0; n < 3; n++) {
    await send()
    await new Promise((resolve) => setTimeout(resolve))
  }
}

test("a call for help goes out though what was said before it is not taken", async () => {
  await begin()
  answer = ({ says }) => {
    if (says !== "called") throw signInFirst()
  }
  await sayOf("c1", "coming")
  await settled()
  await callHelp()
  await settled()
  assert.deepEqual(heard.map(([says]) => says), ["called"])
  assert.deepEqual(waits(), ["coming"])
})

test("a call for help does not wait for the answer to another word", async () => {
  await begin()
  let end
  answer = ({ says }) => says === "coming" && new Promise((resolve) => (end = resolve))
  await sayOf("c2", "coming")
  await callHelp()
  await new Promise((resolve) => setTimeout(resolve))
  assert.deepEqual(heard.map(([says]) => says), ["called"])
  end()
  await settled()
  assert.deepEqual(waits(), [])
})

test("what Dana said is never sent as Sam's, and goes when she has the phone open again", async () => {
  const hers = await begin()
  answer = () => {
    throw new Unreachable()
  }
  await sayOf("c3", "coming")
  answer = () => {}
  await opens(SAM)
  await sayOf("c3", "there")
  await settled()
  assert.deepEqual(heard, [["there", "c3", "Sam's"]])
  assert.deepEqual(waits(), ["coming"])

  await opens(hers)
  assert.deepEqual(heard.at(-1), ["coming", "c3", hers.token])
  assert.deepEqual(waits(), [])
})

test("a call that Dana made goes out while Sam has the phone, and not in his session", async () => {
  await begin()
  answer = () => {
    throw new Unreachable()
  }
  await callHelp()
  locked.value = true
  await callHelp() // who pressed a locked phone is not known
  answer = () => {}
  await opens(SAM)
  assert.deepEqual(heard.map(([says, , token]) => [says, token]), [["called", null], ["called", null]])
})

test("a session that has ended is not tried again and again: its words wait for a new one", async () => {
  const hers = await begin()
  answer = ({ token }) => {
    if (token === hers.token) throw signInFirst()
  }
  await sayOf("c4", "coming")
  await settled()
  assert.equal(posted, 1)
  assert.deepEqual(waits(), ["coming"])

  await opens(dana("of the next shift"))
  assert.deepEqual(heard, [["coming", "c4", "of the next shift"]])
})

test("that a call is over is not told before the call, nor before that somebody came", async () => {
  await begin()
  answer = ({ says }) => {
    if (says === "called") throw new Unreachable()
  }
  await callHelp()
  const [{ word: made }] = kept.get("help")
  await sayOf(made.call, "over", "mistake")
  await settled()
  assert.deepEqual(heard, [])

  answer = () => {}
  await settled()
  assert.deepEqual(heard.map(([says]) => says), ["called", "over"])
})

test("a word that is never taken is given up alone, and with the server's words for why", async () => {
  await begin()
  answer = ({ call }) => {
    if (call === "gone") throw neverTaken()
    throw new Refused(503, { code: "busy" })
  }
  await sayOf("gone", "coming")
  await sayOf("c5", "coming")
  await settled()
  assert.deepEqual(kept.get("help").map(({ word }) => word.call), ["c5"])
  assert.equal(whyNotTaken("gone"), "No such call.")
  assert.equal(whyNotTaken("c5"), "")
  const hers = session.value
  session.value = SAM
  assert.equal(whyNotTaken("gone"), "", "It was said to Dana.")
  session.value = hers
  locked.value = true
  assert.equal(whyNotTaken("gone"), "", "Nobody has the phone open.")
  locked.value = false
  answer = () => {}
  await sayOf("gone", "there")
  assert.equal(whyNotTaken("gone"), "", "What was said of a word is over with the next.")
})

test("a word that an older version kept goes in the session of whoever has its name", () => {
  const coming = { word: { id: "w", call: "c6", says: "coming" }, at: 0, caller: "Dana R." }
  assert.deepEqual(ready([coming], SAM), [])
  assert.equal(ready([coming], dana())[0].token, "Dana's")
  assert.deepEqual(ready([coming], null), [])
})
