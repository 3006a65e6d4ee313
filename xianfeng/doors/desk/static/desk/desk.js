// Keys of the desk. Without this file every key's deed is a link or a button of the page.
const DEEDS = "aftdv";

const rows = () => [...document.querySelectorAll("tr[data-row]")];
const current = () => rows().findIndex((row) => row.getAttribute("aria-current") === "true");

function mark(row) {
  for (const one of rows()) one.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
}

function step(by) {
  const all = rows();
  const to = all[Math.min(all.length - 1, Math.max(0, current() + by))];
  if (!to || to === all[current()]) return;
  const link = to.querySelector("a.t");
  mark(to);
  to.scrollIntoView({ block: "nearest" });
  link.focus({ preventScroll: true });
  link.click();
}

// While the side still shows the row before, a key must not decide about the wrong one.
function settled() {
  const row = rows()[current()];
  const side = document.getElementById("side");
  return !side || !row || side.dataset.at === row.dataset.row;
}

function act(key) {
  if (!settled()) return;
  const deed = document.querySelector(`.dk-p [data-key="${key}"]`);
  if (!deed) return;
  if (deed.tagName === "FORM") {
    deed.querySelector("button").click();
    return;
  }
  deed.open = true;
  deed.querySelector("button, input:not([type=hidden])").focus();
}

function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

// WCAG 2.1.4: keys of one character can be turned off; remembered on this machine.
const keysOff = () => localStorage.getItem("xf-desk-keys") === "off";

function showKeys(root) {
  const button = root.querySelector("[data-keys]");
  if (!button) return;
  button.dataset.on ??= button.textContent;
  button.textContent = keysOff() ? button.dataset.off : button.dataset.on;
  button.hidden = false;
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keys]")) return;
  localStorage.setItem("xf-desk-keys", keysOff() ? "on" : "off");
  showKeys(document);
});
document.addEventListener("htmx:afterSwap", () => showKeys(document));
showKeys(document);

document.addEventListener("keydown", (event) => {
  if (keysOff()) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "o") document.querySelector(".dk-p h2 a")?.click();
  else if (DEEDS.includes(key)) act(key);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("tr[data-row] a.t");
  if (link) mark(link.closest("tr"));
});

// On a narrow screen the side covers the list: the chosen row is a page of its own there.
document.addEventListener("htmx:confirm", (event) => {
  if (!event.target.matches("tr[data-row] a.t") || window.matchMedia("(min-width:1100px)").matches) return;
  event.preventDefault();
  window.location.assign(event.target.href);
});

// Sent is sent: the second press of an impatient hand does nothing.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.getElementById("errors")?.focus();
