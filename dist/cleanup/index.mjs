import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  endProcessesBelow
} from "../chunks/chunk-NW3NNBAX.mjs";
import {
  errorMessage
} from "../chunks/chunk-G6Z7PSQF.mjs";
import {
  getState,
  info,
  warning
} from "../chunks/chunk-IH5JPHE7.mjs";

// src/actions/cleanup/clean-up.ts
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
async function cleanUp(workspace) {
  if (!existsSync(workspace)) {
    info("Nothing to clean up.");
    return;
  }
  endProcessesBelow(workspace);
  await rm(workspace, { recursive: true, force: true, maxRetries: 3 });
  info(`Removed ${workspace}, which a cancelled run had left.`);
}

// src/actions/cleanup/index.ts
try {
  const state = getState("workspace");
  if (state === "") info("Nothing to clean up.");
  else await cleanUp(state);
} catch (error) {
  warning(`relup-action could not clean up: ${errorMessage(error)}`);
}
