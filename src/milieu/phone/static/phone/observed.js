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

const whole = (value) => (value === null || value === "" ? null : Number(value))

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

/** The answers of an instrument added up: `score` is null while one that counts is left out. */
export function scoreOf({ questions, options, scored }, answers) {
  const chosen = new Map(answers.map(({ item, code }) => [item, code]))
  let sum = 0
  let left = 0
  for (const { item, options: set } of questions.filter((one) => scored.includes(one.item))) {
    const option = options[set].find(({ code }) => code === chosen.get(item))
    if (option) sum += option.value
    else left += 1
  }
  return { score: left ? null : sum, atLeast: sum, left }
}

/** Whether these answers, or this score, must reach a nurse at once. */
export function tellsNurse({ nurse, ...instrument }, { answers = [], score = null }) {
  const reached = instrument.text && answers.length ? scoreOf(instrument, answers).atLeast : score
  return nurse.some(({ item, from }) => {
    if (!item) return reached !== null && reached >= from
    const question = instrument.questions?.find((one) => one.item === item)
    const code = answers.find((one) => one.item === item)?.code
    const option = question && instrument.options[question.options].find((one) => one.code === code)
    return (option?.value ?? 0) >= from
  })
}

/** An instrument as a fact, or what is missing of it. */
export function scoredFact(instrument, said, { note }) {
  const { outcome = "", answers = [], score = "" } = said
  const common = { instrument: instrument.code, outcome, note: note.trim() }
  if (!outcome) return { missing: "outcome-missing" }
  if (outcome !== "answered") return { fact: common }
  if (instrument.text) {
    const fact = { ...common, text: instrument.text, answers }
    return answers.length ? { fact } : { missing: "answers-missing" }
  }
  const typed = whole(score)
  const isIn = Number.isInteger(typed) && typed >= instrument.low && typed <= instrument.high
  return isIn ? { fact: { ...common, score: typed } } : { missing: "score-missing" }
}
