// Names and numbers beside the body: each level's load in a column with a thin line to its disc, each muscle at its belly.
const SVG = 'http://www.w3.org/2000/svg';
const APART_PX = 22;

export class Labels {
  constructor(holder) {
    this.holder = holder;
    this.layer = document.createElement('div');
    this.layer.className = 'body__labels';
    this.layer.setAttribute('aria-hidden', 'true');
    this.lines = document.createElementNS(SVG, 'svg');
    this.layer.append(this.lines);
    holder.append(this.layer);
    this.marks = [];
  }

  set visible(on) {
    this.layer.hidden = !on;
  }

  /** `levels` and `muscles` are lists of {text, strong?, at: () => [x, y] or null}. */
  show(levels, muscles) {
    this.layer.replaceChildren(this.lines);
    this.lines.replaceChildren();
    const make = (kind) => (one) => {
      const box = document.createElement('span');
      box.className = `body__label body__label--${kind}`;
      box.textContent = one.text;
      const line = document.createElementNS(SVG, 'line');
      this.lines.append(line);
      this.layer.append(box);
      return { ...one, kind, box, line };
    };
    this.marks = [...levels.map(make('level')), ...muscles.map(make('muscle'))];
    this.place();
  }

  place() {
    const width = this.holder.clientWidth;
    const seen = this.marks.map((mark) => ({ mark, at: mark.at() }));
    const atLeft = ({ mark, at }) => mark.kind === 'muscle' && at && at[0] < width / 2;
    this.column(seen.filter(atLeft), () => 8, 'start');
    this.column(seen.filter((one) => !atLeft(one)), () => width - 8, 'end');
  }

  column(rows, edge, side) {
    const shown = rows.filter(({ mark, at }) => { mark.box.hidden = !at; mark.line.classList.toggle('is-off', !at); return at; });
    shown.sort((a, b) => a.at[1] - b.at[1]);
    let last = 6 - APART_PX;
    for (const { mark, at } of shown) {
      const y = Math.max(at[1], last + APART_PX);
      last = y;
      const x = edge();
      mark.box.style.top = `${y}px`;
      mark.box.style.right = side === 'end' ? '8px' : 'auto';
      mark.box.style.left = side === 'end' ? 'auto' : '8px';
      const wide = mark.box.offsetWidth;
      mark.line.setAttribute('x1', side === 'end' ? x - wide - 4 : x + wide + 4);
      mark.line.setAttribute('y1', y);
      mark.line.setAttribute('x2', at[0]);
      mark.line.setAttribute('y2', at[1]);
    }
  }
}
