import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  endProcessesBelow
} from "../chunks/chunk-NW3NNBAX.mjs";
import {
  errorMessage
} from "../chunks/chunk-SYJ4VKPM.mjs";
import {
  getState,
  info,
  warning
} from "../chunks/chunk-QPTUJTGV.mjs";
import "../chunks/chunk-C42Q4SYJ.mjs";
import "../chunks/chunk-EWSY7AC6.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/cleanup/clean-up.ts
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
async function cleanUp(workspace2) {
  if (!existsSync(workspace2)) {
    info("Nothing to clean up.");
    return;
  }
  endProcessesBelow(workspace2);
  await rm(workspace2, { recursive: true, force: true, maxRetries: 3 });
  info(`Removed ${workspace2}, which a cancelled run had left.`);
}
async function cleanUpHandOver(state) {
  const { name, folder } = JSON.parse(state);
  if (!existsSync(folder)) return;
  const { OtherUser } = await import("../chunks/other-user-WAFKAOEO.mjs");
  await (await OtherUser.become(name)).remove(folder, "pid");
  info(`Removed ${folder}, which a cancelled run had left.`);
}

// src/actions/cleanup/index.ts
var workspace = getState("workspace");
var handOver = getState("hand-over");
if (workspace === "" && handOver === "") info("Nothing to clean up.");
if (handOver !== "") await attempt(() => cleanUpHandOver(handOver));
if (workspace !== "") await attempt(() => cleanUp(workspace));
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    warning(`relup-action could not clean up: ${errorMessage(error)}`);
  }
}
