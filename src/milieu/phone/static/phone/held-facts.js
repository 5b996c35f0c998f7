/** What is tapped about who is held, as facts; and a fact as it was tapped, to be put right. */

/**
 * A start as a fact, or all that is missing of it: keys of the catalogue. `label` gives the words of a
 * code of the pack.
 */
export function startFact(said, label) {
  const text = (list, typed) => [...(said[list] ?? []).map((code) => label(list, code)), typed]
  const danger = text("danger", said.dangerWords?.trim()).filter(Boolean).join("; ")
  const criteria = text("criteria", said.criteriaWords?.trim()).filter(Boolean)
  const { devices = [], applied = [], tried = [], observer } = said
  const lacks = [
    [!devices.length, "held-how"],
    [!danger, "held-danger"],
    [!applied.length, "held-applied"],
    [!criteria.length, "criteria"],
  ]
  const missing = lacks.filter(([isMissing]) => isMissing).map(([, key]) => key)
  if (missing.length) return { missing }
  const who = { applied_by: applied, observer: observer || null }
  return { fact: { devices, danger, criteria, basis: "emergency", tried, tried_words: "", ...who } }
}

/** A check as a fact, or what is missing of it. What was not looked at is left out. */
export function checkFact({ application, met = [], ...looked }, { note, concern }) {
  const words = { note: note.trim(), nurse_should_know: concern.trim() }
  const isSaid = [...Object.values(looked), ...met, words.note].some(Boolean)
  if (!isSaid) return { missing: "nothing-said" }
  return { fact: { application, ...looked, met, ...words } }
}

/** A release as a fact, or what is missing of it. */
export function endFact({ application, seems, words = "", injuries, hurt = "" }) {
  const state = [seems, words.trim()].filter(Boolean).join("; ")
  if (!state) return { missing: "held-state" }
  if (!injuries) return { missing: "anybody-hurt" }
  if (injuries !== "none" && !hurt.trim()) return { missing: "held-how" }
  const injury_words = injuries === "none" ? "" : hurt.trim()
  return { fact: { application, state, injuries, injury_words } }
}

/** A fact as its screen has it. `labels` gives the codes of a list of the pack by their words. */
export function heldAgain(kind, fact, labels) {
  if (kind === "restraint.start") return startAgain(fact, labels)
  if (kind === "restraint.end") {
    const { application, state, injuries, injury_words } = fact
    return { application, words: state, injuries, hurt: injury_words }
  }
  const { note, nurse_should_know, ...said } = fact
  return said
}

function startAgain({ danger, criteria, applied_by, ...fact }, labels) {
  const split = (list, lines) => {
    const codes = labels(list)
    return [
      lines.map((line) => codes.get(line)).filter(Boolean),
      lines.filter((line) => !codes.has(line)).join("; "),
    ]
  }
  const [dangers, dangerWords] = split("danger", danger.split("; "))
  const [met, criteriaWords] = split("criteria", criteria)
  const { devices, tried, observer } = fact
  const words = { dangerWords, criteriaWords }
  return { devices, tried, observer, applied: applied_by, danger: dangers, criteria: met, ...words }
}
