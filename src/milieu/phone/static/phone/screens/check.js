/** A check in two taps: the person, then one whole sentence. Nothing is chosen beforehand. */

import { isLateAfter } from "../due.js"
import { Button, Choice, Screen } from "../frame.js"
import { begin } from "../happening.js"
import { html, useEffect, useRef, useSignal } from "../html.js"
import { CONCERN_MAX, NOTE_MAX, REASON_MAX } from "../entry.js"
import { recordCheck } from "../record.js"
import { contact, draft, go, now, session, snapshot } from "../state.js"
import { clockTime, hourNow, lastTime, personOf, roomWords, screenName } from "../unit.js"
import { label, placesFor, sentence, TILES_MAX, tilesFor } from "../tiles.js"
import { language, say } from "../words.js"
import { hourOf } from "../zone.js"
import { Doorway, isDoorway } from "./doorway.js"
import { HeldLink, long } from "./held.js"
import { Presence } from "./presence.js"
import { entryWords } from "./recent.js"
import { WhyRefused } from "./refused.js"

const PLACES_FIRST = 3

/** Who it is, where, and the name to check against. */
export function personHead(stayId) {
  const person = personOf(stayId)
  if (!person) return { title: say("person-gone"), under: "" }
  const { room, birth_date: date, gone } = person
  const where = room ? say("in-room", { room: roomWords(person) }) : !gone && roomWords(person)
  const place = [where, person.levelWords?.short].filter(Boolean).join(" · ")
  const name = [gone && say("person-gone"), person.legal_name].filter(Boolean).join(" · ")
  return {
    title: html`${screenName(person)} <span class="head-room">${place}</span>`,
    under: html`${name}${date && html` · <small class="figures">${say("born", { date })}</small>`}`,
  }
}

let drawn = { of: [] }

/**
 * What the open check is drawn from: the pack, the hour, and until when sleep is protected, as they
 * were when it was opened. Neither news nor the next hour moves a tile under a thumb. Chosen for
 * another time, or found again after a lock, it is drawn anew.
 */
export function drawnFrom() {
  const { begun, at } = draft.value
  const of = [begun, at, session.value]
  if (of.some((one, n) => one !== drawn.of[n])) drawn = { of, ...asItIsNow() }
  return drawn
}

function asItIsNow() {
  const { pack, unit } = snapshot.value
  const { at } = draft.value
  const hour = at === null ? hourNow() : hourOf(at, unit.time_zone)
  return { pack, hour, until: isDoorway(draft.value) }
}

export function Check() {
  const place = useSignal("")
  const all = useSignal(false)
  const { stay } = draft.value
  const { pack, hour, until } = drawnFrom()
  const places = placesFor(pack, hour)
  const shown = all.value ? places : places.slice(0, PLACES_FIRST)
  const options = shown.map((code) => ({ code, text: label(pack, "places", code, language.value) }))
  const choose = (code) => (code === "…" ? (all.value = true) : (place.value = code))
  if (!all.value) options.push({ code: "…", text: say("more-places") })
  return html`
    <${Screen} ...${personHead(stay)} aside=${html`<${CalmLink} />`}>
      <${Away} stay=${stay} />
      <${ForTime} />
      <${NoteFields} />
      <${AsWritten} />
      <${Choice} name=${say("where")} small value=${place.value} ...${{ options, choose }} />
      <${Doorway} ...${{ until, pack }} />
      <ul class="tiles">
        ${tilesFor(pack, hour, place.value, until ? 2 : TILES_MAX).map(
          (tile) => html`<li key=${sentence(pack, tile, "en")}>
            <button class="tile" onClick=${() => recordCheck({ outcome: "seen", ...tile })}>
              ${sentence(pack, tile, language.value)}
            </button>
          </li>`,
        )}
      </ul>
      <div class="pair">
        <${Button} words="from-parts" tap=${() => go("parts", { place: place.value })} />
        <${Button} words="could-not" tap=${() => go("unseen")} />
      </div>
      <${OpenNotes} />
      <${Presence} />
      <${Besides} ...${{ stay }} />
    <//>
  `
}

// While a check is put right nothing else is begun: it would take the place of that check.
const isAgain = () => draft.value.amends || draft.value.mending

/** What helps this person, one tap away. */
export const CalmLink = () =>
  !isAgain() && html`<button class="chip" onClick=${() => go("calm")}>${say("calm-helps")}</button>`

/** What else can be said of this person, or of another time. */
export const Besides = ({ stay }) =>
  !isAgain() &&
  html`
    <div class="pair">
      <${Button} quiet words="other-time" icon="clock" tap=${() => go("time")} />
      <${Button} quiet words="earlier-checks" icon="history" tap=${() => go("recent")} />
    </div>
    <div class="pair">
      <${Button} words="observe" icon="pencil" tap=${() => go("observe")} />
      <${Button} words="happening" icon="triangle-alert" tap=${openHappening} />
    </div>
    <div class="pair"><${HeldLink} stay=${stay} /></div>
  `

