// The editor's sample follows the choices while one makes them; a picture of one's own takes its place.
const sample = document.getElementById("badge-sample");
const names = ["shape", "colour", "symbol", "text", "small"];
const upload = document.querySelector('[name="upload"]');
let waiting;

function draw() {
  const query = new URLSearchParams(names.map((name) => [name, document.querySelector(`[name="${name}"]`).value]));
  sample.src = `${sample.dataset.address}?${query}`;
}

for (const name of names) {
  document.querySelector(`[name="${name}"]`)?.addEventListener("input", () => {
    clearTimeout(waiting);
    if (!upload?.files.length) waiting = setTimeout(draw, 300);
  });
}

upload?.addEventListener("change", () => {
  const [file] = upload.files;
  if (!file) return draw();
  const reader = new FileReader();
  reader.addEventListener("load", () => { sample.src = reader.result; });
  reader.readAsDataURL(file);
});
