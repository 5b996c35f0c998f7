/** Whole sentences to choose from, in the words of the unit's pack. */

export const TILES_MAX = 6
const PARTS = ["place", "position", "activity", "eyes", "breathing"]
export const WORDS_OF = {
  place: "places",
  position: "positions",
  activity: "activities",
  eyes: "eyes",
  breathing: "breathing",
  why: "why_not",
}

/**
 * Up to six tiles for this hour, most usual on the unit first; with a place, those of that place.
 * They are the same for everyone: a person's last check never changes them, because copying
 * forward is how false records begin.
 */
export function tilesFor(pack, hour, place = "", most = TILES_MAX) {
  const all = pack.tiles[hour] ?? []
  return all.filter((tile) => !place || tile.place === place).slice(0, most)
}

/** The places of this hour's tiles, most usual first, then the rest of the pack's places. */
export function placesFor(pack, hour) {
  const usual = (pack.tiles[hour] ?? []).map(({ place }) => place).filter(Boolean)
  return [...new Set([...usual, ...pack.places.map(({ code }) => code)])]
}

/** What the pack calls this code; the code itself when an older pack is at hand. */
export function label(pack, list, code, language) {
  const word = pack?.[list]?.find((one) => one.code === code)
  return word?.label[language] ?? word?.label.en ?? code
}

/** "Own room, lying, eyes closed, breathing seen" */
export function sentence(pack, fact, language) {
  const said = PARTS.filter((part) => fact[part]).map((part) =>
    label(pack, WORDS_OF[part], fact[part], language),
  )
  if (fact.why) said.push(label(pack, "why_not", fact.why, language))
  return said.join(", ")
}

/** Reasons that may be given for this outcome: `refused` or `not-seen`. */
export const reasonsFor = (pack, outcome) =>
  pack.why_not.filter((why) => !why.for || why.for.includes(outcome))
