// <campus-chart src="…json" …>: a picture of figures with the same figures as a table beneath.
// The JSON: {"kind": "line" | "bar" | "radar", "x": "Day", "y": "Cost (yen)", "labels": […], "series": [{"name": "…", "values": […]}],
//            "across": bars lie instead of standing, for long labels; "stacked": the series of a label make one bar;
//            "summary": "what the picture shows, in a sentence"}; a missing value is null. Without labels the summary
// stands in the picture's place, or else that there is nothing to draw yet.
// `load()` fetches again; so does a `campus:refresh` event on the element. Where the page holds the figures already, they
// stand in the attribute `figures` instead of `src`.

const COLOURS = ["blue-900", "orange-700", "green-700", "purple-700", "cyan-800", "magenta-700"];
// In the legend a line is drawn there and back; these dashes cover themselves on the way back over 38 px.
const LEGEND_LINE = 38;
const DASHES = [[], [6, 4], [1, 4], [6, 3, 2, 3], [4, 4], [12, 4]];
const POINTS = ["circle", "rect", "triangle", "rectRot", "star", "cross"];

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--color-primitive-${name}`).trim();
const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 4 });
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Japanese has no spaces to break at, and its letters are twice as wide; no line begins with a sign.
const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" });
const width = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 2 : 1), 0);
const inLines = (text, room) => [...segmenter.segment(text)].reduce(([...lines], { segment, isWordLike }) => {
  if (lines.length && (!isWordLike || width(lines.at(-1) + segment) <= room)) lines.push(lines.pop() + segment);
  else lines.push(segment);
  return lines;
}, []).map((line) => line.trim());

let library;
function chartLibrary(address) {
  library ??= new Promise((resolve, reject) => {
    document.head.append(element("script", { src: address, onload: () => resolve(window.Chart), onerror: reject }));
  });
  return library;
}

class CampusChart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("campus:refresh", () => this.load());
    this.load();
  }

  disconnectedCallback() {
    this.chart?.destroy();
  }

  async load() {
    try {
      const figures = await this.figures();
      if (figures.labels.length) this.draw(figures, await chartLibrary(this.getAttribute("library")));
      else this.tell(figures.summary || this.getAttribute("empty"));
    } catch (error) {
      console.error("campus-chart", error);
      this.tell(this.getAttribute("failed"));
    }
  }

  tell(text) {
    this.chart?.destroy();
    this.replaceChildren(element("p", { className: "muted", textContent: text }));
  }

  async figures() {
    if (this.hasAttribute("figures")) return JSON.parse(this.getAttribute("figures"));
    const answer = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  draw(figures, Chart) {
    const open = this.querySelector("details")?.open ?? false;
    this.chart?.destroy();
    Object.assign(Chart.defaults, { color: getComputedStyle(this).color });
    Object.assign(Chart.defaults.font, { family: getComputedStyle(this).fontFamily, size: 14 });
    const canvas = element("canvas");
    const box = element("div", { className: "canvas-box" }, canvas);
    if (figures.across) box.style.height = `${6 + figures.labels.length * 2.75}rem`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", [this.getAttribute("label"), figures.summary].filter(Boolean).join(": "));
    const more = element("details", { className: "more", open }, element("summary", { textContent: this.getAttribute("as-table") }), this.table(figures));
    this.replaceChildren(box, more);
    this.chart = new Chart(canvas, this.configuration(figures));
  }

  configuration(figures) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const axis = (text, more = {}) => ({ title: { display: Boolean(text), text }, stacked: Boolean(figures.stacked), ...more });
    const sign = figures.kind === "bar" ? {} : { boxWidth: LEGEND_LINE, boxHeight: 0 };
    const counts = figures.series.every((series) => series.values.every(Number.isInteger));
    const whole = figures.kind === "bar" && counts ? { beginAtZero: true, ticks: { precision: 0 } } : {};
    return {
      type: figures.kind,
      data: { labels: figures.labels, datasets: figures.series.map((series, i) => this.dataset(series, i, figures.kind)) },
      options: {
        maintainAspectRatio: false,
        indexAxis: figures.across ? "y" : "x",
        animation: still ? false : { duration: 300 },
        interaction: { mode: "index", intersect: false },
        plugins: { legend: { display: figures.series.length > 1, position: "bottom", labels: sign } },
        scales: figures.kind === "radar" ? this.spokes() : this.axes(figures, axis, whole),
      },
    };
  }

  spokes() {
    const label = { font: { size: 14 }, callback(words) { return inLines(words, this.chart.width < 480 ? 12 : 48); } };
    return { r: { beginAtZero: true, ticks: { precision: 0, z: 1 }, pointLabels: label } };
  }

  axes(figures, axis, whole) {
    // Labels that lie beside their bars say themselves what they are; where it is narrow, long ones take several lines.
    const broken = { autoSkip: false, callback(index) { return inLines(this.getLabelForValue(index), this.chart.width < 480 ? 20 : 48); } };
    return figures.across ? { x: axis(figures.y, whole), y: axis("", { ticks: broken }) } : { x: axis(figures.x), y: axis(figures.y, whole) };
  }

  dataset(series, i, kind) {
    const colour = token(COLOURS[i % COLOURS.length]);
    return {
      label: series.name,
      data: series.values,
      borderColor: colour,
      backgroundColor: kind === "line" ? colour : `${colour}${kind === "radar" ? "33" : ""}`,
      borderDash: kind === "bar" ? [] : DASHES[i % DASHES.length],
      pointStyle: POINTS[i % POINTS.length],
      pointRadius: 4,
      spanGaps: true,
    };
  }

  table(figures) {
    const cell = (text, name = "td", properties = {}) => element(name, { textContent: text ?? "—", ...properties });
    const head = [cell(figures.x ?? "", "th", { scope: "col" })];
    for (const series of figures.series) head.push(cell(series.name, "th", { scope: "col", className: "number" }));
    const rows = figures.labels.map((label, row) =>
      element("tr", {}, cell(label, "th", { scope: "row" }), ...figures.series.map((s) =>
        cell(s.values[row] === null ? null : shown.format(s.values[row]), "td", { className: "number" }))));
    const box = element("div", { className: "table-box", tabIndex: 0, role: "region" },
      element("table", {}, element("caption", { textContent: this.getAttribute("label") }),
        element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
    box.setAttribute("aria-label", this.getAttribute("label"));
    return box;
  }
}

customElements.define("campus-chart", CampusChart);
