/**
 * Choosing who is on my list. Who is with somebody else stays there until that person hands them
 * over, or it is said that they are not there.
 */

import { Button, Screen } from "../frame.js"
import { Truth } from "../foot.js"
import { html, useSignal } from "../html.js"
import { takeOver } from "../record.js"
import { apart, go, me } from "../state.js"
import { byRoom, everyone, roomWords, screenName } from "../unit.js"
import { say, sayMany } from "../words.js"

export function Take() {
  const all = everyone.value.toSorted(byRoom)
  const mine = all.filter(isMine)
  const people = all.filter((one) => !isMine(one))
  const chosen = useSignal(new Set())
  const asking = useSignal(false)
  const toggle = (ids, on) => {
    const after = new Set(chosen.value)
    for (const id of ids) on ? after.add(id) : after.delete(id)
    chosen.value = after
    asking.value = false
  }
  const taken = people.filter(({ id }) => chosen.value.has(id))
  const held = [...new Set(taken.map(({ holder }) => holder?.name).filter(Boolean))].join(", ")
  const save = () => (held && !asking.value ? void (asking.value = true) : takeOver(taken))
  const foot = html`
    <footer class="foot">
      ${asking.value && html`<p class="notice notice-soon" role="alert">${say("is-here", { name: held })}</p>`}
      <button class="button-main button-wide" disabled=${!mine.length && !taken.length} onClick=${save}>
        ${asking.value ? say("not-here") : sayMany("save-list", mine.length + taken.length)}
      </button>
    </footer>
  `
  return html`
    <${Screen} title=${say("who-on-list")} ...${{ foot }}>
      ${mine.length > 0 && html`<${Button} words="hand-over" icon="users" tap=${() => go("hand")} />`}
      <div class="chips">
        ${holders(people).map(
          ({ id, name, ids }) => html`<button
            key=${id}
            class="chip"
            aria-pressed=${ids.every((one) => chosen.value.has(one)) ? "true" : "false"}
            onClick=${() => toggle(ids, !ids.every((one) => chosen.value.has(one)))}
          >
            ${id ? say("all-of", { name, n: ids.length }) : say("all-free", { n: ids.length })}
          </button>`,
        )}
      </div>
      <ul class="takes">
        ${people.map(
          (person) => html`<li key=${person.id}>
            <label class="take">
              <input
                type="checkbox"
                checked=${chosen.value.has(person.id)}
                onChange=${(event) => toggle([person.id], event.currentTarget.checked)}
              />
              <span class="take-room">${roomWords(person)}</span>
              <span class="take-name">${screenName(person)}</span>
              <span class="soft">${holderWords(person)}</span>
            </label>
          </li>`,
        )}
      </ul>
    <//>
  `
}

const isMine = ({ holder }) => holder?.id === me.value.id

/** Who has this person. After a hard moment with them, a colleague is suggested to whoever had it: they may take them all the same. */
export function holderWords({ id, holder, state }) {
  const words = state === "in" ? [] : [say(`state-${state}`)]
  if (apart.value.includes(id)) words.push(say("apart"))
  if (holder) words.push(say("with", { name: holder.name }))
  return words.join(" · ")
}

// Everybody's list but mine, so that one tap chooses a colleague's; those with nobody first.
function holders(people) {
  const groups = new Map()
  for (const { id, holder } of people) {
    const group = groups.get(holder?.id ?? "") ?? {
      id: holder?.id ?? "",
      name: holder?.name,
      ids: [],
    }
    group.ids.push(id)
    groups.set(group.id, group)
  }
  return [...groups.values()].toSorted((a, b) => a.id.localeCompare(b.id))
}
