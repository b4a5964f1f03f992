#!/usr/bin/env node
import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  isSupported
} from "../chunks/chunk-CUXLWWGV.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/cli/index.ts
if (isSupported(process.versions.node)) {
  const { main } = await import("../chunks/main-FJ2ATKQF.mjs");
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`relup-action needs Node 22.13 or newer; this is ${process.versions.node}.
`);
  process.exitCode = 2;
}
