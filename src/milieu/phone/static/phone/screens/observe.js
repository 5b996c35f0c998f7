/** What is seen beside checks: how a shift was, an episode, an instrument. Nothing chosen beforehand. */

import { WRITTEN_ON } from "../amend.js"
import { Button, Choice, Field, Screen } from "../frame.js"
import { html, useSignal } from "../html.js"
import { agitationOf, episodeFact, scoredFact, scoreOf, shiftFact, tellsNurse } from "../observed.js"
import { openCheck, openObserving, recordObserved } from "../record.js"
import { draft, go, now, snapshot } from "../state.js"
import { clockTime } from "../unit.js"
import { language, say, sayMany } from "../words.js"
import { ForTime, Notes, personHead } from "./check.js"
import { Fold } from "./fold.js"

const WORDS_MAX = 140
const TOLD_MAX = 300
export const words = (label) => label?.[language.value] ?? label?.en ?? ""
export const optionsOf = (list) => list.map(({ code, label }) => ({ code, text: words(label) }))
export const write = (said) => (draft.value = { ...draft.value, said: { ...draft.value.said, ...said } })
const number = (text) => text.replace(/\D/g, "").slice(0, 4)

/** What can be written about this person. */
export function Observe() {
  const { stay, at } = draft.value
  const { instruments = [] } = snapshot.value.pack
  const begun = draft.value
  const open = (screen, said = {}) => {
    const isBegun = begun.screen === screen && begun.said.instrument === said.instrument
    if (isBegun) go(screen)
    else openObserving(screen, { stay, at, said })
  }
  const leave = () => {
    if (begun.screen !== "check") openCheck(stay, { at }) // else its words stay
    go("check")
  }
  return html`
    <${Screen} ...${personHead(stay)} back=${leave}>
      <ul class="tiles">
        ${["vitals.set", "intake.drink"].map(
          (kind) => html`<li key=${kind}>
            <button class="tile" onClick=${() => open(WRITTEN_ON[kind])}>${say(kind)}</button>
          </li>`,
        )}
        <li><button class="tile" onClick=${() => open("shift")}>${say("behavior.shift")}</button></li>
        <li><button class="tile" onClick=${() => open("episode")}>${say("behavior.episode")}</button></li>
      </ul>
      <h2>${say("instrument.scored")}</h2>
      <ul class="tiles">
        ${instruments.map(
          ({ code, title, about }) => html`<li key=${code}>
            <button class="tile tile-low tile-about" onClick=${() => open("scored", { instrument: code })}>
              <strong>${words(title)}</strong> <small>${words(about)}</small>
            </button>
          </li>`,
        )}
      </ul>
    <//>
  `
}

// What every such screen has: for which time, what is missing, and the button at its foot.
export function Writing({ kind, make, ask, children }) {
  const missing = useSignal(null)
  const { stay, at, amends } = draft.value
  const record = () => {
    const made = make()
    missing.value = made.missing ?? null
    if (made.fact) recordObserved(kind, made.fact)
  }
  const foot = html`
    <footer class="foot">
      ${missing.value && html`<p class="notice notice-soon" role="alert">${say(missing.value)}</p>`}
      <button class="button-main button-wide" onClick=${record}>
        ${say("record", { time: clockTime(at ?? now.value) })}
      </button>
    </footer>
  `
  return html`
    <${Screen} ...${{ ...personHead(stay), foot }} back=${() => go("observe")}>
      <${ForTime} />
      ${children}
      <${Notes} ask=${ask} />
      ${!amends && html`<${Button} quiet words="other-time" icon="clock" tap=${() => go("time")} />`}
    <//>
  `
}

export const Part = ({ part, list, value, choose }) => html`
  <${Choice}
    name=${say(`about-${part}`)}
    options=${optionsOf(list)}
    value=${value ?? draft.value.said[part] ?? ""}
    choose=${choose ?? ((code) => write({ [part]: code }))}
  />
`

const ONE_EACH = ["activity", "speech", "company", "affect", "self_care", "participation"]
const IN_ORDER = ["shift", ...ONE_EACH, "agitation"] // what opens by itself, one after the other

/**
 * How somebody was in one shift, in the words of the unit. A part that was answered folds and the
 * next opens, so that a quiet shift is a tap for each; what is rarer is opened by who needs it.
 */
