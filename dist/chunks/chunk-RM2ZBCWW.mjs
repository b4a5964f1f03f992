import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  run
} from "./chunk-NRIX5S2C.mjs";
import {
  endDescendants,
  endProcessesBelow
} from "./chunk-NW3NNBAX.mjs";
import {
  ActionError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  saveState,
  warning
} from "./chunk-V2SBDBD4.mjs";

// src/actions/run-workspace.ts
import { tmpdir } from "node:os";

// src/shared/workspace.ts
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
var REMOVE = { recursive: true, force: true, maxRetries: 5 };
var Workspace = class _Workspace {
  constructor(dir) {
    this.dir = dir;
  }
  dir;
  result;
  background = Promise.resolve();
  ends = [];
  /** Makes the folder anew; what a cancelled run left there is removed. */
  static async open(runnerTemp2) {
    const dir = join(runnerTemp2, "relup-action");
    await rm(dir, { recursive: true, force: true });
    await mkdir(runnerTemp2, { recursive: true });
    await mkdir(dir, { mode: 448 });
    return new _Workspace(dir);
  }
  /** A folder inside the workspace, made when missing. */
  async folder(...names) {
    const path = join(this.dir, ...names);
    await mkdir(path, { recursive: true, mode: 448 });
    return path;
  }
  /**
   * The folder for what outlives the run (packages, manifest, report), new for every run and beside this one:
   * `<RUNNER_TEMP>/<prefix>-XXXXXX`. The same each time, until it is dropped.
   */
  resultFolder(prefix) {
    this.result ??= mkdtempSync(join(dirname(this.dir), `${basename(prefix)}-`));
    return this.result;
  }
  /** Removes the result folder, when what is in it is of no use. */
  dropResult() {
    if (this.result !== void 0) rmSync(this.result, REMOVE);
    this.result = void 0;
  }
  /** What else is at work in the workspace: {@link close} waits for it. It must not fail. */
  meanwhile(work) {
    this.background = Promise.all([this.background, work]);
  }
  /** What {@link close} has to end, and waits for. It must not fail. */
  atClose(end) {
    this.ends.push(end);
  }
  /** Waits for what is at work in the background, ends what stays, then removes everything but the result folder. */
  async close() {
    await this.background;
    await Promise.all(this.ends.map((end) => end()));
    this.remove();
  }
  /**
   * Removes everything but the result folder. Not asynchronous: signal handlers cannot wait, and one by one its thousands of
   * files take longer.
   */
  remove() {
    rmSync(this.dir, REMOVE);
  }
  /**
   * Removes everything, the result folder too, because no output leads to it yet. For signal handlers: it does not throw,
   * and what is left is the post step's.
   */
  removeAll() {
    for (const remove of [() => this.dropResult(), () => this.remove()]) {
      try {
        remove();
      } catch {
        continue;
      }
    }
  }
};

// src/actions/run-workspace.ts
function runnerTemp() {
  return process.env.RUNNER_TEMP || tmpdir();
}
async function openWorkspace() {
  const workspace = await Workspace.open(runnerTemp()).catch((error) => {
    throw new ActionError(`The folder for temporary files cannot be used: ${errorMessage(error)}.`, {
      remedy: "Check that RUNNER_TEMP exists, has room, and belongs to the user that the runner runs as.",
      cause: error
    });
  });
  saveState("workspace", workspace.dir);
  endOnSignals(workspace);
  return workspace;
}
function endOnSignals(workspace) {
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15]
  ]) {
    process.once(signal, () => {
      endDescendants();
      endProcessesBelow(workspace.dir);
      workspace.removeAll();
      process.exit(128 + number);
    });
  }
}
function discard(workspace, folders) {
  if (folders.length === 0) return;
  workspace.meanwhile(run("rm", ["-rf", "--", ...folders]).catch(() => void 0));
}
async function closeWorkspace(workspace) {
  try {
    await workspace.close();
  } catch (error) {
    warning(`The folder ${workspace.dir} could not be removed: ${errorMessage(error)}`);
  }
}

export {
  Workspace,
  openWorkspace,
  endOnSignals,
  discard,
  closeWorkspace
};
