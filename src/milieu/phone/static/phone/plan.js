/**
 * The person's own plan as this phone knows it: what was last pulled, and over that what was written
 * here since. The later version stands; what its author did not know of is offered beside it.
 */

import { byId, isAmended } from "./amend.js"
import { isNews } from "./due.js"
import { happenedAt } from "./entry.js"

export const PARTS = ["helps", "touch", "worsens", "talk", "trusts", "early_signs", "sets_off"]
const OFFERED = ["helps", "talk"]
export const LINES_MAX = 8 // docs/calm.md
export const LINE_MAX = 80

export const oneLine = (text) => text.trim().replace(/\s+/g, " ")
const keyOf = (line) => oneLine(line).toLowerCase()
const said = (lines = []) => [...new Set(lines.map(oneLine).filter(Boolean))]

/** Every part of the plan that stands, in the order in which the person said it. */
export function wholePlan({ plan, calm = [] }) {
  const parts = Object.fromEntries(PARTS.map((part) => [part, []]))
  if (!plan) return parts
  let under = ""
  for (const { head, note } of calm) {
    under = head ?? under
    if (note && under in parts) parts[under].push(note)
  }
  for (const part of OFFERED)
    parts[part] = (plan.own?.[part] ?? []).map((place) => calm[place].thing.words)
  return parts
}

/** What a new version begins as: the one that stands. Whether they agree is asked anew. */
export const planBegun = (person) => ({
  ...wholePlan(person),
  after: person.plan ? [person.plan.entry] : [],
})

/** A plan as a fact, or what is missing of it: a key of the catalogue. */
export function planFact({ agreement, differs = "", made_with = "", after = [], ...parts }) {
  const lines = Object.fromEntries(PARTS.map((part) => [part, said(parts[part])]))
  if (agreement !== "declined" && !Object.values(lines).flat().length) return { missing: "plan-empty" }
  if (!agreement) return { missing: "agreement-missing" }
  if (agreement === "part" && !differs.trim()) return { missing: "differs-missing" }
  const more = { differs: agreement === "part" ? differs.trim() : "", made_with: made_with.trim() }
  return { fact: { agreement, ...lines, ...more, after } }
}

/** Versions of which this draft, or this plan, does not know: the one that stands first. */
export const unknownTo = (after, { plan }) =>
  plan ? [plan, ...(plan.others ?? [])].filter(({ entry }) => !after.includes(entry)) : []

/** The lines of another version that these parts lack: `[part, lines]`. */
export function lacking(parts, other) {
  const known = (part) => (parts[part] ?? []).map(keyOf)
  return PARTS.map((part) => [
    part,
    (other[part] ?? []).filter((line) => !known(part).includes(keyOf(line))),
  ]).filter(([, lines]) => lines.length)
}

/** People with `plan` and `calm` brought up to date by what was written here and not pulled yet. */
export function withPlans(people, { snapshot, items }) {
  const news = items.filter(
    (item) =>
      item.entry?.kind === "calm.plan" &&
      item.entry.fact &&
      isNews(item, snapshot.pulledAt) &&
      !isAmended(item, items),
  )
  const written = byId(items)
  const names = new Map((snapshot.people ?? []).map(({ id, name }) => [id, name]))
  return people.map((person) => {
    const own = news
      .filter(({ entry }) => entry.stay === person.id)
      .sort((a, b) => happenedAt(a.entry) - happenedAt(b.entry))
      .at(-1)?.entry
    return own ? withPlan(person, own, knownTo(own, written), names.get(own.author) ?? "") : person
  })
}

// Every version that this one's author had before them, through what was written here before it too.
function knownTo(own, written) {
  const known = new Set()
  const left = [own.id]
  for (let id = left.pop(); id; id = left.pop()) {
    known.add(id)
    const { amends, fact } = written.get(id) ?? {}
    left.push(...[amends, ...(fact?.after ?? [])].filter((one) => one && !known.has(one)))
  }
  return [...known]
}

function withPlan(person, { id, fact, ...entry }, known, by) {
  const at = happenedAt(entry)
  const { agreement, differs } = fact
  const version = { entry: id, at: new Date(at).toISOString(), day: "", by, agreement }
  const isNewer = person.plan && Date.parse(person.plan.at) > at && !known.includes(person.plan.entry)
  if (isNewer) {
    const others = [{ ...version, differs, ...fact }, ...(person.plan.others ?? [])]
    return { ...person, plan: { ...person.plan, others } }
  }
  const others = unknownTo(known, person).map((one) =>
    one === person.plan ? { ...one, ...wholePlan(person) } : one,
  )
  const calm = rowsAfter(fact, person.calm)
  const place = (line) => calm.findIndex(({ thing }) => thing && keyOf(thing.words) === keyOf(line))
  const own = Object.fromEntries(OFFERED.map((part) => [part, fact[part].map(place)]))
  return { ...person, plan: { ...version, own, others }, calm }
}

/**
 * What is shown in a hard moment once this version stands: their own lines, then what else helped.
 * What the server had put in order keeps that and what it did; new lines follow, until the next pull.
 */
export function rowsAfter(fact, calm = []) {
  const things = calm.filter(({ thing }) => thing)
  const isIn = (lines) => (row) => lines.some((line) => keyOf(line) === keyOf(row.thing.words))
  const { helps } = fact
  const talk = fact.talk.filter((line) => !isIn(helps)({ thing: { words: line } }))
  const isTheirs = (row) => row.thing.of === "plan"
  const fresh = (lines) =>
    lines
      .filter((line) => !things.some((row) => isTheirs(row) && isIn([line])(row)))
      .map((words) => ({ thing: { of: "plan", code: "", words }, did: [0, 0, 0, 0] }))
  const isOwn = (row) => isTheirs(row) && (isIn(helps)(row) || isIn(talk)(row))
  const helping = things.filter((row) => isTheirs(row) && isIn(helps)(row))
  const others = things.filter((row) => !isOwn(row) && row.did[0] > 0)
  const talking = things.filter((row) => isTheirs(row) && isIn(talk)(row))
  const notes = (lines) => lines.filter(Boolean).map((note) => ({ note }))
  const under = (head, rows) => (rows.length ? [{ head }, ...rows] : [])
  return [
    ...under("differs", notes([fact.differs])),
    ...under("touch", notes(fact.touch)),
    ...under("helps", [...helping, ...fresh(helps), ...others]),
    ...under("worsens", notes(fact.worsens)),
    ...under("talk", [...talking, ...fresh(talk)]),
    ...["trusts", "early_signs", "sets_off"].flatMap((part) => under(part, notes(fact[part]))),
  ]
}
