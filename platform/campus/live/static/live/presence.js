// Shows how many people have a stream of the page open; the words are the template's (live/presence.html).
document.addEventListener("live:present", ({ detail }) => {
  const { stream, payload } = detail;
  const number = new Intl.NumberFormat(document.documentElement.lang).format(payload.count);
  for (const element of document.querySelectorAll(`[data-presence-of="${stream}"]`)) {
    element.hidden = payload.count < 2;
    element.textContent = element.dataset.words.replace("{count}", number);
  }
});
