import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "./chunk-MGLRMX6O.mjs";
import {
  annotateFailure
} from "./chunk-CVFFYW7S.mjs";
import "./chunk-R5HTUUDM.mjs";
import "./chunk-L4DFX3TI.mjs";
import "./chunk-IBPA3WHR.mjs";
import "./chunk-HKBWGIO4.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/relup/main.ts
async function main() {
  try {
    const inputs = readInputs();
    const { relupAction } = await import("./relup-action-CGLCLZI2.mjs");
    await relupAction(inputs);
  } catch (error) {
    annotateFailure(error);
    process.exitCode = 1;
  }
}
export {
  main
};
