import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "../chunks/chunk-A4WSRFT4.mjs";
import "../chunks/chunk-R5HTUUDM.mjs";
import "../chunks/chunk-3PPJ4FOD.mjs";
import {
  annotateFailure
} from "../chunks/chunk-CVFFYW7S.mjs";
import "../chunks/chunk-L4DFX3TI.mjs";
import "../chunks/chunk-IBPA3WHR.mjs";
import "../chunks/chunk-HKBWGIO4.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-V2SBDBD4.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/relup/index.ts
try {
  const inputs = readInputs();
  const { relupAction } = await import("../chunks/relup-action-JATW4TCZ.mjs");
  await relupAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
