import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  OtherUser
} from "./chunk-L3L6T4R4.mjs";
import "./chunk-HMP4M4SY.mjs";
import "./chunk-GOZHD7JR.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-SYJ4VKPM.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  OtherUser
};
