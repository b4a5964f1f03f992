import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "../chunks/chunk-WF44RHAC.mjs";
import "../chunks/chunk-R5HTUUDM.mjs";
import "../chunks/chunk-3PPJ4FOD.mjs";
import "../chunks/chunk-KFCJNA5P.mjs";
import {
  annotateFailure
} from "../chunks/chunk-CVFFYW7S.mjs";
import "../chunks/chunk-L4DFX3TI.mjs";
import "../chunks/chunk-IBPA3WHR.mjs";
import "../chunks/chunk-HKBWGIO4.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-V2SBDBD4.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/deploy/index.ts
try {
  const inputs = readInputs();
  const { deployAction } = await import("../chunks/deploy-action-XBBRR6G7.mjs");
  await deployAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
