/** Who is held, offline: the clocks, what is met, what rings; and what a screen's taps become. */

import assert from "node:assert/strict"
import test from "node:test"

import { callsOf, openOf, stateOf, withHeld } from "../../src/milieu/phone/static/phone/held.js"
import { checkFact, endFact, heldAgain, startFact } from "../../src/milieu/phone/static/phone/held-facts.js"

const MINUTE = 60_000
const AT = Date.parse("2026-03-02T02:41:00Z")
const iso = (minutes) => new Date(AT + minutes * MINUTE).toISOString()
const LAW = [["cms-hospital", "42 CFR 482.13(e)(8)(i)"]]
const band = (sort, from_age, ends, check = 15) => ({
  sort,
  from_age,
  limits: [
    { what: "check", sort: null, after_s: check * 60, rule: LAW },
    { what: "order-ends", sort, after_s: ends * 3600, rule: LAW },
    { what: "observer", sort: null, after_s: 0, rule: LAW },
    { what: "order", sort, after_s: null, rule: LAW },
  ],
})
const PACK = {
  limits: { late_entry_s: 300 },
  ladders: [{ kind: "limit-passed", answer_s: 120 }],
  restraint: {
    devices: [
      { code: "four-limb", sort: "mechanical" },
      { code: "chair", sort: "mechanical" },
      { code: "locked-room", sort: "seclusion" },
    ],
    warn_min: { check: 3, "order-ends": 20, observer: 0, other: 15 },
    release_min: 5,
    again_min: 15,
  },
  held: {
    begins: [
      band("mechanical", null, 1),
      band("mechanical", 0, 1),
      band("mechanical", 9, 2),
      band("mechanical", 18, 4),
      band("seclusion", null, 1, 10),
      band("seclusion", 18, 4, 10),
    ],
  },
}
const CRITERIA = ["Talks in a quiet voice", "Arms and legs are at rest"]
const ROSA = { id: "rosa", birth_date: "1990-05-01", holder: { id: "dana" }, held: null }
let counted = 0
const wrote = (kind, minutes, fact, { writtenAt = minutes, ...more } = {}) => {
  const id = more.id ?? `e${++counted}`
  const times = { happened_at: iso(minutes), written_at: iso(writtenAt), clock: null }
  return { id, state: "waiting", entry: { id, kind, stay: "rosa", amends: null, fact, ...times }, ...more }
}
const began = (more = {}) =>
  wrote("restraint.start", 0, { devices: ["four-limb"], criteria: CRITERIA, observer: "sam", ...more }, { id: "app" })
const about = (kind, minutes, fact, more) =>
  wrote(`restraint.${kind}`, minutes, { application: "app", met: [], ...fact }, more)
const heldNow = (items, person = ROSA, time_zone = "UTC") => {
  const people = [{ id: "sam", name: "Sam O." }]
  const snapshot = { pulledAt: AT - MINUTE, pack: PACK, people, unit: { time_zone } }
  return withHeld([person], { snapshot, items })[0].held
}
const dueIn = (held, what) => {
  const limit = openOf(held).find((one) => one.what === what)
  return limit && limit.due !== null && (limit.due - AT) / MINUTE
}

test("a start that is only on this phone has its clocks at once, by the person's age", () => {
  const held = heldNow([began()])
  assert.equal(held.application, "app")
  assert.equal(held.observer.name, "Sam O.")
  assert.deepEqual(["check", "order-ends", "observer"].map((what) => dueIn(held, what)), [15, 240, undefined])
  const ofTen = heldNow([began()], { ...ROSA, birth_date: "2016-01-01" })
  assert.equal(dueIn(ofTen, "order-ends"), 120)
  const unknown = heldNow([began()], { ...ROSA, birth_date: null })
  assert.equal(dueIn(unknown, "order-ends"), 60)
})

test("a birthday is a day of the unit's calendar", () => {
  const endsIn = (birth_date, zone) => dueIn(heldNow([began()], { ...ROSA, birth_date }, zone), "order-ends")
  assert.equal(endsIn("2008-03-02", "UTC"), 240)
  assert.equal(endsIn("2008-03-02", "America/New_York"), 120) // there it is the evening before
  assert.equal(endsIn("2008-03-03", "UTC"), 120)
  assert.equal(endsIn("2017-03-02", "UTC"), 120)
  assert.equal(endsIn("2008-02-29", "UTC"), 240)
  assert.equal(endsIn("2026-03-03", "UTC"), 60) // born tomorrow cannot be so: as if it were not known
})

