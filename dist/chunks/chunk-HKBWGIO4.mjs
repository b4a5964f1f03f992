import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/shared/optional.ts
function defined(values) {
  const entries = Object.entries(values).filter(([, value]) => value !== void 0);
  return Object.fromEntries(entries);
}

export {
  defined
};
