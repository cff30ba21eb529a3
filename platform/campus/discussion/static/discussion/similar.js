// Shows threads like the one being asked, right under its title, while the title is typed.

const ASK_AFTER = 400;
const SHORTEST = 2;

class Similar {
  constructor(box) {
    this.box = box;
    this.title = box.closest("form").elements.title;
    this.asked = "";
    this.title.closest(".field")?.after(box);
    this.title.addEventListener("input", () => this.soon());
    this.ask();
  }

  soon() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), ASK_AFTER);
  }

  async ask() {
    const title = this.title.value.trim();
    if (title === this.asked) return;
    this.asked = title;
    if (title.length < SHORTEST) return this.box.replaceChildren();
    const address = new URL(this.box.dataset.similar, location.href);
    address.searchParams.set("title", title);
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok && title === this.asked) this.box.innerHTML = await answer.text();
  }
}

for (const box of document.querySelectorAll("[data-similar]")) new Similar(box);
