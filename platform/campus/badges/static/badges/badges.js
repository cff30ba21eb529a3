// Says that a badge has just come, on whatever page its holder is.
// By an event, for importing page.js would run it a second time under another address.
document.addEventListener("live:badge", (event) => {
  const text = document.querySelector("[data-badge-came]")?.dataset.badgeCame;
  if (!text || event.detail.payload.what !== "issued") return;
  document.dispatchEvent(new CustomEvent("campus:toast", { detail: { text, kind: "success" } }));
});
