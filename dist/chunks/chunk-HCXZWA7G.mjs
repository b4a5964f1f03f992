import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import {
  unended
} from "./chunk-2KQC2CQ4.mjs";
import {
  ActionError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  info
} from "./chunk-V2SBDBD4.mjs";

// src/artifact/upload.ts
import { access, constants } from "node:fs/promises";

// src/artifact/existing-artifact.ts
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
var REPLACE = "Set `overwrite: true` to replace it, or give another `artifact-name`.";
async function deleteExisting(client, name) {
  try {
    await client.deleteArtifact(name);
    info(`Deleted the earlier artifact "${name}".`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
async function sameArtifact({
  client,
  name,
  own,
  conflict
}) {
  const existing = own.overwrite ? void 0 : await findExisting(client, name);
  if (existing === void 0) throw takenByAnotherUpload(name, conflict);
  if (own.manifest === void 0 || !await holdsManifest({ client, artifact: existing, own, manifest: own.manifest })) {
    throw new ActionError(
      `This workflow run already has an artifact "${name}" (id ${existing.id}) with other contents.`,
      { remedy: REPLACE, cause: conflict }
    );
  }
  info(`The artifact "${name}" (id ${existing.id}) of an earlier attempt holds the same release.`);
  return existing;
}
async function findExisting(client, name) {
  try {
    return (await client.getArtifact(name)).artifact;
  } catch (error) {
    if (isNotFound(error)) return void 0;
    throw serviceFailure(`The artifact "${name}" could not be looked up`, error);
  }
}
function takenByAnotherUpload(name, conflict) {
  return new ActionError(
    `The artifact name "${name}" is taken in this workflow run by an upload that has not ended or broke off.`,
    {
      remedy: "Give each job its own `artifact-name`; after an upload that broke off, start a new workflow run.",
      cause: conflict
    }
  );
}
async function holdsManifest({
  client,
  artifact,
  own,
  manifest
}) {
  const { rootDir, workFolder } = own;
  const folder = await mkdtemp(join(workFolder, "existing-"));
  try {
    const { digestMismatch } = await client.downloadArtifact(artifact.id, {
      path: folder,
      ...defined({ expectedHash: artifact.digest })
    });
    if (digestMismatch) throw new Error("its SHA-256 is not the one that the service recorded");
    const theirs = await readFile(join(folder, relative(rootDir, manifest))).catch(() => void 0);
    return theirs?.equals(await readFile(manifest)) ?? false;
  } catch (error) {
    const what = `The artifact "${artifact.name}" (id ${artifact.id}) of this workflow run could not be compared`;
    throw serviceFailure(what, error, REPLACE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
function isNameConflict(error) {
  return /^Failed to CreateArtifact: .*\(409\)/.test(errorMessage(error));
}
function isNotFound(error) {
  return error instanceof Error && error.name === "ArtifactNotFoundError";
}
function serviceFailure(what, cause, remedy) {
  const [reason = ""] = errorMessage(cause).split("\n");
  return new ActionError(`${what}: ${unended(reason)}.`, {
    remedy: remedy ?? "Run the job again; when it fails again, see https://www.githubstatus.com.",
    cause
  });
}

// src/artifact/upload.ts
function safeArtifactName(name) {
  const safe = name.trim().replaceAll(/["*/:<>?\\|\u0000-\u001f\u007f]/g, "-");
  return safe === "" ? "relup" : safe;
}
function artifactUrl(id, env) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (!server || !repository || !run) return void 0;
  return `${server}/${repository}/actions/runs/${run}/artifacts/${id}`;
}
function requireArtifactService(env) {
  const server = new URL(env.GITHUB_SERVER_URL || "https://github.com").hostname.toLowerCase();
  if (!/(^github\.com|\.ghe\.com|\.localhost)$/.test(server)) {
    throw new ActionError(
      `The artifact service of GitHub Enterprise Server (${server}) lacks what is needed to upload an artifact.`,
      {
        remedy: "Set `upload: false` and publish the packages named by the outputs `tarball` and `upgrade-tarball`."
      }
    );
  }
  const missing = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_RESULTS_URL"].filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new ActionError(
      `An artifact can only be uploaded in a workflow run: ${missing.join(" and ")} must be set by the runner.`,
      { remedy: "Set `upload: false` to run without an upload." }
    );
  }
}
async function uploadArtifact(options) {
  requireArtifactService(process.env);
  await requireReadable(options.files);
  const name = safeArtifactName(options.name);
  const { DefaultArtifactClient } = await import("./artifact-G4EBDJU6.mjs");
  const client = new DefaultArtifactClient();
  try {
    if (options.overwrite) await deleteExisting(client, name);
    const uploaded = await client.uploadArtifact(name, [...options.files], options.rootDir, {
      compressionLevel: 0,
      ...defined({ retentionDays: options.retentionDays })
    });
    if (uploaded.id === void 0) throw new Error("the service gave no artifact id");
    return described({ name, id: uploaded.id, digest: uploaded.digest, reused: false });
  } catch (error) {
    if (!isNameConflict(error)) throw serviceFailure(`The artifact "${name}" could not be uploaded`, error);
    const existing = await sameArtifact({ client, name, own: options, conflict: error });
    return described({ name, id: existing.id, digest: existing.digest, reused: true });
  }
}
async function requireReadable(files) {
  for (const file of files) {
    await access(file, constants.R_OK).catch((cause) => {
      throw new ActionError(`The file ${file} cannot be read, so it cannot be uploaded.`, { cause });
    });
  }
}
function described({
  name,
  id,
  digest,
  reused
}) {
  const optional = { url: artifactUrl(id, process.env), digest: digest?.replace(/^sha256:/, "") };
  return { name, id, ...defined(optional), reused };
}

export {
  serviceFailure,
  safeArtifactName,
  requireArtifactService,
  uploadArtifact
};
