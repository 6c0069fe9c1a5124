// The body in 3D: one person's hip flexors and lumbar levels, standing or moving. The numbers stand in a table as well.
import { Figure } from './figure.js';
import { Labels } from './labels.js';
import { button, choice, element, layers, legend } from './panel.js';
import { Stage, VIEWS } from './stage.js';

const NEAR = { height: 0.02, distance: 1.75 };
const WHOLE = { height: -0.27, distance: 3.1 };
const SECONDS = { at_ease: 4, walking: 3.2, bending: 5 };
const STILL = ['standing', 'at_ease'];
const SIDEWAYS = ['at_ease', 'bending'];
const TURN = 0.14;
const ROOMY_PX = 560;

export class BodyView {
  constructor(root, scene, plain) {
    this.root = root;
    this.scene = scene;
    this.holder = root.querySelector('[data-body-stage]');
    this.holder.hidden = false;
    this.stage = new Stage(this.holder, { plain });
    this.figure = new Figure(this.stage, scene);
    this.labels = new Labels(this.holder);
    this.activities = { standing: scene.standing };
  }

  async open() {
    await this.figure.build(this.root.dataset.glb);
    this.controls();
    this.keys();
    this.stage.drawn.push(() => this.labels.place());
    this.stage.look(VIEWS.oblique, NEAR);
    this.tell();
    this.holder.dataset.bones = this.figure.boneCount;
    this.holder.dataset.muscles = this.figure.muscles.length;
    this.holder.dataset.quality = this.stage.plain ? 'low' : 'high';
    this.root.dataset.ready = 'true';
  }

  controls() {
    const { scene, figure, stage } = this;
    const panel = this.root.querySelector('[data-body-controls]');
    const states = [['measured', 'As measured'], ['normal', 'Average flexors']];
    const flexors = [...new Map(scene.muscles.map((one) => [one.muscle, one.words.split(',')[0]]))];
    this.slider = element('input', { type: 'range', min: '0', max: '0', step: '1', value: '0', 'aria-label': 'Moment of the movement' });
    this.slider.addEventListener('input', () => { this.pause(); this.go(Number(this.slider.value)); });
    this.playing = button('Play', () => (this.timer ? this.pause() : this.play()), 'button');
    this.motion = element('div', { class: 'cluster body__motion', hidden: true }, this.playing, this.slider);
    this.alone = button('Only the psoas', () => this.isolate());
    this.alone.setAttribute('aria-pressed', 'false');
    this.layerBox = layers('Show', [['bones', 'bones'], ...flexors, ['discs', 'discs'], ['labels', 'numbers']], (name, on) => this.layer(name, on));
    const turns = Object.entries({ oblique: 'Aslant', front: 'Front', right: 'Right', back: 'Back', left: 'Left' });
    panel.append(
      ...(scene.measured ? [choice('Hip flexors', 'body-state', states, figure.state, (state) => this.state(state))] : []),
      choice('Activity', 'body-activity', Object.entries(scene.activities), 'standing', (name) => this.activity(name)),
      this.motion,
      element('div', { class: 'cluster body__turns', role: 'group', 'aria-label': 'Look from' },
        ...turns.map(([name, words]) => button(words, () => stage.look(VIEWS[name], this.frame()))),
        button('Nearer', () => stage.zoom(0.85)), button('Farther', () => stage.zoom(1 / 0.85))),
      this.alone,
      this.layerBox,
    );
    panel.hidden = false;
    this.key = element('div', { class: 'body__key' });
    this.root.append(this.key);
  }

