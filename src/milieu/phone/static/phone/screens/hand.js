/** Handing over in two sides: asking somebody, and answering what one is asked. */

import { Button, Choice, Screen } from "../frame.js"
import { leftFrom } from "../pull.js"
import { handOver, reply } from "../record.js"
import { html, useSignal } from "../html.js"
import { go, items, known, me, now, screen, session, snapshot } from "../state.js"
import { byRoom, clockTime, everyone, myPeople, roomWords, screenName } from "../unit.js"
import { asksOf, reliefAt } from "../watch.js"
import { say, sayMany } from "../words.js"
import { whenWords } from "./list.js"

const BREAKS = [15, 30, 45, 60]
const timeOf = (text) => clockTime(Date.parse(text))
const peopleWords = (people) =>
  people.length === 1 ? screenName(people[0]) : sayMany("people", people.length)

const askedOfMe = () => asksOf(everyone.value, known.value)

function askWords({ purpose, by, until, people }) {
  const values = { name: by?.name ?? "", who: peopleWords(people) }
  return say(`asks-${purpose}`, { ...values, time: until ? timeOf(until) : "" })
}

const Notice = ({ text, soon, words, main, quiet, tap }) =>
  html`<p class="notice notice-ask ${soon ? "notice-soon" : ""}">
    ${text}${words && html`<${Button} ...${{ words, main, quiet, tap }} />`}
  </p>`

/** What stands above the list: what I am asked, what I have asked, who is on a break, relief. */
export function Handed() {
  const mine = myPeople.value
  const myRelief = ({ relieves, holder }) => relieves?.id === me.value.id && holder.name
  const asked = ({ offer }) => offer && (offer.to?.name ?? say("anyone"))
  const onBreak = ({ relieves, offer }) => !offer && relieves?.name
  const notices = [
    ...askedOfMe().map((group) => ({
      key: group.key,
      text: askWords(group),
      words: "look",
      main: true,
      tap: () => go("answer", { key: group.key }),
    })),
    ...grouped(everyone.value, myRelief, "on-break"),
    ...(mine.length ? [] : grouped(everyone.value, handedTo, "handed-on")),
    ...gone(),
    ...grouped(mine, asked, "waits-for", (people) => ({
      words: "withdraw",
      quiet: true,
      tap: () => reply(people, "withdraw"),
    })),
    ...grouped(mine, onBreak, "for-break", (people) => ({
      words: "give-back",
      tap: () => go("hand", { purpose: "return", to: people[0].relieves.id, ids: people.map(({ id }) => id) }),
    })),
    ...mine.filter(isReliefNear).map((person) => ({
      text: say("relief-by", { name: screenName(person), time: clockTime(reliefAt(person)) }),
      soon: true,
      words: "ask-relief",
      tap: () => go("hand", { purpose: "swap", ids: [person.id] }),
    })),
  ]
  return notices.map((one) => html`<${Notice} key=${one.text} ...${one} />`)
}

// Whoever had them may look for them, and would find a list that is shorter and says nothing.
function gone() {
  const left = snapshot.value ? leftFrom(snapshot.value, me.value.id, now.value) : []
  const who = left.map(screenName).join(", ")
  return left.length ? [{ text: say("left-unit", { unit: snapshot.value.unit.name, who }) }] : []
}

// Who has somebody now whom I handed over in this shift.
const handedTo = ({ id, holder, relieves }) =>
  relieves?.id !== me.value.id && items.value.some(({ entry }) => entry?.stay === id && isMyOffer(entry)) && holder?.name

const isMyOffer = ({ kind, author, written_at }) =>
  kind === "round.offer" && author === me.value.id && written_at >= session.value.starts_at

// One notice for each name that `nameOf` gives.
function grouped(people, nameOf, key, more = () => ({})) {
  const groups = new Map()
  for (const person of people) {
    const name = nameOf(person)
    if (name) groups.set(name, [...(groups.get(name) ?? []), person])
  }
  return [...groups].map(([name, some]) => {
    const until = some[0].relieves?.until
    const values = { name, who: peopleWords(some), time: until ? timeOf(until) : "" }
    return { text: say(key, values), ...more(some) }
  })
}

function isReliefNear(person) {
  const at = reliefAt(person)
  const warn = (snapshot.value.pack.limits.relief_warn_s ?? 0) * 1000
  return at !== null && !person.offer && now.value >= at - warn
}

