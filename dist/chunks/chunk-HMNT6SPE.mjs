import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  ActionError,
  RefusedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";

// src/shared/system-failure.ts
import { statfs } from "node:fs/promises";
var FULL = 1e6;
var NO_SPACE = ["ENOSPC", "EDQUOT"];
var SYSTEM = ["EACCES", "EPERM", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM"];
async function explainFailure(error, folder) {
  if (error instanceof RefusedError) return error;
  const code = error?.code ?? "";
  if (NO_SPACE.includes(code) || await isFull(folder)) {
    return new ActionError(`There is no space left on the disk of ${folder}: ${errorMessage(error)}`, {
      remedy: "Free some space before this step, or use a runner with a larger disk: every version is built in a folder of its own.",
      details: error instanceof ActionError ? error.details : void 0,
      cause: error
    });
  }
  if (!SYSTEM.includes(code) || error instanceof ActionError) return error;
  return new ActionError(`The runner's operating system refused: ${errorMessage(error)}.`, {
    remedy: "Check to whom the file belongs; on a self-hosted runner a container job may have left it to root.",
    cause: error
  });
}
async function isFull(folder) {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize < FULL,
    () => false
  );
}

export {
  explainFailure
};
