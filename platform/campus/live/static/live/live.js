/**
 * Follows numbered streams: over a WebSocket, gaps over HTTP, by polling where WebSockets are blocked.
 *
 * In a page:  <section data-live-stream="board:12" data-live-seq="34" hx-trigger="live:changed" …>
 *             several streams: data-live-stream="board:12 team:5" data-live-seq="34 7"
 * In a module: import { on } from ".../live.js"; const stop = on("team:5", (event) => …);
 *
 * Every event reaches the page once and in order: as DOM event "live:<kind>" on each element of its stream (detail is
 * {stream, seq, kind, at, payload}; kinds with a dot keep it), and at the functions given to on(). "live:reset" says
 * that events are missing for good: show the state anew. "live:present" tells how many people have the stream open, now
 * and then and without a number; "live:typing" how many others are typing there. A page says that its reader is typing by
 * the DOM event "campus:typing" (detail is {stream}), lost where no socket is open. [data-live-status] elements carry the words for the reader.
 */

const BACKOFF = { first: 1000, longest: 30000 };
const POLL_EVERY = 5000;
const POLL_HIDDEN_EVERY = 30000;
const PING_EVERY = 25000;
const PONG_WITHIN = 10000;
const FAILURES_BEFORE_POLLING = 2;
const SIGNED_OUT = 4401;
const RESYNC = 4008;

const streams = new Map();
let socket = null;
let failures = 0;
let isSignedOut = false;
let retryTimer = 0;
let pollTimer = 0;
let pingTimer = 0;
let pongTimer = 0;

const jittered = (ms) => ms * (0.5 + Math.random());

/** One stream: the last number that the page has seen, and what came too early. */
class Stream {
  constructor(key, last) {
    this.key = key;
    this.last = last;
    this.early = new Map();
    this.listeners = new Set();
    this.catchingUp = null;
    this.isRefused = false;
  }

  receive(event) {
    if (this.last === null) this.last = event.seq - 1;
    if (event.seq <= this.last) return;
    this.early.set(event.seq, event);
    this.deliverInOrder();
    if (this.early.size) this.catchUp();
  }

  deliverInOrder() {
    for (let event; (event = this.early.get(this.last + 1)); ) {
      this.early.delete(event.seq);
      this.last = event.seq;
      this.tell(event.kind, event);
    }
    for (const seq of this.early.keys()) if (seq <= this.last) this.early.delete(seq);
  }

  tell(kind, detail) {
    for (const listener of this.listeners) attempt(() => listener(detail));
    for (const element of document.querySelectorAll("[data-live-stream]")) {
      if (keysOf(element).includes(this.key)) {
        element.dispatchEvent(new CustomEvent(`live:${kind}`, { detail, bubbles: true }));
      }
    }
  }

  /** The server knows nothing after `last` that continues it: go on from its number. */
  reset(seq) {
    this.last = seq;
    this.early.clear();
    this.tell("reset", { stream: this.key, seq, kind: "reset", payload: {} });
  }

  catchUp() {
    this.catchingUp ??= this.readPages()
      .catch(() => window.setTimeout(() => this.early.size && this.catchUp(), jittered(2000)))
      .finally(() => (this.catchingUp = null));
    return this.catchingUp;
  }

  async readPages() {
    for (let more = true; more; ) {
      const page = await getJson(`/live/events?stream=${encodeURIComponent(this.key)}&after=${this.last ?? 0}`);
      if (page.reset) this.reset(page.seq);
      for (const event of page.events) this.early.set(event.seq, event);
      this.deliverInOrder();
      more = page.more;
    }
  }
}

function attempt(action) {
  try {
    action();
  } catch (error) {
    window.setTimeout(() => {
      throw error; // Into the console; the others still hear.
    });
  }
}

