/** In a hard moment: their own things first, nothing to scroll, and what each did is said beside it. */

import assert from "node:assert/strict"
import test from "node:test"

import { mayPutRight } from "../../src/milieu/phone/static/phone/amend.js"
import {
  lastTried,
  pagesOf,
  rowsOf,
} from "../../src/milieu/phone/static/phone/screens/calm.js"

const PAGE = 445
const NOW = Date.parse("2026-03-02T02:53:00Z")
const label = (en) => ({ en, es: `${en}, en español` })
const PACK = {
  calm: { choices: [{ code: "quiet-room", label: label("Here, or in the quiet room?") }] },
  ways: [{ code: "space", label: label("Give them room"), how: label("Two arm's lengths") }],
}
const SPEECH = {
  words: (one) => one?.en ?? "",
  told: (did) => (did ? `helped ${did[0]} of ${did[1]}` : ""),
}
const walk = { thing: { of: "plan", code: "", words: "A walk" }, did: [4, 5, 0, 0] }
const rows = (person, pack = PACK) => rowsOf(person, pack, SPEECH)
const note = (letters) => ({ note: "w".repeat(letters) })

test("what the person said comes first, then choices, then ways", () => {
  const shown = rows({ calm: [{ head: "touch" }, { note: "Ask first" }, { head: "helps" }, walk] })
  assert.deepEqual(
    shown.map(({ head, note, thing }) => head ?? note ?? thing.words),
    [
      ...["touch", "Ask first", "helps", "A walk", "choices", "Here, or in the quiet room?"],
      ...["ways", "Give them room"],
    ],
  )
  assert.equal(shown[3].more, "helped 4 of 5")
})

test("what a choice or a way did with this person is said beside it", () => {
  const shown = rows({ tried: { "quiet-room": [1, 2, 0, 0], space: [2, 2, 0, 0] } })
  assert.deepEqual(
    shown.filter(({ thing }) => thing).map(({ more }) => more),
    ["helped 1 of 2", "Two arm's lengths · helped 2 of 2"],
  )
})

test("without a plan there are choices and ways; with the pack of an older server there is the plan", () => {
  assert.deepEqual(rows({}).map(({ head }) => head).filter(Boolean), ["choices", "ways"])
  assert.equal(rows({ calm: [{ head: "helps" }, walk] }, {}).length, 2)
  assert.deepEqual(pagesOf(rows({}, {})), [[]])
})

test("pages hold every row once and in order, and no head stands alone at a foot", () => {
  for (let size = 1; size < 80; size += 7) {
    const many = [{ head: "helps" }, ...Array.from({ length: 9 }, (_, n) => note(size + n))]
    const all = [...many, ...many, ...many].map((row) => ({ more: "", ...row }))
    const pages = pagesOf(all)
    assert.deepEqual(pages.flat(), all)
    for (const page of pages) assert.ok(page.length && !page.at(-1).head)
  }
})

test("a page is never higher than a small phone, with the longest lines that a plan may hold", () => {
  const high = ({ head, note, thing }) =>
    head ? 34 : note ? 8 + 26 * Math.ceil(note.length / 35) : 8 + 16 + 25 * Math.ceil(thing.words.length / 31) + 22
  const thing = () => ({ thing: { of: "plan", code: "", words: "w".repeat(80) }, more: "helped 4 of 5 times" })
  const longest = [
    ...[{ head: "touch" }, ...Array.from({ length: 8 }, () => note(80))],
    ...[{ head: "helps" }, ...Array.from({ length: 8 }, thing)],
  ]
  for (const page of pagesOf(longest))
    assert.ok(page.reduce((sum, row) => sum + high(row), 0) <= PAGE)
})

test("choices begin a page of their own", () => {
  const pages = pagesOf(rows({ calm: [{ head: "helps" }, walk] }))
  assert.deepEqual(pages.map((page) => page[0].head), ["helps", "choices"])
})

const tried = (more = {}, state = "held") => ({
  id: "1",
  state,
  entry: {
    kind: "calm.tried",
    stay: "rosa",
    author: "dana",
    happened_at: new Date(NOW).toISOString(),
    written_at: new Date(NOW).toISOString(),
    fact: { of: "plan", code: "", words: "A walk", did: "calmer" },
    ...more,
  },
})

test("what was tried in this moment is known by its thing, of this person, for two hours", () => {
  const item = tried()
  assert.equal(lastTried([item], "rosa", walk.thing, NOW), item)
  assert.equal(lastTried([item], "john", walk.thing, NOW), undefined)
  assert.equal(lastTried([item], "rosa", { ...walk.thing, words: "Music" }, NOW), undefined)
  assert.equal(lastTried([item], "rosa", walk.thing, NOW + 2 * 3_600_000), undefined)
  assert.equal(lastTried([tried({}, "mended")], "rosa", walk.thing, NOW), undefined)
})

test("this moment is by the server's time, whatever the phone's own clock said", () => {
  const HOUR = 3_600_000
  const by = (ahead, clock) => tried({ clock, happened_at: new Date(NOW + ahead).toISOString() })
  const found = (item, hours) => lastTried([item], "rosa", walk.thing, NOW + hours * HOUR)
  assert.ok(found(by(-5 * HOUR, { offset_ms: null, guess_ms: -5 * HOUR }), 1))
  assert.equal(found(by(5 * HOUR, { offset_ms: 5 * HOUR }), 3), undefined)
})

test("who wrote what was tried can put it right on the phone", () => {
  const known = { items: [], me: { id: "dana" }, now: NOW }
  assert.ok(mayPutRight(tried({}, "stored"), known))
  assert.ok(!mayPutRight(tried({}, "stored"), { ...known, me: { id: "sam" } }))
})
