// Keeps a board true: told by the stream that something was counted, it asks for the board anew and replaces what differs.
// A page always replaces and never adds, so a cut line costs nothing: after it the board is asked for once.
import { draw } from "./charts.js";
import { CityMap } from "./map.js";

const script = document.querySelector("script[data-stream]");
const AT_ONCE = 800; // ms in which several events become one question
const POLL = { first: 5_000, most: 60_000 };
const CLOCK = 60_000; // waiting times grow without any event

const page = document.documentElement;
const ask = async (address) => {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
};

// ---- the map, once its library is here
const stage = document.querySelector("[data-map]");
const asked = new URLSearchParams(location.search);
const wish = { solid: asked.get("view") === "3d", heat: asked.get("heat") === "1", helpers: asked.get("helpers") === "1", measure: asked.get("by") ?? "waiting" };
let map = null;

const remember = () => {
  const address = new URL(location.href);
  for (const [name, value] of [["view", wish.solid && "3d"], ["heat", wish.heat && "1"], ["helpers", wish.helpers && "1"], ["by", wish.measure !== "waiting" && wish.measure]]) {
    if (value) address.searchParams.set(name, value); else address.searchParams.delete(name);
  }
  history.replaceState(null, "", address);
};

const pressed = () => {
  for (const button of document.querySelectorAll("[data-wish]")) button.setAttribute("aria-pressed", String(Boolean(wish[button.dataset.wish])));
  const by = document.querySelector("select[data-by]");
  if (by) by.value = wish.measure;
};

// the ground is asked for, its figures stand in the board: they are joined by the areas' codes
const figured = (ground) => {
  const given = JSON.parse(document.getElementById("map-data").textContent);
  const plates = ground.plates.features.map((one) => ({ ...one, properties: { ...one.properties, ...given.figures[one.properties.code] } }));
  return { ...ground, plates: { ...ground.plates, features: plates }, names: given.names, urgent: given.urgent };
};

const begin = async () => {
  if (!stage || !CityMap.can()) return;
  const [library, answer] = await Promise.all([import(script.dataset.maplibre), ask(stage.dataset.map)]);
  library.setWorkerUrl(new URL(script.dataset.worker, location.href).href);
  map = new CityMap(library, stage, figured(await answer.json()), wish);
  stage.closest(".ck-map").cityMap = map;
  document.querySelector(".ck-switch").hidden = false;
  pressed();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-wish]");
  if (!button || !map) return;
  wish[button.dataset.wish] = !wish[button.dataset.wish];
  pressed();
  remember();
  map.show(wish);
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("select[data-by]") || !map) return;
  wish.measure = event.target.value;
  remember();
  map.show(wish);
});

// ---- what is shown is replaced, number by number marked where it moved
const numbers = (root) => new Map([...root.querySelectorAll("[data-n]")].map((one) => [one.dataset.n, one.textContent.trim()]));
const busy = (part) => part.querySelector("details[open]") || (part.contains(document.activeElement) && document.activeElement !== document.body);

const replace = (fresh) => {
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.innerHTML === part.innerHTML || busy(part)) continue;
    const before = numbers(part);
    part.replaceChildren(...[...other.childNodes].map((node) => document.adoptNode(node)));
    for (const one of part.querySelectorAll("[data-n]")) {
      if (before.has(one.dataset.n) && before.get(one.dataset.n) !== one.textContent.trim()) one.classList.add("ck-new");
    }
  }
  draw();
};

let timer = 0, running = false, again = false;
const fresh = async () => {
  if (running) { again = true; return; }
  running = true;
  try {
    const [answer, plates] = await Promise.all([ask(location.href), map ? ask(stage.dataset.map) : null]);
    replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (plates) map.update(figured(await plates.json()));
    page.dataset.fresh = String(Date.now());
  } catch { /* the next event or question asks again */ } finally {
    running = false;
    if (again) { again = false; soon(); }
  }
};
const soon = () => {
  if (timer) return;
  timer = setTimeout(() => { timer = 0; fresh(); }, AT_ONCE);
};

// ---- the stream; without it the board asks by itself
let poll = 0, pause = POLL.first, wait = 2_000;
const polling = (on) => {
  if (on && !poll) poll = setTimeout(function next() { soon(); pause = Math.min(pause * 1.5, POLL.most); poll = setTimeout(next, pause); }, pause);
  if (!on) { clearTimeout(poll); poll = 0; pause = POLL.first; }
};
const listen = () => {
  const stream = new EventSource(script.dataset.stream);
  stream.addEventListener("open", () => {
    if (page.dataset.stream === "cut") soon();
    polling(false);
    wait = 2_000;
    page.dataset.stream = "open";
  });
  stream.addEventListener("message", (event) => {
    if (JSON.parse(event.data).topic.startsWith("cockpit")) soon();
  });
  stream.addEventListener("error", () => {
    page.dataset.stream = "cut";
    polling(true);
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, wait);
    wait = Math.min(wait * 2, POLL.most);
  });
};

draw();
if (document.querySelector("[data-live]")) {
  begin().catch(() => {});
  listen();
  setInterval(() => { if (!document.hidden) soon(); }, CLOCK);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
}

// ---- share: the address holds the whole state
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try { await navigator.share({ title: document.title, url: location.href }); } catch {
      try { await navigator.clipboard.writeText(location.href); } catch { return; }
      button.querySelector("span").textContent = button.dataset.share;
    }
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
