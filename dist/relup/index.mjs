import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  parseDuration,
  readDeployInputs
} from "../chunks/chunk-GND57HVP.mjs";
import {
  annotateFailure
} from "../chunks/chunk-YDNL2LQF.mjs";
import {
  isReleaseName
} from "../chunks/chunk-UXNFTX25.mjs";
import "../chunks/chunk-QQR3JRFT.mjs";
import {
  BadInputError
} from "../chunks/chunk-G6Z7PSQF.mjs";
import {
  getBooleanInput,
  getInput
} from "../chunks/chunk-CWGPP6KW.mjs";
import "../chunks/chunk-24A5BZWC.mjs";

// src/actions/relup/inputs.ts
function readInputs() {
  const deploy = boolean("deploy");
  if (deploy && getInput("rehearse") === "false") {
    throw new BadInputError("`deploy: true` needs a proven upgrade, and `rehearse: false` proves none.", {
      remedy: "Leave out rehearse: false, or deploy: true."
    });
  }
  return {
    workingDirectory: getInput("working-directory") || ".",
    profile: profile(),
    release: plainName("release"),
    upgradeFrom: list("upgrade-from", ["auto"]),
    tagPattern: list("tag-pattern", ["v*", "[0-9]*"]),
    prepare: getInput("prepare", { trimWhitespace: false }),
    appups: oneOf("appups", ["generate", "require"]),
    purge: oneOf("purge", ["brutal", "soft"]),
    allowRestart: boolean("allow-restart"),
    rehearse: oneOf("rehearse", ["true", "required", "false"]),
    check: getInput("check", { trimWhitespace: false }),
    rehearseTimeout: duration("rehearse-timeout", "5m"),
    nodeName: oneOf("node-name", ["random", "keep"]),
    upload: boolean("upload"),
    artifactName: getInput("artifact-name") || void 0,
    retentionDays: retentionDays(),
    overwrite: boolean("overwrite"),
    cache: cache(),
    deploy: deploy ? readDeployInputs() : void 0
  };
}
function list(name, fallback) {
  const items = getInput(name).split(/[\n,]/).map((item) => item.trim()).filter((item) => item !== "");
  return items.length === 0 ? fallback : items;
}
function boolean(name) {
  if (getInput(name) === "") return name === "upload";
  try {
    return getBooleanInput(name);
  } catch (error) {
    throw new BadInputError(`The input \`${name}\` is "${getInput(name)}".`, {
      remedy: "Write true or false.",
      cause: error
    });
  }
}
function oneOf(name, allowed) {
  const value = getInput(name) || allowed[0];
  const found = allowed.find((one) => one === value);
  if (found !== void 0) return found;
  throw new BadInputError(`The input \`${name}\` is "${value}".`, {
    remedy: `Write ${allowed.join(" or ")}.`
  });
}
function profile() {
  const value = getInput("profile") || "prod";
  if (/^[a-z][A-Za-z0-9_]*(,[a-z][A-Za-z0-9_]*)*$/.test(value)) return value;
  throw new BadInputError(`The input \`profile\` is ${JSON.stringify(value)}, which is no rebar3 profile.`, {
    remedy: "Write the name of a profile in rebar.config, e.g. prod; several are separated by commas without spaces."
  });
}
function plainName(name) {
  const value = getInput(name);
  if (value === "") return void 0;
  if (isReleaseName(value)) return value;
  throw new BadInputError(
    `The input \`${name}\` is ${JSON.stringify(value)}, which cannot be a release name.`,
    {
      remedy: "Write the name that stands in {release, {Name, Vsn}, \u2026} in rebar.config."
    }
  );
}
function duration(name, fallback) {
  const value = getInput(name) || fallback;
  const seconds = parseDuration(value);
  if (seconds !== void 0 && seconds > 0) return seconds;
  throw new BadInputError(`The input \`${name}\` is "${value}".`, {
    remedy: "Write a duration such as 90s, 5m or 1h."
  });
}
function retentionDays() {
  const value = getInput("retention-days");
  if (value === "") return void 0;
  const days = Number(value);
  if (/^[0-9]+$/.test(value) && days >= 1 && days <= 400) return days;
  throw new BadInputError(`The input \`retention-days\` is "${value}".`, {
    remedy: "Write a whole number from 1 to 400, or leave it out for the default of the repository."
  });
}
function cache() {
  const value = getInput("cache") || "auto";
  if (value === "auto") return "auto";
  if (value === "false") return "off";
  throw new BadInputError(`The input \`cache\` is "${value}".`, { remedy: "Write auto or false." });
}

// src/actions/relup/index.ts
try {
  const inputs = readInputs();
  const { relupAction } = await import("../chunks/relup-action-5CPURUIE.mjs");
  await relupAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
