import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  endProcessesBelow
} from "./chunk-NW3NNBAX.mjs";
import {
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  getState,
  info,
  warning
} from "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/cleanup/clean-up.ts
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
async function cleanUp(workspace) {
  if (!existsSync(workspace)) {
    info("Nothing to clean up.");
    return;
  }
  endProcessesBelow(workspace);
  await rm(workspace, { recursive: true, force: true, maxRetries: 3 });
  info(`Removed ${workspace}, which a cancelled run had left.`);
}
async function cleanUpOverSsh(state) {
  const { address, knownHosts, folder } = JSON.parse(state);
  const { Ssh } = await import("./ssh-5LX4GLHE.mjs");
  const { Target } = await import("./target-KCCX4ZEW.mjs");
  const own = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), "relup-ssh-"));
  try {
    const target = Target.at(await Ssh.prepare(address, knownHosts, own), folder);
    await target.remove();
    info(`Removed ${folder} on ${target.name}, if a cancelled run had left it.`);
  } finally {
    await rm(own, { recursive: true });
  }
}
async function cleanUpHandOver(state) {
  const { name, folder } = JSON.parse(state);
  if (!existsSync(folder)) return;
  const { OtherUser } = await import("./other-user-CT4ZKXQQ.mjs");
  await (await OtherUser.become(name)).remove(folder, "pid");
  info(`Removed ${folder}, which a cancelled run had left.`);
}

// src/actions/cleanup/main.ts
async function main() {
  const workspace = getState("workspace");
  const handOver = getState("hand-over");
  const overSsh = getState("over-ssh");
  if (workspace === "" && handOver === "" && overSsh === "") info("Nothing to clean up.");
  if (overSsh !== "") await attempt(() => cleanUpOverSsh(overSsh));
  if (handOver !== "") await attempt(() => cleanUpHandOver(handOver));
  if (workspace !== "") await attempt(() => cleanUp(workspace));
}
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    warning(`relup-action could not clean up: ${errorMessage(error)}`);
  }
}
export {
  main
};
