import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  context,
  getOctokit
} from "./chunk-LORZBJEG.mjs";
import "./chunk-LZ5T2VSM.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  context,
  getOctokit
};
