import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  PID,
  failureOf,
  giveSigns,
  performDeploy,
  readRequest,
  writeOutcome
} from "../chunks/chunk-DBQ4OOLC.mjs";
import "../chunks/chunk-72BSWT4D.mjs";
import "../chunks/chunk-RIYF6SKY.mjs";
import "../chunks/chunk-FR7YYGMG.mjs";
import "../chunks/chunk-72X3IIGE.mjs";
import {
  Workspace,
  endOnSignals
} from "../chunks/chunk-L3V75B3G.mjs";
import {
  interpretErlang
} from "../chunks/chunk-IFGRBFE6.mjs";
import "../chunks/chunk-UW6B2UIW.mjs";
import {
  releaseEmulator
} from "../chunks/chunk-DKT2FWCY.mjs";
import "../chunks/chunk-CGOJY2N3.mjs";
import "../chunks/chunk-XVVOAKWR.mjs";
import "../chunks/chunk-NW3NNBAX.mjs";
import "../chunks/chunk-3PPJ4FOD.mjs";
import "../chunks/chunk-QQR3JRFT.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-NHTI2HNZ.mjs";
import "../chunks/chunk-QPTUJTGV.mjs";
import "../chunks/chunk-C42Q4SYJ.mjs";
import "../chunks/chunk-EWSY7AC6.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/deploy-as-user/index.ts
import { accessSync, constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
var [folder = ""] = process.argv.slice(2);
var { request, environment } = await readRequest(folder);
Object.assign(process.env, environment, { PATH: openFolders(environment.PATH ?? "") });
await writeFile(join(folder, PID), String(process.pid));
cancelWithTheStep();
giveSigns();
try {
  const workspace = await Workspace.open(folder);
  endOnSignals(workspace);
  const emulator = await releaseEmulator(request.inputs.deployRoot, await workspace.folder("home"));
  const erlang = await interpretErlang(await workspace.folder("erlang"), emulator);
  const deployed = await performDeploy({
    request,
    erlang,
    privateFolder: await workspace.folder("deploy")
  });
  await writeOutcome(folder, { deployed });
} catch (error) {
  await writeOutcome(folder, failureOf(error));
}
function openFolders(path) {
  return path.split(":").filter(isOpen).join(":");
}
function isOpen(folder2) {
  try {
    accessSync(folder2, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
function cancelWithTheStep() {
  process.stdin.once("end", () => process.kill(process.pid, "SIGINT"));
  process.stdin.resume();
  process.stdin.unref?.();
  process.stdout.on("error", () => void 0);
}
