/** Somebody who is held or shut in: for how long, what comes next, and what has to be so. */

import { Button, Choice, Icon, Screen } from "../frame.js"
import { openOf, sortsOf, stateOf } from "../held.js"
import { checkFact } from "../held-facts.js"
import { heldOf, keepMet, openHeld, openStart, goFor } from "../holding.js"
import { html, useSignal } from "../html.js"
import { openCheck, recordObserved, unsaid } from "../record.js"
import { draft, go, goBack, me, now, passing, snapshot } from "../state.js"
import { clockTime, everyone, may, personOf, screenName } from "../unit.js"
import { say, sayMany } from "../words.js"
import { ForTime, personHead } from "./check.js"
import { words, write } from "./observe.js"

const MINUTE = 60_000
const HOUR = 60
const FIRST = 3

/** "12 min", "1 h 5 min" */
export const long = (time) => {
  const minutes = Math.max(0, Math.floor(time / MINUTE)) // the shown time moves in steps
  const values = { h: Math.floor(minutes / HOUR), m: minutes % HOUR }
  return values.h ? say("hours-minutes", values) : sayMany("minutes", minutes)
}
export const deviceWords = (code) =>
  words(snapshot.value.pack.restraint.devices.find((one) => one.code === code)?.label) || code
const sorted = ({ devices }) => new Set(sortsOf(devices.map(({ code }) => code), snapshot.value.pack))

/** "Held 12 min", "Shut in 1 h 5 min" */
export function heldWords(held) {
  const alone = held.devices.length > 0 && [...sorted(held)].join() === "seclusion"
  return say(alone ? "shut-in-for" : "held-for", { time: long(now.value - held.began) })
}

/** "Check in restraint: 3 min left" */
const limitWords = (limit) => `${words(snapshot.value.pack.held.limits[limit.what])}: ${timeWords(limit)}`

function timeWords({ due, since, met }) {
  if (met) return say(due && met > due ? "met-late" : "met-at", { time: clockTime(met) })
  if (due === null) return say("asap-since", { time: long(now.value - since) })
  const left = due - now.value
  return left > 0 ? say("time-left", { time: long(left) }) : say("time-over", { time: long(-left) })
}

// By when, for which sort where there are several, and by which law.
function limitUnder({ due, met, sort, rule }, several) {
  const by = !met && due !== null && say("by", { time: clockTime(due) })
  return [by, several && words(snapshot.value.pack.held.sorts[sort]), ruleWords(rule)].filter(Boolean).join(" · ")
}

function ruleWords(rule) {
  const { laws } = snapshot.value.pack.held
  return rule.map(([law, paragraph]) => [words(laws[law]), paragraph].filter(Boolean).join(", ")).join("; ")
}

/** Everyone on the unit who is held, before all others: whoever is near may have to act. */
export const HeldRows = () => {
  const held = everyone.value.filter((person) => person.held)
  return (
    held.length > 0 &&
    html`<ul class="people">${held.map((person) => html`<${HeldRow} key=${person.id} ...${{ person }} />`)}</ul>`
  )
}

const openIt = ({ id, held }) => (held.application ? openHeld(id) : openStart(id))

function rowWords({ application, ready }, next) {
  if (!application) return say("held-finish")
  return ready === null ? next && limitWords(next) : say("release-now")
}

function HeldRow({ person }) {
  const [next] = openOf(person.held)
  const state = next ? stateOf(next, now.value, snapshot.value.pack) : "open"
  return html`<li>
    <button class="person-row person-held person-held-${state}" onClick=${() => openIt(person)}>
      <span class="person-name"><${Icon} name="triangle-alert" /> ${screenName(person)}</span>
      <span class="person-room"><span class="unseen">${say("room")} </span>${person.room}${person.bed}</span>
      <span class="person-when">${heldWords(person.held)}</span>
      <span class="person-last">${rowWords(person.held, next)}</span>
      <span class="person-by">${next?.due && say("by", { time: clockTime(next.due) })}</span>
    </button>
  </li>`
}

/** What has passed and calls here, in words; and saying that I am going. */
export function Passed({ stay = null }) {
  const over = passing.value.filter(({ state, person }) => state === "over" && (!stay || person.id === stay))
  const calling = over.filter(({ goingSince }) => goingSince === null)
  const seen = over.filter(({ goingSince }) => goingSince !== null)
  const said = (calls) =>
    calls.map(({ person, limit }) => (stay ? limitWords(limit) : `${screenName(person)} ${person.room}${person.bed}, ${limitWords(limit)}`)).join(". ")
  const { name } = me.value
  return html`
    ${
      calling.length > 0 &&
      html`<div class="notice notice-now call" role="alert">
        <p><strong>${said(calling)}</strong></p>
        <button onClick=${() => goFor(calling)}>${say("i-am-going", { name })}</button>
      </div>`
    }
    ${
      seen.length > 0 &&
      html`<p class="notice notice-soon call">
        ${say("is-going", { name, time: clockTime(Math.min(...seen.map((one) => one.goingSince))), people: said(seen) })}
      </p>`
    }
  `
}

/** On the check screen: what is under way, or the button that begins the clock. */
export function HeldLink({ stay }) {
  const held = heldOf(stay)
  if (held) return html`<button class="button-wide" onClick=${() => openIt(personOf(stay))}>${heldWords(held)}</button>`
  return may("restrain") && snapshot.value.pack.held && personOf(stay) && html`<${Button} words="held-begin" icon="clock" tap=${() => openStart(stay)} />`
}

