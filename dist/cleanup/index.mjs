import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  isSupported
} from "../chunks/chunk-CUXLWWGV.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/cleanup/index.ts
if (isSupported(process.versions.node)) {
  const { main } = await import("../chunks/main-B4NTTZIU.mjs");
  await main();
}
