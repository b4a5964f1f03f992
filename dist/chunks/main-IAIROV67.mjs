import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "./chunk-MGLRMX6O.mjs";
import {
  runStep
} from "./chunk-3X7VHVTT.mjs";
import "./chunk-JVLWUZP5.mjs";
import "./chunk-R5HTUUDM.mjs";
import "./chunk-L4DFX3TI.mjs";
import "./chunk-IBPA3WHR.mjs";
import "./chunk-HKBWGIO4.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/relup/main.ts
function main() {
  return runStep(readInputs, async (inputs) => {
    const { relupAction } = await import("./relup-action-HXU4ZVNL.mjs");
    await relupAction(inputs);
  });
}
export {
  main
};
