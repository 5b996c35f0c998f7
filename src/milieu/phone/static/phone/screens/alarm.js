/** Who on my list was not seen in time, in words; and saying that I am going. */

import { sayGoing } from "../alarm.js"
import { html } from "../html.js"
import { me, overdue } from "../state.js"
import { clockTime, screenName } from "../unit.js"
import { say } from "../words.js"

const named = (people) =>
  people.map((one) => `${screenName(one)} ${one.room}${one.bed}`).join(", ")

export function Alarm() {
  const calling = overdue.value.filter(({ goingSince }) => goingSince === null)
  const reached = overdue.value.filter(({ goingSince }) => goingSince !== null)
  const { name } = me.value
  const time = reached.length && clockTime(Math.min(...reached.map((one) => one.goingSince)))
  return html`
    ${
      calling.length > 0 &&
      html`<div class="notice notice-now call" role="alert">
        <p><strong>${say("not-in-time", { people: named(calling) })}</strong></p>
        <button onClick=${sayGoing}>${say("i-am-going", { name })}</button>
      </div>`
    }
    ${
      reached.length > 0 &&
      html`<p class="notice notice-soon call">
        ${say("is-going", { name, time, people: named(reached) })}
      </p>`
    }
  `
}
