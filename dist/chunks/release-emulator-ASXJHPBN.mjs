import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  releaseEmulator,
  startData
} from "./chunk-DKT2FWCY.mjs";
import "./chunk-CGOJY2N3.mjs";
import "./chunk-XVVOAKWR.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-QPTUJTGV.mjs";
import "./chunk-C42Q4SYJ.mjs";
import "./chunk-EWSY7AC6.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  releaseEmulator,
  startData
};