/** Ask somebody to take over: what for, whom, and whether sharps are out. */
export function Hand() {
  const given = screen.value
  const isIn = ({ id }) => given.ids?.includes(id) ?? true
  const mine = myPeople.value.filter(isIn).toSorted(byRoom)
  const said = useSignal({ purpose: given.purpose ?? "shift", to: given.to ?? "", minutes: 30 })
  const left = useSignal(new Set())
  const missing = useSignal(false)
  const { purpose, to, sharps, which = "", minutes } = said.value
  const set = (more) => (said.value = { ...said.value, ...more })
  const people = mine.filter(({ id }) => !left.value.has(id))
  const isWhole = to && people.length && sharps && (sharps === "none" || which.trim())
  const ask = () => {
    if (!isWhole) return void (missing.value = true)
    const role = to === "nurse" ? to : ""
    const name = role || to === "anyone" ? null : to
    const sharpsOut = sharps === "out" ? which.trim() : ""
    return handOver(people, { purpose, to: name, role, minutes, sharpsOut })
  }
  const foot = html`<footer class="foot">
    ${missing.value && !isWhole && html`<p class="notice notice-soon" role="alert">${say("hand-missing")}</p>`}
    <button class="button-main button-wide" onClick=${ask}>${sayMany("ask-for", people.length)}</button>
  </footer>`
  return html`
    <${Screen} title=${say("hand-over")} ...${{ foot }}>
      ${
        !given.purpose &&
        html`<${Choice}
          name=${say("hand-what")}
          options=${["shift", "break", "swap"].map((code) => ({ code, text: say(`purpose-${code}`) }))}
          value=${purpose}
          choose=${(code) => code && set({ purpose: code })}
        />`
      }
      ${
        purpose === "break" &&
        html`<${Choice}
          name=${say("break-for")}
          options=${BREAKS.map((n) => ({ code: n, text: sayMany("minutes", n) }))}
          value=${minutes}
          choose=${(n) => n && set({ minutes: n })}
        />`
      }
      <${Choice}
        name=${say("sharps")}
        options=${["none", "out"].map((code) => ({ code, text: say(`sharps-${code}`) }))}
        value=${sharps ?? ""}
        choose=${(code) => set({ sharps: code })}
      />
      ${
        sharps === "out" &&
        html`<label>${say("sharps-which")}
          <input maxlength="140" value=${which} onInput=${(event) => set({ which: event.currentTarget.value })} />
        </label>`
      }
      <${Choice} name=${say("hand-whom")} options=${whom()} value=${to} choose=${(code) => set({ to: code })} />
      <${State} people=${mine} ...${{ left }} />
    <//>
  `
}

const whom = () => [
  ...snapshot.value.people
    .filter(({ id }) => id !== me.value.id)
    .map(({ id, name }) => ({ code: id, text: name })),
  { code: "anyone", text: say("anyone") },
  { code: "nurse", text: say("any-nurse") },
]

/** The state of each person: level, last seen, due, concern. With `left`, some can be left out. */
function State({ people, left }) {
  const toggle = (id) => {
    const after = new Set(left.value)
    if (!after.delete(id)) after.add(id)
    left.value = after
  }
  return html`<ul class="takes">
    ${people.map(
      (person) => html`<li key=${person.id}>
        <label class="take ${left ? "" : "take-bare"}">
          ${
            left &&
            html`<input
              type="checkbox"
              checked=${!left.value.has(person.id)}
              onChange=${() => toggle(person.id)}
            />`
          }
          <span class="take-room">${roomWords(person)}</span>
          <span class="take-name">${screenName(person)}</span>
          <span class="soft">
            ${isOver(person) && html`<b class="tag tag-now">${whenWords(person, now.value)}</b> `}${stateWords(person)}
          </span>
        </label>
      </li>`,
    )}
  </ul>`
}

const isOver = ({ dueAt }) => dueAt !== null && dueAt < now.value

const stateWords = ({ levelWords, lastAt, dueAt, state, concern, untold }) =>
  [
    levelWords?.short,
    lastAt === null ? say("not-seen-yet") : say("last", { time: clockTime(lastAt) }),
    dueAt === null ? state !== "in" && say(`state-${state}`) : say("by", { time: clockTime(dueAt) }),
    concern && say("concern-short"),
    untold && say("nurse-untold"),
  ]
    .filter(Boolean)
    .join(" · ")

/** Answer what I am asked: look at the state first, then accept or decline. */
export function Answer() {
  const group = askedOfMe().find(({ key }) => key === screen.value.key)
  if (!group) return html`<${Screen} title=${say("hand-over")}><p class="notice">${say("ask-over")}</p><//>`
  const { purpose } = group
  const people = group.people.toSorted((a, b) => isOver(b) - isOver(a) || byRoom(a, b))
  const [{ offer }] = people
  const foot = html`<footer class="foot">
    <button class="button-main button-wide" onClick=${() => reply(people, "accept")}>
      ${say("accept", { who: peopleWords(people) })}
    </button>
    ${
      purpose !== "order" &&
      offer.to &&
      html`<${Button} quiet words="decline" tap=${() => reply(people, "decline")} />`
    }
  </footer>`
  return html`
    <${Screen} title=${askWords(group)} ...${{ foot }}>
      ${
        purpose !== "order" &&
        html`<p class=${offer.sharps_out ? "notice notice-soon" : "notice"}>
          ${offer.sharps_out ? say("sharps-are", { what: offer.sharps_out }) : say("no-sharps")}
        </p>`
      }
      <${State} ...${{ people }} />
    <//>
  `
}
