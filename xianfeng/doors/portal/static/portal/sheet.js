// A sheet takes the focus; Escape, or a tap beside it, leads back to the page below.
const sheet = document.querySelector("[data-sheet]");
if (sheet) {
  sheet.focus();
  const close = () => location.replace(sheet.dataset.sheet);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.querySelector(".xf-scrim")?.addEventListener("click", close);
}
