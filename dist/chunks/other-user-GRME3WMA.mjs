import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  OtherUser
} from "./chunk-6V765YN6.mjs";
import "./chunk-5DR6ZITR.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-G6Z7PSQF.mjs";
import "./chunk-CWGPP6KW.mjs";
import "./chunk-24A5BZWC.mjs";
export {
  OtherUser
};
