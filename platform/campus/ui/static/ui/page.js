// What every page does beyond HTML: menus that close, dialogs that open, errors that take the focus, toasts.

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.account-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
};

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.account-menu"));
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const copier = event.target.closest("[data-copies]");
  if (copier) copy(copier);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.account-menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// On wide screens the desk's menu stands open (by CSS, where the browser can).
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 60rem)").matches) {
  for (const menu of document.querySelectorAll("details.desk-menu")) menu.open = true;
}

// It shows where one is, also in its lower part.
for (const here of document.querySelectorAll(".desk-menu [aria-current]")) {
  const menu = here.closest("nav");
  menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
}

// The checkbox in a list's head chooses every row of the page.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-selects-all]")) return;
  const boxes = event.target.closest("table").querySelectorAll("tbody input[name=selected]");
  for (const box of boxes) box.checked = event.target.checked;
});

async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  await navigator.clipboard.writeText(source.textContent.trim());
  toast(button.dataset.copied, "success");
}

// A form that may not be sent twice: the second click within five seconds is ignored.
const wasJustSent = (form) => form.dataset.sent && Date.now() - Number(form.dataset.sent) < 5000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.matches("[data-again]")) return;
  if (wasJustSent(form)) event.preventDefault();
  else form.dataset.sent = String(Date.now());
});

// Nor does it save itself any more while it is on its way: that would come late and bring back what was sent.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (form.matches("form") && wasJustSent(form)) event.preventDefault();
});

const focusErrors = (root) => root.querySelector?.(".error-summary")?.focus();
document.addEventListener("htmx:load", (event) => focusErrors(event.detail.elt));
focusErrors(document);

/** Show a short message at the corner of the page and to screen readers; kinds: info, success, warning, error. */
export function toast(text, kind = "info") {
  const toasts = document.getElementById("toasts");
  const box = document.createElement("div");
  box.className = `banner ${kind}`;
  box.innerHTML = '<svg aria-hidden="true" focusable="false"><use></use></svg><div class="banner-body"></div>';
  box.querySelector("use").setAttribute("href", `${toasts.dataset.icons}#${kind}`);
  box.querySelector(".banner-body").textContent = text;
  toasts.append(box);
  setTimeout(() => box.remove(), 8000);
}

document.addEventListener("campus:toast", (event) => toast(event.detail.text, event.detail.kind));