test("what has no moment stands last, and never passes", () => {
  const open = openOf(heldNow([began()]))
  assert.equal(open.at(-1).what, "order")
  assert.equal(stateOf(open.at(-1), AT + 999 * MINUTE, PACK), "asap")
})

test("a check moves its clock at once; one written late moves nothing", () => {
  assert.equal(dueIn(heldNow([began(), about("check", 12, {})]), "check"), 27)
  assert.equal(dueIn(heldNow([began(), about("check", 12, {}, { writtenAt: 18 })]), "check"), 15)
  assert.equal(dueIn(heldNow([began(), about("check", 12, {}), about("check", 5, {})]), "check"), 27)
})

test("what was taken back or refused counts for nothing", () => {
  assert.equal(dueIn(heldNow([began(), about("check", 12, {}, { state: "refused" })]), "check"), 15)
})

test("every criterion met is a limit of its own, until a check says otherwise", () => {
  const ready = heldNow([began(), about("check", 12, { met: CRITERIA })])
  assert.equal(ready.ready, AT + 12 * MINUTE)
  assert.equal(dueIn(ready, "release"), 17)
  const again = heldNow([began(), about("check", 12, { met: CRITERIA }), about("check", 20, { met: [CRITERIA[0]] })])
  assert.equal(again.ready, null)
  assert.equal(dueIn(again, "release"), undefined)
})

test("a device of another sort brings its clocks, the strictest stands; none on stops the checks", () => {
  const both = heldNow([began(), about("change", 5, { what: "on", device: "locked-room" })])
  assert.deepEqual(both.devices.map(({ code }) => code), ["four-limb", "locked-room"])
  assert.equal(dueIn(both, "check"), 15)
  assert.equal(dueIn(heldNow([began(), about("change", 2, { what: "on", device: "locked-room" })]), "check"), 12)
  const none = heldNow([began(), about("change", 5, { what: "off", device: "four-limb" })])
  assert.deepEqual([none.devices, dueIn(none, "check")], [[], undefined])
  assert.equal(dueIn(none, "order-ends"), 240)
})

test("without an observer that limit has passed at once, until somebody observes", () => {
  const alone = heldNow([began(), about("change", 5, { what: "observer", observer: null })])
  assert.deepEqual([alone.observer, dueIn(alone, "observer")], [null, 5])
  const seen = heldNow([began({ observer: null }), about("change", 5, { what: "observer", observer: "sam" })])
  assert.deepEqual([seen.observer.id, dueIn(seen, "observer")], ["sam", undefined])
})

test("a release ends it here at once; an entry about another application does not", () => {
  assert.equal(heldNow([began(), about("end", 20, {})]), null)
  assert.notEqual(heldNow([began(), wrote("restraint.end", 20, { application: "other" })]), null)
})

test("over what the server told, only what was written since counts", () => {
  const pulled = {
    ...{ application: "app", began_at: iso(-30), ready_at: null, devices: [], criteria: CRITERIA },
    ...{ met: [], observer: null, untrained: false, barred: [], check_s: 900 },
    limits: [{ what: "check", sort: null, since: iso(-10), due_at: iso(5), met_at: null, rule: LAW }],
  }
  const told = { ...ROSA, held: pulled }
  const known = about("check", -12, {}, { state: "stored", stored_at: AT - 2 * MINUTE })
  assert.equal(dueIn(heldNow([known], told), "check"), 5)
  assert.equal(dueIn(heldNow([known, about("check", 3, {})], told), "check"), 18)
  assert.equal(heldNow([about("end", 4, {})], told), null)
})

const ringing = (minutes, { going = [], me = "dana", person = ROSA, start = began() } = {}) => {
  const held = heldNow([start], person)
  const known = { going: new Map(going), me, time: AT + minutes * MINUTE, pack: PACK }
  return callsOf([{ ...person, held }], known).map(({ limit, state, goingSince }) => [
    limit.what,
    state,
    goingSince && (goingSince - AT) / MINUTE,
  ])
}
const CHECK_KEY = `app check ${AT + 15 * MINUTE}`

