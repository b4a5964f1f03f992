import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  AskedCommands,
  PID,
  failureOf,
  giveSigns,
  isCancel,
  performDeploy,
  readRequest,
  writeOutcome
} from "../chunks/chunk-VR2XNRJG.mjs";
import "../chunks/chunk-YV2IVVFE.mjs";
import "../chunks/chunk-HJBUD44Z.mjs";
import "../chunks/chunk-72X3IIGE.mjs";
import "../chunks/chunk-IBPA3WHR.mjs";
import "../chunks/chunk-NOP5OLXF.mjs";
import "../chunks/chunk-HKBWGIO4.mjs";
import "../chunks/chunk-K56CBRUD.mjs";
import "../chunks/chunk-2DFV325Q.mjs";
import "../chunks/chunk-63LGASSU.mjs";
import "../chunks/chunk-OPCLU2FR.mjs";
import "../chunks/chunk-CGOJY2N3.mjs";
import "../chunks/chunk-72BSWT4D.mjs";
import "../chunks/chunk-2KQC2CQ4.mjs";
import "../chunks/chunk-IVUJOTEY.mjs";
import {
  Workspace,
  endOnSignals
} from "../chunks/chunk-RM2ZBCWW.mjs";
import "../chunks/chunk-NRIX5S2C.mjs";
import "../chunks/chunk-NHTI2HNZ.mjs";
import "../chunks/chunk-NW3NNBAX.mjs";
import "../chunks/chunk-3PPJ4FOD.mjs";
import "../chunks/chunk-EILSJL7M.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-V2SBDBD4.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/deploy-as-user/index.ts
import { accessSync, constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
var [folder = ""] = process.argv.slice(2);
var { request, environment } = await readRequest(folder);
Object.assign(process.env, environment, { PATH: openFolders(environment.PATH ?? "") });
await writeFile(join(folder, PID), String(process.pid));
var commands = new AskedCommands(request.inputs.commands, (line) => process.stdout.write(`${line}
`));
listenToTheStep();
giveSigns();
try {
  const workspace = await Workspace.open(folder);
  endOnSignals(workspace);
  const deployed = await performDeploy({
    request,
    commands,
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
function listenToTheStep() {
  let cancelled = false;
  const cancel = () => {
    if (!cancelled) process.kill(process.pid, "SIGINT");
    cancelled = true;
  };
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  lines.on("line", (line) => {
    if (isCancel(line)) cancel();
    else commands.take(line);
  });
  lines.once("close", () => {
    commands.end();
    cancel();
  });
  process.stdin.unref?.();
  process.stdout.on("error", () => void 0);
}
