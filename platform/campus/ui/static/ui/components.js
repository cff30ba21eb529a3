// The living page of all components: shows a toast as a script of any page would.
for (const button of document.querySelectorAll("[data-says]")) {
  button.addEventListener("click", () => {
    const detail = { text: button.dataset.says, kind: button.dataset.kind ?? "success" };
    document.dispatchEvent(new CustomEvent("campus:toast", { detail }));
  });
}
