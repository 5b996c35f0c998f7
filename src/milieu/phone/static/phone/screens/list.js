/** My list: whom to see next. Overdue first, said by order, words, shape and colour together. */

import { Refused } from "../door.js"
import { Button, Icon, Screen } from "../frame.js"
import { Truth, UpdateNotice } from "../foot.js"
import { html } from "../html.js"
import { openCheck, openObserving } from "../record.js"
import { contact, go, now, snapshot } from "../state.js"
import { clockTime, dayTime, isOnBreak, may, myPeople, roomWords, screenName, sleepUntil, tryAgain } from "../unit.js"
import { ForYou } from "./after.js"
import { Alarm } from "./alarm.js"
import { Alerts } from "./alert.js"
import { label } from "../tiles.js"
import { language, say, sayMany } from "../words.js"
import { Handed } from "./hand.js"
import { HeldRows, Passed } from "./held.js"
import { ReadTags } from "./presence.js"
import { SignInAgain } from "./sign-in.js"

const MINUTE = 60_000

export function List() {
  const mine = myPeople.value
  const unit = snapshot.value?.unit.name ?? ""
  const title = mine.length ? say("my-list", { unit, n: mine.length }) : unit || say("my-people")
  return html`
    <${Screen} title=${title} back=${null} foot=${html`<${Truth}><${ChangeList} /><//>`}>
      <${UpdateNotice} />
      <${FromServer} />
      <${Passed} />
      <${Alarm} />
      <${Alerts} />
      <${Handed} />
      <${HeldRows} />
      ${
        mine.length
          ? html`<ul class="people">
            ${mine.filter(({ held }) => !held).map((person) => html`<${Row} key=${person.id} ...${{ person }} />`)}
          </ul>`
          : !isOnBreak.value && html`<${NobodyYet} />`
      }
      <${ForYou} />
      <${TryAgain} />
      ${mine.length > 0 && html`<${Button} words="meals" icon="list-checks" tap=${() => go("meals")} />`}
      ${mine.length > 0 && html`<${ReadTags} />`}
    <//>
  `
}

// Below the people: it is due, and rings for nobody. One tap leads to where they are written.
const TryAgain = () =>
  tryAgain.value.length > 0 &&
  html`<div>
    ${tryAgain.value.map(
      ({ person, since }) => html`<button key=${person.id} class="tile tile-low again" onClick=${() => openObserving("vitals", { stay: person.id })}>
        <span>${say("vitals-again", { name: screenName(person) })}</span>
        <small class="soft">${say("since", { time: dayTime(since, language.value) })}</small>
      </button>`,
    )}
  </div>`

// What the server said in place of an answer. Everything written stays, whatever it is.
function FromServer() {
  const { problem } = contact.value
  if (!(problem instanceof Refused)) return null
  if (problem.status === 401) return html`<${SignInAgain} />`
  return html`<p class="notice notice-soon">${problem.message}</p>`
}

const ChangeList = () =>
  snapshot.value &&
  may("take") &&
  html`<button class="truth-more" onClick=${() => go("take")}>${say("change-list")}</button>`

const NobodyYet = () =>
  snapshot.value
    ? html`<div class="notice">
        <p>${say("nobody-yet")}</p>
        ${may("take") && html`<${Button} main words="take-people" tap=${() => go("take")} />`}
      </div>`
    : html`<p class="notice">${say(contact.value.online === false ? "first-list" : "one-moment")}</p>`

function Row({ person }) {
  const urgency = urgencyOf(person, now.value)
  const { last, untold, levelWords: level } = person
  const isTry = last && last.fact?.outcome !== "seen"
  const asleep = sleepUntil(person, now.value)
  const by = person.dueAt === null ? "" : say("by", { time: clockTime(person.dueAt) })
  const open = () => {
    openCheck(person.id)
    go("check")
  }
  return html`
    <li>
      <button class="person-row person-${urgency}" onClick=${open}>
        <span class="person-name">${screenName(person)}</span>
        <span class="person-room">
          <span class="unseen">${say("room")} </span>${roomWords(person)}
        </span>
        <span class="person-when">${whenWords(person, now.value)}</span>
        <span class="person-last ${untold || isTry ? "person-whole" : ""}">
          ${last?.onPhone && html`<${OnPhone} />`}${" "}
          ${level && html`<b>${level.short}</b> `}${asleep && html`<b>${say("sleep")}</b> `}${lastWords(person)}
          ${untold && html` <b class="tag tag-soon">${say("nurse-untold")}</b>`}
        </span>
        <span class="person-by">${by}</span>
      </button>
    </li>
  `
}

const OnPhone = () =>
  html`<${Icon} name="smartphone" /><span class="unseen">${say("on-this-phone")} </span>`

/** `over` past due, `next` when its moment has come, else `later`; `away` with nothing due. */
function urgencyOf({ dueAt, seeAt }, time) {
  if (dueAt === null) return "away"
  if (dueAt < time) return "over"
  return seeAt <= time ? "next" : "later"
}

/** "4 min over", "now", "in 3 min", "on leave" */
export function whenWords(person, time) {
  const { dueAt, seeAt, state } = person
  if (dueAt === null) return state === "in" ? "" : say(`state-${state}`)
  if (dueAt < time) return sayMany("minutes-over", Math.max(1, Math.floor((time - dueAt) / MINUTE)))
  const minutes = Math.ceil((seeAt - time) / MINUTE)
  return minutes > 0 ? say("in-minutes", { n: minutes }) : say("see-now")
}

function lastWords({ last, seen, state, back_by }) {
  if (state !== "in" && back_by) return say("back-by", { time: clockTime(Date.parse(back_by)) })
  if (!last) return say("not-seen-yet")
  const words = (key, { at, fact }) =>
    [say(key, { time: clockTime(at) }), lookWords(fact)?.toLowerCase()].filter(Boolean).join(" ")
  // Whoever looks for somebody has to know where they were seen.
  return last === seen || !seen ? words("last", last) : `${words("last", last)} · ${words("seen-at", seen)}`
}

// Where somebody was seen, or that they were not and why.
function lookWords({ outcome, place, why }) {
  const named = (kind, code) => code && label(snapshot.value.pack, kind, code, language.value)
  if (outcome === "seen") return named("places", place)
  return [say(`outcome-${outcome}`), named("why_not", why)].filter(Boolean).join(": ")
}
