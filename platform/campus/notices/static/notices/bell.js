// Keeps the number on the bell true while the page is open.
document.addEventListener("live:notices", (event) => {
  const bell = event.target.closest?.(".bell");
  if (!bell) return;
  const { unread } = event.detail.payload;
  bell.querySelector(".bell-count").hidden = unread === 0;
  bell.querySelector(".bell-number").textContent = String(unread);
});
