// Says that a badge has just come, on whatever page its holder is.
import { toast } from "../ui/page.js";

document.addEventListener("live:badge", (event) => {
  const words = document.querySelector("[data-badge-came]")?.dataset.badgeCame;
  if (words && event.detail.payload.what === "issued") toast(words, "success");
});
