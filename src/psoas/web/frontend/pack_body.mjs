// Makes the bones small: fewer triangles where the form allows, whole numbers for floats, meshopt compression.
//   node pack_body.mjs raw.glb packed.glb
import { Document, NodeIO } from '@gltf-transform/core';
import { EXTMeshoptCompression, KHRMeshQuantization } from '@gltf-transform/extensions';
import { MeshoptEncoder } from 'meshoptimizer/encoder';
import { MeshoptSimplifier } from 'meshoptimizer/simplifier';

const ERROR_M = 0.0001; // a bone's surface moves by no more than this
const STEP_M = 0.00005; // positions are whole multiples of this
const [from, to] = process.argv.slice(2);

await Promise.all([MeshoptEncoder.ready, MeshoptSimplifier.ready]);
const raw = await new NodeIO().read(from);
const packed = new Document();
const buffer = packed.createBuffer();
const material = packed.createMaterial('bone').setRoughnessFactor(0.62).setMetallicFactor(0);
const scene = packed.createScene('body');
packed.createExtension(KHRMeshQuantization).setRequired(true);
packed
  .createExtension(EXTMeshoptCompression)
  .setRequired(true)
  .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.QUANTIZE });

let before = 0;
let after = 0;
for (const node of raw.getRoot().listNodes()) {
  if (!node.getMesh()) continue;
  const bone = slim(node.getMesh().listPrimitives()[0]);
  const accessor = (type, array, normalized = false) =>
    packed.createAccessor().setType(type).setArray(array).setNormalized(normalized).setBuffer(buffer);
  const primitive = packed
    .createPrimitive()
    .setMaterial(material)
    .setIndices(accessor('SCALAR', new Uint16Array(bone.indices)))
    .setAttribute('POSITION', accessor('VEC3', bone.positions))
    .setAttribute('NORMAL', accessor('VEC3', bone.normals, true))
    .setAttribute('COLOR_0', accessor('VEC4', bone.colours, true));
  const mesh = packed.createMesh(node.getName()).addPrimitive(primitive);
  scene.addChild(packed.createNode(node.getName()).setMesh(mesh).setScale([STEP_M, STEP_M, STEP_M]));
}
await new NodeIO()
  .registerExtensions([EXTMeshoptCompression, KHRMeshQuantization])
  .registerDependencies({ 'meshopt.encoder': MeshoptEncoder })
  .write(to, packed);
console.log(`psoas: bones, ${before} triangles made ${after}`);

function slim(primitive) {
  const position = primitive.getAttribute('POSITION').getArray();
  const normal = primitive.getAttribute('NORMAL').getArray();
  const colour = primitive.getAttribute('COLOR_0').getArray();
  const all = new Uint32Array(primitive.getIndices().getArray());
  const [kept] = MeshoptSimplifier.simplify(all, position, 3, 0, ERROR_M, ['ErrorAbsolute']);
  before += all.length / 3;
  after += kept.length / 3;
  const [remap, count] = MeshoptEncoder.reorderMesh(kept, true, true); // `kept` is renumbered in place
  const bone = {
    indices: kept,
    positions: new Int16Array(3 * count),
    normals: new Int8Array(3 * count),
    colours: new Uint8Array(4 * count),
  };
  remap.forEach((to_, from_) => {
    if (to_ === 0xffffffff) return;
    for (let i = 0; i < 3; i++) {
      bone.positions[3 * to_ + i] = Math.round(position[3 * from_ + i] / STEP_M);
      bone.normals[3 * to_ + i] = Math.round(normal[3 * from_ + i] * 127);
    }
    for (let i = 0; i < 4; i++) bone.colours[4 * to_ + i] = colour[4 * from_ + i] & (i < 3 ? 0xfe : 0xff);
  });
  return bone;
}
