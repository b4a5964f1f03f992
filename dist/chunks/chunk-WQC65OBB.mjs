import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  BadInputError
} from "./chunk-G6Z7PSQF.mjs";
import {
  getInput
} from "./chunk-CWGPP6KW.mjs";

// src/actions/deploy-inputs.ts
import { resolve } from "node:path";
function readDeployInputs() {
  const envFile = getInput("env-file");
  return {
    deployRoot: deployRoot(),
    runAs: runAs(),
    envFile: envFile === "" ? void 0 : resolve(envFile)
  };
}
function deployRoot() {
  const value = getInput("deploy-root");
  if (value !== "") return resolve(value);
  throw new BadInputError("The input `deploy-root` is empty, so it is not known which node to upgrade.", {
    remedy: "Set `deploy-root` to the folder on this runner where the running release is installed."
  });
}
function runAs() {
  const value = getInput("run-as");
  if (value === "") return void 0;
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(value)) return value;
  throw new BadInputError(`The input \`run-as\` is ${JSON.stringify(value)}, which is no name of a user.`, {
    remedy: "Write the name of the user that the node runs as."
  });
}

export {
  readDeployInputs
};
