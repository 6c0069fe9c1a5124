// One person's body on the stage: bones, muscles and discs of an activity, at a moment, in a state.
import { Quaternion, Vector3 } from 'three';
import { loadColour, tightColour } from './colours.js';
import { Disc, Muscle } from './flesh.js';

const PER_M = 10000;

export class Figure {
  constructor(stage, scene) {
    this.stage = stage;
    this.scene = scene;
    this.state = scene.measured ? 'measured' : 'normal';
    this.shown = new Set(['bones', 'discs', ...scene.muscles.map((one) => one.muscle)]);
    this.moment = 0;
  }

  async build(glb) {
    this.boneCount = await this.stage.bones(glb, this.scene.standing.bones, this.scene.standing.size);
    this.muscles = this.scene.muscles.map((about, i) => new Muscle(about, this.scene.standing.strands[0][i], this.stage));
    this.discs = this.scene.levels.map(() => new Disc(this.scene.standing.size, this.stage));
    for (const part of [...this.muscles, ...this.discs]) this.stage.room.add(part.mesh);
    this.use(this.scene.standing);
  }

  /** Take up an activity; strands of another number of points get meshes of their own. */
  use(activity) {
    this.activity = activity;
    this.frames = activity.positions.length;
    if (activity.strands[0][0].length !== 3 * this.muscles[0].count) {
      for (const muscle of this.muscles) {
        this.stage.room.remove(muscle.mesh);
        muscle.geometry.dispose();
      }
      this.muscles = this.scene.muscles.map((about, i) => new Muscle(about, activity.strands[0][i], this.stage));
      for (const muscle of this.muscles) this.stage.room.add(muscle.mesh);
    }
    const states = Object.values(activity.states);
    const all = states.flatMap((one) => one.compression_n.flat());
    this.least = Math.min(...all);
    this.most = Math.max(...all);
    this.dress();
    this.go(0);
  }

  /** Stand at a moment: a frame number, with its part between two frames. */
  go(moment) {
    this.moment = moment;
    const { positions, turns, strands, discs } = this.activity;
    const first = Math.floor(moment) % this.frames;
    const second = (first + 1) % this.frames;
    const part = moment - Math.floor(moment);
    const between = (rows) => (part === 0 ? rows[first] : rows[first].map((value, i) => value + part * (rows[second][i] - value)));
    const place = between(positions);
    const turn = near(turns[first], turns[second], part);
    this.stage.skeleton.forEach((bone, i) => {
      bone.position.set(place[3 * i], place[3 * i + 1], place[3 * i + 2]).divideScalar(PER_M);
      bone.quaternion.copy(new Quaternion(turn[4 * i + 1], turn[4 * i + 2], turn[4 * i + 3], turn[4 * i]).normalize());
    });
    this.muscles.forEach((muscle, i) => {
      const [a, b] = [strands[first][i], strands[second][i]];
      muscle.move(part === 0 ? a : a.map((value, k) => value + part * (b[k] - value)));
    });
    this.discs.forEach((disc, i) => {
      disc.move(discs[part < 0.5 ? first : second][i]);
      disc.paint(loadColour(this.loadShare(this.loads()[i])));
    });
    this.stage.ask();
  }

  /** Compression of every level at this moment, newtons. */
  loads(state = this.state) {
    return this.activity.states[state].compression_n[Math.round(this.moment) % this.frames];
  }

  /** The frame in which the state stands, where each stands in its own way; the first otherwise. */
  standsAt() {
    return this.activity.stands_at?.[this.state] ?? 0;
  }

  loadShare(newtons) {
    return (newtons - this.least) / Math.max(1, this.most - this.least);
  }

  /** Colours and what is seen, after a change of state or layers. */
  dress() {
    for (const { about, mesh } of this.muscles) mesh.visible = this.shown.has(about.muscle);
    for (const muscle of this.muscles) {
      const { told, shorter_percent: percent } = muscle.about;
      muscle.paint(this.state === 'normal' ? tightColour(0) : tightColour(told ? percent : null));
    }
    this.discs.forEach((disc, i) => {
      disc.mesh.visible = this.shown.has('discs');
      disc.paint(loadColour(this.loadShare(this.loads()[i])));
    });
    for (const bone of this.stage.skeleton) bone.visible = this.shown.has('bones');
    this.stage.ask();
  }

  discAt(i) {
    return this.discs[i].mesh.position;
  }

  /** The middle of the largest visible strand of a muscle, or null when it is hidden. */
  bellyOf(muscle, side) {
    const own = this.muscles.filter(({ about }) => about.muscle === muscle && about.side === side);
    if (!own.length || !own[0].mesh.visible) return null;
    return own[Math.floor(own.length / 2)].middle ?? new Vector3();
  }
}

/** Turns between two frames, each quaternion the short way round. */
function near(a, b, part) {
  if (part === 0) return a;
  const out = new Array(a.length);
  for (let i = 0; i < a.length; i += 4) {
    const dot = a[i] * b[i] + a[i + 1] * b[i + 1] + a[i + 2] * b[i + 2] + a[i + 3] * b[i + 3];
    for (let k = i; k < i + 4; k++) out[k] = a[k] + part * (Math.sign(dot || 1) * b[k] - a[k]);
  }
  return out;
}
