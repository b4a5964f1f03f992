import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";

// src/node/durable-file.ts
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
var DiskFullError = class extends NodeRefusedError {
};
function diskFull(dir, what, cause) {
  return new DiskFullError(`There is no space left on the disk of ${dir}, so ${what}.`, {
    remedy: "Free some space, then run this step again.",
    cause
  });
}
function explainFullDisk(error, dir, what) {
  const isFull = ["ENOSPC", "EDQUOT"].includes(error?.code ?? "");
  return isFull ? diskFull(dir, what, error) : error;
}
async function replaceFile(target, source, owner) {
  await replaceBy({ target, source, owner, check: () => Promise.resolve() });
}
async function replaceByChecked({
  target,
  source,
  owner,
  sha256
}) {
  await replaceBy({
    target,
    source,
    owner,
    check: async (written) => {
      if (await digestOf(written) === sha256) return;
      throw new NodeRefusedError(`${source} was changed while the deploy was at work: its SHA-256 differs.`, {
        remedy: "See what else writes to that folder, then run this step again."
      });
    }
  });
}
async function replaceBy({
  target,
  source,
  owner,
  check
}) {
  const temporary = temporaryOf(target);
  try {
    await rm(temporary, { force: true });
    await write({ path: temporary, source, owner, check });
    await rename(temporary, target);
    await sync(dirname(target));
  } catch (error) {
    throw explainFullDisk(error, dirname(target), `${basename(target)} cannot be written`);
  } finally {
    await rm(temporary, { force: true });
  }
}
async function digestOf(handle) {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(2 ** 16);
  let position = 0;
  for (; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}
async function write({
  path,
  source,
  owner,
  check
}) {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 384);
  try {
    await handle.writeFile(createReadStream(source));
    if (process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(owner.mode);
    await handle.sync();
    await check(handle);
  } finally {
    await handle.close();
  }
}
function temporaryOf(target) {
  return join(dirname(target), `.${basename(target)}.relup-action`);
}
async function sync(path) {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
async function syncAll(paths) {
  for (const path of /* @__PURE__ */ new Set([...paths, ...paths.map((path2) => dirname(path2))])) {
    await sync(path).catch((error) => {
      if (!["ENOENT", "ENOTDIR", "ENXIO", "EINVAL"].includes(error.code ?? ""))
        throw error;
    });
  }
}

export {
  DiskFullError,
  diskFull,
  explainFullDisk,
  replaceFile,
  replaceByChecked,
  temporaryOf,
  sync,
  syncAll
};
