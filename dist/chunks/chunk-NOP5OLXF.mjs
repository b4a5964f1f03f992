import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/model/node.ts
function runningRelease(releases) {
  return releases.find(({ status }) => status === "current") ?? releases.find(({ status }) => status === "permanent");
}
function releasesText(releases) {
  return (releases ?? []).map(({ version, status }) => `${version} ${status}`).join(", ");
}

export {
  runningRelease,
  releasesText
};
