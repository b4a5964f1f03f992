import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/shared/workflow-commands.ts
var COMMAND = new RegExp("^([[\\s\\p{C}\\p{Z}]--[\\r\\n\\u2028\\u2029]]*)::", "gmv");
function neutralise(text) {
  return text.replace(COMMAND, "$1: :").replaceAll("##[", "## [");
}

export {
  neutralise
};
