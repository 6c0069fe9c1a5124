// Muscles as tapering tubes along their strands, and discs between the vertebrae.
import {
  BufferAttribute, BufferGeometry, Color, Mesh, MeshPhysicalMaterial, Quaternion, SphereGeometry, Vector3,
} from 'three';

const PER_M = 10000;
const AROUND = 10;
const NEWTONS_PER_M2 = 460000; // 46 N/cm2, the specific tension of the model
const THICKNESS = { psoas_major: 0.95, iliacus: 0.62, rectus_femoris: 0.42, sartorius: 0.6, tensor_fasciae_latae: 0.55 };
const FLATNESS = { iliacus: 0.5 }; // lies flat in the bowl of the pelvis
const TENDON = new Color('#ece0cb');

/** A strand's mesh; `move(points)` lays it along (n x 3 tenths of a millimetre), `paint(css)` colours it. */
export class Muscle {
  constructor(about, points, { plain }) {
    this.about = about;
    this.count = points.length / 3;
    const area = about.strength_n / NEWTONS_PER_M2;
    this.radius = Math.sqrt(area / Math.PI) * THICKNESS[about.muscle];
    const vertices = this.count * (AROUND + 1);
    this.geometry = new BufferGeometry();
    for (const name of ['position', 'normal', 'color']) {
      this.geometry.setAttribute(name, new BufferAttribute(new Float32Array(3 * vertices), 3));
    }
    this.geometry.setIndex(this.faces());
    const material = new MeshPhysicalMaterial({
      vertexColors: true, roughness: 0.52, clearcoat: plain ? 0 : 0.25, clearcoatRoughness: 0.5,
    });
    this.mesh = new Mesh(this.geometry, material);
    this.mesh.name = about.name;
    this.mesh.frustumCulled = false;
    this.mesh.castShadow = this.mesh.receiveShadow = !plain;
    this.move(points);
  }

  faces() {
    const index = [];
    const row = AROUND + 1;
    for (let i = 0; i + 1 < this.count; i++) {
      for (let j = 0; j < AROUND; j++) {
        const a = i * row + j;
        index.push(a, a + 1, a + row, a + 1, a + row + 1, a + row);
      }
    }
    return index;
  }

  /** Belly in the upper half, a thin tendon at both ends; the psoas runs out into a long one. */
  profile(share) {
    const skew = this.about.muscle === 'psoas_major' ? share ** 0.8 : share;
    return 0.24 + 0.76 * Math.sin(Math.PI * Math.min(1, skew)) ** 0.85;
  }

  move(points) {
    const position = this.geometry.attributes.position;
    const normal = this.geometry.attributes.normal;
    const centre = new Vector3();
    const ahead = new Vector3();
    const side = new Vector3(0, 1, 0);
    const up = new Vector3();
    const out = new Vector3();
    const at = (i, target) => target.set(points[3 * i], points[3 * i + 1], points[3 * i + 2]).divideScalar(PER_M);
    const behind = new Vector3();
    const flat = FLATNESS[this.about.muscle] ?? 1;
    for (let i = 0; i < this.count; i++) {
      at(Math.min(i + 1, this.count - 1), ahead).sub(at(Math.max(i - 1, 0), behind)).normalize();
      at(i, centre);
      side.addScaledVector(ahead, -side.dot(ahead)).normalize(); // carried along, so that the tube does not twist
      up.crossVectors(ahead, side);
      const radius = this.radius * this.profile(i / (this.count - 1));
      for (let j = 0; j <= AROUND; j++) {
        const angle = (2 * Math.PI * j) / AROUND;
        out.copy(side).multiplyScalar(Math.cos(angle)).addScaledVector(up, Math.sin(angle) * flat);
        const n = i * (AROUND + 1) + j;
        position.setXYZ(n, centre.x + out.x * radius, centre.y + out.y * radius, centre.z + out.z * radius);
        out.normalize();
        normal.setXYZ(n, out.x, out.y, out.z);
      }
    }
    position.needsUpdate = normal.needsUpdate = true;
    this.middle = at(Math.round(this.count * 0.32), new Vector3()).clone();
  }

  paint(css) {
    const belly = new Color(css);
    const mixed = new Color();
    const colour = this.geometry.attributes.color;
    for (let i = 0; i < this.count; i++) {
      const share = i / (this.count - 1);
      const end = this.about.muscle === 'psoas_major' ? Math.min(share / 0.08, (1 - share) / 0.26) : Math.min(share, 1 - share) / 0.15;
      const k = Math.min(1, Math.max(0, end));
      mixed.copy(TENDON).lerp(belly, k * k * (3 - 2 * k));
      // Strands lie close: a slight change from one to the next shows that the muscle is made of them.
      const shade = 0.94 + 0.06 * Math.cos(this.radius * 9000);
      for (let j = 0; j <= AROUND; j++) colour.setXYZ(i * (AROUND + 1) + j, mixed.r * shade, mixed.g * shade, mixed.b * shade);
    }
    colour.needsUpdate = true;
  }
}

const HALF_M = new Vector3(0.0168, 0.0232, 0.0052); // forward, left, up, of the reference man: our choice of looks

/** A disc: a flattened ball in the axes of the end plate below it. */
export class Disc {
  constructor(size, { plain }) {
    const ball = new SphereGeometry(1, plain ? 20 : 32, plain ? 12 : 20);
    const position = ball.attributes.position;
    for (let i = 0; i < position.count; i++) {
      const z = position.getZ(i);
      const round = (value) => Math.sign(value) * Math.abs(value) ** 0.85;
      position.setXYZ(i, round(position.getX(i)), round(position.getY(i)), Math.sign(z) * Math.abs(z) ** 0.45);
    }
    ball.computeVertexNormals();
    this.mesh = new Mesh(ball, new MeshPhysicalMaterial({ roughness: 0.4, clearcoat: plain ? 0 : 0.4 }));
    this.mesh.scale.copy(HALF_M).multiplyScalar(size);
    this.mesh.castShadow = this.mesh.receiveShadow = !plain;
  }

  move([x, y, z, w, i, j, k]) {
    this.mesh.position.set(x, y, z).divideScalar(PER_M);
    this.mesh.quaternion.copy(new Quaternion(i, j, k, w).normalize());
    // The end plate's middle lies a little in front of the joint's axis.
    this.mesh.translateX(0.002);
  }

  paint(css) {
    this.mesh.material.color.set(css);
  }
}