async function getJson(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (answer.status === 401) endSession();
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

// --- streams of the page ---

const words = (text) => (text ?? "").split(/\s+/).filter(Boolean);
const keysOf = (element) => words(element.dataset.liveStream);

/** Follow a stream from now on, or from a number; returns a function that ends it. */
export function on(key, listener, last = null) {
  const stream = follow(key, last);
  stream.listeners.add(listener);
  return () => stream.listeners.delete(listener);
}

function follow(key, last) {
  let stream = streams.get(key);
  if (!stream) {
    stream = new Stream(key, last);
    streams.set(key, stream);
    if (isOpen()) say({ subscribe: { [key]: last } });
    else if (!socket && !retryTimer) connect();
  }
  return stream;
}

/** Follow what the page names and leave what it no longer does; called by itself when the page changes. */
export function scan() {
  const named = new Set();
  for (const element of document.querySelectorAll("[data-live-stream]")) {
    const numbers = words(element.dataset.liveSeq);
    keysOf(element).forEach((key, index) => {
      named.add(key);
      follow(key, numbers[index] === undefined ? null : Number(numbers[index]));
    });
  }
  for (const [key, stream] of streams) {
    if (!named.has(key) && !stream.listeners.size) {
      streams.delete(key);
      if (isOpen()) say({ unsubscribe: [key] });
    }
  }
}

// --- the socket ---

const isOpen = () => socket?.readyState === WebSocket.OPEN;
const say = (message) => socket.send(JSON.stringify(message));

function connect() {
  window.clearTimeout(retryTimer);
  retryTimer = 0;
  if (isSignedOut || !streams.size || socket) return;
  const own = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
  socket = own;
  own.onopen = opened;
  own.onmessage = (message) => heard(JSON.parse(message.data));
  own.onclose = (close) => own === socket && closed(close.code);
}

function opened() {
  const wanted = [...streams.values()].filter((stream) => !stream.isRefused);
  if (wanted.length) say({ subscribe: Object.fromEntries(wanted.map((stream) => [stream.key, stream.last])) });
  pingTimer = window.setInterval(ping, PING_EVERY);
}

/** The network can vanish without a word; then nothing answers. */
function ping() {
  if (!isOpen()) return;
  say({ ping: true });
  window.clearTimeout(pongTimer);
  pongTimer = window.setTimeout(() => drop(), PONG_WITHIN);
}

function drop() {
  const lost = socket;
  if (!lost) return;
  closed(1006);
  lost.close();
}

function heard(message) {
  failures = 0;
  window.clearTimeout(pongTimer);
  showStatus("");
  stopPolling();
  const key = message.stream ?? message.subscribed ?? message.gap ?? message.reset ?? message.refused ?? message.present ?? message.typing;
  const stream = streams.get(key);
  if (!stream) return;
  if (message.stream) stream.receive(message);
  else if (message.subscribed && stream.last === null) stream.last = message.seq;
  else if (message.gap) stream.catchUp();
  else if (message.reset) stream.reset(message.seq);
  else if (message.refused) refuse(stream);
  else if (message.present) stream.tell("present", { stream: stream.key, kind: "present", payload: { count: message.count } });
  else if (message.typing) stream.tell("typing", { stream: stream.key, kind: "typing", payload: { count: message.count } });
}

function refuse(stream) {
  stream.isRefused = true;
  stream.tell("refused", { stream: stream.key, kind: "refused", payload: {} });
}

function closed(code) {
  socket = null;
  window.clearInterval(pingTimer);
  window.clearTimeout(pongTimer);
  if (code === SIGNED_OUT) return endSession();
  failures += 1;
  const wait = code === RESYNC ? BACKOFF.first : Math.min(BACKOFF.longest, BACKOFF.first * 2 ** (failures - 1));
  retryTimer = window.setTimeout(connect, jittered(wait));
  if (failures >= FAILURES_BEFORE_POLLING) startPolling();
  else showStatus("reconnecting");
}

function endSession() {
  isSignedOut = true;
  stopPolling();
  showStatus("signed-out");
}

// --- polling, while no socket can be had ---

function startPolling() {
  if (!pollTimer) poll();
}

function stopPolling() {
  window.clearTimeout(pollTimer);
  pollTimer = 0;
}

function pollLater() {
  pollTimer = window.setTimeout(poll, jittered(document.hidden ? POLL_HIDDEN_EVERY : POLL_EVERY));
}

async function poll() {
  pollLater();
  try {
    const keys = [...streams.values()].filter((stream) => !stream.isRefused).map((stream) => stream.key);
    for (let start = 0; start < keys.length; start += 50) await pollSome(keys.slice(start, start + 50));
    if (pollTimer) showStatus("polling");
  } catch {
    if (pollTimer) showStatus("reconnecting");
  }
}

async function pollSome(keys) {
  const state = await getJson(`/live/state?streams=${encodeURIComponent(keys.join(","))}`);
  for (const key of state.refused) if (streams.has(key)) refuse(streams.get(key));
  for (const [key, seq] of Object.entries(state.streams)) {
    const stream = streams.get(key);
    if (!stream) continue;
    if (stream.last === null) stream.last = seq;
    else if (seq !== stream.last) await stream.catchUp();
  }
}

// --- what the reader is told ---

/** Show the words that the template gave for the state: data-reconnecting, data-polling, data-signed-out. */
function showStatus(state) {
  for (const element of document.querySelectorAll("[data-live-status]")) {
    const text = state ? (element.getAttribute(`data-${state}`) ?? "") : "";
    if (element.textContent !== text) element.textContent = text;
    element.dataset.liveStatus = state;
  }
}

// --- start ---

let scanTimer = 0;
function scanSoon() {
  scanTimer ||= window.setTimeout(() => {
    scanTimer = 0;
    scan();
  }, 50);
}

function returnNow() {
  if (document.hidden || isOpen() || socket || !retryTimer) return;
  connect();
}

document.addEventListener("visibilitychange", returnNow);
document.addEventListener("campus:typing", ({ detail }) => isOpen() && streams.has(detail.stream) && say({ typing: detail.stream }));
window.addEventListener("online", returnNow);
window.addEventListener("pagehide", () => socket?.close());
window.addEventListener("pageshow", (event) => event.persisted && !socket && connect());
new MutationObserver(scanSoon).observe(document.documentElement, {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ["data-live-stream"],
});
scan();
