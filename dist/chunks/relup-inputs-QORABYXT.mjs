import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "./chunk-MGLRMX6O.mjs";
import "./chunk-R5HTUUDM.mjs";
import "./chunk-L4DFX3TI.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  readInputs
};
