import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  safeArtifactName,
  serviceFailure
} from "./chunk-HCXZWA7G.mjs";
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import {
  ActionError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  info
} from "./chunk-V2SBDBD4.mjs";

// src/artifact/download.ts
import { readdir, rm } from "node:fs/promises";
import { dirname, join as join2 } from "node:path";

// src/artifact/unzip.ts
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
var PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._+~@-]*$/;
var LEFT_OUT = /^appups\/[A-Za-z0-9][A-Za-z0-9._+~@-]*$/;
var MAX_FILES = 1e3;
var MAX_BYTES = 2e10;
async function unzipPackages(zip, folder, maxBytes = MAX_BYTES) {
  const state = { files: 0, bytes: 0 };
  const write = async (entry, signal) => {
    checkName(entry, state.files += 1);
    const count = counter((bytes) => (state.bytes += bytes) <= maxBytes);
    const target = LEFT_OUT.test(entry.path) ? createWriteStream("/dev/null") : createWriteStream(join(folder, entry.path), { flags: "wx", mode: 384 });
    await pipeline(entry, count, target, { signal });
  };
  try {
    await forEachEntry(zip, write);
  } catch (error) {
    if (error instanceof ActionError || error.code === "ENOSPC") throw error;
    throw refused(`cannot be opened (${errorMessage(error)})`, error);
  }
}
async function forEachEntry(zip, take) {
  const { default: unzip } = await import("./unzip-E5LB4CZH.mjs");
  const parser = unzip.Parse();
  const source = createReadStream(zip);
  const stop = new AbortController();
  const taken = [];
  const { noDeprecation = false } = process;
  process.noDeprecation = true;
  try {
    await new Promise((resolve, reject) => {
      const fail = (error) => reject(error);
      parser.on("entry", (entry) => {
        if (stop.signal.aborted) return;
        const done = take(entry, stop.signal);
        done.catch(fail);
        taken.push(done);
      });
      parser.once("close", () => void Promise.all(taken).then(() => resolve(), fail));
      parser.on("error", fail);
      source.once("error", fail).pipe(parser);
    });
  } finally {
    source.destroy();
    stop.abort();
    await Promise.allSettled(taken);
    process.noDeprecation = noDeprecation;
  }
}
function checkName({ path, type }, number) {
  if (number > MAX_FILES) throw refused(`holds more than ${MAX_FILES} files`);
  if (type !== "File" || !(PLAIN_NAME.test(path) || LEFT_OUT.test(path)))
    throw refused(`holds ${JSON.stringify(path)}`);
}
function counter(withinLimit) {
  return new Transform({
    transform(chunk, _encoding, done) {
      if (withinLimit(chunk.length)) done(null, chunk);
      else done(refused("holds more bytes than a release should"));
    }
  });
}
function refused(reason, cause) {
  return new ActionError(`The artifact's zip is not one of relup-action's: it ${reason}.`, {
    remedy: "Deploy the artifact that relup-action uploaded, unchanged.",
    cause
  });
}

