import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";

// src/node/inside-root.ts
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
async function placeInRoot(root, path) {
  const folder = await realpath(dirname(join(root, path)));
  if (!await isInside(root, path, folder)) throw leadsOut(root, path, folder);
  return join(folder, basename(path));
}
async function fileInRoot(root, path) {
  const file = await realpath(join(root, path));
  if (!await isInside(root, path, file)) throw leadsOut(root, path, file);
  return file;
}
async function linkedOut(root) {
  for (const name of ["releases", "lib", "bin"]) {
    const real = await realpath(join(root, name)).catch(() => void 0);
    if (real !== void 0 && !isBelow(real, await realpath(root))) return join(root, name);
  }
  return void 0;
}
async function isInside(root, path, real) {
  if (isBelow(real, await realpath(root))) return true;
  const [first = "", ...others] = path.split("/");
  if (others.length === 0) return false;
  const top = join(root, first);
  const stats = await lstat(top);
  const own = stats.isSymbolicLink() && [0, process.getuid?.()].includes(stats.uid);
  return own && isBelow(real, await realpath(top));
}
function isBelow(path, folder) {
  return path === folder || path.startsWith(folder === sep ? sep : `${folder}${sep}`);
}
function leadsOut(root, path, real) {
  return new NodeRefusedError(
    `${join(root, path)} is reached through a link that leads out of deploy-root, to ${real}.`,
    {
      remedy: "See who made that link, and remove it. Only the folders right below deploy-root may lie elsewhere."
    }
  );
}

export {
  placeInRoot,
  fileInRoot,
  linkedOut
};
