// Where help is wanted, to the point: the phone's position, or a tap on a map that is loaded only then.
const script = (address) => new Promise((done, failed) => {
  const tag = document.createElement("script");
  Object.assign(tag, { src: address, onload: done, onerror: failed });
  document.head.append(tag);
});
const style = (address) => new Promise((done, failed) => {
  const tag = document.createElement("link");
  Object.assign(tag, { rel: "stylesheet", href: address, onload: done, onerror: failed });
  document.head.append(tag);
});

export const point = (form) => {
  const { lat, lon, point_area: pointArea, area } = form.elements;
  const tools = form.querySelector(".xf-where");
  const said = form.querySelector("[data-said]");
  const [locate, mapButton] = [tools.querySelector("[data-locate]"), tools.querySelector("[data-map]")];
  tools.hidden = false;

  const use = async (y, x, words) => {
    const answer = await fetch(`${mapButton.dataset.locateArea}?lat=${y.toFixed(6)}&lon=${x.toFixed(6)}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (found.area) area.value = found.area;
    lat.value = y.toFixed(6);
    lon.value = x.toFixed(6);
    pointArea.value = area.value;
    said.textContent = `${words}：${found.name}`;
    form.dispatchEvent(new Event("input"));
  };

  locate.addEventListener("click", () => {
    said.textContent = locate.dataset.asking;
    const none = () => { said.textContent = locate.dataset.none; };
    if (!navigator.geolocation) { none(); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => use(coords.latitude, coords.longitude, locate.dataset.found).catch(none),
      none,
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });

  area.addEventListener("change", () => { if (area.value !== pointArea.value) said.textContent = ""; });

  let map;
  mapButton.addEventListener("click", async () => {
    const place = form.querySelector(mapButton.dataset.map);
    place.hidden = !place.hidden;
    mapButton.setAttribute("aria-expanded", String(!place.hidden));
    if (place.hidden) return;
    map ??= await drawn(place, mapButton, [lat.value, lon.value], (y, x) => use(y, x, mapButton.dataset.found));
    map.invalidateSize();
  });
};

const drawn = async (place, button, [lat, lon], tapped) => {
  const { style: css, code, counties } = button.dataset;
  const [outlines] = await Promise.all([fetch(counties).then((answer) => answer.json()), style(css), script(code)]);
  const { L } = globalThis;
  const map = L.map(place, { attributionControl: false, zoomSnap: 0.5 });
  const base = L.geoJSON(outlines, { interactive: false, className: "xf-county" }).addTo(map);
  base.eachLayer((layer) => layer.bindTooltip(layer.feature.properties.name, { permanent: true, direction: "center", className: "xf-county-n" }));
  map.fitBounds(base.getBounds());
  let pin;
  const put = (at) => {
    pin?.remove();
    pin = L.circleMarker(at, { radius: 10, className: "xf-pin" }).addTo(map);
  };
  if (lat && lon) { put([Number(lat), Number(lon)]); map.setView([Number(lat), Number(lon)], 10); }
  map.on("click", ({ latlng }) => { put(latlng); tapped(latlng.lat, latlng.lng); });
  return map;
};
