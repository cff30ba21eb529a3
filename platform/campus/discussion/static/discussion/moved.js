// Shows on the page of a thread that posts went to another one, or came from one; comes after discussion.js.

const log = document.getElementById("posts");
const say = (text) => document.dispatchEvent(new CustomEvent("campus:say", { detail: { text } }));

/** Neighbouring posts leave one line with the way to the first of them. */
function moved({ numbers }) {
  let last = null;
  for (const number of numbers) {
    const post = log.querySelector(`[data-post="${number}"]`);
    if (post && number - 1 === last) post.remove();
    else if (post) post.replaceWith(signpost(number));
    last = number;
  }
  say(log.dataset.saidMoved);
}

function signpost(number) {
  const line = document.getElementById("moved-template").content.firstElementChild.cloneNode(true);
  line.id = `post-${number}`;
  const link = line.querySelector("a");
  link.href = link.getAttribute("href").replace("/posts/0/", `/posts/${number}/`);
  return line;
}

/** They stand between what is shown and what comes: from here on the page has to be read anew. */
function joined({ count }) {
  log.dataset.isLast = "";
  const more = document.getElementById("more-posts");
  more.hidden = false;
  more.querySelector("a").href = log.dataset.unread;
  say(log.dataset.joined.replace("{count}", count));
}

function merged() {
  const banner = document.getElementById("merged");
  banner.hidden = false;
  say(banner.innerText);
}

if (log) {
  for (const [kind, handle] of Object.entries({ moved, joined, merged })) {
    log.addEventListener(`live:${kind}`, (event) => handle(event.detail.payload));
  }
}
