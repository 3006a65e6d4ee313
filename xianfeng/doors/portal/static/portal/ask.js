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
  if (!before || (form.elements.title.value && !("named" in form.dataset))) return; // what the server kept is newer
  for (const [name, value] of before) {
    const field = form.elements[name];
    if (!field || name === "photos") continue;
    if (field instanceof RadioNodeList) {
      for (const one of field) if (one.value === value) one.checked = true;
    }
    else if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
    else field.value = value;
  }
};

const send = async () => {
  clearTimeout(timer);
  say(form.dataset.sending);
  const body = new FormData(form);
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true" },
    });
  } catch {
    say(form.dataset.saved);
    timer = setTimeout(send, PAUSES[Math.min(trying++, PAUSES.length - 1)]);
    return;
  }
  const to = answer.headers.get("HX-Redirect");
  const number = answer.headers.get("X-Sent");
  if (to && number) {
    forget();
    await followed(number, new Set(body.getAll("photos")), to);
  } else if (to) location.assign(to);
  else if (answer.status < 500) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  else { delete form.dataset.busy; say(form.dataset.failed); }
};

// The words are there; photographs still under way follow them, and what is lost can be sent again or left.
const followed = async (number, gone, to) => {
  const button = document.querySelector(".xf-bar button[type=submit]");
  if (form.photographs?.pending) {
    say(form.dataset.following);
    button.disabled = true;
    form.photographs.box.scrollIntoView({ block: "center" });
  }
  if (!form.photographs || await form.photographs.follow(number, gone)) { location.assign(to); return; }
  say(form.dataset.lost);
  const on = Object.assign(document.createElement("a"), { className: "xf-btn xf-btn--ask", href: to, textContent: form.dataset.see });
  button.replaceWith(on);
  form.addEventListener("xf:arrived", () => location.assign(to), { once: true });
};

const show = (page) => {
  const fresh = page.querySelector("main");
  if (!fresh) return;
  const before = form.photographs;
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  begin();
  document.dispatchEvent(new Event("xf:again"));
  if (before) form.photographs?.adopt(before);
  say(page.querySelector("[data-ask-said]").lastChild.textContent);
  globalThis.htmx?.process(document.querySelector("main"));
  document.getElementById("errors")?.focus();
};

// A question that waits for an answer is seen once that is given; without this module it says so in words.
const waits = () => {
  const given = new FormData(form);
  for (const box of form.querySelectorAll("[data-waits]")) {
    const wanted = box.dataset.values.split(" ").filter(Boolean);
    const said = given.getAll(box.dataset.waits);
    box.hidden = wanted.length ? !said.some((value) => wanted.includes(value)) : !said.some(Boolean);
  }
};

const begin = () => {
  form = document.getElementById("ask");
  said = document.querySelector("[data-ask-said]");
  if (!form) return;
  point(form);
  waits();
  form.addEventListener("change", waits);
  form.addEventListener("input", () => { clearTimeout(form.saving); form.saving = setTimeout(save, 400); });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "more") return; // a turn more: nothing is sent yet
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    save();
    send();
  });
};

begin();
if (form) { restore(); waits(); }
addEventListener("online", () => { if (form?.dataset.busy) send(); });
