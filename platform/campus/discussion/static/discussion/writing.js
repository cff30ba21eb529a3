// What helps while writing, on top of a plain form: a draft that stays in this browser, names after @, Ctrl + Enter.
//
// Drafts lie in localStorage, under the reader's number: they outlive a lost connection, nothing unfinished is sent to the
// site, and whoever signs in next in the same browser removes those of others.

const PREFIX = "draft:";
const SAVE_AFTER = 400;
const ASK_AFTER = 150;
// The @ and what has been typed of a name; a space may be part of one.
const TYPED_NAME = /(?:^|[^\w.@/-])[@＠]([^\s@＠]{1,20}(?: [^\s@＠]{0,10})?)$/;

const keyOf = (form) => `${PREFIX}${form.dataset.reader}:${form.dataset.draft}`;

/** Keep a text as the draft of a form; an empty one removes it. */
function keepText(form, text) {
  attempt(() => (text.trim() ? localStorage.setItem(keyOf(form), text) : localStorage.removeItem(keyOf(form))));
}

/** Private windows and full disks have no storage; writing goes on. */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

function forgetOthers(reader) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${reader}:`)) localStorage.removeItem(key);
  }
}

function keepDraft(form, field) {
  attempt(() => forgetOthers(form.dataset.reader));
  const kept = attempt(() => localStorage.getItem(keyOf(form)));
  if (kept && !field.value) field.value = kept;
  let timer = 0;
  field.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => saveDraft(form, field), SAVE_AFTER);
  });
  window.addEventListener("pagehide", () => saveDraft(form, field));
  form.addEventListener("campus:draft", (event) => keepText(form, event.detail.text)); // Told by discussion.js
  form.addEventListener("submit", () => form.id !== "reply" && forgetSoon(form, field));
}

/** The plain way of sending leaves the page; a refused form comes back with its text. */
function forgetSoon(form, field) {
  field.dataset.sent = "1";
  keepText(form, "");
}

function saveDraft(form, field) {
  if (!field.dataset.sent) keepText(form, field.value);
}

// --- names after @ ---

let listCount = 0;

class Names {
  constructor(form, field) {
    this.form = form;
    this.field = field;
    this.names = [];
    this.chosen = 0;
    this.timer = 0;
    this.list = document.createElement("ul");
    this.list.className = "names";
    this.list.id = `names-${(listCount += 1)}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "@");
    this.list.hidden = true;
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    field.after(this.list, this.status);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.askSoon());
    field.addEventListener("keydown", (event) => this.pressed(event));
    field.addEventListener("blur", () => window.setTimeout(() => this.close(), 200));
    this.list.addEventListener("mousedown", (event) => this.clicked(event));
  }

  typed() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    return TYPED_NAME.exec(before)?.[1] ?? "";
  }

  askSoon() {
    window.clearTimeout(this.timer);
    if (!this.typed()) return this.close();
    this.timer = window.setTimeout(() => this.ask(), ASK_AFTER);
  }

  async ask() {
    const typed = this.typed();
    if (!typed) return;
    const address = new URL(this.form.dataset.people, location.href);
    const place = this.form.querySelector("select[name=place]");
    if (place) address.searchParams.set("place", place.value);
    if (!address.searchParams.get("place")) return;
    address.searchParams.set("q", typed);
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || typed !== this.typed()) return;
    this.show((await answer.json()).names);
  }

  show(names) {
    this.names = names;
    this.chosen = 0;
    this.list.replaceChildren(...names.map((name, index) => this.option(name, index)));
    this.list.hidden = !names.length;
    this.mark();
    this.status.textContent = names.length ? names.join("、") : this.form.dataset.nobody;
  }

  option(name, index) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `${this.list.id}-${index}`;
    item.textContent = name;
    return item;
  }

  mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.chosen)));
    if (this.list.hidden) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
  }

  pressed(event) {
    if (this.list.hidden || event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) this.chosen = (this.chosen + move + this.names.length) % this.names.length;
    else if (event.key === "Enter" || event.key === "Tab") this.insert(this.names[this.chosen]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    this.mark();
  }

  clicked(event) {
    const index = [...this.list.children].indexOf(event.target.closest("li"));
    event.preventDefault();
    if (index >= 0) this.insert(this.names[index]);
  }

  insert(name) {
    const end = this.field.selectionStart;
    this.field.setRangeText(`${name} `, end - this.typed().length, end, "end");
    this.close();
    this.field.focus();
  }

  close() {
    this.list.hidden = true;
    this.status.textContent = "";
    this.mark();
  }
}

function sendByKeys(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}

for (const field of document.querySelectorAll("textarea[data-writing]")) {
  const form = field.form;
  if (form.dataset.draft) keepDraft(form, field);
  if (form.dataset.people) new Names(form, field);
  field.addEventListener("keydown", sendByKeys);
}
