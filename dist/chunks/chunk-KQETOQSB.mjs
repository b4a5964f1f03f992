import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  readDeployInputs
} from "./chunk-54KOH5C4.mjs";
import {
  BadInputError
} from "./chunk-SYJ4VKPM.mjs";
import {
  getInput,
  setSecret
} from "./chunk-QPTUJTGV.mjs";

// src/actions/deploy/deploy-action-inputs.ts
import { resolve } from "node:path";
function readInputs() {
  return { package: packageInput(), attestation: attestation(), node: readDeployInputs() };
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
