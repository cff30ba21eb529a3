// Keeps a thread and the lists of threads up to date, and sends posts without leaving the page.
// Works on top of plain forms and links; live.js brings every event once and in order.
// writing.js keeps drafts; it is told by events, since an import would load it a second time under another address.

const FLUSH_EVERY = 1000;
const MANY = 3; // More posts at once are counted for screen readers instead of read out.
const READ_AFTER = 1500;
const SEND_AGAIN = [1000, 2000, 5000, 10000];

const log = document.getElementById("posts");
const reply = document.getElementById("reply");
const said = document.getElementById("said");
const token = () => document.querySelector("#post-actions input[name=csrfmiddlewaretoken]").value;
const shownPost = (number) => log.querySelector(`[data-post="${number}"]`);
const part = (element, name) => element.querySelector(`[data-part="${name}"]`);
const parts = (element, name) => element.querySelectorAll(`[data-part="${name}"]`);
const say = (text) => (said.textContent = text);

function inWords(time, zone) {
  const language = document.documentElement.lang;
  const options = { year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(language, { ...options, timeZone: zone || undefined }).format(new Date(time));
}

function showTime(element, time, zone) {
  const moment = document.createElement("time");
  moment.dateTime = time;
  moment.textContent = inWords(time, zone);
  element.replaceChildren(moment);
}

// --- a post out of the page's template ---

function postOf(data) {
  const post = document.getElementById("post-template").content.firstElementChild.cloneNode(true);
  const isOwn = String(data.author.id) === log.dataset.reader;
  fillAddresses(post, data.number);
  post.classList.toggle("own", isOwn);
  post.dataset.author = data.author.id;
  part(post, "author").textContent = data.author.name;
  showRole(part(post, "role"), data.author.role);
  showTime(part(post, "time"), data.at, log.dataset.zone);
  for (const number of parts(post, "number")) number.textContent = data.number;
  part(post, "body").innerHTML = data.html; // Sanitised by the site before it was stored.
  showFiles(part(post, "files"), data.attachments);
  part(post, "mentioned").hidden = !(data.mentions ?? []).map(String).includes(log.dataset.reader);
  part(post, "edited").hidden = !data.edited_at;
  for (const figure of parts(post, "count")) figure.textContent = data.thanks || "";
  for (const other of post.querySelectorAll(isOwn ? "[data-others], [data-thanks]" : "[data-own]")) other.remove();
  if (!isOwn) part(post, "thanked").remove();
  else part(post, "thanked").hidden = !data.thanks;
  if (data.number === 1) post.querySelector("[data-accept]")?.remove();
  return post;
}

function fillAddresses(post, number) {
  post.id = `post-${number}`;
  post.dataset.post = number;
  post.setAttribute("aria-labelledby", `post-${number}-head`);
  post.querySelector(".post-head").id = `post-${number}-head`;
  for (const name of ["href", "formaction", "data-quote"]) {
    for (const element of post.querySelectorAll(`[${name}]`)) {
      const address = element.getAttribute(name).replace("/posts/0/", `/posts/${number}/`).replace("?quote=0", `?quote=${number}`);
      element.setAttribute(name, address);
    }
  }
}

function showRole(chip, role) {
  chip.hidden = !role;
  if (role) chip.textContent = log.getAttribute(`data-role-${role}`);
}

function showFiles(list, files) {
  list.hidden = !files.length;
  list.replaceChildren(...files.map(fileLine));
}

function fileLine(file) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = file.url;
  if (file.is_picture) {
    const picture = document.createElement("img");
    picture.src = file.url;
    picture.alt = file.name;
    link.append(picture);
  } else {
    link.textContent = file.name;
    link.download = "";
  }
  line.append(link);
  return line;
}

// --- posts that arrive, at most once a second ---

const arrived = [];
let flushTimer = 0;
let flushedAt = 0;

function arrive(data) {
  arrived.push(data);
  flushTimer ||= window.setTimeout(flush, Math.max(0, flushedAt + FLUSH_EVERY - Date.now()));
}

function flush() {
  flushTimer = 0;
  flushedAt = Date.now();
  const fresh = arrived.splice(0).filter((data) => !shownPost(data.number));
  const isBurst = fresh.length > MANY;
  log.setAttribute("aria-live", isBurst ? "off" : "polite");
  for (const data of fresh) show(data);
  if (isBurst) say(log.dataset.many.replace("{count}", fresh.length));
  readSoon();
}

