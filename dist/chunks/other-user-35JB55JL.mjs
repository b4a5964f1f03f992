import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  OtherUser
} from "./chunk-RN3YLQXZ.mjs";
import "./chunk-IH5IFP7B.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  OtherUser
};
