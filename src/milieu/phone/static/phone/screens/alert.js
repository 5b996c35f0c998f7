/** Alerts in words, and answering one: what was done. */

import { answerAlert } from "../alerts.js"
import { Button, Screen, Trouble } from "../frame.js"
import { html, useSignal } from "../html.js"
import { tell } from "../record.js"
import { trouble } from "../shift.js"
import { alerts, go, goBack, me, overdue, screen } from "../state.js"
import { clockTime, personOf, screenName } from "../unit.js"
import { say, sayMany } from "../words.js"
import { List } from "./list.js"

const WORDS_MAX = 500
const OPEN_MAX = 2 // more are one line, until it is touched: the list stays in sight

// What the phone itself rings for is not said twice, unless it is mine to answer.
const isSaid = ({ kind, stay, may_answer }) =>
  kind === "overdue" && !may_answer && overdue.value.some(({ id }) => id === stay)

export function Alerts() {
  const shown = alerts.value.filter((alert) => !isSaid(alert))
  const all = shown.map((alert) => html`<${Alert} key=${alert.id} ...${{ alert }} />`)
  const { name } = me.value
  return shown.length > OPEN_MAX
    ? html`<details class="calls">
        <summary>${sayMany("locked-alerts", shown.length, { name })}</summary>
        ${all}
      </details>`
    : all
}

const Alert = ({ alert }) => html`
  <div class="notice notice-now call">
    <p><strong>${whom(alert)}</strong> ${alert.words}${" "}<small>${whenWords(alert)}</small></p>
    ${alert.may_answer && html`<${Button} words="answer" tap=${() => go("alert", { alert: alert.id })} />`}
  </div>
`

export function AnswerAlert() {
  const problem = useSignal(null)
  const { alert: id, words = "" } = screen.value
  const alert = alerts.value.find((one) => one.id === id)
  if (!alert) return html`<${List} />` // somebody else has answered it
  const answer = () =>
    answerAlert(id, words.trim()).then(
      () => {
        goBack()
        tell(say("answered"))
      },
      (error) => (problem.value = trouble(error)),
    )
  const type = ({ currentTarget }) => (screen.value = { ...screen.value, words: currentTarget.value })
  const foot = html`
    <footer class="foot">
      <button class="button-main button-wide" onClick=${answer}>${say("answer")}</button>
    </footer>
  `
  return html`
    <${Screen} title=${whom(alert)} under=${whenWords(alert)} ...${{ foot }}>
      <p>${alert.words}</p>
      <label class="field">
        ${say("what-was-done")}
        <textarea rows="3" maxlength=${WORDS_MAX} value=${words} onInput=${type}></textarea>
      </label>
      <p class="hint">${say("answer-hint")}</p>
      <${Trouble} problem=${problem.value} />
    <//>
  `
}

function whom({ stay }) {
  const person = personOf(stay)
  return person ? `${screenName(person)} ${person.room}${person.bed}` : say("alert")
}

const whenWords = ({ raised_at, answer_by }) =>
  say("alert-since", {
    time: clockTime(Date.parse(raised_at)),
    by: clockTime(Date.parse(answer_by)),
  })
