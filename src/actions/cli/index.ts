#!/usr/bin/env node
// Nothing is imported before the version of Node is known: older ones cannot even read it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  const { main } = await import('./main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`relup-action needs Node 22.13 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
}