test("a limit calls when it is near and when it has passed, on the phone of who has to do with it", () => {
  assert.deepEqual(ringing(11), [])
  assert.deepEqual(ringing(12), [["check", "soon", null]])
  assert.deepEqual(ringing(15, { me: "sam" }), [["check", "over", null]])
  assert.deepEqual(ringing(15, { me: "lena" }), [])
})

test("of whom nobody has and nobody observes, every phone of the unit is called", () => {
  const free = { ...ROSA, holder: null }
  assert.deepEqual(ringing(1, { me: "lena", person: free, start: began({ observer: null }) }), [
    ["observer", "over", null],
  ])
})

test("who is going has two minutes for what can be done at the door, and it is theirs alone", () => {
  const going = [[CHECK_KEY, { by: "dana", at: AT + 16 * MINUTE }]]
  assert.deepEqual(ringing(17.9, { going }), [["check", "over", 16]])
  assert.deepEqual(ringing(18, { going }), [["check", "over", null]])
  assert.deepEqual(ringing(17, { going, me: "sam" }), [["check", "over", null]])
})

test("what others have to do is quiet for one interval of checks", () => {
  const going = [[`app order-ends ${AT + 240 * MINUTE}`, { by: "dana", at: AT + 240 * MINUTE }]]
  const order = (minutes) => ringing(minutes, { going }).find(([what]) => what === "order-ends")
  assert.deepEqual(order(254), ["order-ends", "over", 240])
  assert.deepEqual(order(255), ["order-ends", "over", null])
})

test("a start needs how, danger, criteria and who; taps alone are enough, an observer can wait", () => {
  const label = (list, code) => `${list}:${code}`
  const said = { devices: ["chair"], danger: ["hit"], criteria: ["voice"], applied: ["dana"] }
  const missing = (part) => startFact({ ...said, [part]: [] }, label).missing
  assert.deepEqual(["devices", "danger", "criteria", "applied"].map(missing), [
    ...[["held-how"], ["held-danger"], ["criteria"], ["held-applied"]],
  ])
  assert.deepEqual(startFact({}, label).missing, ["held-how", "held-danger", "held-applied", "criteria"])
  assert.deepEqual(startFact({ ...said, dangerWords: " with a chair " }, label).fact, {
    devices: ["chair"],
    danger: "danger:hit; with a chair",
    criteria: ["criteria:voice"],
    basis: "emergency",
    tried: [],
    tried_words: "",
    applied_by: ["dana"],
    observer: null,
  })
})

test("a check leaves out what was not looked at, and says at least one thing", () => {
  const ends = { note: "", concern: "" }
  assert.equal(checkFact({ application: "app" }, ends).missing, "nothing-said")
  assert.equal(checkFact({ application: "app", skin: "" }, ends).missing, "nothing-said")
  assert.deepEqual(checkFact({ application: "app", breathing: "good" }, ends).fact, {
    ...{ application: "app", breathing: "good", met: [], note: "", nurse_should_know: "" },
  })
})

test("a release says how they are and whether anybody was hurt, and then how", () => {
  assert.equal(endFact({ application: "app" }).missing, "held-state")
  assert.equal(endFact({ application: "app", seems: "calm" }).missing, "anybody-hurt")
  assert.equal(endFact({ application: "app", seems: "calm", injuries: "staff" }).missing, "held-how")
  assert.deepEqual(endFact({ application: "app", seems: "calm", words: "sits", injuries: "none", hurt: "x" }).fact, {
    ...{ application: "app", state: "calm; sits", injuries: "none", injury_words: "" },
  })
})

const begunNow = (said, items = [], person = ROSA) => {
  const snapshot = { pulledAt: AT - MINUTE, pack: PACK, people: [], unit: { time_zone: "UTC" } }
  return withHeld([person], { snapshot, items, begun: { "held-start rosa": { said, at: AT } } })[0].held
}

