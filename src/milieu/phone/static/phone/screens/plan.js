/**
 * The person's own plan, written or put right beside them: a part on each page, in their words, one
 * line at a time; then whether they agree. What is begun is kept on this phone.
 */

import { begunOf, forget } from "../begun.js"
import { Button, Choice, Field, Screen } from "../frame.js"
import { html, useSignal } from "../html.js"
import { lacking, LINE_MAX, LINES_MAX, oneLine, PARTS, planBegun, planFact, unknownTo } from "../plan.js"
import { openCheck, openObserving, recordObserved } from "../record.js"
import { draft, go, goBack, now, screen } from "../state.js"
import { clockTime, personOf } from "../unit.js"
import { say } from "../words.js"
import { ForTime, personHead } from "./check.js"
import { write } from "./observe.js"

const AGREED = ["agreed", "part", "not-asked", "declined"]
const LAST = PARTS.length // the page on which they agree
const FEW = 140
const LETTERS = 34 // of a line, on a phone of 360

/** Go on with what was begun here, else begin as the plan that stands. */
export function openPlan(stay) {
  const { said, kept_at } = begunOf("plan", stay) ?? {}
  if (said) return openObserving("plan", { stay, said, from: said, keptAt: kept_at })
  const from = planBegun(personOf(stay) ?? {})
  openObserving("plan", { stay, said: from, from })
}

const turnTo = (page) => go("plan", { page })

function toCalm(stay) {
  openCheck(stay)
  go("calm")
}

/** Versions that this one does not know of, and is not. */
function othersOf({ stay, said, amends }) {
  const known = [...(said.after ?? []), amends?.id]
  return unknownTo(known, personOf(stay) ?? {})
}

export function Plan() {
  const { stay, at, amends, mending } = draft.value
  const page = screen.value.page ?? 0
  const asked = useSignal(false)
  const isNew = !amends && !mending
  const { fact, missing } = planFact(draft.value.said)
  const record = async () => {
    if (!fact) return void (asked.value = true)
    if (!isNew) return recordObserved("calm.plan", fact)
    await recordObserved("calm.plan", fact, () => toCalm(stay))
    forget("plan", stay)
  }
  const turn = (key, to) => html`<button disabled=${to < 0 || to > LAST} onClick=${() => turnTo(to)}>${say(key)}</button>`
  const foot = html`<footer class="foot">
    ${asked.value && missing && page === LAST && html`<p class="notice notice-soon" role="alert">${say(missing)}</p>`}
    <div class="turn">${turn("previous", page - 1)}<span role="status">${page + 1} / ${LAST + 1}</span>
      ${page < LAST ? turn("next", page + 1) : html`<button class="button-main" onClick=${record}>${say("record", { time: clockTime(at ?? now.value) })}</button>`}
    </div>
  </footer>`
  return html`
    <${Screen} ...${{ ...personHead(stay), foot }} back=${isNew ? () => toCalm(stay) : goBack}>
      ${[0, LAST].includes(page) && html`<${Beside} ...${{ stay, page }} />`}
      ${page < LAST ? html`<${Part} key=${page} part=${PARTS[page]} />` : html`<${Agreed} />`}
    <//>
  `
}

// What was kept from before, and versions that others wrote meanwhile.
function Beside({ stay, page }) {
  const { keptAt } = draft.value
  const anew = () => {
    forget("plan", stay)
    openPlan(stay)
  }
  return html`
    ${page === 0 && keptAt && html`<p class="notice notice-ask">${say("plan-kept", { time: clockTime(keptAt) })} <${Button} words="begin-anew" tap=${anew} /></p>`}
    ${othersOf(draft.value).map(
      ({ entry, by, day, at }) => html`<p class="notice notice-soon notice-ask" key=${entry}>
        ${say("plan-meanwhile", { by, time: [day, clockTime(Date.parse(at))].filter(Boolean).join(" ") })}
        <button onClick=${() => go("plan-other", { entry, page })}>${say("look-at-it")}</button>
      </p>`,
    )}
  `
}

