import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readInputs
} from "../chunks/chunk-HY7C5Q7J.mjs";
import {
  annotateFailure
} from "../chunks/chunk-RIIVLMVR.mjs";
import "../chunks/chunk-U3EEBCPX.mjs";
import "../chunks/chunk-QQR3JRFT.mjs";
import "../chunks/chunk-SYJ4VKPM.mjs";
import "../chunks/chunk-CWGPP6KW.mjs";
import "../chunks/chunk-24A5BZWC.mjs";

// src/actions/deploy/index.ts
try {
  const inputs = readInputs();
  const { deployAction } = await import("../chunks/deploy-action-CL22U5LU.mjs");
  await deployAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
