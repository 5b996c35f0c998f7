// Keeps an open board as it is on the server, and says so loudly when it cannot.

const SILENCE_MS = 8_000; // the server speaks every 5 seconds
const AGAIN_MS = 4_000; // silent for longer than both together: out of date

const board = document.getElementById("board");
const status = document.getElementById("board-status");
const sent = new Map(); // part -> its markup as last sent
let source = null;
let heard = performance.now(); // when the server last spoke, by this page's own clock
let tried = 0; // when it was last called
let asOf = board.dataset.asOf;

function listen() {
  source?.close();
  source = new EventSource(board.dataset.live);
  source.addEventListener("board", (event) => show(event.data));
  source.addEventListener("beat", hear);
  source.addEventListener("gone", leave);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) ask();
  });
}

function show(markup) {
  const held = document.activeElement?.id;
  const fresh = document.createElement("template");
  fresh.innerHTML = markup;
  for (const part of fresh.content.querySelectorAll("[data-part]")) {
    const text = part.outerHTML;
    if (sent.get(part.id) === text) continue;
    sent.set(part.id, text);
    document.getElementById(part.id).replaceWith(part);
  }
  if (held && document.activeElement === document.body) {
    document.getElementById(held)?.focus({ preventScroll: true });
  }
  hear();
}

function hear() {
  heard = performance.now();
  asOf = board.querySelector(".wall-time").textContent;
  say("live");
}

function say(state) {
  const words =
    state === "live" ? board.dataset.saidLive : board.dataset.saidStale.replace("{time}", asOf);
  board.toggleAttribute("data-stale", state === "stale");
  const place = board.querySelector("[data-state].strip-state");
  if (place && place.textContent !== words) place.textContent = words;
  if (board.dataset.is !== state && (state === "stale" || board.dataset.is)) {
    status.textContent = words;
  }
  board.dataset.is = state;
}

// Some proxies hold a feed back. Then the board is asked for, again and again.
async function ask() {
  try {
    const answer = await fetch(`${board.dataset.live}&once`, { signal: AbortSignal.timeout(AGAIN_MS) });
    if ([401, 403, 404].includes(answer.status)) leave(); // this sign-in has ended: nothing stays in sight
    else if (answer.ok) show(await answer.text());
  } catch {
    // No network: what is shown is out of date, and says so.
  }
}

function leave() {
  source?.close();
  location.reload();
}

setInterval(() => {
  if (performance.now() - Math.max(heard, tried) < (tried > heard ? AGAIN_MS : SILENCE_MS)) return;
  tried = performance.now();
  if (tried - heard >= SILENCE_MS + AGAIN_MS) say("stale");
  listen();
  ask();
}, 1_000);

async function stayAwake() {
  if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
  await navigator.wakeLock.request("screen").catch(() => null); // a battery may refuse
}

if ("wall" in board.dataset) {
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
}

listen();
