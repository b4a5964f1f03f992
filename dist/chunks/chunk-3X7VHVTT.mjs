import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  annotateFailure
} from "./chunk-JVLWUZP5.mjs";

// src/actions/run-step.ts
async function runStep(readInputs, act) {
  try {
    await act(readInputs());
  } catch (error) {
    annotateFailure(error);
    process.exitCode = 1;
  }
}

export {
  runStep
};
