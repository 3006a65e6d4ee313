// Draws what stands in <script type="application/json"> beside each [data-chart], in the colours of the page.
const still = matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new Map();

const tones = () => {
  const style = getComputedStyle(document.body);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    ask: read("--need"), answer: read("--leaf"), silk: read("--silk"), lake: read("--lake"), soft: read("--line-strong"),
    ink: read("--ink"), ink2: read("--ink-2"), line: read("--line"), card: read("--card"), font: read("--font"),
  };
};
const ORDER = ["answer", "ask", "lake", "silk", "soft"];
const number = new Intl.NumberFormat(document.documentElement.lang);
const said = (value) => (value == null ? "–" : number.format(value));

const text = (tone, size) => ({ color: tone.ink2, fontSize: size, fontFamily: tone.font });

// labels at the line ends keep a line's height from each other
const nudges = (given, size, high) => {
  const most = Math.max(1, ...given.series.flatMap((one) => one.values.map((value) => value ?? 0))) * 1.1;
  const ends = given.series.map((one, at) => ({ at, y: high * (1 - (one.values.at(-1) ?? 0) / most) })).sort((a, b) => a.y - b.y);
  let below = Infinity;
  const room = size * 1.25;
  const moved = [];
  for (const end of ends.reverse()) {
    const y = Math.min(end.y, below - room);
    moved[end.at] = y - end.y;
    below = y;
  }
  return moved;
};

const series = (given, one, at, tone, size, nudge) => {
  const colour = tone[one.tone ?? ORDER[at % ORDER.length]];
  const shared = { name: one.name, data: one.values, itemStyle: { color: colour }, animation: !still.matches, emphasis: { disabled: true } };
  if (given.form === "lines") {
    return {
      ...shared, type: "line", symbol: "circle", symbolSize: 6, showSymbol: one.values.length < 3, connectNulls: false, lineStyle: { width: 3, color: colour, type: one.dashed ? "dashed" : "solid" },
      endLabel: { show: true, formatter: () => one.name, color: colour, fontSize: size, fontFamily: tone.font, fontWeight: 600, distance: 6, offset: [0, nudge ?? 0] },
    };
  }
  const flat = given.form === "bars";
  return {
    ...shared, type: "bar", barMaxWidth: flat ? 18 : 40, barMinHeight: 2, itemStyle: { color: colour, borderRadius: flat ? [0, 4, 4, 0] : [4, 4, 0, 0] },
    label: { show: given.series.length === 1, position: flat ? "right" : "top", formatter: (at) => said(at.value), color: tone.ink, fontSize: size, fontFamily: tone.font },
  };
};

const option = (given, box) => {
  const tone = tones();
  const size = parseFloat(getComputedStyle(box).fontSize) || 16;
  const flat = given.form === "bars";
  const names = { type: "category", data: given.names, axisTick: { show: false }, axisLine: { lineStyle: { color: tone.line } }, axisLabel: { ...text(tone, size), hideOverlap: true }, inverse: flat };
  const values = { type: "value", min: 0, max: given.unit === "%" ? 100 : undefined, minInterval: given.whole ? 1 : undefined, splitNumber: 3, splitLine: { lineStyle: { color: tone.line } }, axisLabel: { ...text(tone, size), formatter: said, show: !flat, hideOverlap: true } };
  const longest = Math.max(...given.series.map((one) => [...one.name].reduce((sum, mark) => sum + (mark > "\u2e80" ? 1 : 0.56), 0)));
  const moved = given.form === "lines" ? nudges(given, size, box.clientHeight - 2.4 * size) : [];
  return {
    animationDuration: 400,
    grid: { left: 4, top: size * 0.9, bottom: 2, right: given.form === "lines" ? longest * size + 14 : flat ? size * 3.2 : 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: tone.card, borderColor: tone.line, textStyle: { color: tone.ink, fontSize: size, fontFamily: tone.font }, valueFormatter: (value) => `${said(value)} ${given.unit}`, axisPointer: { lineStyle: { color: tone.soft } } },
    xAxis: flat ? values : names,
    yAxis: flat ? names : values,
    series: given.series.map((one, at) => series(given, one, at, tone, size, moved[at])),
  };
};

export const draw = (root = document) => {
  if (!globalThis.echarts) return;
  for (const box of root.querySelectorAll("[data-chart]")) {
    const source = document.getElementById(box.dataset.chart);
    if (!source) continue;
    const kept = drawn.get(box) ?? echarts.init(box, null, { renderer: "canvas" });
    drawn.set(box, kept);
    kept.setOption(option(JSON.parse(source.textContent), box), true);
    watch.observe(box);
  }
  for (const [box, chart] of drawn) {
    if (box.isConnected) continue;
    chart.dispose();
    drawn.delete(box);
  }
};

const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) drawn.get(target)?.resize();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