function openHappening() {
  begin(draft.value.stay)
  go("happening")
}

const Away = ({ stay }) => {
  const { state = "in", concern = false, untold = false } = personOf(stay) ?? {}
  return html`
    ${state !== "in" && html`<p class="notice notice-soon">${say(`away-${state}`)}</p>`}
    ${concern && html`<p class="notice">${say("concern-waits")}</p>`}
    ${untold && html`<p class="notice notice-soon">${say(contact.value.online ? "nurse-when-sent" : "nurse-not-yet")}</p>`}
  `
}

/** Why the record did not take it; for which time it is, when it is not now, and that it will be late. */
export const ForTime = () => html`<${WhyRefused} /><${ItsTime} />`

function ItsTime() {
  const { at, amends, mending } = draft.value
  if (amends) return html`<${Amending} ...${{ at }} />`
  if (at === null) return null
  const age = now.value - at
  const isLate = isLateAfter(age, snapshot.value.pack)
  const late = isLate ? say("will-be-late", { time: long(age) }) : ""
  return html`<p class="notice notice-soon for-time">
    <span><strong>${say("for-time", { time: lastTime(at) })}</strong> ${late}</span>
    ${
      mending // it was seen then: now would be another check
        ? html`<${Button} words="other-time" tap=${() => go("time")} />`
        : html`<${Button} words="use-now" tap=${() => (draft.value = { ...draft.value, at: null })} />`
    }
  </p>`
}

// What a refused check said, for another time: nobody has to find their sentence again.
function AsWritten() {
  const { seen } = draft.value
  if (!seen) return null
  const { note, nurse_should_know, presence, ...said } = seen
  return html`
    <p class="soft">${say("as-written")}</p>
    <div class="tiles">
      <button class="tile" onClick=${() => recordCheck(said)}>
        ${entryWords({ kind: "round.check", fact: said })}
      </button>
    </div>
    <p class="soft">${say("or-else")}</p>
  `
}

// Which check is put right; and why, which has to be said before it can be recorded.
function Amending({ at }) {
  return html`
    <p class="notice">${say("amending", { time: clockTime(at) })}</p>
    <${FewWords} field="reason" name=${say("amend-reason")} first="reason-first" maxlength=${REASON_MAX} />
  `
}

// A few words: in sight and under the keyboard when opened, or asked for where they come `first`.
function FewWords({ field, name, first, maxlength }) {
  const input = useRef(null)
  const { asked, opened } = draft.value
  const isAsked = asked?.field === field
  const open = opened === field
  const as = first ? "input" : "textarea"
  useEffect(() => {
    if (!isAsked && !open) return
    input.current.focus({ preventScroll: true })
    input.current.scrollIntoView({ block: "center" })
    if (open) write({ opened: "" }) // once: on the next screen it stands where it is
  }, [isAsked && asked, open])
  const type = (event) => write({ [field]: event.currentTarget.value, asked: null })
  return html`
    <label class="field">${name}
      <${as}
        ref=${input}
        aria-required=${first && "true"}
        maxlength=${maxlength}
        value=${draft.value[field]}
        onInput=${type}
      />
    </label>
    ${isAsked && html`<p class="notice notice-soon" role="alert">${say(first)}</p>`}
  `
}

const OPENS = { note: ["note", "forNote"], concern: ["nurse-should-know", "forNurse"] }
const BOTH = Object.keys(OPENS)
const write = (said) => (draft.value = { ...draft.value, ...said })

/** A note and a few words for the nurse: opened when wanted, kept with what is written. */
export const Notes = ({ ask = BOTH }) => html`<${OpenNotes} ...${{ ask }} /><${NoteFields} ...${{ ask }} />`

const isOpen = (field) => draft.value[OPENS[field][1]] || (field === "note" && draft.value.note !== "")

const OpenNotes = ({ ask = BOTH }) => html`
  <div class="pair pair-notes">
    ${ask
      .filter((field) => !isOpen(field))
      .map((field) => {
        const [words, flag] = OPENS[field]
        return html`<${Button} key=${field} icon="plus" ...${{ words }} tap=${() => write({ opened: field, [flag]: true })} />`
      })}
  </div>
`

function NoteFields({ ask = BOTH }) {
  const needNot = () => write({ opened: "", forNurse: false, concern: "", asked: null })
  return html`
    ${
      ask.includes("note") &&
      isOpen("note") &&
      html`<${FewWords} field="note" name=${say("note-label")} maxlength=${NOTE_MAX} />`
    }
    ${
      ask.includes("concern") &&
      isOpen("concern") &&
      html`<${FewWords}
        field="concern"
        name=${say("concern-label")}
        first="nurse-first"
        maxlength=${CONCERN_MAX}
      />
      <${Button} quiet words="nurse-need-not" tap=${needNot} />`
    }
  `
}
