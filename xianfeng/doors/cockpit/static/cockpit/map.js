// The map: plates, points, clusters, heat and pillars in MapLibre. Without WebGL2 the server's drawing stays.
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const EMPTY = { type: "FeatureCollection", features: [] };
const HIGH = 15_000; // metres of the highest plate, stretched so that it is seen over 100 km
const PILLAR = 9_000; // metres of the highest pillar
const TILT = { pitch: 52, bearing: -14 };
const FLASH_MS = 5_200;
const APART = 34; // px between two numbers

const can = () => {
  try { return !!document.createElement("canvas").getContext("webgl2"); } catch { return false; }
};

const colours = () => {
  const style = getComputedStyle(document.body);
  const read = (name) => style.getPropertyValue(name).trim();
  return { plate: [0, 1, 2, 3, 4].map((at) => read(`--pl-${at}`)), edge: read("--pl-edge"), paper: read("--paper"), need: read("--need"), ring: read("--need-ring"), help: read("--help"), on: read("--on-cinnabar"), card: read("--card"), wall: read("--pl-wall"), ink: read("--pl-ink") };
};

const shades = (data, measure) => {
  const most = Math.max(1, ...data.plates.features.map((one) => one.properties[measure] ?? 0));
  return {
    ...data.plates,
    features: data.plates.features.map((one) => {
      const share = (one.properties[measure] ?? 0) / most;
      return { ...one, properties: { ...one.properties, shade: Math.min(4, Math.floor(share * 5)), high: 1_500 + share * HIGH } };
    }),
  };
};

// a pillar stands on every place where somebody waits: twelve corners around its middle
const pillars = (needs) => {
  const most = Math.max(1, ...needs.features.map((one) => one.properties.n));
  return {
    type: "FeatureCollection",
    features: needs.features.map((one) => {
      const [lon, lat] = one.geometry.coordinates;
      const ring = Array.from({ length: 13 }, (_, at) => {
        const angle = (at / 12) * 2 * Math.PI;
        return [lon + (0.008 * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180), lat + 0.008 * Math.sin(angle)];
      });
      return { type: "Feature", properties: { n: one.properties.n, high: HIGH + 3_000 + (one.properties.n / most) * PILLAR }, geometry: { type: "Polygon", coordinates: [ring] } };
    }),
  };
};

const sum = ["coalesce", ["get", "sum"], ["get", "n"]];
const late = ["coalesce", ["get", "lates"], ["get", "late"], 0];

const layers = (tone, size) => [
  { id: "ground", type: "background", paint: { "background-color": tone.paper } },
  { id: "plates", type: "fill", source: "plates", paint: { "fill-color": ["match", ["get", "shade"], 0, tone.plate[0], 1, tone.plate[1], 2, tone.plate[2], 3, tone.plate[3], tone.plate[4]] } },
  { id: "edges", type: "line", source: "plates", paint: { "line-color": tone.edge, "line-width": 2.5 } },
  { id: "blocks", type: "fill-extrusion", source: "plates", layout: { visibility: "none" }, paint: { "fill-extrusion-color": ["match", ["get", "shade"], 0, tone.plate[0], 1, tone.plate[1], 2, tone.plate[2], 3, tone.plate[3], tone.plate[4]], "fill-extrusion-height": ["get", "high"], "fill-extrusion-opacity": 1 } },
  { id: "pillars", type: "fill-extrusion", source: "pillars", layout: { visibility: "none" }, paint: { "fill-extrusion-color": tone.need, "fill-extrusion-height": ["get", "high"] } },
  { id: "heat", type: "heatmap", source: "heat", layout: { visibility: "none" }, paint: { "heatmap-weight": ["min", 1, ["/", ["get", "n"], 20]], "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 7, 14, 12, 46], "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 7, 0.7, 12, 2], "heatmap-opacity": 0.8, "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0,0,0,0)", 0.25, tone.ring, 1, tone.need] } },
  { id: "towns", type: "circle", source: "towns", minzoom: 8, paint: { "circle-radius": 3, "circle-color": tone.ink, "circle-opacity": 0.55 } },
  { id: "town-names", type: "symbol", source: "towns", minzoom: 10.2, layout: { "text-field": ["get", "name"], "text-size": size, "text-offset": [0, 0.9], "text-anchor": "top", "text-optional": true }, paint: { "text-color": tone.ink, "text-halo-color": tone.card, "text-halo-width": 1.2 } },
  { id: "helpers", type: "circle", source: "helpers", paint: { "circle-color": tone.help, "circle-stroke-color": tone.card, "circle-stroke-width": 1.5, "circle-radius": ["interpolate", ["linear"], sum, 1, 5, 50, 13, 1000, 20], "circle-opacity": 0.9 } },
  { id: "helper-counts", type: "symbol", source: "helpers", filter: [">", sum, 1], layout: { "text-field": ["to-string", sum], "text-size": size * 0.9, "text-allow-overlap": true }, paint: { "text-color": tone.on } },
  { id: "needs", type: "circle", source: "needs", paint: { "circle-color": tone.need, "circle-stroke-color": ["case", [">", late, 0], tone.ring, tone.card], "circle-stroke-width": ["case", [">", late, 0], 5, 2], "circle-radius": ["interpolate", ["linear"], sum, 1, 7, 50, 18, 1000, 28] } },
  { id: "need-counts", type: "symbol", source: "needs", filter: [">", sum, 1], layout: { "text-field": ["to-string", sum], "text-size": size, "text-allow-overlap": true }, paint: { "text-color": tone.on } },
];

