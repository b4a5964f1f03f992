import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  Ssh,
  requireAgent
} from "./chunk-7A4SPVDW.mjs";
import "./chunk-UTENLMGS.mjs";
import "./chunk-KFCJNA5P.mjs";
import "./chunk-IVUJOTEY.mjs";
import "./chunk-NRIX5S2C.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  Ssh,
  requireAgent
};
