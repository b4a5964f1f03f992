import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  require_unzip
} from "./chunk-IJHEO2NH.mjs";
import "./chunk-24A5BZWC.mjs";
export default require_unzip();
