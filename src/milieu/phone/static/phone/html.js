/** Preact, htm and signals under one name. No build step: templates are read by the browser. */

import htm from "../vendor/htm/htm.js"
import { h } from "../vendor/preact/preact.js"

export { render } from "../vendor/preact/preact.js"
export { useEffect, useRef } from "../vendor/preact/hooks.js"
export { computed, effect, signal, untracked, useSignal } from "../vendor/preact-signals/signals.js"

export const html = htm.bind(h)
