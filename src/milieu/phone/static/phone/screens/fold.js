/** Parts of a long form that fold: what was answered takes one line. */

import { html, useEffect, useRef } from "../html.js"
import { say } from "../words.js"

/**
 * One thing to say: folded it shows what was said; `open` holds which one is open. One that another
 * answer opened is brought into view, and has the focus.
 */
export function Fold({ name, part, told, open, children }) {
  const head = useRef(null)
  const isOpen = open.value === part
  const was = useRef(isOpen)
  useEffect(() => {
    if (isOpen && !was.current) {
      head.current.focus({ preventScroll: true })
      head.current.parentNode.scrollIntoView({ block: "nearest" })
    }
    was.current = isOpen
  }, [isOpen])
  return html`<section class="fold">
    <button ref=${head} class="fold-head" aria-expanded=${isOpen ? "true" : "false"} onClick=${() => (open.value = isOpen ? "" : part)}>
      <strong>${name}</strong> <small>${told || say("not-said")}</small>
    </button>
    ${isOpen && children}
  </section>`
}
