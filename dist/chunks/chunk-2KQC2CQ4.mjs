import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/shared/unended.ts
function unended(sentence) {
  return sentence.replace(/\.$/, "");
}

export {
  unended
};
