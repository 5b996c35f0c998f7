/** Showing presence, for who wants to: read tags, a code, a colleague. And whose door it was. */

import { codeReader, hasCamera } from "../codes.js"
import { Button, Icon, Screen, Trouble } from "../frame.js"
import { html, useEffect, useRef, useSignal } from "../html.js"
import { canTap, codeOf, isReading, keep, pendingFor, readTags } from "../presence.js"
import { openCheck } from "../record.js"
import { trouble, vouch } from "../shift.js"
import { draft, go, me, people, phone, screen } from "../state.js"
import { clockTime, everyone, screenName } from "../unit.js"
import { say } from "../words.js"
import { personHead } from "./check.js"
import { PinPad } from "./pin.js"
import { BADGE_MIN } from "./who.js"

const LOOK_MS = 250
const ICONS = { tap: "nfc", code: "qr-code", second: "users" }
const back = () => go("check")

const open = (stay) => {
  openCheck(stay)
  go("check")
}

/** On the list: begin to read tags, where a phone can and has not begun. */
export const ReadTags = () =>
  canTap() &&
  !isReading.value &&
  html`<${Button} quiet words="read-tags" icon="nfc" tap=${() => readTags(open).catch(() => {})} />`

/** On a check: what shows presence, or the way to show it. Nothing asks for it. */
export function Presence() {
  const { stay, at, amends } = draft.value
  if (at !== null || amends) return null
  const found = pendingFor(stay)
  if (!found)
    return html`<${Button} quiet words="show-presence" icon="nfc" tap=${() => go("presence")} />`
  const time = clockTime(phone.clock.toServer(found.at))
  return html`<p class="soft" role="status">
    <${Icon} name=${ICONS[found.shown.how]} /> ${say(`shown-${found.shown.how}`)}, ${time}
  </p>`
}

/** Whose room the tapped tag is at, where several people sleep. */
export function Door() {
  const { room } = screen.value
  const here = everyone.value.filter((person) => person.room === room)
  return html`
    <${Screen} title=${say("in-room", { room })} under=${say("whom-did-you-see")}>
      <ul class="people">
        ${here.map(
          (person) => html`<li key=${person.id}>
            <button class="who-tile" onClick=${() => open(person.id)}>
              ${screenName(person)}, ${person.room}${person.bed}
            </button>
          </li>`,
        )}
      </ul>
    <//>
  `
}

export function Show() {
  const { stay } = draft.value
  const code = useSignal("")
  const second = useSignal(null)
  const use = (text) => {
    const found = codeOf(text)
    if (!found) return
    keep({ how: "code", code: found }, found.length > 6 ? { stay } : {})
    back()
  }
  const others = people.value.filter(({ id }) => id !== me.value.id)
  if (second.value) return html`<${Colleague} ...${{ stay, person: second.value }} />`
  return html`
    <${Screen} ...${personHead(stay)} ...${{ back }}>
      <p>${say("presence-how")}</p>
      <${ReadTags} />
      <h2>${say("code")}</h2>
      <${Camera} ...${{ use }} />
      <label class="field">${say("code-typed")}
        <input
          autocomplete="off"
          maxlength="12"
          value=${code.value}
          onInput=${({ currentTarget }) => (code.value = currentTarget.value)}
        />
      </label>
      <button disabled=${!codeOf(code.value)} onClick=${() => use(code.value)}>${say("use-code")}</button>
      ${
        others.length > 0 &&
        html`<h2>${say("second-person")}</h2>
        <p>${say("second-how")}</p>
        <ul class="chips">
          ${others.map(
            (person) => html`<li key=${person.id}>
              <button class="chip" onClick=${() => (second.value = person)}>${person.name}</button>
            </li>`,
          )}
        </ul>`
      }
    <//>
  `
}

// A colleague opens their own lock, by PIN or badge.
function Colleague({ stay, person }) {
  const problem = useSignal(null)
  const open = async (how) => {
    problem.value = null
    try {
      keep({ how: "second", ...(await vouch(person.id, how)) }, { stay })
      back()
    } catch (error) {
      problem.value = trouble(error)
    }
  }
  const submit = (event) => {
    event.preventDefault()
    open({ badge: new FormData(event.currentTarget).get("badge").trim() })
  }
  return html`
    <${Screen} title=${person.name} under=${say("enter-pin")} ...${{ back }}>
      <${Trouble} problem=${problem.value} />
      <${PinPad} done=${(pin) => open({ pin })} />
      <form class="form" onSubmit=${submit}>
        <label class="field">${say("badge-code")}
          <input
            name="badge"
            type="password"
            autocomplete="off"
            required
            minlength=${BADGE_MIN}
            onKeyDown=${(event) => event.stopPropagation()}
          />
        </label>
        <button>${say("badge")}</button>
      </form>
    <//>
  `
}

// The camera, where there is one. What it cannot do is said; then the code is typed.
function Camera({ use }) {
  const picture = useRef(null)
  const on = useSignal(false)
  const trouble = useSignal(null) // the word for what could not be done, or null
  useEffect(() => {
    if (!on.value) return
    trouble.value = null
    return look(picture.current, use, (word) => {
      trouble.value = word
      on.value = false
    })
  }, [on.value])
  if (!hasCamera()) return null
  return html`
    ${trouble.value && html`<p class="notice notice-soon" role="alert">${say(trouble.value)}</p>`}
    ${
      on.value
        ? html`<video class="camera" ref=${picture} autoplay muted playsinline></video>`
        : html`<${Button} words="scan-code" icon="qr-code" tap=${() => (on.value = true)} />`
    }
  `
}

// Look until something is found or the returned end is called.
function look(picture, use, fail) {
  let stream = null
  let over = false
  const end = () => {
    over = true
    for (const track of stream?.getTracks() ?? []) track.stop()
  }
  const begin = async () => {
    const read = await codeReader().catch(() => fail("no-reader"))
    if (!read || over) return
    const wanted = { video: { facingMode: "environment" } }
    stream = await navigator.mediaDevices.getUserMedia(wanted).catch(() => fail("no-camera"))
    if (!stream || over) return end()
    picture.srcObject = stream
    while (!over) {
      const texts = await read(picture).catch(() => []) // no picture yet
      const text = texts.find(codeOf)
      if (text && !over) use(text)
      await new Promise((next) => setTimeout(next, LOOK_MS))
    }
  }
  begin()
  return end
}
