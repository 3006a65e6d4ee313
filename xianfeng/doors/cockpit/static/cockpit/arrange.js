// Cards are put in order by dragging, or with the arrow keys on their handle. Without this file the form does the same.
const list = document.querySelector("[data-arrange]");
const form = document.querySelector("form[data-order]");
const items = () => [...list.querySelectorAll(":scope > [data-card]")];
let dragged = null;

// ---- what the order is kept in: the numbers of the form, or the board itself
const number = () => {
  items().forEach((item, at) => {
    const field = item.querySelector("input[type=number]");
    if (field) field.value = at + 1;
  });
};

const keep = async () => {
  number();
  if (!form) return;
  const body = new FormData(form);
  for (const item of items()) body.append("card", item.dataset.card);
  const said = form.querySelector("[role=status]");
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    said.textContent = answer.ok ? form.dataset.saved : form.dataset.failed;
  } catch { said.textContent = form.dataset.failed; }
  list.dataset.kept = said.textContent === form.dataset.saved ? "1" : "0";
};

const move = (item, by) => {
  const all = items();
  const to = all[all.indexOf(item) + by];
  if (!to) return;
  if (by < 0) to.before(item); else to.after(item);
  item.querySelector(".ck-handle").focus();
  keep();
};

const handle = (item) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ck-handle";
  button.textContent = "⇅";
  button.setAttribute("aria-label", `${list.dataset.handle ?? ""} ${item.querySelector("h2, span")?.firstChild?.textContent.trim() ?? ""}`.trim());
  button.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    move(item, by);
  });
  item.append(button);
  item.draggable = true;
};

if (list) {
  items().forEach(handle);
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-card]");
    dragged?.classList.add("drag");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged?.dataset.card ?? "");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-card]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const all = items();
    if (all.indexOf(dragged) < all.indexOf(over)) over.after(dragged); else over.before(dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    dragged?.classList.remove("drag");
    dragged = null;
    keep();
  });
}
