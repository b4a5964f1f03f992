import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "../chunks/chunk-KQETOQSB.mjs";
import {
  annotateFailure
} from "../chunks/chunk-TOV2ZIPF.mjs";
import "../chunks/chunk-54KOH5C4.mjs";
import "../chunks/chunk-QQR3JRFT.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-QPTUJTGV.mjs";
import "../chunks/chunk-C42Q4SYJ.mjs";
import "../chunks/chunk-EWSY7AC6.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/deploy/index.ts
try {
  const inputs = readInputs();
  const { deployAction } = await import("../chunks/deploy-action-YJ5HC2AS.mjs");
  await deployAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
