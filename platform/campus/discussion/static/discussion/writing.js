// What helps while writing, on top of a plain form: a draft that stays in this browser, names after @, Ctrl + Enter.
//
// Drafts lie in localStorage, under the reader's number: they outlive a lost connection, nothing unfinished is sent to the
// site, and whoever signs in next in the same browser removes those of others.

const PREFIX = "draft:";
const SENT = "drafts-sent";
const SAVE_AFTER = 400;
const ASK_AFTER = 150;
// The @ and what has been typed of a name; a space may be part of one.
const TYPED_NAME = /(?:^|[^\w.@/-])[@＠]([^\s@＠]{1,20}(?: [^\s@＠]{0,10})?)$/;

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

/** What was sent by leaving the page is forgotten once it stands on one: a request may fail, and be refused. */
function forgetSent() {
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "{}");
  for (const [name, key] of Object.entries(sent)) {
    if (!document.querySelector(`[data-key="${key}"]`)) continue;
    localStorage.removeItem(name);
    delete sent[name];
  }
  sessionStorage.setItem(SENT, JSON.stringify(sent));
}

/** The text of a field, or what is chosen in a list, kept while it is typed. */
class Draft {
  constructor(form, field) {
    this.form = form;
    this.field = field;
    this.name = `${PREFIX}${form.dataset.reader}:${form.dataset.draft}${field.name === "text" ? "" : `:${field.name}`}`;
    this.timer = 0;
    this.restore();
    field.addEventListener("input", () => this.saveSoon());
    window.addEventListener("pagehide", () => this.keep(field.value));
    document.addEventListener("submit", (event) => this.submitted(event));
  }

  /** What was kept comes before what stands there already: a quotation, or what was typed before this script ran. */
  restore() {
    const kept = attempt(() => localStorage.getItem(this.name))?.trim() ?? "";
    const { value, defaultValue = "", options } = this.field;
    if (options && ![...options].some((one) => one.value === kept)) return; // A list that offers it no more.
    if (value === defaultValue && kept.includes(value.trim())) this.field.value = kept;
    else if (this.field.matches("textarea") && !value.includes(kept)) {
      this.field.setRangeText(`${kept}\n\n`, 0, 0, "preserve");
    }
    if (this.field.value) this.keep(this.field.value);
  }

  saveSoon() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.keep(this.field.value), SAVE_AFTER);
  }

  /** An empty text removes it. */
  keep(text) {
    window.clearTimeout(this.timer);
    attempt(() => (text.trim() ? localStorage.setItem(this.name, text) : localStorage.removeItem(this.name)));
  }

  /** Sent the plain way, by leaving the page; what sending.js sends it has taken out of the field. */
  submitted({ target, defaultPrevented }) {
    if (target !== this.form || defaultPrevented) return;
    this.keep(this.field.value);
    attempt(() => {
      const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "{}");
      sessionStorage.setItem(SENT, JSON.stringify({ ...sent, [this.name]: this.form.querySelector("[name=key]").value }));
    });
  }
}

function keepDrafts(form, text) {
  attempt(() => forgetOthers(form.dataset.reader));
  const draft = new Draft(form, text);
  form.addEventListener("campus:draft", (event) => draft.keep(event.detail.text)); // Told by sending.js
  for (const field of form.querySelectorAll("input[name=title], select")) new Draft(form, field);
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
    if (document.activeElement === field) this.askSoon(); // Typed before this script ran.
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

attempt(forgetSent);
for (const field of document.querySelectorAll("textarea[data-writing]")) {
  const form = field.form;
  if (form.dataset.draft) keepDrafts(form, field);
  if (form.dataset.people) new Names(form, field);
  field.addEventListener("keydown", sendByKeys);
}
