/** For whoever holds the phone alone: how they are, after a hard moment. Every question can be left. */

import { askedNow, askLater, tellAfter, waiting } from "../after.js"
import { Button, Choice, Field, Screen, Trouble } from "../frame.js"
import { html, useSignal } from "../html.js"
import { Refused } from "../door.js"
import { tell } from "../record.js"
import { go, goBack } from "../state.js"
import { clockTime } from "../unit.js"
import { say } from "../words.js"

const WORDS_MAX = 2000

/** On the list: a line that can be put off. */
export const ForYou = () =>
  askedNow.value.length > 0 &&
  html`<div class="for-you">
    <${Button} words="after-for-you" icon="hand-helping" tap=${() => go("after")} />
    <${Button} quiet words="after-later" tap=${askLater} />
  </div>`

export function After() {
  const [first] = waiting.value
  if (!first) return html`<${Screen} title=${say("after-open")}><p class="notice">${say("after-none")}</p><//>`
  return html`<${Asked} key=${first.id} ...${{ first }} />`
}

function Asked({ first }) {
  const answers = useSignal({})
  const words = useSignal("")
  const problem = useSignal(null)
  const keep = async () => {
    try {
      await tellAfter({ check_in: first.id, answers: answers.value, words: words.value.trim() })
    } catch (error) {
      problem.value = error instanceof Refused ? { words: error.message } : { key: "after-offline" }
      return
    }
    if (!waiting.value.length) goBack()
    tell(say("after-kept"))
  }
  const foot = html`<footer class="foot">
    <${Trouble} problem=${problem.value} />
    <div class="pair"><${Button} quiet words="after-later" tap=${() => { askLater(); goBack() }} /><${Button} main words="after-keep" tap=${keep} /></div>
  </footer>`
  const under = say("after-moment", { time: clockTime(Date.parse(first.happened_at)) })
  return html`
    <${Screen} title=${first.words} ...${{ under, foot }}>
      <p>${say("after-how")}</p>
      ${first.questions.map(
        ({ name, label, answers: options }) => html`<${Choice}
          key=${name} name=${label} ...${{ options }} value=${answers.value[name] ?? ""}
          choose=${(code) => (answers.value = { ...answers.value, [name]: code })}
        />`,
      )}
      <${Field} long name=${say("after-words")} maxlength=${WORDS_MAX} value=${words.value} write=${(text) => (words.value = text)} />
    <//>
  `
}
