import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  OtherUser
} from "./chunk-BJHXWGKM.mjs";
import "./chunk-HMQMWZD2.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-G6Z7PSQF.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  OtherUser
};
