// A need outlives a dropped network and an ended session: kept on the phone while it is typed, sent once.
import { point } from "./point.js";

const DAY = 86_400_000, PAUSES = [3_000, 6_000, 12_000, 30_000];
const store = `xf-draft:${location.pathname}${location.search}`;
const NEVER = new Set(["csrfmiddlewaretoken", "files"]);
let form, said, trying = 0, timer = 0;

const say = (words) => { said.lastChild.textContent = words; };
const fields = () => [...new FormData(form)].filter(([name, value]) => !NEVER.has(name) && typeof value === "string");
const save = () => {
  try { localStorage.setItem(store, JSON.stringify({ at: Date.now(), fields: fields() })); } catch { /* no room: the page itself keeps it */ }
};
const forget = () => { try { localStorage.removeItem(store); } catch { /* nothing was kept */ } };

const kept = () => {
  try {
    const found = JSON.parse(localStorage.getItem(store) ?? "null");
    return found && Date.now() - found.at < DAY ? found.fields : null;
  } catch { return null; }
};

const restore = () => {
  const before = kept();
  if (!before || form.elements.title.value) return; // what the server kept is newer
  for (const [name, value] of before) {
    const field = form.elements[name];
    if (!field || name === "photos") continue;
    if (field instanceof RadioNodeList) field.value = value;
    else if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
    else field.value = value;
  }
};

const send = async () => {
  clearTimeout(timer);
  say(form.dataset.sending);
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "HX-Request": "true" },
    });
  } catch {
    say(form.dataset.saved);
    timer = setTimeout(send, PAUSES[Math.min(trying++, PAUSES.length - 1)]);
    return;
  }
  const to = answer.headers.get("HX-Redirect");
  if (to) {
    if (answer.headers.get("X-Sent")) forget();
    location.assign(to);
  } else if (answer.status < 500) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  else { delete form.dataset.busy; say(form.dataset.failed); }
};

const show = (page) => {
  const fresh = page.querySelector("main");
  if (!fresh) return;
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  begin();
  document.dispatchEvent(new Event("xf:again"));
  globalThis.htmx?.process(document.querySelector("main"));
  document.getElementById("errors")?.focus();
};

const begin = () => {
  form = document.getElementById("ask");
  said = document.querySelector("[data-ask-said]");
  if (!form) return;
  point(form);
  form.addEventListener("input", () => { clearTimeout(form.saving); form.saving = setTimeout(save, 400); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    save();
    send();
  });
};

begin();
if (form) restore();
addEventListener("online", () => { if (form?.dataset.busy) send(); });
