import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  replaceFile
} from "./chunk-72X3IIGE.mjs";
import {
  fileInRoot,
  placeInRoot
} from "./chunk-CGOJY2N3.mjs";
import {
  ActionError,
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";

// src/model/deploy.ts
function isDeployOf(attempt, { name, version }, packages) {
  return attempt.name === name && attempt.version === version && packages.includes(attempt.packageSha256);
}
function entryText(entry) {
  return `${entry.at.slice(11, 19)} ${whatOf(entry)}`;
}
function whatOf(entry) {
  const { step } = entry;
  if (step === "begin") {
    const { name, from, version, way = "hot" } = entry.attempt;
    return `begin: ${way === "hot" ? "" : `${way} `}${name} ${from === "" ? "" : `${from} \u2192 `}${version}`;
  }
  if (step === "undo" || step === "downgrade" || step === "back") return `${step}: ${entry.reason}`;
  if (step === "remove-release") return `${step} ${entry.version}`;
  return step === "after" || step === "end" ? `${step}: ${entry.nodeState}` : step;
}

// src/node/release-script.ts
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
async function stopNode(control, node, timeoutSeconds = 60) {
  await control.call("stop");
  const deadline = performance.now() + 1e3 * timeoutSeconds;
  while (await isAlive(node.pid)) {
    if (performance.now() > deadline) {
      throw new ActionError(
        `The node (process id ${node.pid}) did not stop within ${timeoutSeconds} seconds.`
      );
    }
    await setTimeout(25);
  }
}
async function isAlive(pid) {
  const stat2 = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => void 0);
  return stat2 !== void 0 && !stat2.slice(stat2.lastIndexOf(")") + 2).startsWith("Z");
}
async function scriptVersion(path) {
  const text = await readFile(path, "utf8").catch(() => "");
  return /^REL_VSN="([^"]*)"$/m.exec(text)?.[1];
}
async function replaceStartScript(root, name, version) {
  const script = join(root, "bin", name);
  if (await scriptVersion(script) === void 0) return false;
  const target = await placeInRoot(root, `bin/${name}`);
  const source = await fileInRoot(root, `bin/${name}-${version}`);
  const { uid, gid, mode } = await stat(script);
  await replaceFile(target, source, { uid, gid, mode: mode & 4095 });
  return true;
}
async function checkStartScript(root, name, version) {
  if (await scriptVersion(join(root, "bin", name)) === void 0) return;
  const script = join(root, "bin", `${name}-${version}`);
  const executable = await access(script, constants.X_OK).then(
    () => true,
    () => false
  );
  if (executable && await scriptVersion(script) === version) return;
  throw new NodeRefusedError(
    `${script} is not an executable start script of ${version}, so the release could not boot.`,
    {
      remedy: "Package the release with the start script that relx makes for it."
    }
  );
}

export {
  isDeployOf,
  entryText,
  stopNode,
  isAlive,
  scriptVersion,
  replaceStartScript,
  checkStartScript
};
