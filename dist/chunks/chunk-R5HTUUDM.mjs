import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  duration,
  flag,
  oneOf
} from "./chunk-L4DFX3TI.mjs";
import {
  BadInputError
} from "./chunk-SYJ4VKPM.mjs";
import {
  getInput
} from "./chunk-V2SBDBD4.mjs";

// src/actions/deploy-inputs.ts
import { resolve } from "node:path";
function readDeployInputs() {
  const envFile = getInput("env-file");
  return {
    deployRoot: deployRoot(),
    runAs: runAs(),
    envFile: envFile === "" ? void 0 : resolve(envFile),
    health: health(),
    allowRestart: flag("allow-restart", false),
    commands: commands(),
    onFailure: oneOf("on-failure", ["downgrade", "leave"]),
    onCrash: oneOf("on-crash", ["fail", "warn"]),
    dryRun: flag("dry-run", false),
    keepReleases: keepReleases()
  };
}
function health() {
  const timeout = duration("health-timeout", "60s");
  const soak = duration("soak", "10s");
  if (soak >= timeout) {
    throw new BadInputError(
      `The input \`soak\` (${soak} s) is not shorter than \`health-timeout\` (${timeout} s).`,
      {
        remedy: "The node must be healthy for `soak` without a break, and have been so when `health-timeout` is over."
      }
    );
  }
  return { check: getInput("check", { trimWhitespace: false }), checkUrl: checkUrl(), timeout, soak };
}
function commands() {
  return {
    before: getInput("before", { trimWhitespace: false }),
    after: getInput("after", { trimWhitespace: false }),
    start: getInput("start-command", { trimWhitespace: false }),
    stop: getInput("stop-command", { trimWhitespace: false })
  };
}
function checkUrl() {
  const value = getInput("check-url");
  if (value === "" || /^https?:$/.test(URL.parse(value)?.protocol ?? "")) return value;
  throw new BadInputError(`The input \`check-url\` is "${value}".`, {
    remedy: "Write an address that begins with http:// or https://."
  });
}
function keepReleases() {
  const value = getInput("keep-releases") || "3";
  if (/^[1-9][0-9]{0,3}$/.test(value)) return Number(value);
  throw new BadInputError(`The input \`keep-releases\` is "${value}".`, {
    remedy: "Write how many releases stay installed, the new one included: 1 or more."
  });
}
function deployRoot() {
  const value = getInput("deploy-root");
  if (value !== "") return resolve(value);
  throw new BadInputError("The input `deploy-root` is empty, so it is not known which node to upgrade.", {
    remedy: "Set `deploy-root` to the folder on this runner where the release is, or is to be, installed."
  });
}
function runAs() {
  const value = getInput("run-as");
  if (value === "") return void 0;
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(value)) return value;
  throw new BadInputError(`The input \`run-as\` is ${JSON.stringify(value)}, which is not a user name.`, {
    remedy: "Write the name of the user that the node runs as."
  });
}

export {
  readDeployInputs
};
