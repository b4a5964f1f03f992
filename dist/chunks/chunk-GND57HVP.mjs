import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  BadInputError
} from "./chunk-G6Z7PSQF.mjs";
import {
  getInput
} from "./chunk-CWGPP6KW.mjs";

// src/shared/duration.ts
var SECONDS = { "": 1, s: 1, m: 60, h: 3600 };
function parseDuration(text) {
  const [, digits, unit = ""] = /^(\d{1,9})([smh]?)$/.exec(text.trim()) ?? [];
  const seconds = SECONDS[unit];
  return digits === void 0 || seconds === void 0 ? void 0 : Number(digits) * seconds;
}

// src/actions/deploy-inputs.ts
import { resolve } from "node:path";
function readDeployInputs() {
  const envFile = getInput("env-file");
  return {
    deployRoot: deployRoot(),
    runAs: runAs(),
    envFile: envFile === "" ? void 0 : resolve(envFile),
    health: health(),
    onFailure: onFailure(),
    onCrash: onCrash(),
    dryRun: dryRun(),
    keepReleases: keepReleases()
  };
}
function health() {
  const timeout = duration("health-timeout", getInput("health-timeout") || "60s");
  const soak = duration("soak", getInput("soak") || "10s");
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
function duration(name, value) {
  const seconds = parseDuration(value);
  if (seconds !== void 0 && seconds <= 86400) return seconds;
  throw new BadInputError(`The input \`${name}\` is "${value}".`, {
    remedy: "Write a duration of at most a day: 90s, 5m or 1h."
  });
}
function checkUrl() {
  const value = getInput("check-url");
  if (value === "" || /^https?:$/.test(URL.parse(value)?.protocol ?? "")) return value;
  throw new BadInputError(`The input \`check-url\` is "${value}".`, {
    remedy: "Write an address that begins with http:// or https://."
  });
}
function onFailure() {
  const value = getInput("on-failure") || "downgrade";
  if (value === "downgrade" || value === "leave") return value;
  throw new BadInputError(`The input \`on-failure\` is "${value}".`, { remedy: "Write downgrade or leave." });
}
function onCrash() {
  const value = getInput("on-crash") || "fail";
  if (value === "fail" || value === "warn") return value;
  throw new BadInputError(`The input \`on-crash\` is "${value}".`, { remedy: "Write fail or warn." });
}
function dryRun() {
  const value = getInput("dry-run") || "false";
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(value)) return value.toLowerCase() === "true";
  throw new BadInputError(`The input \`dry-run\` is "${value}".`, { remedy: "Write true or false." });
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
  parseDuration,
  readDeployInputs
};
