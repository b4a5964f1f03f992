import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  ErlangError,
  compileErlang,
  compiledErlang,
  interpretErlang
} from "./chunk-IFGRBFE6.mjs";
import "./chunk-UW6B2UIW.mjs";
import "./chunk-XVVOAKWR.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-QPTUJTGV.mjs";
import "./chunk-C42Q4SYJ.mjs";
import "./chunk-EWSY7AC6.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  ErlangError,
  compileErlang,
  compiledErlang,
  interpretErlang
};
