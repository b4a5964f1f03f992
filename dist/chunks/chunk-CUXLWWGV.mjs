import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/actions/supported-node.ts
function isSupported(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || major === 22 && minor >= 13;
}
async function onSupportedNode(run) {
  const version = process.versions.node;
  if (isSupported(version)) return run();
  process.stdout.write(
    `::error title=relup-action::relup-action needs Node 22.13 or newer; the one of this job is ${version}.%0ARun the job in an image with Node 24, e.g. \`container: node:24-bookworm\`.
`
  );
  process.exitCode = 1;
}

export {
  isSupported,
  onSupportedNode
};
