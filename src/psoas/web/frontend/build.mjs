// Bundles every script and style of this folder into ../static, under names that hold the hash of their content.
// manifest.json maps the name as templates write it to the built one.
import { build } from "esbuild";
import { readdir, rm, writeFile, mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "static");
const entries = (await readdir(here)).filter((name) => /\.(js|css)$/.test(name)).sort();

await mkdir(out, { recursive: true });
const made = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "asset-[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "dataurl", ".wasm": "file" },
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["chrome111", "firefox114", "safari16.4"],
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [file, about] of Object.entries(made.metafile.outputs)) {
  if (about.entryPoint) manifest[about.entryPoint] = basename(file);
}
const kept = new Set([...Object.keys(made.metafile.outputs).map((file) => basename(file)), "manifest.json"]);
for (const name of await readdir(out)) {
  if (/\.(js|css|txt)$/.test(name) && !kept.has(name)) await rm(join(out, name));
}
await writeFile(join(out, "manifest.json.new"), JSON.stringify(manifest, null, 1) + "\n");
await rename(join(out, "manifest.json.new"), join(out, "manifest.json"));