export function Held() {
  const all = useSignal(false)
  const { stay } = draft.value
  const held = heldOf(stay)
  if (!held) return html`<${Screen} ...${personHead(stay)}><p class="notice">${say("restraint.end")}</p><//>`
  const open = openOf(held)
  const shown = all.value ? [...open, ...held.limits.filter(({ met }) => met)] : open.slice(0, FIRST)
  const check = () => {
    openCheck(stay)
    go("check")
  }
  const isReady = held.ready !== null
  const foot = html`<footer class="foot">
    ${isReady && html`<p class="notice notice-now held-ready" role="alert"><strong>${say("release-now")}</strong></p>`}
    <div class="pair">
      <${Button} main=${!isReady} words="held-check" tap=${() => go("held-check")} />
      <${Button} main=${isReady} words="held-release" tap=${() => go("held-end")} />
    </div>
  </footer>`
  return html`
    <${Screen} ...${{ ...personHead(stay), foot }}>
      <${Passed} stay=${stay} />
      <p class="held-clock"><strong>${heldWords(held)}</strong>
        <span>${[held.devices.map(({ code }) => deviceWords(code)).join(", ") || say("nothing-on"), say("since", { time: clockTime(held.began) })].join(" · ")}</span></p>
      ${held.unsure && html`<p class="notice notice-soon">${say("held-unsure")}</p>`}
      ${held.untrained && html`<p class="notice notice-soon">${say("held-untrained")}</p>`}
      ${held.barred.map(({ what, rule }) => html`<p class="notice notice-soon"><strong>${words(snapshot.value.pack.held.barred[what])}</strong> <small>${ruleWords(rule)}</small></p>`)}
      <ul class="entries">
        ${shown.map(
          (limit) => html`<li class="limit limit-${limit.met ? "met" : stateOf(limit, now.value, snapshot.value.pack)}">
            <strong>${limitWords(limit)}</strong> <small class="soft">${limitUnder(limit, sorted(held).size > 1)}</small>
          </li>`,
        )}
      </ul>
      ${!all.value && held.limits.length > shown.length && html`<${Button} quiet words="more-places" tap=${() => (all.value = true)} />`}
      <${Criteria} ...${{ held }} />
      <p class="notice notice-ask ${held.observer ? "" : "notice-soon"}">
        ${held.observer ? say("observes", { name: held.observer.name }) : say("nobody-observes")}
        <${Button} words="held-change" tap=${() => go("held-change")} />
      </p>
      <div class="pair">
        <${Button} quiet words="round.check" tap=${check} />
        <${Button} quiet words="earlier-checks" icon="history" tap=${() => go("recent")} />
      </div>
    <//>
  `
}

/** What has to be so for release: a tap says that it is so now. All of them are kept at once. */
export function Criteria({ held }) {
  const { stay, said, note, concern } = draft.value
  const { met = [] } = said
  const before = held.met.filter((line) => held.criteria.includes(line))
  const choose = (lines) => {
    const isAll = held.ready === null && held.criteria.every((line) => lines.includes(line))
    if (!isAll || unsaid(draft.value)) return write({ met: lines })
    keepMet(stay, checkFact({ ...said, application: held.application, met: lines }, { note, concern }).fact)
    openHeld(stay)
  }
  const text = (line) =>
    before.includes(line) && !met.includes(line) ? `${line} (${say("criterion-before")})` : line
  return html`<${Choice}
    name=${say("criteria")} value=${met} choose=${choose}
    options=${held.criteria.map((line) => ({ code: line, text: text(line) }))}
  />`
}

/** A device on or off, or somebody else observes: each tap is kept at once. */
export function HeldChange() {
  const { stay, said, amends, mending } = draft.value
  const held = heldOf(stay)
  const isAgain = amends || mending
  const application = said.application ?? held?.application
  if (!application) return html`<${Held} />`
  const leave = () => (held ? openHeld(stay) : goBack())
  const keep = (what, more) =>
    recordObserved("restraint.change", { ...{ application, what, device: "", observer: null, why: "" }, ...more }, leave)
  const all = snapshot.value.pack.restraint.devices.map(({ code }) => code)
  const on = isAgain ? all : held.devices.map(({ code }) => code)
  const off = isAgain ? all : all.filter((code) => !on.includes(code))
  const people = (snapshot.value.people ?? []).filter(({ id }) => isAgain || id !== held.observer?.id)
  const tap = (key, text, what, more) =>
    html`<button class="tile tile-low" key=${key} onClick=${() => keep(what, more)}>${text}</button>`
  const devices = (codes, what) => codes.map((device) => tap(device, deviceWords(device), what, { device }))
  const groups = [
    ["off", "take-off", devices(on, "off")],
    [
      "observer",
      "who-observes",
      [
        ...people.map(({ id, name }) => tap(id, name, "observer", { observer: id })),
        (isAgain || held.observer) && tap("nobody", say("nobody-observes"), "observer", {}),
      ],
    ],
    ["on", "put-on", devices(off, "on")],
  ]
  return html`
    <${Screen} ...${personHead(stay)} back=${isAgain ? leave : () => go("held")}>
      <${ForTime} />
      ${groups
        .filter(([what]) => !isAgain || what === said.what)
        .map(([what, name, taps]) => html`<h2 key=${what}>${say(name)}</h2><div class="pair">${taps}</div>`)}
      ${amends && html`<${Button} quiet words="strike-out" tap=${() => recordObserved("restraint.change", null, leave)} />`}
    <//>
  `
}
