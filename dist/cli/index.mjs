#!/usr/bin/env node
import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/actions/cli/index.ts
var [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || major === 22 && minor >= 13) {
  const { main } = await import("../chunks/main-XG2VITSN.mjs");
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`relup-action needs Node 22.13 or newer; this is ${process.versions.node}.
`);
  process.exitCode = 2;
}
