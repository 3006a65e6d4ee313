// Shows the button "use my position" where the phone can tell it, and sends it once it is known.
for (const form of document.querySelectorAll("form[data-position]")) {
  if (!navigator.geolocation || !window.isSecureContext) continue;
  const button = form.querySelector("button");
  const label = button.querySelector("span");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.lat.value) return;
    event.preventDefault();
    button.disabled = true;
    label.textContent = form.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude;
        form.elements.lon.value = coords.longitude;
        form.submit();
      },
      () => {
        button.disabled = false;
        label.textContent = form.dataset.failed;
      },
      { timeout: 10000, maximumAge: 60000 },
    );
  });
}
