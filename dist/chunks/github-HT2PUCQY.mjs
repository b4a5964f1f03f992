import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  context,
  getOctokit
} from "./chunk-QEHUFWFX.mjs";
import "./chunk-EWSY7AC6.mjs";
import "./chunk-2QEI4PL4.mjs";
export {
  context,
  getOctokit
};