test("the clock runs from the first tap, by the strictest of all sorts until it is said how", () => {
  const held = begunNow({})
  assert.deepEqual([held.application, held.began, held.devices], [null, AT, []])
  assert.deepEqual([dueIn(held, "check"), dueIn(held, "observer")], [10, 0])
  const said = begunNow({ devices: ["chair"], observer: "sam" })
  assert.deepEqual(said.devices.map(({ code }) => code), ["chair"])
  assert.deepEqual([dueIn(said, "check"), dueIn(said, "observer")], [15, undefined])
})

test("once a start is written it counts, and what was only begun does not", () => {
  assert.equal(begunNow({}, [began()]).application, "app")
})

const amendedBy = (wrong, minutes, fact, more = {}) => {
  const { kind, happened_at } = wrong.entry
  const item = about(kind.split(".")[1], 0, fact, { writtenAt: minutes, ...more })
  const own = fact === null ? null : item.entry.fact
  return { ...item, entry: { ...item.entry, amends: wrong.id, happened_at, fact: own } }
}

test("a check that is put right long afterwards keeps the time that the first one moved", () => {
  const first = about("check", 2, {})
  const right = amendedBy(first, 20, { met: CRITERIA })
  const held = heldNow([began(), first, right])
  assert.deepEqual([dueIn(held, "check"), held.ready], [17, AT + 2 * MINUTE])
})

test("a device that was put right or struck out counts as it is now", () => {
  const off = about("change", 1, { what: "off", device: "four-limb" })
  assert.deepEqual(heldNow([began(), off, amendedBy(off, 6, null)]).devices.map(({ code }) => code), ["four-limb"])
  const on = about("change", 2, { what: "on", device: "chair" })
  const room = amendedBy(on, 6, { what: "on", device: "locked-room" })
  assert.deepEqual(heldNow([began(), on, room]).devices.map(({ code }) => code), ["four-limb", "locked-room"])
})

test("a release that is struck out before it was pulled leaves them held", () => {
  const end = about("end", 5, {})
  assert.equal(heldNow([began(), end, amendedBy(end, 7, null)]).application, "app")
})

test("a start that is put right keeps its application", () => {
  const start = began()
  const right = amendedBy(start, 6, { devices: ["chair"], criteria: CRITERIA, observer: null })
  assert.deepEqual([heldNow([start, right]).application, heldNow([start, right]).devices[0].code], ["app", "chair"])
})

test("what rests on an entry that was pulled before it was put right is said to be unsure", () => {
  const pulled = {
    ...{ application: "app", began_at: iso(-30), ready_at: null, devices: [], criteria: CRITERIA },
    ...{ met: [], observer: null, untrained: false, barred: [], check_s: 900, limits: [] },
  }
  const told = { ...ROSA, held: pulled }
  const off = about("change", -12, { what: "off", device: "four-limb" }, { state: "stored", stored_at: AT - 2 * MINUTE })
  assert.equal(heldNow([off], told).unsure, false)
  assert.equal(heldNow([off, amendedBy(off, 2, null)], told).unsure, true)
})

test("what was tapped is tapped again when it is put right", () => {
  const codes = { danger: new Map([["Hits staff", "hit"]]), criteria: new Map([["Quiet voice", "voice"]]) }
  const fact = { devices: ["chair"], danger: "Hits staff; with a chair", criteria: ["Quiet voice", "Sits"], applied_by: ["dana"], basis: "emergency", tried: ["talk"], tried_words: "", observer: null }
  const again = heldAgain("restraint.start", fact, (list) => codes[list])
  assert.deepEqual([again.danger, again.dangerWords], [["hit"], "with a chair"])
  assert.deepEqual([again.criteria, again.criteriaWords, again.applied], [["voice"], "Sits", ["dana"]])
  const label = (list, code) => [...codes[list]].find(([, one]) => one === code)[0]
  assert.deepEqual(startFact(again, label).fact, fact)
  const end = { application: "app", state: "calm; sits", injuries: "staff", injury_words: "A scratch" }
  assert.deepEqual(endFact(heldAgain("restraint.end", end)).fact, end)
  const check = { application: "app", breathing: "good", met: [], note: "n", nurse_should_know: "c" }
  assert.deepEqual(checkFact(heldAgain("restraint.check", check), { note: "n", concern: "c" }).fact, check)
})
