// A claim flies a leaf to the dot while it is on its way. Nothing moves for who wishes no movement.
const still = matchMedia("(prefers-reduced-motion: reduce)");

const fly = (from, to) => {
  const sprite = document.querySelector("use").getAttribute("href").split("#")[0];
  const leaf = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#t-leaf`);
  leaf.classList.add("xf-leafly");
  leaf.setAttribute("aria-hidden", "true");
  leaf.append(use);
  document.body.append(leaf);
  const [start, end] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
  const x = start.left + start.width / 2 - 20, y = start.top - 8;
  const across = end.left + end.width / 2 - 20 - x, down = end.top + end.height / 2 - 20 - y;
  leaf.style.left = `${x}px`;
  leaf.style.top = `${y}px`;
  leaf.animate(
    [
      { transform: "rotate(-30deg) scale(.7)", opacity: 0.3 },
      { transform: `translate(${across * 0.6}px, ${down * 0.8}px) rotate(12deg)`, opacity: 1, offset: 0.6 },
      { transform: `translate(${across}px, ${down}px)`, opacity: 1 },
    ],
    { duration: 560, easing: "cubic-bezier(.2,.8,.2,1)", fill: "forwards" },
  );
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-claim]") || event.defaultPrevented || still.matches) return;
  const dot = document.querySelector(".xf-grow .now .m, .need-st .xf-need__dot");
  const button = event.target.querySelector("button[type=submit]");
  if (dot && button) fly(button, dot);
});
