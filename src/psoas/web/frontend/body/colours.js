// The two colour scales of the body: shortening of a muscle, and load on a disc. Lightness falls along each.
const TIGHT = [
  [-15, '#3f6fae'],
  [-7, '#a695ab'],
  [0, '#cc9a8f'],
  [6, '#c87a69'],
  [12, '#b5352c'],
  [20, '#74101b'],
];
const LOAD = [
  [0, '#cfe3ea'],
  [0.4, '#f0d9a0'],
  [0.7, '#e39a3b'],
  [1, '#a8320a'],
];
export const UNTOLD = '#b8b2a8'; // grey: the readings do not tell

export const tightColour = (percent) => (percent === null ? UNTOLD : along(TIGHT, percent));
export const loadColour = (share) => along(LOAD, share);
export const tightStops = () => stops(TIGHT);
export const loadStops = () => stops(LOAD);

function along(ramp, at) {
  if (at <= ramp[0][0]) return ramp[0][1];
  for (let i = 1; i < ramp.length; i++) {
    const [from, a] = ramp[i - 1];
    const [to, b] = ramp[i];
    if (at <= to) return mix(a, b, (at - from) / (to - from));
  }
  return ramp[ramp.length - 1][1];
}

function mix(a, b, share) {
  const part = (hex, i) => parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(part(a, i) + (part(b, i) - part(a, i)) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function stops(ramp) {
  const [low, high] = [ramp[0][0], ramp[ramp.length - 1][0]];
  return ramp.map(([at, colour]) => [(at - low) / (high - low), colour]);
}
