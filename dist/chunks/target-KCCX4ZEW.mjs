import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  Target
} from "./chunk-XAJZEUSJ.mjs";
import "./chunk-UTENLMGS.mjs";
import "./chunk-KFCJNA5P.mjs";
import "./chunk-2KQC2CQ4.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  Target
};
