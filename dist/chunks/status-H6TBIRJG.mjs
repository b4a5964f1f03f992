import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  DeployLock,
  Journal,
  anyNodeRuns,
  controlNode,
  findNode,
  readNodeState
} from "./chunk-YV2IVVFE.mjs";
import "./chunk-72X3IIGE.mjs";
import "./chunk-63LGASSU.mjs";
import {
  startData
} from "./chunk-OPCLU2FR.mjs";
import "./chunk-CGOJY2N3.mjs";
import "./chunk-NRIX5S2C.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/deploy/status.ts
async function readStatus(deployRoot, erlang, privateFolder) {
  const { version: boots } = await startData(deployRoot);
  const journal = await Journal.read(deployRoot);
  const changedBy = await DeployLock.holder(deployRoot);
  return {
    deployRoot,
    boots,
    ...await anyNodeRuns(deployRoot) ? { node: await askNode(deployRoot, erlang, privateFolder) } : {},
    journal,
    unfinished: journal.length > 0 && journal.at(-1)?.step !== "end",
    ...changedBy === void 0 ? {} : { changedBy }
  };
}
async function askNode(deployRoot, erlang, privateFolder) {
  const process = await findNode(deployRoot);
  const control = controlNode({ erlang, node: process, privateFolder, releases: [] });
  try {
    const { node, osPid, startedAt, otp, erts, status, releases } = await readNodeState(control);
    return { node, osPid, startedAt, otp, erts, status, releases };
  } finally {
    control.close();
  }
}
export {
  readStatus
};