function show(data) {
  pending.get(data.key)?.arrived();
  if (!log.dataset.isLast) {
    if (data.number > Number(log.dataset.end)) document.getElementById("more-posts").hidden = false;
    return;
  }
  if (shownPost(data.number)) return;
  const later = [...log.querySelectorAll("[data-post]")].find((post) => Number(post.dataset.post) > data.number);
  const waiting = log.querySelector(".pending");
  log.insertBefore(postOf(data), later ?? waiting);
  log.dataset.end = Math.max(Number(log.dataset.end), data.number);
}

function edited({ number, html, edited_at }) {
  const post = shownPost(number);
  if (!post) return;
  part(post, "body").innerHTML = html; // Sanitised by the site before it was stored.
  part(post, "edited").hidden = !edited_at;
}

function removed({ number, how }) {
  const post = shownPost(number);
  if (!post) return;
  const words = document.createElement("p");
  words.className = "muted";
  words.textContent = how === "deleted" ? log.dataset.saidDeleted : log.dataset.saidHidden;
  part(post, "body")?.replaceChildren(words);
  part(post, "files")?.replaceChildren();
  part(post, "actions")?.setAttribute("hidden", "");
}

function shownAgain(data) {
  shownPost(data.number)?.replaceWith(postOf(data));
}

function thanked({ number, count }) {
  const post = shownPost(number);
  if (!post) return;
  for (const figure of parts(post, "count")) figure.textContent = count || "";
  const own = part(post, "thanked");
  if (own) own.hidden = !count;
}

function accepted({ number }) {
  for (const post of log.querySelectorAll("[data-post]")) {
    const isIt = Number(post.dataset.post) === number;
    post.classList.toggle("accepted", isIt);
    part(post, "accepted").hidden = !isIt;
    const button = post.querySelector("[data-accept]");
    if (!button) continue;
    button.value = isIt ? "0" : "1";
    button.textContent = isIt ? button.dataset.takeBack : button.dataset.mark;
  }
  for (const chip of document.querySelectorAll("[data-answered]")) chip.hidden = number === null;
  for (const chip of document.querySelectorAll("[data-open]")) chip.hidden = number !== null;
}

function changed(thread) {
  document.querySelector("[data-title]").textContent = thread.title;
  document.querySelector("[data-locked]").hidden = !thread.is_locked;
}

// --- how far was read ---

let readTimer = 0;
let told = Number(log?.dataset.end ?? 0);

function readSoon() {
  if (document.hidden || readTimer) return;
  readTimer = window.setTimeout(tellRead, READ_AFTER);
}

async function tellRead() {
  readTimer = 0;
  const end = Number(log.dataset.end);
  if (document.hidden || end <= told) return;
  const answer = await post(log.dataset.read, new URLSearchParams({ number: end })).catch(() => null);
  if (answer?.ok) told = end;
}

const post = (address, body) =>
  fetch(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } });

// --- the own post: shown at once, sent until it has arrived ---

const pending = new Map();

class Pending {
  constructor(form) {
    this.form = form;
    this.body = new FormData(form);
    this.key = this.body.get("key");
    this.tries = 0;
    this.element = this.echo(this.body.get("text"));
    pending.set(this.key, this);
    this.send();
  }

  echo(text) {
    const element = document.createElement("article");
    element.className = "post own pending";
    element.innerHTML = '<p class="post-head"><strong></strong> <span class="muted"></span></p><p class="post-text"></p>';
    element.querySelector("strong").textContent = this.form.dataset.name;
    element.querySelector(".muted").textContent = log.dataset.sending;
    element.querySelector(".post-text").textContent = text;
    log.append(element);
    return element;
  }

  async send() {
    const answer = await post(this.form.action, this.body).catch(() => null);
    if (answer?.ok) this.taken(await answer.json());
    else if (answer?.status === 422) this.refuse((await answer.json()).errors.join(" "));
    else if (answer && answer.status < 500) this.refuse(log.dataset.refused); // Signed out, or the right was lost.
    else this.sendLater();
  }

  /** It stands here, or where this thread has gone meanwhile. */
  taken({ post, url }) {
    if (!url) return arrive(post);
    this.arrived();
    location.assign(url);
  }

  sendLater() {
    if (!pending.has(this.key)) return;
    this.element.querySelector(".muted").textContent = log.dataset.waiting;
    const wait = SEND_AGAIN[Math.min(this.tries, SEND_AGAIN.length - 1)];
    this.tries += 1;
    this.timer = window.setTimeout(() => this.send(), wait);
  }

  hurry() {
    window.clearTimeout(this.timer);
    this.send();
  }

