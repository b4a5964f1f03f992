import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "../chunks/chunk-TY4QWZPB.mjs";
import {
  annotateFailure
} from "../chunks/chunk-TOV2ZIPF.mjs";
import "../chunks/chunk-54KOH5C4.mjs";
import "../chunks/chunk-3PPJ4FOD.mjs";
import "../chunks/chunk-QQR3JRFT.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-QPTUJTGV.mjs";
import "../chunks/chunk-C42Q4SYJ.mjs";
import "../chunks/chunk-EWSY7AC6.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/relup/index.ts
try {
  const inputs = readInputs();
  const { relupAction } = await import("../chunks/relup-action-5MNHZOPN.mjs");
  await relupAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
