import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "./chunk-HY7C5Q7J.mjs";
import "./chunk-U3EEBCPX.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  readInputs
};
