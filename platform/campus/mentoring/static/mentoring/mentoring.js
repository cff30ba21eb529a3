// On a mentor's page: keys for links and buttons, a button to comment at each place of the work, phrases by a click.

const page = document.querySelector("[data-mentoring]");
const typing = (element) =>
  element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

// Whoever steers by voice can switch single keys off (WCAG 2.1.4); this browser remembers it.
const OFF = "mentoring-keys-off";
const keys = document.querySelector("[data-keys]");
if (keys) {
  keys.checked = localStorage.getItem(OFF) === null;
  keys.addEventListener("change", () => (keys.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
}

document.addEventListener("keydown", (event) => {
  if (!keys?.checked) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("details")) {
    target.open = !target.open;
    if (target.open) target.scrollIntoView({ block: "nearest" });
  }
  else if (target.matches("textarea")) target.focus();
  else target.click();
});

function offerComments(root) {
  const place = page.querySelector("select[name=anchor]");
  const text = page.querySelector("textarea[name=text]");
  if (!place || !text) return;
  for (const block of root.querySelectorAll("[data-anchor]:not([data-offers])")) {
    block.dataset.offers = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button text small comment-here no-print";
    button.textContent = page.dataset.commentHere;
    button.addEventListener("click", () => {
      const anchor = block.dataset.anchor;
      if (![...place.options].some((option) => option.value === anchor)) place.add(new Option(anchor, anchor));
      place.value = anchor;
      text.focus();
    });
    block.append(button);
  }
}

// A phrase goes where the cursor was last, else to the comment.
let last = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea")) last = event.target;
});
document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-phrase]");
  const field = last ?? page.querySelector("textarea[name=text]");
  if (!phrase || !field) return;
  field.setRangeText(phrase.dataset.phrase, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

if (page) {
  offerComments(page);
  document.addEventListener("htmx:load", (event) => offerComments(event.detail.elt));
}
