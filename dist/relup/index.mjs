import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  onSupportedNode
} from "../chunks/chunk-CUXLWWGV.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/relup/index.ts
await onSupportedNode(async () => (await import("../chunks/main-IAIROV67.mjs")).main());
