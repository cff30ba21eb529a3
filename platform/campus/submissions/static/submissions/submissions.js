// Keeps handing in, the own submissions and the board up to date without reloading.
// Works on top of plain forms and links; live.js tells when something has changed.

const POLL = { first: 1500, longest: 15000 };
const BOARD = { spread: 10, apart: 5000 };

const say = (text) => {
  const line = document.getElementById("announcement");
  if (line && text) line.textContent = text;
};

// --- Following a grading: rows of the history and the page of one submission ---

const shownSubmission = (id) => document.querySelector(`[data-submission="${id}"]`);
const unfinished = () => [...document.querySelectorAll("[data-submission][data-unfinished]")];
const awaited = new Set();
const loading = new Map();

/** Load the submission's state anew; what is asked for meanwhile is loaded once more afterwards, so the last word wins. */
async function follow(id) {
  const running = loading.get(id);
  if (running) {
    running.again = true;
    return;
  }
  const run = { again: true };
  loading.set(id, run);
  try {
    while (run.again) {
      run.again = false;
      await load(id);
    }
  } finally {
    loading.delete(id);
  }
}

function load(id) {
  const shown = shownSubmission(id);
  return shown ? fetchInto(shown, shown.dataset.url, shown.dataset.select) : loadHistory();
}

async function loadHistory() {
  const history = document.getElementById("history");
  if (history) await fetchInto(history, location.href);
}

/** Put the answer in the element's place. The request belongs to a stand-in, for the element may be replaced meanwhile. */
async function fetchInto(target, url, select) {
  const source = document.body.appendChild(document.createElement("i"));
  source.hidden = true;
  try {
    await htmx.ajax("GET", url, { source, target, select, swap: "outerHTML" });
  } finally {
    source.remove();
  }
}

/** Say what has come to its end, once, and draw the chart anew. */
function tellEnds() {
  for (const row of unfinished()) awaited.add(row.dataset.submission);
  for (const id of awaited) {
    const row = shownSubmission(id);
    if (!row || row.hasAttribute("data-unfinished")) continue;
    awaited.delete(id);
    say(row.dataset.announcement);
    document.querySelector("campus-chart")?.dispatchEvent(new CustomEvent("campus:refresh"));
  }
}

document.addEventListener("live:grading", (event) => {
  const { submission, step } = event.detail.payload;
  const here = event.target.dataset.step;
  if (here !== undefined && here !== String(step)) return;
  if (shownSubmission(submission) || document.getElementById("history")) follow(submission);
});

// Behind the live stream: whatever is still unfinished is asked for again, ever more slowly.
let wait = POLL.first;
function poll() {
  const rows = document.hidden ? [] : unfinished();
  for (const row of rows) follow(row.dataset.submission);
  wait = rows.length ? Math.min(wait * 1.5, POLL.longest) : POLL.first;
  window.setTimeout(poll, wait);
}
tellEnds();
window.setTimeout(poll, wait);
document.addEventListener("htmx:afterSettle", tellEnds);

// --- The form ---

document.addEventListener("handed-in", (event) => {
  awaited.add(String(event.detail.submission));
  wait = POLL.first;
  document.getElementById("hand-in")?.reset();
});

// A refusal in words is shown in its place; an answer that isn't ours (of a proxy, say) is not.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, serverResponse } = event.detail;
  if (xhr.status < 400 || !/data-feedback|id="history"/.test(serverResponse)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const form = document.getElementById("hand-in");
    if (event.target !== form) return;
    document.dispatchEvent(new CustomEvent("campus:toast", { detail: { text: form.dataset.failed, kind: "error" } }));
  });
}

/** Say before sending that a file is too large to be taken. */
function checkSize(input) {
  const limit = Number(input.dataset.limit);
  const isTooLarge = [...input.files].some((file) => file.size > limit);
  const feedback = document.getElementById("feedback");
  feedback?.querySelector("[data-too-large]")?.remove();
  if (!isTooLarge || !feedback) return true;
  const box = Object.assign(document.createElement("div"), { className: "error-summary", tabIndex: -1 });
  box.setAttribute("role", "alert");
  box.toggleAttribute("data-too-large", true);
  box.append(Object.assign(document.createElement("p"), { textContent: input.form.dataset.tooLarge }));
  feedback.replaceChildren(box);
  box.focus();
  return false;
}

document.addEventListener("change", (event) => {
  if (event.target.matches('#hand-in input[type="file"]')) checkSize(event.target);
});

document.addEventListener("htmx:confirm", (event) => {
  const input = event.target.matches("#hand-in") && event.target.querySelector('input[type="file"]');
  if (input && !checkSize(input)) event.preventDefault();
});

// A file may be dropped anywhere on the form.
const dropZone = document.querySelector("form.drop");
if (dropZone) {
  const over = (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    dropZone.classList.add("over");
  };
  dropZone.addEventListener("dragenter", over);
  dropZone.addEventListener("dragover", over);
  dropZone.addEventListener("dragleave", (event) => dropZone.contains(event.relatedTarget) || dropZone.classList.remove("over"));
  dropZone.addEventListener("drop", (event) => {
    dropZone.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    const input = dropZone.querySelector('input[type="file"]');
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// --- The board ---

let boardTimer = 0;
let boardAt = 0;

/** Load the rows anew: not all readers at once, not too often, and not while nobody looks. */
function loadBoardSoon() {
  if (boardTimer) return;
  // The more can be watching, the further their requests are drawn apart: about a hundred a second at most.
  const spread = BOARD.spread * Number(document.querySelector("[data-watchers]")?.dataset.watchers ?? 100);
  const pause = Math.max(0, boardAt + Math.max(BOARD.apart, spread) - Date.now());
  boardTimer = window.setTimeout(() => {
    boardTimer = 0;
    if (document.hidden) return document.addEventListener("visibilitychange", loadBoardSoon, { once: true });
    boardAt = Date.now();
    document.getElementById("board")?.dispatchEvent(new CustomEvent("board-changed"));
  }, pause + Math.random() * spread);
}

let ownPlace = document.getElementById("board-own")?.dataset.place;
function tellPlace() {
  const own = document.getElementById("board-own");
  if (!own || own.dataset.place === ownPlace) return;
  ownPlace = own.dataset.place;
  say(own.dataset.announcement);
}

document.addEventListener("live:board", loadBoardSoon);
document.addEventListener("htmx:afterSettle", tellPlace);

document.addEventListener("live:reset", () => {
  if (document.getElementById("board")) loadBoardSoon();
  if (document.getElementById("history")) loadHistory();
});
