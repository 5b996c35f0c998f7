// Rings when something new waits for an answer, or has climbed a step. Only where it was switched on.

const ASK_MS = 5_000;
const LOST_MS = 15_000;
const CHOICE = "milieu-sound"; // kept in this browser
const HEARD = "milieu-heard"; // what has rung, in this tab
const NOTES = [880, 660, 880]; // Hz: two tones that carry, none that startles
const NOTE_S = 0.25;
const LOUD = 0.25;

const button = document.getElementById("sound");
const words = button.querySelector("span");
let audio = null;
let heardAt = performance.now();

function on() {
  return localStorage.getItem(CHOICE) === "on";
}

function say() {
  let state = "off";
  if (on()) {
    state = "on";
    if (audio?.state !== "running") state = "asleep";
    if (performance.now() - heardAt > LOST_MS) state = "lost";
  }
  button.setAttribute("aria-pressed", String(on()));
  button.dataset.is = state;
  if (words.textContent !== button.dataset[state]) words.textContent = button.dataset[state];
}

// A browser lets a page sound only after its reader has touched it.
async function wake() {
  if (!on()) return;
  audio ??= new AudioContext();
  await audio.resume().catch(() => null);
  say();
}

function ring() {
  if (audio?.state !== "running") return;
  NOTES.forEach((pitch, place) => {
    const tone = audio.createOscillator();
    const level = audio.createGain();
    const at = audio.currentTime + place * NOTE_S;
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(LOUD, at);
    level.gain.linearRampToValueAtTime(0, at + NOTE_S);
    tone.connect(level).connect(audio.destination);
    tone.start(at);
    tone.stop(at + NOTE_S);
  });
  button.dataset.rang = String(Number(button.dataset.rang ?? 0) + 1);
}

async function ask() {
  if (!on()) return;
  try {
    const answer = await fetch(button.dataset.url, {
      headers: { "HX-Request": "true" }, // the page asks by itself: no sign of a person
      signal: AbortSignal.timeout(ASK_MS),
    });
    if (answer.ok && !answer.redirected) hear((await answer.json()).waiting);
  } catch {
    // No network: after a while the button says so.
  }
  say();
}

function hear(waiting) {
  heardAt = performance.now();
  const heard = JSON.parse(sessionStorage.getItem(HEARD) ?? "[]");
  if (waiting.some((each) => !heard.includes(each))) {
    ring();
    if (audio?.state !== "running") return; // it rings when the page may sound
  }
  sessionStorage.setItem(HEARD, JSON.stringify(waiting));
}

button.addEventListener("click", async () => {
  const now = on() ? "off" : "on";
  localStorage.setItem(CHOICE, now);
  heardAt = performance.now();
  if (now === "on") {
    await wake();
    const before = button.dataset.rang;
    await ask();
    if (button.dataset.rang === before) ring(); // so that its reader knows how it sounds
  }
  say();
});
for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake);

button.hidden = false;
wake();
say();
ask();
setInterval(ask, ASK_MS);
