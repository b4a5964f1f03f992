import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/shared/one-by-one.ts
function oneByOne() {
  let last = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => void 0);
    return next;
  };
}

export {
  oneByOne
};
