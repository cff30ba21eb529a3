// The editor's sample follows the choices while one makes them.
const sample = document.getElementById("badge-sample");
const names = ["shape", "colour", "symbol", "text", "small"];
let waiting;

function draw() {
  const query = new URLSearchParams(names.map((name) => [name, document.querySelector(`[name="${name}"]`).value]));
  sample.src = `${sample.dataset.address}?${query}`;
}

for (const name of names) {
  document.querySelector(`[name="${name}"]`)?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 300);
  });
}
