// A form while it is filled in: shows the questions that apply, says when saving fails, saves on leaving the page.

const isChosen = (form, name, keys) =>
  keys.some((key) => form.querySelector(`input[name="${name}"][value="${key}"]:checked`)?.closest("[hidden]") === null);

function showWhatApplies(form) {
  // In the order of the page, so that what depends on a hidden question is hidden too.
  for (const part of form.querySelectorAll("[data-shown-when]")) {
    part.hidden = !isChosen(form, part.dataset.shownWhen, part.dataset.shownFor.split(" "));
  }
}

function begin(form) {
  form.classList.add("scripted");
  showWhatApplies(form);
  form.addEventListener("change", () => showWhatApplies(form));
  if (!form.matches("[hx-post]")) return;
  let unsaved = false;
  const failed = document.getElementById("not-saved");
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  form.addEventListener("htmx:afterRequest", (event) => {
    failed.hidden = event.detail.successful;
    if (event.target === form && event.detail.successful) unsaved = false;
  });
  addEventListener("pagehide", () => {
    if (!unsaved) return;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    navigator.sendBeacon(form.getAttribute("hx-post"), data);
  });
}

for (const form of document.querySelectorAll("form[data-sheet]")) begin(form);
