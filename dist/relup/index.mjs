import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "../chunks/chunk-T53EVDT5.mjs";
import {
  annotateFailure
} from "../chunks/chunk-RIIVLMVR.mjs";
import "../chunks/chunk-U3EEBCPX.mjs";
import "../chunks/chunk-3PPJ4FOD.mjs";
import "../chunks/chunk-QQR3JRFT.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-CWGPP6KW.mjs";
import "../chunks/chunk-24A5BZWC.mjs";

// src/actions/relup/index.ts
try {
  const inputs = readInputs();
  const { relupAction } = await import("../chunks/relup-action-Z2R2YBRU.mjs");
  await relupAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
