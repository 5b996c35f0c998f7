// Asks the browser for messages, and gives the server the address at which it takes them.

const form = document.getElementById("tell-me");
const said = document.getElementById("tell-me-said");
const button = form.querySelector("button");

function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function subscription() {
  const worker = await navigator.serviceWorker.register(form.dataset.worker);
  const key = bytes(form.dataset.key);
  const before = await worker.pushManager.getSubscription();
  const same = before && String(new Uint8Array(before.options.applicationServerKey)) === String(key);
  if (before && !same) await before.unsubscribe();
  if (same) return before;
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function tellMe(event) {
  event.preventDefault();
  if ((await Notification.requestPermission()) !== "granted") {
    said.textContent = said.dataset.blocked;
    return;
  }
  try {
    const { endpoint, keys } = (await subscription()).toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  } catch {
    said.textContent = said.dataset.cannot;
  }
}

if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  button.disabled = false;
  form.addEventListener("submit", tellMe);
} else {
  said.textContent = said.dataset.cannot;
}
