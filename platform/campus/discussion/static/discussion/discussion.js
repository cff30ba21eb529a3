// Keeps a thread and the lists of threads up to date: shows what comes, thanks, accepts and quotes without leaving the page.
// Works on top of plain forms and links; live.js brings every event once and in order.
//
// The other scripts of a thread are told by DOM events, since an import would load them a second time under another
// address: writing.js keeps drafts, sending.js sends the own posts, saying.js tells screen readers, moved.js and typing.js
// show what their names say.

const FLUSH_EVERY = 1000;
const READ_AFTER = 1500;

const log = document.getElementById("posts");
const reply = document.getElementById("reply");
const token = () => document.querySelector("#post-actions input[name=csrfmiddlewaretoken]").value;
const shownPost = (number) => log.querySelector(`[data-post="${number}"]`);
const part = (element, name) => element.querySelector(`[data-part="${name}"]`);
const parts = (element, name) => element.querySelectorAll(`[data-part="${name}"]`);
const say = (text) => document.dispatchEvent(new CustomEvent("campus:say", { detail: { text } }));
const complain = (text) => document.dispatchEvent(new CustomEvent("campus:toast", { detail: { text, kind: "error" } }));

/** As the site writes moments: with the name of the reader's zone, which browsers would translate each in its own way. */
function inWords(time, { zone, zoneName }) {
  const language = document.documentElement.lang.replace(/^en$/, "en-GB"); // As the site writes dates.
  const options = { year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" };
  const local = new Intl.DateTimeFormat(language, { ...options, timeZone: zone || undefined }).format(new Date(time));
  return `${local.replace(/^(\p{L}+), /u, "$1 ")} ${zoneName ?? ""}`.trim(); // “Mon 23 Nov”, without browsers' comma.
}

function showTime(element, time, place) {
  const moment = document.createElement("time");
  moment.dateTime = time;
  moment.textContent = inWords(time, place);
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
  showTime(part(post, "time"), data.at, log.dataset);
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
  for (const data of arrived.splice(0)) show(data);
  readSoon();
}

/** Put the post where it belongs and tell the others that it is here (`campus:shown`), or on another page. */
function show(data) {
  if (!log.dataset.isLast) announceMore(data);
  else if (!shownPost(data.number)) insert(data);
  log.dispatchEvent(new CustomEvent("campus:shown", { detail: data }));
}

function insert(data) {
  const later = [...log.querySelectorAll("[data-post]")].find((post) => Number(post.dataset.post) > data.number);
  const fresh = postOf(data);
  log.insertBefore(fresh, later ?? log.querySelector(".pending"));
  log.dataset.end = Math.max(Number(log.dataset.end), data.number);
  fresh.dispatchEvent(new CustomEvent("campus:fresh", { bubbles: true }));
}

function announceMore(data) {
  const more = document.getElementById("more-posts");
  if (data.number <= Number(log.dataset.end) || !more.hidden) return;
  more.hidden = false;
  say(more.innerText);
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
  if (await post(log.dataset.read, new URLSearchParams({ number: end }))) told = end;
}

const post = (address, body) =>
  taken(fetch(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } }));

/** The answer of a request that the site took; null for a lost connection, a refusal, or the way to the sign-in page. */
async function taken(request) {
  const answer = await request.catch(() => null);
  return answer?.ok && !answer.redirected ? answer : null;
}

// --- thanks, accepting, quoting ---

async function act(event) {
  const button = event.target.closest("[data-thanks], [data-accept]");
  const quote = event.target.closest("[data-quote]");
  if (quote && reply && !event.ctrlKey && !event.metaKey) return quotePost(event, quote);
  if (!button) return;
  event.preventDefault();
  const isOn = button.value === "1";
  const answer = await post(button.getAttribute("formaction"), new URLSearchParams({ on: button.value }));
  if (!answer) return complain(log.dataset.failed);
  if (!button.matches("[data-thanks]")) return;
  button.value = isOn ? "0" : "1";
  button.setAttribute("aria-pressed", String(isOn));
  thanked({ number: Number(button.closest("[data-post]").dataset.post), count: (await answer.json()).count });
}

async function quotePost(event, link) {
  event.preventDefault();
  const answer = await taken(fetch(link.dataset.quote, { headers: { Accept: "application/json" } }));
  if (!answer) return complain(log.dataset.failed);
  const field = reply.querySelector("textarea");
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
  showMark(line, thread.posts, box.dataset);
  const link = line.querySelector("a");
  link.href = thread.url;
  link.textContent = thread.title;
  const chip = line.querySelector("[data-chip]");
  if (chip) {
    chip.hidden = !thread.is_question;
    chip.className = `chip ${thread.is_answered ? "success" : "info"}`;
    chip.textContent = thread.is_answered ? box.dataset.answered : box.dataset.question;
  }
  const time = line.querySelector("time");
  time.dateTime = thread.at;
  time.textContent = inWords(thread.at, box.dataset);
  list.prepend(line);
  box.querySelector("[data-empty]").hidden = true;
}

/** How many posts a line has now, and in the words of its mark how many of them were not seen. */
function showMark(line, posts, words) {
  const more = posts - Number(line.dataset.posts);
  const mark = part(line, "mark");
  if (more < 1) return;
  const figure = part(line, "posts");
  if (figure) figure.textContent = words.posts.replace("{count}", posts);
  if (!mark) return;
  line.classList.add("unread");
  mark.hidden = false;
  mark.textContent = words[line.dataset.mark].replace("{count}", Number(line.dataset.unread) + more);
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
  log.addEventListener("live:refused", () => complain(log.dataset.refused));
  log.addEventListener("click", act);
  document.addEventListener("visibilitychange", readSoon);
  log.addEventListener("campus:posted", (event) => arrive(event.detail)); // The answer to sending.js came first.
  if (!location.hash) document.getElementById("unread")?.scrollIntoView();
}