// The lines of one part, each in a field of its own, and an empty one while there is room.
function Part({ part }) {
  const lines = withoutEnd(draft.value.said[part] ?? [])
  const shown = lines.length < LINES_MAX ? [...lines, ""] : lines
  const put = (n) => (event) => {
    const line = event.currentTarget.value.replace(/\s*[\r\n]+\s*/g, " ")
    write({ [part]: withoutEnd(shown.map((one, at) => (at === n ? line : one))) })
  }
  const onward = (event) => {
    if (event.key !== "Enter") return
    event.preventDefault()
    const fields = [...event.currentTarget.closest("fieldset").querySelectorAll("textarea")]
    fields[fields.indexOf(event.currentTarget) + 1]?.focus()
  }
  return html`
    <fieldset class="choice-group plan-part">
      <legend><h2>${say(`calm-${part}`)}</h2></legend>
      <p class="hint">${say(`plan-how-${part}`)}</p>
      ${shown.map(
        (line, n) => html`<textarea
          key=${n} rows=${Math.ceil(line.length / LETTERS) || 1} maxlength=${LINE_MAX} enterkeyhint="next"
          aria-label=${say("plan-line", { n: n + 1 })} value=${line} onInput=${put(n)} onKeyDown=${onward}
        ></textarea>`,
      )}
      ${lines.length === LINES_MAX && html`<p class="hint">${say("plan-most")}</p>`}
    </fieldset>
  `
}

const withoutEnd = (lines) => lines.slice(0, lines.findLastIndex((line) => oneLine(line)) + 1)

function Agreed() {
  const { said } = draft.value
  return html`
    <${ForTime} />
    <p>${say("plan-read")}</p>
    <${Choice}
      name=${say("plan-agree")} options=${AGREED.map((code) => ({ code, text: say(`plan-${code}`) }))}
      value=${said.agreement ?? ""} choose=${(agreement) => write({ agreement })}
    />
    ${said.agreement === "part" && html`<${Field} name=${say("calm-differs")} maxlength=${FEW} value=${said.differs ?? ""} write=${(differs) => write({ differs })} />`}
    <${Field} name=${say("plan-made-with")} maxlength=${FEW} value=${said.made_with ?? ""} write=${(made_with) => write({ made_with })} />
  `
}

/** Another version: what it has that this one lacks. A tap takes a line over. */
export function PlanOther() {
  const { stay, said } = draft.value
  const { entry, page } = screen.value
  const other = othersOf(draft.value).find((one) => one.entry === entry)
  const parts = other ? lacking(said, linesOf(other, stay)) : []
  const looked = () => {
    write({ after: [...said.after, entry] })
    turnTo(page)
  }
  const take = (part, line) => write({ [part]: [...withoutEnd(said[part] ?? []), line].slice(0, LINES_MAX) })
  const foot = html`<footer class="foot"><button class="button-main button-wide" onClick=${looked}>${say("plan-looked")}</button></footer>`
  return html`
    <${Screen} ...${{ ...personHead(stay), foot }} back=${() => turnTo(page)}>
      <p><strong>${other?.by}</strong> · ${other && say(`plan-${other.agreement}`)}</p>
      ${other?.differs && html`<p class="calm-note">${other.differs}</p>`}
      <p class="hint">${say(parts.length ? "plan-take" : "plan-same")}</p>
      ${parts.map(
        ([part, lines]) => html`<section key=${part}><h2>${say(`calm-${part}`)}</h2>
          <ul class="tiles">${lines.map((line) => html`<li key=${line}><button class="tile tile-low" disabled=${(said[part] ?? []).length >= LINES_MAX} onClick=${() => take(part, line)}>${line}</button></li>`)}</ul>
        </section>`,
      )}
    <//>
  `
}

// The version that stands has its lines in what is shown of it; another brings them along.
function linesOf(other, stay) {
  const person = personOf(stay)
  return other.entry === person?.plan?.entry ? planBegun(person) : other
}
