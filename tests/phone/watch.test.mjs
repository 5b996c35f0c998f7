import assert from "node:assert/strict"
import test from "node:test"

import { asksOf, reliefAt, withSaid } from "../../src/milieu/phone/static/phone/watch.js"

const NAMES = { dana: "Dana R.", sam: "Sam O.", nora: "Nora L." }
const nameOf = (id) => ({ id, name: NAMES[id] })
const ROLES = { nora: ["nurse"], sam: ["technician"] } // of dana the phone does not know
const AT = Date.parse("2026-11-22T02:53:00Z")
const rolesOf = (id) => ROLES[id] ?? null
const rosa = (more = {}) => ({ id: "rosa", holder: null, offer: null, ...more })
const held = (by, more = {}) => rosa({ holder: nameOf(by), ...more })

let number = 0
function after(person, ...entries) {
  return entries.reduce(
    (known, entry) => withSaid(known, { id: `e${++number}`, ...entry }, { at: AT, nameOf, rolesOf }),
    person,
  )
}
const take = (author, without = null) => ({ kind: "round.take", author, fact: { without } })
const offer = (author, to, more = {}) => ({
  id: "asked",
  kind: "round.offer",
  author,
  fact: { purpose: "shift", role: "", until: null, to, ...more },
})
const reply = (author, says, to = "asked") => ({
  kind: "round.reply",
  author,
  fact: { offer: to, says },
})

test("who takes somebody whom nobody has has them; who is held stays with the first", () => {
  assert.equal(after(rosa(), take("dana")).holder.name, "Dana R.")
  assert.equal(after(held("sam"), take("dana")).holder.id, "sam")
  assert.equal(after(held("sam"), take("dana", "sam")).holder.id, "dana")
})

test("on one phone, without network, one asks and the other accepts after typing their own PIN", () => {
  const asked = after(held("dana"), offer("dana", "sam"))
  assert.equal(asked.holder.id, "dana")
  assert.equal(asked.offer.to.name, "Sam O.")
  assert.equal(after(asked, reply("nora", "accept")).holder.id, "dana")
  const taken = after(asked, reply("sam", "accept"))
  assert.deepEqual([taken.holder.id, taken.offer], ["sam", null])
})

test("what is withdrawn, declined or given back stays with the first until it is accepted", () => {
  const asked = after(held("dana"), offer("dana", "sam"))
  for (const says of ["withdraw", "decline"]) {
    const over = after(asked, reply(says === "withdraw" ? "dana" : "sam", says))
    assert.deepEqual([over.holder.id, over.offer], ["dana", null])
    assert.equal(after(over, reply("sam", "accept")).holder.id, "dana")
  }
  const given = after(held("dana"), { kind: "round.give", author: "dana", fact: {} })
  assert.equal(given.holder.id, "dana")
  assert.equal(after(given, take("sam")).holder.id, "sam")
})

test("nobody ends what was asked of another, and no one person what was asked of many", () => {
  const asked = after(held("dana"), offer("dana", "sam"))
  const ofMany = after(held("dana"), offer("dana", null))
  for (const [before, author, says] of [
    [asked, "nora", "decline"],
    [asked, "dana", "decline"],
    [asked, "sam", "withdraw"],
    [ofMany, "nora", "decline"],
  ]) {
    assert.deepEqual(after(before, reply(author, says)), before)
  }
  assert.equal(after(asked, reply("sam", "decline", "another")).offer.id, "asked")
})

test("what a nurse is asked for is a nurse's to take; whose roles are not known here is believed", () => {
  const asked = after(held("dana"), offer("dana", null, { role: "nurse" }))
  const ofSam = after(held("sam"), offer("sam", null, { role: "nurse" }))
  for (const said of [take("sam"), reply("sam", "accept")]) {
    assert.equal(after(asked, said).holder.id, "dana")
  }
  assert.equal(after(asked, reply("nora", "accept")).holder.id, "nora")
  assert.equal(after(asked, take("nora")).holder.id, "nora")
  assert.equal(after(ofSam, reply("dana", "accept")).holder.id, "dana")
})

test("only who has somebody can offer them", () => {
  assert.equal(after(held("sam"), offer("dana", "nora")).offer, null)
})

test("a break names who is on it, until it is given back and accepted", () => {
  const until = "2026-11-22T03:30:00.000Z"
  const on = after(held("dana"), offer("dana", "sam", { purpose: "break", until }), reply("sam", "accept"))
  assert.deepEqual([on.holder.id, on.relieves], ["sam", { ...nameOf("dana"), until }])
  const back = after(on, offer("sam", "dana", { purpose: "return" }), reply("dana", "accept"))
  assert.deepEqual([back.holder.id, back.relieves], ["dana", null])
})

test("whom an order names has somebody once they accept, and is to be relieved from then on", () => {
  const level = { code: "1", entry: "order" }
  const levelWords = { continuous: true, relief_s: 7200 }
  const watched = held("sam", { level, levelWords, asked: nameOf("dana") })
  assert.deepEqual(asksOf([watched], { id: "dana" })[0].purpose, "order")
  const stays = after(watched, reply("dana", "accept", "order"))
  assert.equal(stays.holder.id, "dana")
  assert.equal(reliefAt(stays), AT + 7_200_000)
  assert.deepEqual(asksOf([stays], { id: "dana" }), [])
})

test("what one is asked by one person for one purpose is answered at once", () => {
  const people = ["a", "b"].map((id) => after({ ...held("sam"), id }, offer("sam", "dana")))
  const any = after(held("nora"), offer("nora", null, { role: "lead" }))
  assert.deepEqual(
    asksOf([...people, any], { id: "dana", roles: ["technician"] }).map((one) => one.people.length),
    [2],
  )
  assert.equal(asksOf([any], { id: "dana", roles: ["lead"] }).length, 1)
})

test("what differs in sharps, or in until when, is answered apart", () => {
  const asked = (id, more) => after({ ...held("sam"), id }, offer("sam", "dana", more))
  const sharps = { sharps: "out", sharps_out: "scissors" }
  const groups = asksOf([asked("a", {}), asked("b", sharps), asked("c", sharps)], { id: "dana" })
  assert.deepEqual(groups.map(({ people }) => people.map(({ id }) => id)), [["a"], ["b", "c"]])
  const breaks = ["03:30", "04:00"].map((until, n) => asked(`${n}`, { purpose: "break", until }))
  assert.deepEqual(asksOf(breaks, { id: "dana" }).map(({ until }) => until), ["03:30", "04:00"])
})
