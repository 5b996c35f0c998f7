/** Choosing who is on my list. People are taken over and given back here, each as an entry. */

import { Screen } from "../frame.js"
import { Truth } from "../foot.js"
import { html, useSignal } from "../html.js"
import { changeList } from "../record.js"
import { me } from "../state.js"
import { everyone, screenName } from "../unit.js"
import { say, sayMany } from "../words.js"

const byRoom = (a, b) =>
  `${a.room}${a.bed}`.localeCompare(`${b.room}${b.bed}`, undefined, { numeric: true })

export function Take() {
  const people = everyone.value.toSorted(byRoom)
  const chosen = useSignal(new Set(people.filter(isMine).map(({ id }) => id)))
  const toggle = (ids, on) => {
    const after = new Set(chosen.value)
    for (const id of ids) on ? after.add(id) : after.delete(id)
    chosen.value = after
  }
  const save = () =>
    changeList({
      take: people.filter((one) => chosen.value.has(one.id) && !isMine(one)).map(({ id }) => id),
      give: people.filter((one) => !chosen.value.has(one.id) && isMine(one)).map(({ id }) => id),
    })
  const foot = html`
    <footer class="foot">
      <button class="button-main button-wide" onClick=${save}>
        ${sayMany("save-list", chosen.value.size)}
      </button>
    </footer>
  `
  return html`
    <${Screen} title=${say("who-on-list")} ...${{ foot }}>
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
              <span class="take-room">${person.room}${person.bed}</span>
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

function holderWords({ holder, state }) {
  const words = state === "in" ? [] : [say(`state-${state}`)]
  if (holder)
    words.push(holder.id === me.value.id ? say("with-me") : say("with", { name: holder.name }))
  return words.join(" · ")
}

// Everybody's list but mine, so that one tap takes over a colleague's; those with nobody first.
function holders(people) {
  const groups = new Map()
  for (const { id, holder } of people) {
    if (holder?.id === me.value.id) continue
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