  keys() {
    const { stage } = this;
    const moves = {
      ArrowLeft: () => stage.turn(-TURN, 0), ArrowRight: () => stage.turn(TURN, 0),
      ArrowUp: () => stage.turn(0, -TURN), ArrowDown: () => stage.turn(0, TURN),
      '+': () => stage.zoom(0.9), '=': () => stage.zoom(0.9), '-': () => stage.zoom(1 / 0.9),
      0: () => stage.look(VIEWS.oblique, this.frame()),
      ' ': () => (this.timer ? this.pause() : this.play()),
    };
    this.holder.addEventListener('keydown', (event) => {
      const move = moves[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      move();
    });
  }

  frame() {
    return STILL.includes(this.figure.activity.name) ? NEAR : WHOLE;
  }

  async activity(name) {
    this.pause();
    const status = this.root.querySelector('[data-body-status]');
    if (!this.activities[name]) {
      status.textContent = 'The movement is being worked out.';
      const answer = await fetch(`${this.root.dataset.scene}&activity=${name}`);
      if (!answer.ok) {
        status.textContent = 'The movement could not be worked out.';
        return;
      }
      this.activities[name] = await answer.json();
    }
    status.textContent = '';
    this.figure.use(this.activities[name]);
    this.slider.max = String(this.figure.frames - 1);
    this.motion.hidden = this.figure.frames < 2;
    this.stage.look(SIDEWAYS.includes(name) ? VIEWS.right : VIEWS.oblique, this.frame());
    this.go(this.figure.standsAt());
    this.tell();
  }

  state(name) {
    this.figure.state = name;
    this.figure.dress();
    if (this.figure.activity.stands_at) {
      this.pause();
      this.go(this.figure.standsAt());
    }
    this.tell();
  }

  layer(name, on) {
    if (name === 'labels') this.labels.visible = on;
    else {
      this.figure.shown[on ? 'add' : 'delete'](name);
      this.figure.dress();
    }
    this.stage.ask();
  }

  isolate() {
    const alone = this.alone.getAttribute('aria-pressed') !== 'true';
    this.alone.setAttribute('aria-pressed', String(alone));
    for (const box of this.layerBox.querySelectorAll('input')) {
      const keep = ['bones', 'discs', 'labels', 'psoas_major'].includes(box.value);
      if (keep || box.checked !== alone) continue;
      box.checked = !alone;
      this.layer(box.value, !alone);
    }
    if (alone) this.stage.look(VIEWS.oblique, this.frame());
    this.tell();
  }

  go(moment) {
    this.figure.go(moment);
    this.slider.value = String(Math.floor(moment));
    this.write();
  }

  play() {
    if (this.figure.frames < 2) return;
    this.playing.textContent = 'Pause';
    const perSecond = this.figure.frames / SECONDS[this.figure.activity.name];
    let before = null;
    const step = (now) => {
      const passed = before === null ? 0 : (now - before) / 1000;
      before = now;
      this.go((this.figure.moment + passed * perSecond) % this.figure.frames);
      this.timer = requestAnimationFrame(step);
    };
    this.timer = requestAnimationFrame(step);
  }

  pause() {
    cancelAnimationFrame(this.timer);
    this.timer = 0;
    this.playing.textContent = 'Play';
  }

  /** Everything in words and numbers after a change of state, activity or layers. */
  tell() {
    const { figure, scene } = this;
    this.holder.dataset.state = figure.state;
    this.holder.dataset.activity = figure.activity.name;
    const levels = scene.levels.map((level, i) => ({ text: level, at: () => this.stage.onStage(figure.discAt(i)) }));
    const muscles = [];
    for (const one of scene.muscles) {
      const named = `${one.side === 'left' ? 'Left' : 'Right'} ${one.words.split(',')[0]}`;
      if (muscles.some((other) => other.named === named)) continue;
      const measured = figure.state === 'measured';
      if (measured && !one.told) continue; // its grey says so
      const says = measured ? `  ${one.shorter_percent > 0 ? '+' : '−'}${Math.abs(one.shorter_percent).toFixed(0)} %` : '';
      const at = () => { const where = figure.bellyOf(one.muscle, one.side); return where && this.stage.onStage(where); };
      const room = this.holder.clientWidth > ROOMY_PX && STILL.includes(figure.activity.name);
      if (one.muscle === 'psoas_major' || room) muscles.push({ named, text: named + says, at });
    }
    this.labels.show(levels, muscles);
    this.key.replaceChildren(legend(scene.measured && figure.state === 'measured', [figure.least, figure.most]));
    this.write();
    this.table();
  }

  /** The load at this moment beside each level. */
  write() {
    const loads = this.figure.loads();
    this.labels.marks?.forEach((mark) => {
      if (mark.kind !== 'level') return;
      const i = this.scene.levels.indexOf(mark.text);
      mark.box.textContent = `${mark.text}  ${loads[i]} N`;
    });
    this.stage.ask();
  }

  /** The same numbers as a table: the highest of the movement, average and measured. */
  table() {
    const body = document.querySelector('[data-body-table]');
    if (!body) return;
    const { states, words, name, stands_at: standsAt } = this.figure.activity;
    const peak = (state, i) => {
      if (!states[state]) return null;
      const loads = states[state].compression_n.map((frame) => frame[i]);
      return standsAt ? loads[standsAt[state]] : Math.max(...loads);
    };
    body.caption.textContent = `${words}: ${STILL.includes(name) ? '' : 'highest '}compression, newtons`;
    body.tBodies[0].replaceChildren(...this.scene.levels.map((level, i) => {
      const [normal, measured] = [peak('normal', i), peak('measured', i)];
      const cells = [normal, ...(measured === null ? [] : [measured, `${measured >= normal ? '+' : '−'}${Math.abs(measured - normal)}`])];
      return element('tr', {}, element('th', { scope: 'row' }, level), ...cells.map((cell) => element('td', {}, String(cell))));
    }));
  }
}
