// Sends the own posts of a thread without leaving the page: shown at once, and sent again until they have arrived, also
// after the page was closed in between; one after the other, so their order stays. Each carries a key under which it is
// written once, so none is there twice.
//
// What has not arrived lies in localStorage among the drafts of its writer (writing.js removes those of others). Files
// can't lie there: a post with files whose page is left becomes a draft again.

const SEND_AGAIN = [1000, 2000, 5000, 10000];
const GIVE_UP_AFTER = 30000; // A network that vanished without a word answers nothing.
const A_DAY = 24 * 60 * 60 * 1000;

const log = document.getElementById("posts");
const reply = document.getElementById("reply");
const field = reply?.querySelector("textarea");
const keyField = reply?.querySelector("[name=key]");
const shelf = reply && `draft:${reply.dataset.reader}:unsent:${reply.dataset.draft}:`;
const pending = new Map();

class Pending {
  constructor(body) {
    this.body = body;
    this.key = body.get("key");
    this.text = body.get("text");
    this.hasFiles = hasFiles(body);
    this.tries = 0;
    this.timer = 0;
    this.element = this.echo();
    this.showState(log.dataset.sending);
    pending.set(this.key, this);
    if (pending.size === 1) this.send();
  }

  echo() {
    const element = document.createElement("article");
    element.className = "post own pending";
    element.innerHTML = '<p class="post-head"><strong></strong> <span class="muted"></span></p><p class="post-text"></p>';
    element.querySelector("strong").textContent = reply.dataset.name;
    element.querySelector(".post-text").textContent = this.text;
    log.append(element);
    return element;
  }

  showState(words) {
    this.element.querySelector(".muted").textContent = words;
  }

  async send() {
    this.timer = 0;
    const answer = await post(this.body, this.hasFiles ? undefined : AbortSignal.timeout(GIVE_UP_AFTER));
    if (!pending.has(this.key)) return; // It came live meanwhile.
    if (!answer || answer.status >= 500) this.sendLater();
    else if (answer.redirected) this.refuse(log.dataset.signedOut);
    else if (answer.status === 422) this.refuse((await answer.json()).errors.join(" "));
    else if (!answer.ok) this.refuse(log.dataset.notTaken);
    else this.taken(await answer.json());
  }

  /** It stands here, or where this thread has gone meanwhile. */
  taken({ post, url }) {
    if (!url) return log.dispatchEvent(new CustomEvent("campus:posted", { detail: post }));
    this.end();
    location.assign(url);
  }

  sendLater() {
    if (!this.tries) say(log.dataset.waiting);
    for (const one of pending.values()) one.showState(log.dataset.waiting);
    const wait = SEND_AGAIN[Math.min(this.tries, SEND_AGAIN.length - 1)];
    this.tries += 1;
    this.timer = window.setTimeout(() => this.send(), wait);
  }

  hurry() {
    if (!this.timer) return; // It is on its way.
    window.clearTimeout(this.timer);
    this.send();
  }

  end() {
    pending.delete(this.key);
    window.clearTimeout(this.timer);
    this.element.remove();
    keep(this.key, null);
    first()?.send();
  }

  /** Say why, and give text and files back. */
  refuse(words) {
    giveBack(this.text);
    if (this.hasFiles) giveFilesBack(this.body);
    this.end();
    document.dispatchEvent(new CustomEvent("campus:toast", { detail: { text: words, kind: "error" } }));
    field.focus();
  }
}

const hasFiles = (body) => body.getAll("attachments").some((file) => file.size);
const first = () => pending.values().next().value;
const say = (text) => document.dispatchEvent(new CustomEvent("campus:say", { detail: { text } }));

const post = (body, signal) => {
  const headers = { Accept: "application/json", "X-CSRFToken": reply.querySelector("[name=csrfmiddlewaretoken]").value };
  return fetch(reply.action, { method: "POST", body, headers, signal }).catch(() => null);
};

/** Before what has been typed since. */
function giveBack(text) {
  field.value = [text, field.value].filter((one) => one.trim()).join("\n\n");
  field.dispatchEvent(new Event("input"));
}

/** Unless others have been chosen since. */
function giveFilesBack(body) {
  const input = reply.querySelector("[type=file]");
  if (input.files.length) return;
  const chosen = new DataTransfer();
  for (const file of body.getAll("attachments")) chosen.items.add(file);
  input.files = chosen.files;
}

/** Private windows and full disks have no storage; sending goes on. */
function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(shelf + key);
    else localStorage.setItem(shelf + key, value);
  } catch {
    return;
  }
}

/** What earlier pages could not send, the oldest first. */
function kept() {
  try {
    const own = Object.entries(localStorage).filter(([name]) => name.startsWith(shelf));
    const found = own.map(([name, value]) => ({ key: name.slice(shelf.length), ...JSON.parse(value) }));
    return found.sort((one, other) => one.at - other.at);
  } catch {
    return [];
  }
}

/** Today's is sent under its key; older things, of which nobody thinks any more, are typed text again. */
function takeUp() {
  for (const { key, text, at } of kept()) {
    const isHere = document.querySelector(`[data-key="${key}"]`);
    if (!isHere && Date.now() - at < A_DAY) {
      sendAgain(key, text);
      continue;
    }
    if (!isHere) giveBack(text);
    keep(key, null);
  }
}

function sendAgain(key, text) {
  const body = new FormData();
  body.set("text", text);
  body.set("key", key);
  new Pending(body);
}

function keepUnsent() {
  const unsent = [...pending.values()].filter((one) => one.hasFiles).map((one) => one.text);
  if (!unsent.length) return;
  const text = [...unsent, field.value].filter((one) => one.trim()).join("\n\n");
  reply.dispatchEvent(new CustomEvent("campus:draft", { detail: { text } }));
}

/** A key that nobody else makes; crypto.randomUUID() is there on HTTPS only. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"); // As the site writes it in the event.
}

function send(event) {
  if (!log.dataset.isLast) return; // The form itself leads to the page on which the post will stand.
  event.preventDefault();
  if (!field.value.trim()) return field.focus();
  const body = new FormData(reply);
  if (!hasFiles(body)) keep(body.get("key"), JSON.stringify({ text: body.get("text"), at: Date.now() }));
  new Pending(body);
  reply.reset();
  field.value = "";
  keyField.value = newKey();
  reply.dispatchEvent(new CustomEvent("campus:draft", { detail: { text: "" } }));
  field.focus();
}

if (reply) {
  reply.addEventListener("submit", send);
  log.addEventListener("campus:shown", (event) => pending.get(event.detail.key)?.end());
  window.addEventListener("online", () => first()?.hurry());
  window.addEventListener("pagehide", keepUnsent);
  takeUp();
}
