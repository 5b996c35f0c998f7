// Sounds while a call for help on this page has no answer. A browser lets a page sound only after
// somebody has touched it; docs/help.md says how a screen on the wall is allowed to from the start.

const AGAIN_MS = 2_500;
const LOW = 620; // Hz: up and down between two tones, like nothing else that rings here
const HIGH = 930;
const SWEEP_S = 0.5;
const SWEEPS = 4;
const LOUD = 0.5;

let audio = null;
let waking = false;

const isCalled = () => document.querySelector("[data-unanswered]") !== null;

// Before a touch a browser answers nothing: then it sounds once, if somebody still calls.
async function look() {
  if (waking || !isCalled()) return;
  audio ??= new AudioContext();
  waking = true;
  await audio.resume().catch(() => null);
  waking = false;
  if (audio.state !== "running" || !isCalled()) return;
  sound();
  const { dataset } = document.documentElement;
  dataset.siren = String(Number(dataset.siren ?? 0) + 1);
}

function sound() {
  const tone = audio.createOscillator();
  const level = audio.createGain();
  const from = audio.currentTime;
  tone.frequency.setValueAtTime(LOW, from);
  for (let n = 0; n < SWEEPS; n += 1) {
    tone.frequency.linearRampToValueAtTime(n % 2 ? LOW : HIGH, from + (n + 1) * SWEEP_S);
  }
  level.gain.value = LOUD;
  tone.connect(level).connect(audio.destination);
  tone.start(from);
  tone.stop(from + SWEEPS * SWEEP_S);
}

for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => audio?.resume());
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
setInterval(look, AGAIN_MS);
