import assert from "node:assert/strict"
import test from "node:test"

import {
  placesFor,
  reasonsFor,
  sentence,
  tilesFor,
} from "../../src/milieu/phone/static/phone/tiles.js"

const word = (code, en, es = en) => ({ code, label: { en, es } })
const tile = (place, position, more = {}) => ({
  place,
  position,
  activity: "",
  eyes: "",
  breathing: "",
  ...more,
})
const NIGHT = [
  tile("own-room", "lying", { eyes: "closed", breathing: "seen" }),
  tile("hall", "walking"),
  ...["a", "b", "c", "d", "e", "f", "g"].map((activity) =>
    tile("own-room", "sitting", { activity }),
  ),
]
const PACK = {
  places: [
    word("own-room", "Own room", "Su habitación"),
    word("hall", "Hall"),
    word("dayroom", "Dayroom"),
  ],
  positions: [word("lying", "lying", "en posición acostada"), word("sitting", "sitting")],
  activities: [],
  eyes: [word("closed", "eyes closed", "ojos cerrados")],
  breathing: [word("seen", "breathing seen", "respiración vista")],
  why_not: [
    { ...word("asked", "asked to be left alone"), for: ["refused"] },
    word("door", "door was held"),
  ],
  tiles: Array.from({ length: 24 }, (_, hour) => (hour === 3 ? NIGHT : [])),
}

test("a tile is a whole sentence of what could be seen, in either language", () => {
  assert.equal(sentence(PACK, NIGHT[0], "en"), "Own room, lying, eyes closed, breathing seen")
  assert.equal(
    sentence(PACK, NIGHT[0], "es"),
    "Su habitación, en posición acostada, ojos cerrados, respiración vista",
  )
})

test("at most six tiles are offered, those of this hour, in the pack's order", () => {
  assert.deepEqual(tilesFor(PACK, 3), NIGHT.slice(0, 6))
  assert.deepEqual(tilesFor(PACK, 4), [])
})

test("for a place, the tiles of that place are offered", () => {
  assert.deepEqual(tilesFor(PACK, 3, "hall"), [NIGHT[1]])
  assert.equal(tilesFor(PACK, 3, "own-room").length, 6)
})

test("every place can be chosen, the usual ones of the hour first", () => {
  assert.deepEqual(placesFor(PACK, 3), ["own-room", "hall", "dayroom"])
})

test("a word that an older pack does not know is shown as its code, never left out", () => {
  assert.equal(sentence(PACK, tile("roof", "lying"), "en"), "roof, lying")
})

test("reasons are offered for the outcome that they belong to", () => {
  assert.deepEqual(
    reasonsFor(PACK, "refused").map(({ code }) => code),
    ["asked", "door"],
  )
  assert.deepEqual(
    reasonsFor(PACK, "not-seen").map(({ code }) => code),
    ["door"],
  )
})
