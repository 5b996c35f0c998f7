/** What is observed beside checks, as facts of docs/wire.md: what is missing, and the score. Plain. */

const NONE = "none" // of the words for agitation: it stands alone
const ABOUT_SHIFT = {
  ...{ shift: "", outcome: "seen", why: "", activity: null, speech: "", company: "", mood: "" },
  ...{ affect: "", self_care: "", participation: "", requests: null, declined: [], agitation: [] },
}
const EPISODE = {
  ...{ antecedent: "", behavior: "", consequence: "", place: "" },
  ...{ count: null, duration_min: null, intensity: null },
}

const isSaid = (value) => value !== null && value !== "" && value?.length !== 0

/** What was chosen last among the agitation items: none, or some, never both. */
export const agitationOf = (before, after) =>
  after.at(-1) === NONE ? [NONE] : after.length > before.length ? after.filter((one) => one !== NONE) : after

/** A number as it was typed; null where nothing was. */
export const whole = (value) =>
  value === undefined || value === null || value === "" ? null : Number(value)

/** A shift as a fact, and what is missing of it: a key of the catalogue, or null. */
export function shiftFact(said, { note, concern }) {
  const { shift, outcome, why, ...rest } = { ...ABOUT_SHIFT, ...said }
  const ends = { note: note.trim(), nurse_should_know: concern.trim() }
  if (!shift) return { missing: "shift-missing" }
  if (outcome === "not-seen") {
    return why ? { fact: { ...ABOUT_SHIFT, shift, outcome, why, ...ends } } : { missing: "why-missing" }
  }
  const mood = rest.mood.trim()
  const { activity, requests } = rest
  const parts = { ...rest, mood, activity: whole(activity), requests: whole(requests) }
  if (!Object.values(parts).some(isSaid) && !ends.note) return { missing: "nothing-said" }
  return { fact: { shift, outcome: "seen", why: "", ...parts, ...ends } }
}

/** An episode as a fact, or what is missing of it. */
export function episodeFact(said, { concern }) {
  const given = { ...EPISODE, ...said }
  const words = {}
  for (const part of ["antecedent", "behavior", "consequence"]) words[part] = given[part].trim()
  if (!Object.values(words).every(Boolean)) return { missing: "episode-missing" }
  const numbers = {}
  for (const part of ["count", "duration_min", "intensity"]) numbers[part] = whole(given[part])
  return { fact: { ...words, place: given.place, ...numbers, nurse_should_know: concern.trim() } }
}

// The option that was chosen; none where the text has changed since.
const chosenOf = ({ questions, options }, { item, code }) => {
  const question = questions?.find((one) => one.item === item)
  return question && options[question.options].find((one) => one.code === code)
}

/** The answers of an instrument added up: `score` is null while one that counts is left out. */
export function scoreOf(instrument, answers) {
  const { scored } = instrument
  const counts = answers.filter(({ item }) => scored.includes(item))
  const chosen = counts.map((answer) => chosenOf(instrument, answer)).filter(Boolean)
  const atLeast = chosen.reduce((sum, { value }) => sum + value, 0)
  const left = scored.length - chosen.length
  return { score: left ? null : atLeast, atLeast, left }
}

/** Whether these answers, or this score, must reach a nurse at once. */
export function tellsNurse(instrument, { answers = [], score = null }) {
  const reached = instrument.text && answers.length ? scoreOf(instrument, answers).atLeast : score
  return instrument.nurse.some(({ item, from }) => {
    if (!item) return reached !== null && reached >= from
    const answer = answers.find((one) => one.item === item)
    return answer && (chosenOf(instrument, answer)?.value ?? 0) >= from
  })
}

/** An instrument as a fact, or what is missing of it. */
export function scoredFact(instrument, said, { note }) {
  const { outcome = "", answers = [], score = "" } = said
  const common = { instrument: instrument.code, outcome, note: note.trim() }
  if (!outcome) return { missing: "outcome-missing" }
  if (outcome !== "answered") return { fact: common }
  if (instrument.text) {
    const known = answers.filter((answer) => chosenOf(instrument, answer))
    const fact = { ...common, text: instrument.text, answers: known }
    return known.length ? { fact } : { missing: "answers-missing" }
  }
  const typed = whole(score)
  const isIn = Number.isInteger(typed) && typed >= instrument.low && typed <= instrument.high
  return isIn ? { fact: { ...common, score: typed } } : { missing: "score-missing" }
}
