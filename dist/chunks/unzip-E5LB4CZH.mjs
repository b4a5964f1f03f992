import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  require_unzip
} from "./chunk-KR7BVWH2.mjs";
import "./chunk-2QEI4PL4.mjs";
export default require_unzip();