const source = (data, clustered) => ({
  type: "geojson", data: data ?? EMPTY,
  ...(clustered && { cluster: true, clusterRadius: 38, clusterMaxZoom: 13, clusterProperties: { sum: ["+", ["get", "n"]], lates: ["+", ["coalesce", ["get", "late"], 0]] } }),
});

const box = (data) => {
  const [west, south, east, north] = data.bounds;
  return [[west, south], [east, north]];
};

// Names, urgent numbers and flashes are elements of the page, so that they are read, tabbed to and followed.
class Marks {
  constructor(library, map) { Object.assign(this, { library, map, names: [], numbers: [] }); }

  put(kept, list) {
    for (const mark of kept.splice(0)) mark.remove();
    for (const [element, at, offset] of list) kept.push(new this.library.Marker({ element, offset }).setLngLat(at).addTo(this.map));
  }

  draw(data) {
    this.put(this.names, (data.names ?? []).map((one) => {
      const link = document.createElement("a");
      link.className = "ck-name";
      link.href = one.url;
      const name = document.createElement("b");
      name.textContent = one.name;
      link.append(name);
      for (const [tag, words] of [["span", one.more], ["em", one.waiting]]) {
        if (!words) continue;
        const line = document.createElement(tag);
        line.textContent = words;
        link.append(line);
      }
      return [link, [one.lon, one.lat]];
    }));
    const taken = [];
    this.put(this.numbers, (data.urgent ?? []).map((one) => {
      const link = document.createElement(one.url ? "a" : "span");
      link.className = `ck-no${one.late ? " late" : " o"}`;
      if (one.url) link.href = one.url;
      link.textContent = one.number;
      link.title = one.title;
      // those that would cover each other stand side by side
      const at = this.map.project([one.lon, one.lat]);
      while (taken.some((other) => Math.hypot(other.x - at.x, other.y - at.y) < APART)) at.x += APART;
      taken.push({ x: at.x, y: at.y });
      return [link, [one.lon, one.lat], [at.x - this.map.project([one.lon, one.lat]).x, 0]];
    }));
  }

  flash(places) {
    for (const at of places.slice(0, 20)) {
      const element = document.createElement("span");
      element.className = "ck-flash";
      const mark = new this.library.Marker({ element }).setLngLat(at).addTo(this.map);
      setTimeout(() => mark.remove(), FLASH_MS);
    }
  }
}

const counts = (needs) => new Map((needs?.features ?? []).map((one) => [one.geometry.coordinates.join(), one.properties.n]));

export class CityMap {
  static can = can;

