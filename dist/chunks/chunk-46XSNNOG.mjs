import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  writeTarball
} from "./chunk-RRNBXPYC.mjs";
import {
  writeRequest
} from "./chunk-VR2XNRJG.mjs";
import {
  shipped
} from "./chunk-2DFV325Q.mjs";

// src/actions/deploy-over-ssh/parcel.ts
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
var PROGRAMS = ["deploy-over-ssh/index.mjs", "deploy-as-user/index.mjs"];
var WORD = "word";
async function writeParcel({ request, word, node }, folder) {
  const asked = await writeRequest(folder, request, {});
  await writeFile(join(folder, WORD), word, { mode: 384 });
  const { upgradePath, fullPath, manifestPath } = request;
  const files = [upgradePath, fullPath, manifestPath, asked, join(folder, WORD)].filter(
    (file) => file !== void 0
  );
  const entries = [
    ...await bundleFiles(),
    ...await Promise.all(files.map((file) => entry(basename(file), file))),
    ...node === void 0 ? [] : [{ ...await entry("node", node), mode: 448 }]
  ];
  const path = join(folder, "parcel.tar.gz");
  await writeTarball(path, entries, Math.floor(performance.timeOrigin / 1e3));
  return path;
}
async function bundleFiles() {
  const found = /* @__PURE__ */ new Set();
  const queue = [...PROGRAMS];
  for (let name = queue.shift(); name !== void 0; name = queue.shift()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = await readFile(shipped(name), "utf8");
    queue.push(
      ...[...text.matchAll(/["']\.{1,2}\/(?:chunks\/)?([\w-]+\.mjs)["']/g)].map(
        ([, file]) => `chunks/${file}`
      )
    );
  }
  const erlang = await readdir(shipped("erlang"), { recursive: true });
  const sources = erlang.filter((name) => /\.(erl|eval)$/.test(name)).map((name) => `erlang/${name}`);
  return Promise.all([...found, ...sources].map((name) => entry(`dist/${name}`, shipped(name))));
}
async function entry(path, source) {
  return { path, source, type: "file", size: (await stat(source)).size, mode: 384 };
}

export {
  WORD,
  writeParcel
};
