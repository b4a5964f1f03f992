import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  releaseEmulator,
  startData
} from "./chunk-4O76DRNQ.mjs";
import "./chunk-CGOJY2N3.mjs";
import "./chunk-GOZHD7JR.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  releaseEmulator,
  startData
};
