#!/usr/bin/env node
import { isSupported } from '../supported-node.js';

if (isSupported(process.versions.node)) {
  const { main } = await import('./main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`relup-action needs Node 22.13 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
}
