// Photographs go one by one, shrunk on the phone, and are tried again; the form waits for those on their way.
const EDGE = 1600, QUALITY = 0.82, PAUSES = [1_000, 3_000, 9_000];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const shrunk = async (file) => {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, EDGE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return { canvas, blob: blob ?? file };
};

class Photos {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector(".xf-upl");
    this.input = box.querySelector("input[type=file]");
    this.sending = Promise.resolve();
    this.pending = 0;
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
    try {
      const { canvas, blob } = await shrunk(file);
      canvas.setAttribute("role", "img");
      line.prepend(canvas);
      this.queue(line, blob);
    } catch {
      this.queue(line, file); // a format this phone cannot draw: the server says whether it can
    }
    this.removable(line);
  }

  queue(line, blob) {
    this.pending += 1;
    this.sending = this.sending
      .then(() => this.send(line, blob))
      .finally(() => { this.pending -= 1; });
  }

  async send(line, blob) {
    if (!line.isConnected) return;
    line.querySelector(".again")?.remove();
    const bar = document.createElement("progress");
    bar.className = "xf-progress";
    line.append(bar);
    const said = await this.tries(blob);
    bar.remove();
    if (said.key) {
      line.removeAttribute("aria-label");
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "photos", value: said.key });
      line.append(field);
      this.box.dispatchEvent(new Event("input", { bubbles: true }));
    } else this.failed(line, blob, said.detail);
  }

  async tries(blob) {
    for (const pause of [0, ...PAUSES]) {
      await sleep(pause);
      const form = new FormData();
      form.append("photo", blob, "photo.jpg");
      try {
        const answer = await fetch(this.box.dataset.photos, {
          method: "POST", body: form, credentials: "same-origin", headers: { "X-CSRFToken": this.box.dataset.csrf },
        });
        const said = await answer.json().catch(() => ({}));
        if (answer.ok) return said;
        if (answer.status < 500) return { detail: said.detail }; // trying again would not help
      } catch { /* the network is away */ }
    }
    return {};
  }

  failed(line, blob, detail) {
    const again = document.createElement("span");
    again.className = "again xf-err";
    again.setAttribute("role", "alert");
    again.textContent = detail ?? this.box.dataset.failed;
    line.append(again);
    line.querySelector("canvas")?.addEventListener("click", () => this.queue(line, blob), { once: true });
  }

  removable(line) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", this.box.dataset.remove);
    button.textContent = "×";
    button.addEventListener("click", () => { line.remove(); this.room(); this.input.focus(); });
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
