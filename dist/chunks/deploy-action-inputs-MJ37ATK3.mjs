import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "./chunk-KQETOQSB.mjs";
import "./chunk-54KOH5C4.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-QPTUJTGV.mjs";
import "./chunk-C42Q4SYJ.mjs";
import "./chunk-EWSY7AC6.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  readInputs
};
