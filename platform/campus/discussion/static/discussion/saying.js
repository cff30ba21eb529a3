// Tells screen readers what happens in a thread: a few posts word by word, many at once as a number, each of them once.
//
// The list of posts is no live region itself: a post would be read out with all its buttons, and an own one twice, as echo
// and as post.

const WORD_BY_WORD = 3; // So many posts within WINDOW are read out; more are counted.
const WINDOW = 10000;
const LONGEST = 300; // characters
const FORGET_AFTER = 10000;

const log = document.getElementById("posts");
const said = document.getElementById("said");
let fresh = [];
let readOut = [];
let countedAt = -WINDOW;
let timer = 0;

/** Lines are added, never replaced: one that comes right after another is heard too. */
function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  said.append(line);
  window.setTimeout(() => line.remove(), FORGET_AFTER);
}

function tell() {
  timer = 0;
  const now = performance.now();
  readOut = readOut.filter((at) => at > now - WINDOW);
  if (readOut.length + fresh.length <= WORD_BY_WORD) return readAll(now);
  if (now < countedAt + WINDOW) return tellIn(countedAt + WINDOW - now);
  countedAt = now;
  say(log.dataset.many.replace("{count}", fresh.length));
  fresh = [];
}

function tellIn(milliseconds) {
  timer ||= window.setTimeout(tell, milliseconds);
}

function readAll(now) {
  for (const post of fresh) {
    readOut.push(now);
    say(wordsOf(post));
  }
  fresh = [];
}

function wordsOf(post) {
  const text = (name) => post.querySelector(`[data-part="${name}"]`)?.innerText.trim() ?? "";
  const mentioned = post.querySelector('[data-part="mentioned"]')?.hidden === false ? `${text("mentioned")} ` : "";
  const body = text("body");
  return `${mentioned}${text("author")}: ${body.length > LONGEST ? `${body.slice(0, LONGEST)}…` : body}`;
}

/** Of an own post it is said that it has arrived: what it says its author knows. */
function heard({ target }) {
  if (target.dataset.author === log.dataset.reader) return say(log.dataset.posted);
  fresh.push(target);
  tellIn(0);
}

if (log) {
  document.addEventListener("campus:say", (event) => say(event.detail.text));
  log.addEventListener("campus:fresh", heard);
}
