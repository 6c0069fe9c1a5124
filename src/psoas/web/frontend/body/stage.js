// The room in which the body stands: light, camera, bones; draws only when something has changed.
import {
  ACESFilmicToneMapping, Color, DirectionalLight, Group, HemisphereLight, MeshPhysicalMaterial, PCFShadowMap,
  PerspectiveCamera, PMREMGenerator, Scene, Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
// Decoding without WebAssembly keeps the content security policy free of an exception.
import { MeshoptDecoder } from '../node_modules/meshoptimizer/meshopt_decoder_reference.js';

export const VIEWS = { oblique: 0.55, front: 0, right: 1.5708, back: 3.1416, left: -1.5708 };

export class Stage {
  constructor(holder, { plain }) {
    this.holder = holder;
    this.plain = plain;
    this.renderer = new WebGLRenderer({ antialias: !plain, alpha: true });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.toneMappingExposure = plain ? 1.0 : 0.86;
    this.renderer.setPixelRatio(plain ? 1 : Math.min(2, window.devicePixelRatio));
    this.renderer.domElement.setAttribute('aria-hidden', 'true');
    holder.prepend(this.renderer.domElement);
    this.scene = new Scene();
    this.room = new Group(); // the model's forward, left, up
    this.room.rotation.x = -Math.PI / 2;
    this.scene.add(this.room);
    this.camera = new PerspectiveCamera(26, 1, 0.05, 20);
    this.controls = new OrbitControls(this.camera, this.renderer.domElement);
    this.controls.enableDamping = false;
    this.controls.enablePan = false;
    this.controls.minDistance = 0.5;
    this.controls.maxDistance = 5;
    this.controls.addEventListener('change', () => this.ask());
    this.light();
    this.drawn = [];
    new ResizeObserver(() => this.resize()).observe(holder);
    this.resize();
  }

  light() {
    const key = new DirectionalLight(0xfff1dd, this.plain ? 2.1 : 1.6);
    key.position.set(1.4, 1.8, -1.0);
    const rim = new DirectionalLight(0xcfe0ff, 0.9);
    rim.position.set(-1.4, 1.0, 1.4);
    this.scene.add(key, key.target, rim);
    if (this.plain) {
      this.scene.add(new HemisphereLight(0xffffff, 0xc0ad90, 1.5));
      return;
    }
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    key.castShadow = true;
    key.shadow.mapSize.set(2048, 2048);
    Object.assign(key.shadow.camera, { left: -0.9, right: 0.9, top: 0.9, bottom: -1.1, near: 0.2, far: 6 });
    key.shadow.bias = -0.0006;
    key.shadow.normalBias = 0.004;
    const maker = new PMREMGenerator(this.renderer);
    this.scene.environment = maker.fromScene(new RoomEnvironment(), 0.04).texture;
    this.scene.environmentIntensity = 0.5;
  }

  /** Loads the bones; a left-hand one is the right-hand one mirrored. Returns how many stand in the room. */
  async bones(address, names, size) {
    const loader = new GLTFLoader();
    loader.setMeshoptDecoder(MeshoptDecoder);
    const { scene } = await loader.loadAsync(address);
    const found = {};
    scene.traverse((node) => { if (node.isMesh) found[node.name] = node; });
    const material = new MeshPhysicalMaterial({
      vertexColors: true, roughness: 0.64, sheen: this.plain ? 0 : 0.3, sheenColor: new Color('#fff3dd'), sheenRoughness: 0.6,
    });
    this.skeleton = names.map((name) => {
      const holder = new Group();
      const mesh = (found[name] ?? found[name.replace('_left', '_right')]).clone();
      mesh.material = material;
      mesh.castShadow = mesh.receiveShadow = !this.plain;
      mesh.scale.multiplyScalar(size);
      if (!found[name]) mesh.scale.y *= -1;
      holder.name = name;
      holder.add(mesh);
      this.room.add(holder);
      return holder;
    });
    return this.skeleton.length;
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.holder;
    if (!width || !height) return;
    this.renderer.setSize(width, height);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.ask();
  }

  /** Look from an angle about the upright, at a height and from a distance, metres; a narrow stage steps back. */
  look(angle, { height, distance }) {
    const far = distance * Math.max(1, 0.66 / this.camera.aspect);
    this.controls.target.set(0, height, 0);
    this.camera.position.set(Math.cos(angle) * far, height + 0.12 * far, Math.sin(angle) * far);
    this.controls.update();
    this.ask();
  }

  turn(sideways, upward) {
    const offset = this.camera.position.clone().sub(this.controls.target);
    offset.applyAxisAngle(new Vector3(0, 1, 0), sideways);
    const axis = new Vector3().crossVectors(new Vector3(0, 1, 0), offset).normalize();
    const tipped = offset.clone().applyAxisAngle(axis, upward);
    this.camera.position.copy(this.controls.target).add(Math.abs(tipped.y) < 0.95 * tipped.length() ? tipped : offset);
    this.controls.update();
    this.ask();
  }

  zoom(factor) {
    const offset = this.camera.position.clone().sub(this.controls.target);
    offset.setLength(Math.min(5, Math.max(0.5, offset.length() * factor)));
    this.camera.position.copy(this.controls.target).add(offset);
    this.controls.update();
    this.ask();
  }

  /** Where a point of the model is on the stage, pixels from its corner. */
  onStage(point) {
    const seen = this.room.localToWorld(point.clone()).project(this.camera);
    return [((seen.x + 1) / 2) * this.holder.clientWidth, ((1 - seen.y) / 2) * this.holder.clientHeight];
  }

  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.scene.updateMatrixWorld();
      this.renderer.render(this.scene, this.camera);
      for (const tell of this.drawn) tell();
    });
  }
}
