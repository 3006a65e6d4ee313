// Photographs go one by one, shrunk on the phone (further on a slow network), and are tried again. A form waits for
// those on their way; the form of a need goes at once, and they follow it.
const WHOLE = [1600, 0.82], SMALL = [960, 0.6], SLOW_MS = 1_000, SLOW_MBIT = 0.7, PAUSES = [1_000, 3_000, 9_000, 20_000, 40_000];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const slow = () => {
  const { saveData, effectiveType = "", downlink = Infinity } = navigator.connection ?? {}; // not every phone tells
  const [page] = performance.getEntriesByType("navigation");
  return saveData || effectiveType.includes("2g") || downlink < SLOW_MBIT || page?.responseEnd - page?.requestStart > SLOW_MS;
};

const shrunk = async (file) => {
  const [edge, quality] = slow() ? SMALL : WHOLE;
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  return { canvas, blob: blob ?? file };
};

class Photos {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector(".xf-upl");
    this.input = box.querySelector("input[type=file]");
    this.sending = Promise.resolve();
    this.pending = 0;
    this.lost = 0;
    this.need = ""; // the number of the need they follow
    this.input.addEventListener("change", () => this.take());
    for (const line of this.list.children) this.removable(line);
    this.room();
  }

  take() {
    const room = Number(this.box.dataset.most) - this.list.children.length;
    const files = [...this.input.files].slice(0, room);
    this.input.value = ""; // they go by themselves, not with the form
    for (const file of files) this.add(file);
  }

  async add(file) {
    const line = document.createElement("li");
    line.setAttribute("aria-label", this.box.dataset.sending);
    this.list.append(line);
    this.room();
    this.removable(line);
    const ready = shrunk(file).then(({ canvas, blob }) => {
      canvas.setAttribute("role", "img");
      line.prepend(canvas);
      return blob;
    }).catch(() => file); // a format this phone cannot draw: the server says whether it can
    this.queue(line, ready);
  }

  queue(line, ready) {
    this.pending += 1;
    this.sending = this.sending
      .then(async () => this.send(line, await ready))
      .finally(() => { this.pending -= 1; });
  }

  // The form was shown anew: what the one before had on its way goes on under this one.
  adopt(before) {
    const here = new Set([...this.list.querySelectorAll("input[name=photos]")].map((field) => field.value));
    for (const line of [...before.list.children]) {
      if (!here.has(line.querySelector("input[name=photos]")?.value)) this.list.append(line);
    }
    Object.assign(before, { list: this.list, box: this.box });
    this.before = before;
    this.pending += 1;
    this.sending = this.sending.then(() => before.settled()).finally(() => { this.pending -= 1; });
    this.room();
  }

  // Let all photographs follow the need `number`; those in `gone` went with it. Tells whether all arrived.
  async follow(number, gone) {
    let lost = 0;
    for (let one = this; one; one = one.before) one.need = number;
    for (const field of this.list.querySelectorAll("input[name=photos]")) {
      if (!gone.has(field.value)) this.sending = this.sending.then(() => this.attach(field.value));
    }
    await this.settled();
    for (let one = this; one; one = one.before) lost += one.lost;
    return !lost;
  }

  async settled() {
    let last;
    do { last = this.sending; await last; } while (last !== this.sending);
  }

  async attach(key) {
    const address = this.box.dataset.photos.replace(/photos$/, `api/v1/matters/${this.need}/photos`);
    const said = await this.tries(address, JSON.stringify({ key }), { "Content-Type": "application/json", "Idempotency-Key": key });
    return !said.failed;
  }

  async send(line, blob) {
    if (!line.isConnected) return;
    line.querySelector(".again")?.remove();
    const bar = document.createElement("progress");
    bar.className = "xf-progress";
    line.append(bar);
    const form = new FormData();
    form.append("photo", blob, "photo.jpg");
    const said = await this.tries(this.box.dataset.photos, form, {});
    if (said.key && this.need && !(await this.attach(said.key))) said.failed = true;
    bar.remove();
    if (!said.failed) {
      line.removeAttribute("aria-label");
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "photos", value: said.key });
      line.append(field);
      this.box.dispatchEvent(new Event("input", { bubbles: true }));
    } else this.failed(line, blob, said.detail);
  }

  async tries(address, body, headers) {
    for (const pause of [0, ...PAUSES]) {
      await sleep(pause);
      try {
        const answer = await fetch(address, {
          method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": this.box.dataset.csrf, ...headers },
        });
        const said = await answer.json().catch(() => ({}));
        if (answer.ok) return said;
        if (answer.status < 500) return { failed: true, detail: said.detail }; // trying again would not help
      } catch { /* the network is away */ }
    }
    return { failed: true };
  }

  failed(line, blob, detail) {
    this.lost += 1;
    const again = document.createElement("span");
    again.className = "again xf-err";
    again.setAttribute("role", "alert");
    again.textContent = detail ?? this.box.dataset.failed;
    line.append(again);
    line.querySelector("canvas")?.addEventListener("click", () => {
      this.lost -= 1;
      this.queue(line, blob);
      this.settled().then(() => { if (!this.lost) this.box.dispatchEvent(new Event("xf:arrived", { bubbles: true })); });
    }, { once: true });
  }

  removable(line) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", this.box.dataset.remove);
    button.textContent = "×";
    button.addEventListener("click", () => {
      if (line.querySelector(".again")) this.lost -= 1;
      line.remove();
      this.room();
      this.input.focus();
    });
    line.append(button);
  }

  room() {
    this.input.disabled = this.list.children.length >= Number(this.box.dataset.most);
  }
}

const begin = (root) => {
  for (const box of root.querySelectorAll("[data-photos]:not([data-begun])")) {
    box.dataset.begun = "1";
    const photos = new Photos(box);
    if (box.form && "draft" in box.form.dataset) { box.form.photographs = photos; continue; }
    box.form?.addEventListener("submit", async (event) => {
      if (!photos.pending) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await photos.sending;
      box.form.requestSubmit(event.submitter);
    }, { capture: true });
  }
};
begin(document);
document.addEventListener("xf:again", () => begin(document));
