/**
 * Every screen but the first, and speaking with the server: read while somebody looks for their
 * name, so that the phone asks for it sooner.
 */

import { Messages } from "../foot.js"
import { html } from "../html.js"
import { above, corner, draft, screen, snapshot } from "../state.js"
import { After } from "./after.js"
import { AnswerAlert } from "./alert.js"
import { Drink, Meal, Meals, Vitals } from "./body.js"
import { Calm, Tried } from "./calm.js"
import { Check } from "./check.js"
import { Enrol } from "./enrol.js"
import { Answer, Hand } from "./hand.js"
import { Happening } from "./happening.js"
import { Held, HeldChange } from "./held.js"
import { HeldCheck, HeldEnd, HeldStart } from "./held-forms.js"
import { Calls, HelpButton } from "./help.js"
import { List } from "./list.js"
import { Episode, Observe, Scored, ShiftSeen } from "./observe.js"
import { Parts, Unseen } from "./parts.js"
import { Plan, PlanOther } from "./plan.js"
import { Phone } from "./phone.js"
import { Door, Show } from "./presence.js"
import { Recent } from "./recent.js"
import { SignIn } from "./sign-in.js"
import { Take } from "./take.js"
import { Time } from "./time.js"
import { Badge, Elsewhere, Pin } from "./unlock.js"
import { Waiting } from "./waiting.js"

export { keepWatch } from "../alarm.js"
export { keepAsking } from "../after.js"
export { keepBegun } from "../begun.js"
export { keepReader } from "../codes.js"
export { keepInContact } from "../contact.js"
export { keepListening } from "../help.js"
export { keepHolding } from "../holding.js"

/** What a locked phone shows, beside the question who it is. */
export const LOCKED = { pin: Pin, "sign-in": SignIn, elsewhere: Elsewhere, badge: Badge, enrol: Enrol }

const SCREENS = {
  list: List,
  alert: AnswerAlert,
  after: After,
  take: Take,
  hand: Hand,
  answer: Answer,
  check: Check,
  parts: Parts,
  unseen: Unseen,
  time: Time,
  calm: Calm,
  tried: Tried,
  plan: Plan,
  "plan-other": PlanOther,
  observe: Observe,
  vitals: Vitals,
  drink: Drink,
  meal: Meal,
  meals: Meals,
  shift: ShiftSeen,
  episode: Episode,
  scored: Scored,
  presence: Show,
  door: Door,
  happening: Happening,
  held: Held,
  "held-start": HeldStart,
  "held-check": HeldCheck,
  "held-change": HeldChange,
  "held-end": HeldEnd,
  recent: Recent,
  waiting: Waiting,
  phone: Phone,
}
const WITHOUT_DRAFT = ["list", "meals", "alert", "after", "take", "hand", "answer", "waiting", "phone", "door"]

above.value = Calls
corner.value = HelpButton

export function Inside() {
  const { name } = screen.value
  const isLost = !WITHOUT_DRAFT.includes(name) && (!draft.value || !snapshot.value)
  return html`<${SCREENS[isLost ? "list" : name]} /><${Messages} />`
}
