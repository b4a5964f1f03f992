import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readDeployInputs
} from "./chunk-R5HTUUDM.mjs";
import {
  parseSshAddress
} from "./chunk-KFCJNA5P.mjs";
import {
  isVersion
} from "./chunk-3PPJ4FOD.mjs";
import {
  BadInputError
} from "./chunk-SYJ4VKPM.mjs";
import {
  getInput,
  setSecret
} from "./chunk-V2SBDBD4.mjs";

// src/actions/deploy/deploy-action-inputs.ts
import { resolve } from "node:path";

// src/actions/deploy/ssh-input.ts
import { isAbsolute } from "node:path";
function readSshInput(value, knownHosts) {
  if (value === "") return void 0;
  const address = parseSshAddress(value);
  if (address === void 0) {
    throw new BadInputError(`The input \`ssh\` is "${value}".`, {
      remedy: "Write user@host or user@host:port, e.g. deploy@10.0.0.7; an IPv6 address stands in brackets."
    });
  }
  if (knownHosts === "") {
    throw new BadInputError(
      "The input `ssh` is set, but `ssh-known-hosts` is empty, so it cannot be known whether the right machine answers.",
      {
        remedy: "Write the lines of that machine as in a known_hosts file; `ssh-keyscan <host>` prints them."
      }
    );
  }
  for (const name of ["deploy-root", "env-file"]) {
    const path = getInput(name);
    if (path === "" || isAbsolute(path)) continue;
    throw new BadInputError(`With \`ssh\`, the input \`${name}\` must be a whole path, and is "${path}".`, {
      remedy: "It is a path on that machine: let it begin with a slash."
    });
  }
  return { address, knownHosts };
}

// src/actions/deploy/deploy-action-inputs.ts
function readInputs() {
  const version = installedVersion();
  const needed = version === void 0 || NAMING_PACKAGE.some((name) => getInput(name) !== "");
  return {
    package: needed ? packageInput() : void 0,
    version,
    attestation: attestation(),
    node: readDeployInputs(),
    ssh: readSshInput(getInput("ssh"), getInput("ssh-known-hosts")),
    reportArtifact: getInput("report-artifact") || void 0
  };
}
var NAMING_PACKAGE = ["package", "artifact-name", "artifact-digest", "run-id"];
function installedVersion() {
  const value = getInput("version");
  if (value === "") return void 0;
  if (isVersion(value)) return value;
  throw new BadInputError(
    `The input \`version\` is ${JSON.stringify(value)}, which is not a release version.`,
    {
      remedy: "Write a release version that is installed in deploy-root, or previous."
    }
  );
}
function packageInput() {
  const path = getInput("package");
  const artifact = { name: getInput("artifact-name"), digest: artifactDigest(), run: otherRun() };
  if (path === "") {
    return {
      artifactName: artifact.name || void 0,
      artifactDigest: artifact.digest,
      otherRun: artifact.run
    };
  }
  if (artifact.name === "" && artifact.digest === void 0 && artifact.run === void 0) return { path };
  throw new BadInputError("The input `package` is set, and so is one that names an artifact.", {
    remedy: "Write either `package`, or `artifact-name`, `artifact-digest` and `run-id`."
  });
}
function attestation() {
  const value = getInput("verify-attestation") || "false";
  if (value === "false") return void 0;
  if (value !== "true" && !/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml$/.test(value)) {
    throw new BadInputError(`The input \`verify-attestation\` is "${value}".`, {
      remedy: "Write true, or the path of the workflow that must have made the package, e.g. octo/app/.github/workflows/release.yml."
    });
  }
  const token = getInput("github-token");
  if (token === "") {
    throw new BadInputError("The input `verify-attestation` is set, but `github-token` is empty.", {
      remedy: "Set `github-token: ${{ github.token }}`, and give the job `permissions: { attestations: read }`."
    });
  }
  const root = getInput("attestation-trusted-root");
  return {
    token,
    workflow: value === "true" ? void 0 : value,
    trustedRoot: root === "" ? void 0 : resolve(root)
  };
}
function artifactDigest() {
  const value = getInput("artifact-digest");
  if (value === "") return void 0;
  const digest = value.replace(/^sha256:/, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new BadInputError(`The input \`artifact-digest\` is "${value}".`, {
    remedy: "Write the SHA-256 of the artifact, 64 hexadecimal digits, e.g. from the output `artifact-digest`."
  });
}
function otherRun() {
  const value = getInput("run-id");
  const token = getInput("github-token");
  if (token !== "") setSecret(token);
  if (value === "") return void 0;
  if (!/^[1-9][0-9]*$/.test(value) || !Number.isSafeInteger(Number(value))) {
    throw new BadInputError(`The input \`run-id\` is "${value}".`, {
      remedy: "Write the number of a workflow run, e.g. ${{ github.event.workflow_run.id }}."
    });
  }
  if (token !== "") return { runId: Number(value), token };
  throw new BadInputError("The input `run-id` is set, but `github-token` is empty.", {
    remedy: "Set `github-token: ${{ github.token }}`, and give the job `permissions: { actions: read }`."
  });
}

export {
  readInputs
};
