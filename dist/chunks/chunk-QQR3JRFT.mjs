import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/shared/optional.ts
function defined(values) {
  const entries = Object.entries(values).filter(([, value]) => value !== void 0);
  return Object.fromEntries(entries);
}

// src/shared/workflow-commands.ts
var COMMAND = new RegExp("^([[\\s\\p{C}\\p{Z}]--[\\r\\n\\u2028\\u2029]]*)::", "gmv");
function neutralise(text) {
  return text.replace(COMMAND, "$1: :").replaceAll("##[", "## [");
}

export {
  defined,
  neutralise
};
