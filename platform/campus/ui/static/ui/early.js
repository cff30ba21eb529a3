// What is typed before the page's scripts have come is not lost to them: once htmx listens, those fields report again.
// Loaded ahead of the page, without defer; so keep it this small.

const typedInto = new Set();
const remember = (event) => typedInto.add(event.target);
document.addEventListener("input", remember, true);

document.addEventListener("htmx:load", () => {
  document.removeEventListener("input", remember, true);
  for (const field of typedInto) field.dispatchEvent(new Event("input", { bubbles: true }));
}, { once: true });
