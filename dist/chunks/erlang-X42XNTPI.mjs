import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  compileErlang,
  compiledErlang,
  interpretErlang
} from "./chunk-2DFV325Q.mjs";
import "./chunk-63LGASSU.mjs";
import "./chunk-IVUJOTEY.mjs";
import "./chunk-NRIX5S2C.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-EILSJL7M.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  compileErlang,
  compiledErlang,
  interpretErlang
};