  constructor(library, stage, data, wish) {
    Object.assign(this, { library, stage, data, wish });
    const holder = document.createElement("div");
    holder.className = "ck-gl";
    stage.append(holder);
    const touch = matchMedia("(max-width: 1199px)").matches;
    this.map = new library.Map({
      container: holder, bounds: box(data), fitBoundsOptions: { padding: 26 }, attributionControl: false, cooperativeGestures: touch,
      locale: { "CooperativeGesturesHandler.WindowsHelpText": stage.dataset.gesture, "CooperativeGesturesHandler.MacHelpText": stage.dataset.gesture, "CooperativeGesturesHandler.MobileHelpText": stage.dataset.gesture, "Map.Title": stage.dataset.title },
      fadeDuration: still() ? 0 : 200, maxPitch: 60, dragRotate: true,
      style: {
        version: 8,
        sources: { plates: source(shades(data, wish.measure)), pillars: source(pillars(data.needs ?? EMPTY)), heat: source(data.heat), towns: source(data.towns), helpers: source(data.helpers, true), needs: source(data.needs, true) },
        layers: layers(colours(), parseFloat(getComputedStyle(stage).fontSize)),
      },
    });
    this.marks = new Marks(library, this.map);
    this.map.on("zoomend", () => this.marks.draw(this.data));
    this.map.on("load", () => { stage.classList.add("gl"); this.marks.draw(data); this.show(wish, true); });
    for (const layer of ["needs", "helpers"]) {
      this.map.on("click", layer, (event) => this.open(layer, event.features[0]));
      this.map.on("mouseenter", layer, () => { this.map.getCanvas().style.cursor = "pointer"; });
      this.map.on("mouseleave", layer, () => { this.map.getCanvas().style.cursor = ""; });
    }
    this.map.on("click", "towns", (event) => { location.assign(event.features[0].properties.url); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
  }

  async open(layer, feature) {
    const { cluster, cluster_id: id, url } = feature.properties;
    if (!cluster) { if (url) location.assign(url); return; }
    const zoom = await this.map.getSource(layer).getClusterExpansionZoom(id);
    this.map.easeTo({ center: feature.geometry.coordinates, zoom: zoom + 0.4, duration: still() ? 0 : 500 });
  }

  paint() {
    for (const layer of layers(colours(), 16)) {
      for (const [name, value] of Object.entries(layer.paint)) this.map.setPaintProperty(layer.id, name, value);
    }
  }

  seen(layer, on) { this.map.setLayoutProperty(layer, "visibility", on ? "visible" : "none"); }

  show(wish, first = false) {
    this.wish = wish;
    this.map.getSource("plates").setData(shades(this.data, wish.measure));
    for (const layer of ["blocks", "pillars"]) this.seen(layer, wish.solid);
    for (const layer of ["plates", "edges"]) this.seen(layer, !wish.solid);
    for (const layer of ["needs", "need-counts"]) this.seen(layer, !wish.heat && !wish.solid);
    for (const layer of ["helpers", "helper-counts"]) this.seen(layer, wish.helpers);
    this.seen("heat", wish.heat && !wish.solid);
    const camera = this.map.cameraForBounds(box(this.data), { padding: 26, ...(wish.solid && { bearing: TILT.bearing }) });
    const to = { ...camera, pitch: wish.solid ? TILT.pitch : 0, bearing: wish.solid ? TILT.bearing : 0 };
    if (first && !wish.solid) return;
    this.map.easeTo({ ...to, duration: first || still() ? 0 : 700 });
  }

  update(data) {
    const before = counts(this.data.needs);
    const fresh = (data.needs?.features ?? []).filter((one) => one.properties.n > (before.get(one.geometry.coordinates.join()) ?? 0));
    this.data = data;
    if (!this.map.isStyleLoaded() && !this.map.getSource("needs")) return;
    this.map.getSource("plates").setData(shades(data, this.wish.measure));
    for (const name of ["needs", "helpers", "heat", "towns"]) this.map.getSource(name).setData(data[name] ?? EMPTY);
    this.map.getSource("pillars").setData(pillars(data.needs ?? EMPTY));
    this.marks.draw(data);
    this.marks.flash(fresh.map((one) => one.geometry.coordinates));
  }
}
