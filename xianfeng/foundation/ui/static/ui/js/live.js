// Keeps an open page true: the badge, the feed, a need's life. Told by the event stream; asks by itself when that is cut.
const script = document.querySelector("script[data-stream]");
const POLL = { first: 10_000, most: 60_000 };
const AT_ONCE = 250; // ms in which several events become one question

const partial = async (address) => {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok || answer.status === 204) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

const soon = (work) => {
  let timer = 0;
  return () => {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; work().catch(() => {}); }, AT_ONCE);
  };
};

// ---- the badge of unread notices
const badge = soon(async () => {
  const shown = document.getElementById("unread");
  if (!shown) return;
  const fresh = (await partial(shown.dataset.unread)).getElementById("unread");
  if (fresh) shown.replaceWith(document.adoptNode(fresh));
});

// ---- the feed
const feed = document.querySelector("[data-feed]");
const cards = (root) => [...root.querySelectorAll("article[data-number]")];
const waiting = new Map();

const putOnTop = () => {
  const first = cards(feed)[0];
  for (const card of [...waiting.values()].reverse()) {
    if (first) first.before(card); else feed.append(card);
    globalThis.htmx?.process(card);
  }
  feed.querySelector(".xf-empty")?.remove();
  waiting.clear();
  tellOfNew();
};

const tellOfNew = () => {
  const place = feed.querySelector(".xf-new");
  place.replaceChildren();
  if (!waiting.size) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "xf-btn xf-btn--small";
  button.textContent = feed.dataset.new.replace("{n}", waiting.size);
  button.addEventListener("click", () => { putOnTop(); scrollTo({ top: 0 }); });
  place.append(button);
};

// What was just heard of is asked for by number: the nearest page need not hold it.
// Without the stream, what is new since the last question.
const OVERLAP = 120_000; // clocks of phones differ
const heardOf = new Set();
let asked = Date.now();
const freshFeed = soon(async () => {
  const shown = new Set(cards(feed).map((card) => card.dataset.number));
  const address = new URL(feed.dataset.feed, location.href);
  for (const number of [...heardOf].slice(-20)) address.searchParams.append("only", number);
  if (!heardOf.size) address.searchParams.set("since", Math.floor((asked - OVERLAP) / 1000));
  heardOf.clear();
  asked = Date.now();
  const page = await partial(address);
  for (const card of cards(page)) {
    if (!shown.has(card.dataset.number)) waiting.set(card.dataset.number, document.adoptNode(card));
  }
  if (scrollY < 240 && !feed.contains(document.activeElement)) putOnTop(); else tellOfNew();
});

const gone = (number) => {
  waiting.delete(number);
  for (const card of cards(document).filter((one) => one.dataset.number === number)) {
    if (card.classList.contains("gone")) continue;
    card.classList.add("gone");
    card.querySelector(".xf-need__dot")?.remove();
    card.querySelector(".xf-need__foot .xf-btn")?.remove();
    const tag = document.createElement("span");
    tag.className = "xf-tag xf-tag--fit";
    tag.textContent = feed?.dataset.gone ?? "";
    (card.querySelector(".tags") ?? card).append(tag);
  }
  if (feed) tellOfNew();
};

// ---- the page of one need: its life, its state, the bar below
const need = document.querySelector("[data-need]");
const busy = (part) => part.contains(document.activeElement) || part.querySelector("details[open]");

const freshNeed = soon(async () => {
  const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!document.querySelector(".xf-bar") !== !page.querySelector(".xf-bar") && !busy(document.querySelector("main"))) {
    location.reload();
    return;
  }
  for (const place of ["#life", ".need-st", ".xf-bar", ".xf-talks"]) {
    const [old, fresh] = [document.querySelector(place), page.querySelector(place)];
    if (!old || !fresh || old.innerHTML === fresh.innerHTML || busy(old)) continue;
    const put = document.adoptNode(fresh);
    old.replaceWith(put);
    globalThis.htmx?.process(put);
  }
});

// ---- what the stream says
const heard = ({ topic, code, payload }) => {
  document.dispatchEvent(new CustomEvent("xf:event", { detail: { topic, code, payload } }));
  if (topic.startsWith("person:")) badge();
  if (feed && code === "matter.opened") { heardOf.add(payload.number); freshFeed(); }
  if (code === "matter.gone") gone(payload.number);
  if (need && [payload.number, payload.about].includes(need.dataset.need)) freshNeed();
};

let poll = 0;
let pause = POLL.first;
const ask = () => {
  badge();
  if (feed) freshFeed();
  if (need) freshNeed();
  pause = Math.min(pause * 2, POLL.most);
  poll = setTimeout(ask, document.hidden ? POLL.most : pause);
};
const polling = (on) => {
  if (on && !poll) poll = setTimeout(ask, pause);
  if (!on) { clearTimeout(poll); poll = 0; pause = POLL.first; }
};

let again = 2_000;
const listen = () => {
  const source = new EventSource(script.dataset.stream);
  source.addEventListener("open", () => { polling(false); again = 2_000; document.documentElement.dataset.stream = "open"; });
  source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    polling(true);
    document.documentElement.dataset.stream = "cut";
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    setTimeout(listen, again);
    again = Math.min(again * 2, POLL.most);
  });
};

// ---- forms that are sent once, however often they are tapped
addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once], [data-claim]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (!event.defaultPrevented) form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

if (script && (feed || need || document.getElementById("unread"))) listen();
