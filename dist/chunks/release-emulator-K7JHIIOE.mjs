import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  installedEmulator,
  releaseEmulator,
  startData
} from "./chunk-OPCLU2FR.mjs";
import "./chunk-CGOJY2N3.mjs";
import "./chunk-NRIX5S2C.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-3PPJ4FOD.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  installedEmulator,
  releaseEmulator,
  startData
};
