import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  WORD
} from "../chunks/chunk-46XSNNOG.mjs";
import {
  deployAsOwner
} from "../chunks/chunk-RRNBXPYC.mjs";
import {
  explainFailure
} from "../chunks/chunk-HMNT6SPE.mjs";
import "../chunks/chunk-5IITTTLL.mjs";
import {
  PID,
  awaitSigns,
  failureOf,
  giveSigns,
  readRequest
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
import {
  ActionError
} from "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-V2SBDBD4.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/deploy-over-ssh/index.ts
import { rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

// src/actions/deploy-over-ssh/alone.ts
function cancelWhenAlone() {
  let told = false;
  const cancel = () => {
    signs.stop();
    if (!told) process.kill(process.pid, "SIGINT");
    told = true;
  };
  const signs = awaitSigns(() => {
    process.stdout.write = () => true;
    process.stderr.write = () => true;
    cancel();
  });
  process.stdin.on("data", () => signs.sign());
  process.stdin.once("end", cancel);
  process.stdin.once("error", cancel);
  process.once("SIGHUP", cancel);
  process.stdin.unref?.();
  for (const output of [process.stdout, process.stderr]) output.on("error", () => void 0);
  return () => signs.stop();
}

// src/actions/deploy-over-ssh/index.ts
var [folder = ""] = process.argv.slice(2);
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
var { request } = await readRequest(folder);
var word = await readFile(join(folder, WORD), "utf8");
await writeFile(join(folder, PID), String(process.pid));
process.env.GITHUB_WORKSPACE = request.inputs.deployRoot;
process.env.GITHUB_STATE = join(folder, "state");
await writeFile(process.env.GITHUB_STATE, "");
var stop = cancelWhenAlone();
giveSigns();
var outcome;
try {
  const workspace = await Workspace.open(folder);
  endOnSignals(workspace);
  outcome = { deployed: await deployAsOwner(request, { workspace }) };
} catch (error) {
  outcome = failureOf(error instanceof ActionError ? error : await explainFailure(error, folder));
}
stop();
process.stdout.write(`${word} ${JSON.stringify(outcome)}
`);
