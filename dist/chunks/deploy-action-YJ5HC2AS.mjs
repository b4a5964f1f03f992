import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  DEPLOY,
  checkDeployable,
  checkPlatform,
  deployNode,
  requireTrustedRun,
  safeArtifactName,
  serviceFailure
} from "./chunk-KPRAADL5.mjs";
import {
  runAction,
  writeReport
} from "./chunk-37U25FCE.mjs";
import "./chunk-DG6N2CUO.mjs";
import {
  readManifest
} from "./chunk-DBQ4OOLC.mjs";
import {
  sha256File
} from "./chunk-72BSWT4D.mjs";
import {
  exists
} from "./chunk-RIYF6SKY.mjs";
import "./chunk-FR7YYGMG.mjs";
import "./chunk-72X3IIGE.mjs";
import "./chunk-L3V75B3G.mjs";
import "./chunk-IFGRBFE6.mjs";
import "./chunk-UW6B2UIW.mjs";
import "./chunk-DKT2FWCY.mjs";
import "./chunk-CGOJY2N3.mjs";
import "./chunk-XVVOAKWR.mjs";
import "./chunk-NW3NNBAX.mjs";
import "./chunk-TOV2ZIPF.mjs";
import {
  isPathComponent,
  isReleaseName,
  isVersion
} from "./chunk-3PPJ4FOD.mjs";
import {
  defined
} from "./chunk-QQR3JRFT.mjs";
import {
  ActionError,
  BadInputError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import "./chunk-NHTI2HNZ.mjs";
import {
  info
} from "./chunk-QPTUJTGV.mjs";
import "./chunk-C42Q4SYJ.mjs";
import "./chunk-EWSY7AC6.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/deploy/deploy-action.ts
import { resolve } from "node:path";

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
    await new Promise((resolve2, reject) => {
      const fail = (error) => reject(error);
      parser.on("entry", (entry) => {
        if (stop.signal.aborted) return;
        const done = take(entry, stop.signal);
        done.catch(fail);
        taken.push(done);
      });
      parser.once("close", () => void Promise.all(taken).then(() => resolve2(), fail));
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
  const { DefaultArtifactClient } = await import("./artifact-QDPQMQJE.mjs");
  const client = new DefaultArtifactClient();
  const artifact = chooseArtifact(await list(client, find, source), source);
  const zip = await download({ client, find, artifact, source, folder });
  await unzipPackages(zip, folder);
  await rm(dirname(zip), { recursive: true });
  info(`Artifact ${artifact.name} (id ${artifact.id}).`);
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

// src/deploy/package-source.ts
import { readdir as readdir2, realpath, stat } from "node:fs/promises";
import { dirname as dirname2, join as join3 } from "node:path";
var SUFFIX = ".upgrade.tar.gz";
var MANIFEST = ".manifest.json";
async function findPackage(path) {
  const manifestPath = await findManifest(path);
  const manifest = await readManifest(manifestPath);
  refuseStrangeNames(manifest, manifestPath);
  const { full, upgrade } = manifest.packages;
  checkDeployable(manifest);
  if (upgrade === void 0) throw new ActionError(`The manifest ${manifestPath} names no upgrade package.`);
  const folder = dirname2(manifestPath);
  const packagePath = join3(folder, upgrade.file);
  await checkPackage(packagePath, upgrade);
  if (await exists(join3(folder, full.file))) await checkPackage(join3(folder, full.file), full);
  return { manifest, manifestPath, packagePath };
}
async function findManifest(path) {
  const found = await realpath(path).catch((cause) => {
    throw new BadInputError(`The input \`package\` is "${path}", but there is nothing.`, {
      remedy: `Write the path of a folder, or of a package that ends in ${SUFFIX}, with the manifest beside it.`,
      cause
    });
  });
  return (await stat(found)).isDirectory() ? onlyManifest(found) : manifestOfPackage(found);
}
async function onlyManifest(folder) {
  const [only, ...others] = (await readdir2(folder)).filter((name) => name.endsWith(MANIFEST)).sort();
  if (only === void 0) {
    throw new ActionError(`${folder} holds no manifest (<name>-<version>${MANIFEST}).`, {
      remedy: "Keep packages and manifest together, as they are in the artifact."
    });
  }
  if (others.length > 0) {
    throw new ActionError(`${folder} holds several manifests: ${[only, ...others].join(", ")}.`, {
      remedy: `Name the package that is meant, ending in ${SUFFIX}.`
    });
  }
  return join3(folder, only);
}
function manifestOfPackage(path) {
  if (path.endsWith(SUFFIX)) return path.slice(0, -SUFFIX.length) + MANIFEST;
  throw new BadInputError(`The input \`package\` leads to ${path}, which does not end in ${SUFFIX}.`, {
    remedy: "Name the upgrade package, or the folder in which it lies with its manifest."
  });
}
function refuseStrangeNames(manifest, path) {
  const { name, version, packages } = manifest;
  const files = [packages.full, packages.upgrade].filter((one) => one !== void 0);
  const members = files.flatMap((one) => one.files.map((file) => file.path));
  const good = isReleaseName(name) && isVersion(version) && files.every(({ file }) => isPathComponent(file)) && members.every((member) => member.split("/").every(isPathComponent));
  if (good) return;
  throw new ActionError(`The manifest ${path} names files or versions that lead out of their folder.`, {
    remedy: "Do not use this package: relup-action did not write this manifest."
  });
}
async function checkPackage(path, expected) {
  const found = await stat(path).catch((cause) => {
    throw new ActionError(`The package ${path}, which the manifest names, is missing.`, {
      remedy: "Keep packages and manifest together, as they are in the artifact.",
      cause
    });
  });
  if (found.size === expected.size && await sha256File(path) === expected.sha256) return;
  throw new ActionError(`The package ${path} was changed or damaged: it is not the one of the manifest.`, {
    remedy: "Take the package from the artifact again; if it is the same there, build the release again.",
    details: `expected: ${expected.size} bytes, SHA-256 ${expected.sha256}
found: ${found.size} bytes`
  });
}

// src/actions/deploy/deploy-action.ts
async function deployAction(inputs, attendant) {
  await runAction((run2) => fromPackageToNode(inputs, run2), { attendant });
}
async function fromPackageToNode(inputs, run2) {
  const { workspace } = run2;
  run2.note(DEPLOY, { nodeState: "untouched" });
  run2.note(DEPLOY, { report: await writeReport(workspace.resultFolder("relup-deploy"), run2.record) });
  checkPlatform(process.platform);
  requireTrustedRun(process.env);
  const { manifest, ...paths } = await run2.phase("Package", async () => {
    const found = await bringPackage(inputs.package, workspace);
    if (inputs.attestation !== void 0) await requireAttested(found, inputs.attestation, workspace);
    return found;
  });
  const { name, version, commit } = manifest;
  run2.note(DEPLOY, { brought: { name, version, commit } });
  await deployNode({ inputs: inputs.node, ...paths }, run2);
}
async function bringPackage(from, workspace) {
  const found = await findPackage("path" in from ? resolve(from.path) : await download2(from, workspace));
  const { name, version, commit, toolchain } = found.manifest;
  info(`${name} ${version}, built from commit ${commit} with OTP ${toolchain.otpVersion}.`);
  info("The packages are those of the manifest, by size and SHA-256.");
  return found;
}
async function requireAttested({ packagePath, manifestPath }, attestation, workspace) {
  const { verifyAttestations } = await import("./verify-attestation-XD2ICC6R.mjs");
  const workFolder = await workspace.folder("attestation");
  await verifyAttestations([packagePath, manifestPath], { ...attestation, workFolder });
}
async function download2({ artifactName: name, artifactDigest: digest, otherRun }, workspace) {
  const folder = await workspace.folder("artifact");
  await downloadPackages(defined({ name, digest, otherRun }), folder);
  return folder;
}
export {
  deployAction
};
