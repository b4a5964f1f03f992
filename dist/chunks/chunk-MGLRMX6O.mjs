import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readDeployInputs
} from "./chunk-R5HTUUDM.mjs";
import {
  duration,
  flag,
  oneOf
} from "./chunk-L4DFX3TI.mjs";
import {
  isReleaseName
} from "./chunk-3PPJ4FOD.mjs";
import {
  BadInputError
} from "./chunk-SYJ4VKPM.mjs";
import {
  getInput
} from "./chunk-V2SBDBD4.mjs";

// src/actions/relup/relup-inputs.ts
function readInputs() {
  const mode = oneOf("mode", ["release", "check"]);
  const deploy = flag("deploy", false);
  if (deploy && mode === "check") {
    throw new BadInputError("`deploy: true` needs a release, and `mode: check` makes none.", {
      remedy: "Deploy in a workflow that runs for tags, and leave out deploy: true here."
    });
  }
  if (deploy && getInput("rehearse") === "false") {
    throw new BadInputError("`deploy: true` needs a proven upgrade, and `rehearse: false` proves none.", {
      remedy: "Leave out rehearse: false, or deploy: true."
    });
  }
  return {
    mode,
    workingDirectory: getInput("working-directory") || ".",
    profile: profile(),
    release: plainName("release"),
    upgradeFrom: list("upgrade-from", ["auto"]),
    tagPattern: list("tag-pattern", ["v*", "[0-9]*"]),
    prepare: getInput("prepare", { trimWhitespace: false }),
    appups: oneOf("appups", ["generate", "require"]),
    purge: oneOf("purge", ["brutal", "soft"]),
    allowRestart: flag("allow-restart", false),
    rehearse: oneOf("rehearse", ["true", "required", "false"]),
    check: getInput("check", { trimWhitespace: false }),
    rehearseTimeout: duration("rehearse-timeout", "5m", 1),
    nodeName: oneOf("node-name", ["random", "keep"]),
    rehearseCluster: rehearseCluster(),
    upload: flag("upload", true) && mode === "release",
    artifactName: getInput("artifact-name") || void 0,
    retentionDays: retentionDays(),
    overwrite: flag("overwrite", false),
    publish: mode === "check" ? "none" : oneOf("publish", ["none", "release"]),
    attest: flag("attest", false) && mode === "release",
    githubToken: getInput("github-token"),
    cache: cache(),
    deploy: deploy ? readDeployInputs() : void 0
  };
}
function list(name, fallback) {
  const items = getInput(name).split(/[\n,]/).map((item) => item.trim()).filter((item) => item !== "");
  return items.length === 0 ? fallback : items;
}
function profile() {
  const value = getInput("profile") || "prod";
  if (/^[a-z][A-Za-z0-9_]*(,[a-z][A-Za-z0-9_]*)*$/.test(value)) return value;
  throw new BadInputError(
    `The input \`profile\` is ${JSON.stringify(value)}, which is not a rebar3 profile.`,
    {
      remedy: "Write the name of a profile in rebar.config, e.g. prod; several are separated by commas without spaces."
    }
  );
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
function retentionDays() {
  const value = getInput("retention-days");
  if (value === "") return void 0;
  const days = Number(value);
  if (/^[0-9]+$/.test(value) && days >= 1 && days <= 400) return days;
  throw new BadInputError(`The input \`retention-days\` is "${value}".`, {
    remedy: "Write a whole number from 1 to 400, or leave it out for the default of the repository."
  });
}
function rehearseCluster() {
  if (!flag("rehearse-cluster", false)) return false;
  if (getInput("rehearse") === "false") {
    throw new BadInputError("`rehearse-cluster: true` needs a rehearsal, and `rehearse: false` makes none.", {
      remedy: "Leave out one of the two."
    });
  }
  if (getInput("node-name") === "keep") {
    throw new BadInputError(
      "`rehearse-cluster: true` needs two nodes with different names, and `node-name: keep` gives both the same.",
      {
        remedy: "Leave out node-name: keep. Where the configuration names nodes, let a variable of the environment do it, and set that in the step."
      }
    );
  }
  return true;
}
function cache() {
  const value = getInput("cache") || "auto";
  if (value === "auto" || value === "release") return value;
  if (value === "false") return "off";
  throw new BadInputError(`The input \`cache\` is "${value}".`, { remedy: "Write auto, release or false." });
}

export {
  readInputs
};
