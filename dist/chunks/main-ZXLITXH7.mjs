import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  runStep
} from "./chunk-3X7VHVTT.mjs";
import "./chunk-JVLWUZP5.mjs";
import {
  readInputs
} from "./chunk-A4U64VD7.mjs";
import "./chunk-R5HTUUDM.mjs";
import "./chunk-L4DFX3TI.mjs";
import "./chunk-KFCJNA5P.mjs";
import "./chunk-IBPA3WHR.mjs";
import "./chunk-HKBWGIO4.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/deploy/main.ts
function main() {
  return runStep(readInputs, async (inputs) => {
    const { deployAction } = await import("./deploy-action-72DDVA6W.mjs");
    await deployAction(inputs);
  });
}
export {
  main
};