export function ShiftSeen() {
  const { said } = draft.value
  const { behavior, shifts } = snapshot.value.pack
  const open = useSignal(said.shift ? "" : "shift")
  const isSeen = said.outcome !== "not-seen"
  const agitation = said.agitation ?? []
  const chosen = (part, code) => {
    write({ [part]: code })
    if (code) open.value = IN_ORDER.slice(IN_ORDER.indexOf(part) + 1).find((next) => !said[next]?.length) ?? ""
  }
  const part = (name, { list = behavior[name], value = said[name] ?? "", choose = (code) => chosen(name, code) } = {}) => {
    const told = optionsOf(list).filter(({ code }) => [value].flat().includes(code))
    return html`<${Fold} key=${name} part=${name} name=${say(`about-${name}`)} ...${{ open }} told=${told.map(({ text }) => text).join(", ")}>
      <${Part} part=${name} ...${{ list, value, choose }} />
    <//>`
  }
  return html`
    <${Writing} kind="behavior.shift" make=${() => shiftFact(said, draft.value)}>
      <div class="short-form">
        ${part("shift", { list: shifts })}
        ${part("why", {
          choose: (why) => {
            write({ why, outcome: why ? "not-seen" : "seen" })
            open.value = ""
          },
        })}
        ${
          isSeen &&
          html`
          ${ONE_EACH.map((name) => part(name, { value: String(said[name] ?? "") }))}
          ${part("agitation", { value: agitation, choose: (now) => write({ agitation: agitationOf(agitation, now) }) })}
          ${part("declined", { value: said.declined ?? [], choose: (declined) => write({ declined }) })}
          <${Field} name=${say("about-mood")} maxlength=${WORDS_MAX} value=${said.mood ?? ""} write=${(mood) => write({ mood })} />
          <${Field} name=${say("about-requests")} inputmode="numeric" value=${said.requests ?? ""} write=${(text) => write({ requests: number(text).slice(0, 2) })} />
        `
        }
      </div>
    <//>
  `
}

/** Before, what could be seen and heard, after; how often, how long, how strong. */
export function Episode() {
  const { said } = draft.value
  const { behavior, places } = snapshot.value.pack
  const line = (name, more) => html`<${Field}
    key=${name} name=${say(`about-${name}`)} value=${said[name] ?? ""}
    write=${(text) => write({ [name]: more.inputmode ? number(text) : text })} ...${more}
  />`
  return html`
    <${Writing} kind="behavior.episode" ask=${["concern"]} make=${() => episodeFact(said, draft.value)}>
      ${["antecedent", "behavior", "consequence"].map((name) => line(name, { long: true, maxlength: TOLD_MAX }))}
      <${Part} part="place" list=${places} />
      ${line("count", { inputmode: "numeric", maxlength: 2 })}
      ${line("duration_min", { inputmode: "numeric", maxlength: 4 })}
      <${Part} part="intensity" list=${behavior.intensity} value=${String(said.intensity ?? "")} />
    <//>
  `
}

/** An instrument: its questions where its text is here, else the score of the facility's own form. */
export function Scored() {
  const { said } = draft.value
  const instrument = snapshot.value.pack.instruments.find(({ code }) => code === said.instrument)
  const outcomes = ["answered", "declined", "could-not"]
  const isAnswered = said.outcome === "answered"
  const typed = said.score === "" || said.score === undefined ? null : Number(said.score)
  return html`
    <${Writing} kind="instrument.scored" ask=${["note"]} make=${() => scoredFact(instrument, said, draft.value)}>
      <h2>${words(instrument.title)} <small class="soft">${words(instrument.about)}</small></h2>
      <${Choice}
        name=${say("about-outcome")} value=${said.outcome ?? ""} choose=${(outcome) => write({ outcome })}
        options=${outcomes.map((code) => ({ code, text: say(`scored-${code}`) }))}
      />
      ${isAnswered && (instrument.text ? html`<${Questions} ...${{ instrument }} />` : html`<${TypedScore} ...${{ instrument }} />`)}
      ${
        isAnswered &&
        tellsNurse(instrument, { answers: said.answers, score: typed }) &&
        html`<p class="notice notice-now" role="alert">${say("tell-nurse-now")}</p>`
      }
    <//>
  `
}

const TypedScore = ({ instrument: { low, high } }) => html`<${Field}
  name=${say("about-score", { low, high })} inputmode="numeric"
  value=${draft.value.said.score ?? ""} write=${(text) => write({ score: number(text).slice(0, 3) })}
/>`

function Questions({ instrument }) {
  const { answers = [] } = draft.value.said
  const { score, left } = scoreOf(instrument, answers)
  const answer = (item) => (code) => {
    const others = answers.filter((one) => one.item !== item)
    write({ answers: code ? [...others, { item, code }] : others })
  }
  return html`
    ${instrument.intro.map((label) => html`<p key=${words(label)}><strong>${words(label)}</strong></p>`)}
    ${instrument.questions.map(
      ({ item, number, label, options }) => html`<${Choice}
        key=${item}
        name=${[number, words(label)].filter(Boolean).join(". ")}
        options=${optionsOf(instrument.options[options])}
        value=${answers.find((one) => one.item === item)?.code ?? ""}
        choose=${answer(item)}
      />`,
    )}
    <p class="notice">${left ? sayMany("left-out", left) : say("score-is", { score, high: instrument.high })}</p>
  `
}
