import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  ErlangError,
  compileErlang,
  compiledErlang,
  interpretErlang
} from "./chunk-XOB5FZXZ.mjs";
import "./chunk-HMP4M4SY.mjs";
import "./chunk-GOZHD7JR.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  ErlangError,
  compileErlang,
  compiledErlang,
  interpretErlang
};
