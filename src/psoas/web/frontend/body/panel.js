// The controls beside the body: plain buttons, radio buttons and a slider, all reached by keyboard.
import { loadStops, tightStops, UNTOLD } from './colours.js';

export function element(kind, options = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(options)) {
    if (name === 'class') made.className = value;
    else if (name in made && typeof value !== 'string') made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Radio buttons that look like one switch. `options` are [value, words]. */
export function choice(legend, name, options, chosen, pick) {
  const rows = options.map(([value, words]) => {
    const input = element('input', { type: 'radio', name, value, checked: value === chosen });
    input.addEventListener('change', () => pick(value));
    return element('label', { class: 'body__choice' }, input, element('span', {}, words));
  });
  return element('fieldset', { class: 'body__switch' }, element('legend', {}, legend), element('div', { class: 'body__options' }, ...rows));
}

export function layers(legend, options, pick) {
  const rows = options.map(([value, words]) => {
    const input = element('input', { type: 'checkbox', value, checked: true });
    input.addEventListener('change', () => pick(value, input.checked));
    return element('label', { class: 'body__layer' }, input, ` ${words}`);
  });
  return element('fieldset', { class: 'body__layers' }, element('legend', {}, legend), ...rows);
}

export function button(words, press, kind = 'button button--quiet') {
  const made = element('button', { type: 'button', class: kind }, words);
  made.addEventListener('click', press);
  return made;
}

/** What the colours mean; `load` are the newtons at both ends. */
export function legend(measured, load) {
  const bar = (stops, words, ends) => {
    const strip = element('span', { class: 'body__strip' });
    strip.style.background = `linear-gradient(to right, ${stops.map(([at, colour]) => `${colour} ${(100 * at).toFixed(0)}%`).join(', ')})`;
    return element('div', { class: 'body__scale' }, element('span', {}, words), strip, element('span', { class: 'body__ends' }, ...ends.map((end) => element('span', {}, end))));
  };
  const grey = element('span', { class: 'body__dot' });
  grey.style.background = UNTOLD;
  const rows = [bar(loadStops(), 'Discs: compression', [`${load[0]} N`, `${load[1]} N`])];
  if (measured) {
    rows.unshift(bar(tightStops(), 'Muscles: shorter than average', ['15 % longer', 'average', '20 % shorter']));
    rows.push(element('div', { class: 'body__scale' }, element('span', {}, grey, ' Grey: the angles do not tell')));
  }
  return element('div', { class: 'body__legend' }, ...rows);
}
