// Progress charts: what was reported against the course that people with this pain take on average, with a pale band.
//   <div class="chart" data-chart="progress-pain"></div> <script type="application/json" id="progress-pain">{...}</script>
// The JSON: {label, unit, max, weeks: [0, 1, ...], expected: [...], low: [...], high: [...], actual: [[week, value], ...],
// summary}. `expected`, `low` and `high` may be left out; values may be null. A summary and a table of the same numbers
// stand in the page beside it, for those who cannot see a chart.
import uPlot from 'uplot';

const HEIGHT = 280;

for (const place of document.querySelectorAll('[data-chart]')) {
  const held = document.getElementById(place.dataset.chart);
  if (held) draw(place, JSON.parse(held.textContent));
}

function draw(place, given) {
  let plot = null;
  const fresh = () => {
    plot?.destroy();
    plot = new uPlot(options(place, given), columns(given), place);
    plot.root.setAttribute('role', 'img');
    plot.root.setAttribute('aria-label', given.summary ?? given.label);
  };
  fresh();
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', fresh);
}

/** One column of weeks for everything, with holes where a series says nothing. */
function columns({ weeks = [], expected = [], low = [], high = [], actual = [] }) {
  const all = [...new Set([...weeks, ...actual.map(([week]) => week)])].sort((a, b) => a - b);
  const at = (values) => all.map((week) => { const i = weeks.indexOf(week); return i < 0 ? undefined : values[i] ?? null; });
  const told = new Map(actual);
  return [all, at(low), at(high), at(expected), all.map((week) => (told.has(week) ? told.get(week) : undefined))];
}

function options(place, { label, unit = '', max }) {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const [ink, quiet, line, leaf, sky] = ['--ink', '--quiet', '--line', '--leaf', '--sky'].map(token);
  const faint = `color-mix(in srgb, ${sky} 18%, transparent)`;
  const axis = { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '13px system-ui, sans-serif' };
  const none = { points: { show: false }, spanGaps: true };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    cursor: { drag: { x: false, y: false }, points: { size: 9 } },
    legend: { live: matchMedia('(hover: hover)').matches },
    scales: { x: { time: false }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), max ?? Math.max(1, high ?? 1)] } },
    axes: [{ ...axis, label: 'weeks', labelSize: 22, labelFont: axis.font }, { ...axis, size: 46 }],
    bands: [{ series: [2, 1], fill: faint }],
    series: [
      { label: 'Week' },
      { label: 'Expected, from', stroke: 'transparent', ...none },
      { label: 'to', stroke: 'transparent', ...none },
      { label: 'Expected on average', stroke: sky, width: 2, dash: [6, 5], ...none },
      {
        label: `${label}${unit ? `, ${unit}` : ''}`, stroke: leaf, width: 2.5, spanGaps: true,
        points: { show: true, size: 10, fill: leaf, stroke: ink, width: 1 },
      },
    ],
  };
}
