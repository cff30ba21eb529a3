// Says that others are writing an answer, and tells them when the reader is; nothing of it where the reader switched it off.
//
// Only a number comes, when it changes, and it may be lost: so the words go by themselves after a while. Screen readers
// hear them once and not again for a minute, however often somebody pauses.

const TELL_EVERY = 4000;
const FORGET_AFTER = 60000;
const SAY_EVERY = 60000;

const log = document.getElementById("posts");
const line = document.querySelector("[data-typing]");
const text = document.querySelector("#reply textarea");
let told = 0;
let spoke = -SAY_EVERY;
let timer = 0;

function tell() {
  if (Date.now() - told < TELL_EVERY || !text.value.trim()) return;
  told = Date.now();
  document.dispatchEvent(new CustomEvent("campus:typing", { detail: { stream: log.dataset.liveStream } }));
}

function show(count) {
  window.clearTimeout(timer);
  line.hidden = count < 1;
  if (count < 1) return;
  const words = count === 1 ? line.dataset.one : line.dataset.many.replace("{count}", count);
  line.textContent = words;
  timer = window.setTimeout(() => show(0), FORGET_AFTER);
  if (performance.now() - spoke < SAY_EVERY) return;
  spoke = performance.now();
  document.dispatchEvent(new CustomEvent("campus:say", { detail: { text: words } }));
}

if (log && line) {
  log.addEventListener("live:typing", (event) => show(event.detail.payload.count));
  log.addEventListener("live:post", () => show(0));
  text?.addEventListener("input", tell);
}