// src/artifact/download.ts
var OURS = "-relup";
async function downloadPackages(source, folder) {
  if (source.otherRun === void 0) requireRun(process.env);
  const find = findOptions(source.otherRun, process.env.GITHUB_REPOSITORY ?? "");
  const { DefaultArtifactClient } = await import("./artifact-G4EBDJU6.mjs");
  const client = new DefaultArtifactClient();
  const artifact = chooseArtifact(await list(client, find, source), source);
  const zip = await download({ client, find, artifact, source, folder });
  await unzipPackages(zip, folder);
  await rm(dirname(zip), { recursive: true });
  info(`Artifact ${artifact.name} (id ${artifact.id}).`);
}
async function artifactNames(prefix) {
  requireRun(process.env);
  const { DefaultArtifactClient } = await import("./artifact-G4EBDJU6.mjs");
  const artifacts = await list(new DefaultArtifactClient(), {}, {});
  return artifacts.map(({ name }) => name).filter((name) => name.startsWith(prefix));
}
function requireRun(env) {
  const missing = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_RESULTS_URL"].filter((name) => !env[name]);
  if (missing.length === 0) return;
  throw new ActionError(
    `An artifact of this run can only be downloaded in a workflow run: ${missing.join(" and ")} must be set by the runner.`,
    { remedy: "Give the package by its path, in the input `package`." }
  );
}
function findOptions(otherRun, repository) {
  if (otherRun === void 0) return {};
  const [repositoryOwner = "", repositoryName = ""] = repository.split("/");
  return {
    findBy: { token: otherRun.token, workflowRunId: otherRun.runId, repositoryOwner, repositoryName }
  };
}
async function list(client, find, source) {
  try {
    return (await client.listArtifacts({ latest: true, ...find })).artifacts;
  } catch (error) {
    throw notReadable(error, source) ?? serviceFailure(`The artifacts of ${run(source)} could not be listed`, error);
  }
}
function chooseArtifact(artifacts, source) {
  const name = source.name === void 0 ? void 0 : safeArtifactName(source.name);
  const found = artifacts.filter((one) => name === void 0 ? one.name.endsWith(OURS) : one.name === name);
  const names = (found.length === 0 ? artifacts : found).map((one) => one.name).join(", ");
  const [only, ...others] = found;
  if (only === void 0) {
    throw new ActionError(
      `There is no artifact ${name === void 0 ? `that ends in ${OURS}` : `"${name}"`} in ${run(source)}.`,
      {
        remedy: names === "" ? "Let the job that builds come first (`needs:`), or name its run in `run-id`. Artifacts are deleted when their retention days are over." : `Set \`artifact-name\` to one of: ${names}. Artifacts are deleted when their retention days are over.`
      }
    );
  }
  if (others.length > 0) {
    throw new ActionError(`Several artifacts of ${run(source)} may be meant: ${names}.`, {
      remedy: "Set `artifact-name`, e.g. from an output of the job that built it."
    });
  }
  return only;
}
async function download({
  client,
  find,
  artifact,
  source,
  folder
}) {
  const { id, name, digest: recorded } = artifact;
  const digest = source.digest === void 0 ? recorded : `sha256:${source.digest}`;
  const options = {
    path: join2(folder, "download"),
    skipDecompress: true,
    ...defined({ expectedHash: digest }),
    ...find
  };
  const { digestMismatch } = await client.downloadArtifact(id, options).catch((error) => {
    throw notReadable(error, source) ?? serviceFailure(`The artifact "${name}" (id ${id}) could not be downloaded`, error);
  });
  if (digestMismatch) {
    throw new ActionError(
      `The artifact "${name}" (id ${id}) does not have the SHA-256 ${digest?.replace("sha256:", "")}.`,
      {
        remedy: "Deploy the artifact of the very run that built it, with that run's output `artifact-digest`. If you did, the artifact was replaced: find out by whom before you deploy it."
      }
    );
  }
  const [file = ""] = await readdir(options.path);
  return join2(options.path, file);
}
function notReadable(error, source) {
  const status = error?.status;
  if (status === 410) {
    return new ActionError(`The artifact of ${run(source)} has expired.`, {
      remedy: "Build the release again; `retention-days` says how long artifacts are kept.",
      cause: error
    });
  }
  if (status !== 401 && status !== 403 && status !== 404) return void 0;
  return new ActionError(
    `The artifacts of ${run(source)} cannot be read with this token (HTTP status ${status}).`,
    {
      remedy: "Check `run-id`, give the job `permissions: { actions: read, contents: read }`, and set `github-token: ${{ github.token }}`.",
      cause: error
    }
  );
}
function run({ otherRun }) {
  return otherRun === void 0 ? "this workflow run" : `workflow run ${otherRun.runId}`;
}

export {
  downloadPackages,
  artifactNames
};