  arrived() {
    pending.delete(this.key);
    window.clearTimeout(this.timer);
    this.element.remove();
    if (!textOf(this.form).value) tellWriting(this.form, "");
  }

  /** Say why, and give the text back. */
  refuse(words) {
    pending.delete(this.key);
    this.element.remove();
    const field = textOf(this.form);
    if (!field.value) field.value = this.body.get("text");
    document.dispatchEvent(new CustomEvent("campus:toast", { detail: { text: words, kind: "error" } }));
    field.focus();
  }
}

/** What has not arrived when the page is left is a draft again. */
function keepUnsent() {
  if (!pending.size || textOf(reply).value.trim()) return;
  tellWriting(reply, [...pending.values()].map((one) => one.body.get("text")).join("\n\n"));
}

const tellWriting = (form, text) => form.dispatchEvent(new CustomEvent("campus:draft", { detail: { text } }));
const textOf = (form) => form.querySelector("textarea");

/** A key that nobody else makes; crypto.randomUUID() is there on HTTPS only. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"); // As the site writes it in the event.
}

function send(event) {
  event.preventDefault();
  if (!textOf(reply).value.trim()) return textOf(reply).focus();
  if (!log.dataset.isLast) return reply.submit(); // Leads to the page on which the post will stand.
  new Pending(reply);
  reply.reset();
  textOf(reply).value = "";
  reply.querySelector("[name=key]").value = newKey();
  textOf(reply).focus();
}

// --- thanks, accepting, quoting ---

async function act(event) {
  const button = event.target.closest("[data-thanks], [data-accept]");
  const quote = event.target.closest("[data-quote]");
  if (quote && reply && !event.ctrlKey && !event.metaKey) return quotePost(event, quote);
  if (!button) return;
  event.preventDefault();
  const isOn = button.value === "1";
  const answer = await post(button.getAttribute("formaction"), new URLSearchParams({ on: button.value })).catch(() => null);
  if (!answer?.ok || !button.matches("[data-thanks]")) return;
  button.value = isOn ? "0" : "1";
  button.setAttribute("aria-pressed", String(isOn));
}

async function quotePost(event, link) {
  event.preventDefault();
  const answer = await fetch(link.dataset.quote, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return location.assign(link.href);
  const field = textOf(reply);
  field.value = `${field.value}${field.value.trim() ? "\n\n" : ""}${(await answer.json()).text}`;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  field.dispatchEvent(new Event("input"));
}

// --- lists of threads ---

function listed(event) {
  const box = event.currentTarget;
  const thread = event.detail.payload;
  const list = box.querySelector(".thread-list");
  const known = list.querySelector(`[data-thread="${thread.id}"]`);
  if (thread.is_hidden) return known?.remove();
  const line = known ?? box.querySelector("template").content.firstElementChild.cloneNode(true);
  line.dataset.thread = thread.id;
  line.classList.add("unread");
  const link = line.querySelector("a");
  link.href = thread.url;
  link.textContent = thread.title;
  const chip = line.querySelector("[data-chip]");
  if (chip) {
    chip.hidden = !thread.is_question;
    chip.textContent = thread.is_answered ? chip.dataset.answered : chip.dataset.question;
  }
  const time = line.querySelector("time");
  time.dateTime = thread.at;
  time.textContent = inWords(thread.at, box.dataset.zone);
  list.prepend(line);
  box.querySelector("[data-empty]").hidden = true;
}

for (const box of document.querySelectorAll(".live-lines[data-live-stream]")) box.addEventListener("live:thread", listed);

// --- start ---

if (log) {
  const handlers = { post: arrive, edited, removed, shown: shownAgain, thanks: thanked, accepted, thread: changed };
  for (const [kind, handle] of Object.entries(handlers)) {
    log.addEventListener(`live:${kind}`, (event) => {
      if (kind !== "post" && arrived.length) flush(); // What is said about a post finds it on the page.
      handle(event.detail.payload);
    });
  }
  log.addEventListener("live:moved", () => arrived.length && flush()); // moved.js comes after it.
  log.addEventListener("live:reset", () => location.reload());
  log.addEventListener("live:refused", () => say(log.dataset.refused));
  log.addEventListener("click", act);
  document.addEventListener("visibilitychange", readSoon);
  window.addEventListener("online", () => pending.forEach((one) => one.hurry()));
  reply?.addEventListener("submit", send);
  window.addEventListener("pagehide", keepUnsent);
  if (!location.hash) document.getElementById("unread")?.scrollIntoView();
}
