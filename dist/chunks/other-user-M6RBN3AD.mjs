import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  OtherUser
} from "./chunk-PPJTFYWA.mjs";
import "./chunk-IJ2PF7UH.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-KEPPK7W3.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  OtherUser
};
