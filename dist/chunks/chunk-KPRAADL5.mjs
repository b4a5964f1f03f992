import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  rebar3Arguments
} from "./chunk-37U25FCE.mjs";
import {
  OtherUser
} from "./chunk-DG6N2CUO.mjs";
import {
  DeployError,
  PID,
  RESULT,
  SIGN,
  awaitSigns,
  deferringCancel,
  performDeploy,
  readEnvironmentFile,
  resultOf,
  writeRequest
} from "./chunk-DBQ4OOLC.mjs";
import {
  nodeUser
} from "./chunk-RIYF6SKY.mjs";
import {
  compileErlang,
  interpretErlang,
  shipped
} from "./chunk-IFGRBFE6.mjs";
import {
  releaseEmulator,
  userName
} from "./chunk-DKT2FWCY.mjs";
import {
  run
} from "./chunk-XVVOAKWR.mjs";
import {
  defined
} from "./chunk-QQR3JRFT.mjs";
import {
  ActionError,
  CommandFailedError,
  NodeRefusedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  info,
  saveState
} from "./chunk-QPTUJTGV.mjs";

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
  own: own2,
  conflict
}) {
  const existing = own2.overwrite ? void 0 : await findExisting(client, name);
  if (existing === void 0) throw takenByAnotherUpload(name, conflict);
  if (own2.manifest === void 0 || !await holdsManifest({ client, artifact: existing, own: own2, manifest: own2.manifest })) {
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
  own: own2,
  manifest
}) {
  const { rootDir, workFolder } = own2;
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
  return new ActionError(`${what}: ${reason.replace(/\.$/, "")}.`, {
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
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run2 } = env;
  if (!server || !repository || !run2) return void 0;
  return `${server}/${repository}/actions/runs/${run2}/artifacts/${id}`;
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
  const { DefaultArtifactClient } = await import("./artifact-QDPQMQJE.mjs");
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

// src/programs/rebar3.ts
import { cp, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join as join2 } from "node:path";
function cacheFolder() {
  return process.env.REBAR_CACHE_DIR ?? join2(homedir(), ".cache", "rebar3");
}
function hexIndex() {
  return join2(cacheFolder(), "hex", "packages.idx");
}
async function rebar3Version(folder) {
  try {
    const { stdout } = await run("rebar3", ["version"], {
      cwd: folder,
      timeoutSeconds: 180,
      env: { REBAR_BASE_DIR: void 0 }
    });
    const version = /rebar (\S+) on Erlang/.exec(stdout)?.[1];
    if (version !== void 0) return version;
    throw new ActionError("`rebar3 version` printed no version.", { details: stdout });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const { end, exitCode } = error;
    if (end.kind === "timed-out") throw error;
    const missing = end.kind === "not-started" || exitCode === 127;
    throw new ActionError(
      missing ? "rebar3 was not found on the PATH." : `rebar3 is installed but does not run on this Erlang/OTP: \`rebar3 version\` ${end.text}.`,
      {
        remedy: error.remedy ?? "Set `rebar3-version` in the erlef/setup-beam step before this one, to a version that supports the OTP you use.",
        details: error.details ?? error.message,
        cause: error
      }
    );
  }
}
async function rebar3(task, options) {
  const result = await run("rebar3", rebar3Arguments(task, options), {
    cwd: options.cwd,
    env: {
      // A shared base folder would let one version's build leak into the other's (H13).
      REBAR_BASE_DIR: void 0,
      ...options.cacheDir === void 0 ? {} : { REBAR_CACHE_DIR: options.cacheDir },
      ...options.configFile === void 0 ? {} : { REBAR_CONFIG: options.configFile }
    },
    ...options.onLine === void 0 ? {} : { onLine: options.onLine }
  });
  return result.stdout + result.stderr;
}
async function copyCache(folder) {
  await mkdir(folder, { recursive: true });
  await cp(cacheFolder(), folder, { recursive: true }).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  return folder;
}

// src/build/toolchain.ts
function checkPlatform(platform) {
  if (platform === "linux") return;
  const name = platform === "win32" ? "Windows" : platform === "darwin" ? "macOS" : platform;
  throw new ActionError(`relup-action runs on Linux runners only; this runner is ${name}.`, {
    remedy: "Write `runs-on: ubuntu-latest` (or another Linux runner) for this job."
  });
}
async function probeToolchain(folder) {
  const [rebar32, { erlang, otp }, libc] = await Promise.all([
    rebar3Version(folder),
    probeErlang(folder),
    libcVersion()
  ]);
  if (Number(otp.otpRelease) < 25) {
    throw new ActionError(`Erlang/OTP ${otp.otpVersion} is too old; relup-action needs OTP 25 or newer.`, {
      remedy: "Set `otp-version` in the erlef/setup-beam step to 25 or newer."
    });
  }
  return { toolchain: { ...otp, rebar3: rebar32, libc }, erlang };
}
async function probeErlang(folder) {
  const erlang = await compile(folder);
  return { erlang, otp: await erlang.query("toolchain", []) };
}
async function compile(folder) {
  try {
    return await compileErlang(folder);
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const { end, exitCode, details } = error;
    if (end.kind === "timed-out") throw error;
    if (end.kind === "not-started" || exitCode === 127) {
      throw new ActionError("Erlang/OTP was not found: there is no `erlc` on the PATH.", {
        remedy: "Add an erlef/setup-beam step with `otp-version` before this one.",
        cause: error
      });
    }
    throw new ActionError(`Erlang/OTP is installed but does not work: \`erlc\` ${end.text}.`, {
      remedy: error.remedy ?? "Use OTP 25 or newer, complete (with kernel, stdlib, compiler and sasl).",
      details,
      cause: error
    });
  }
}
async function libcVersion() {
  const { stdout } = await run("getconf", ["GNU_LIBC_VERSION"], { okCodes: [0, 1, 127], timeoutSeconds: 10 });
  return stdout.trim() || "musl";
}

// src/actions/deploy-node.ts
import { userInfo } from "node:os";

// src/node/node-owner.ts
async function userToBecome(deployRoot) {
  if (process.getuid?.() !== 0) return void 0;
  const { uid, gid } = await nodeUser(deployRoot);
  if (uid === 0) return void 0;
  const name = await userName(uid);
  return name.includes(" ") ? `#${uid}:${gid}` : name;
}

// src/actions/deploy-as-user/deploy-as-user.ts
import { chmod, copyFile, cp as cp2, link } from "node:fs/promises";
import { basename, join as join3 } from "node:path";

// src/actions/deploy-as-user/roots-file.ts
import { lstat, realpath } from "node:fs/promises";
import { dirname } from "node:path";
async function isRoots(path) {
  try {
    const paths = [...upwards(path), ...upwards(await realpath(path))];
    return (await Promise.all(paths.map(onlyRootWrites))).every(Boolean);
  } catch {
    return false;
  }
}
function upwards(path) {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...upwards(parent)];
}
async function onlyRootWrites(path) {
  const stats = await lstat(path);
  return stats.uid === 0 && (stats.isSymbolicLink() || (stats.mode & 18) === 0);
}

// src/actions/deploy-as-user/deploy-as-user.ts
async function deployAsUser(name, request, workspace) {
  const user = await OtherUser.become(name);
  const folder = await user.makeFolder();
  saveState("hand-over", JSON.stringify({ name, folder }));
  try {
    const prepared = await prepare(request, workspace);
    const node = await nodeFor(user, prepared);
    await user.copy(prepared, folder);
    const program = node ?? join3(folder, "node");
    const script = join3(folder, "dist/deploy-as-user/index.mjs");
    await start(user, [program, script, folder], folder);
    return resultOf(await read(user, folder));
  } finally {
    await user.remove(folder, PID);
  }
}
async function prepare(request, workspace) {
  const prepared = await workspace.folder("handed-over");
  await cp2(shipped(""), join3(prepared, "dist"), { recursive: true });
  for (const file of [request.packagePath, request.manifestPath]) {
    const target = join3(prepared, basename(file));
    await link(file, target).catch(() => copyFile(file, target));
  }
  await writeRequest(prepared, { ...request, serviceEnvironment: await rootsEnvironment(request) });
  return prepared;
}
async function rootsEnvironment({
  inputs: { envFile }
}) {
  if (process.getuid?.() !== 0 || envFile === void 0) return void 0;
  return await isRoots(envFile) ? readEnvironmentFile(envFile) : void 0;
}
async function nodeFor(user, prepared) {
  const { exitCode } = await user.run(["test", "-x", process.execPath], {
    okCodes: [0, 1],
    timeoutSeconds: 60
  });
  if (exitCode === 0) return process.execPath;
  await copyFile(process.execPath, join3(prepared, "node"));
  await chmod(join3(prepared, "node"), 448);
  return void 0;
}
async function start(user, command, home) {
  const environment = [`PATH=${process.env.PATH ?? "/usr/bin:/bin"}`, `HOME=${home}`, "LANG=C.UTF-8"];
  const how = await deferringCancel(
    (cancel) => ended(user, ["env", "-i", ...environment, ...command], cancel)
  );
  if (how === "ended with 0") return;
  if (how === HUNG) await user.end(join3(home, PID));
  throw new DeployError(`The part of the deploy that runs as ${user.name} ${how}.`, "unknown", {
    remedy: "Look at the node, then run the step again: it goes on from what it finds."
  });
}
var HUNG = "gave no sign of life for a minute, so it was ended";
function ended(user, command, cancel) {
  return new Promise((resolve) => {
    const signs = awaitSigns(() => resolve(HUNG));
    const program = user.start(command, {
      onLine: (line) => {
        signs.sign();
        if (line !== SIGN) process.stdout.write(`${line}
`);
      },
      onEnd: (how) => {
        signs.stop();
        resolve(how);
      }
    });
    cancel.addEventListener("abort", () => program.close(), { once: true });
  });
}
async function read(user, folder) {
  return (await user.run(["cat", join3(folder, RESULT)], { timeoutSeconds: 60 })).stdout;
}

// src/actions/deploy-node.ts
var DEPLOY = "Deploy";
async function deployNode(request, run2, erlang) {
  run2.note(DEPLOY, { nodeState: "untouched" });
  try {
    const deployed = await deployAsOwner(request, run2, erlang);
    const { nodeState, record } = deployed;
    run2.note(DEPLOY, { deployed, nodeState, ...record });
  } catch (error) {
    if (error instanceof DeployError) run2.note(DEPLOY, { nodeState: error.nodeState, ...error.record });
    throw error;
  }
}
async function deployAsOwner(request, run2, erlang) {
  const { runAs, deployRoot } = request.inputs;
  const { workspace } = run2;
  const other = runAs === void 0 || isOwn(runAs) ? await userToBecome(deployRoot) : runAs;
  if (other !== void 0) {
    info(`As user ${other}:`);
    return deployAsUser(other, request, workspace);
  }
  const privateFolder = await workspace.folder("deploy");
  const own2 = erlang ?? await interpreted(request, workspace);
  return performDeploy({
    request,
    erlang: own2,
    privateFolder,
    phase: (name, part) => run2.phase(name, part)
  });
}
function isOwn(user) {
  return user === userInfo().username;
}
async function interpreted({ inputs }, workspace) {
  const emulator = await releaseEmulator(inputs.deployRoot, await workspace.folder("home"));
  return interpretErlang(await workspace.folder("erlang"), emulator);
}

// src/actions/trusted-run.ts
import { readFileSync } from "node:fs";

// src/actions/untrusted-event.ts
function untrustedCheck(name, payload) {
  return PULL_REQUESTS.includes(name) ? void 0 : untrustedEvent(name, payload);
}
var PULL_REQUESTS = ["pull_request", "pull_request_review", "pull_request_review_comment"];
function untrustedEvent(name, payload) {
  if (name === "pull_request_target") {
    return "anybody who opens a pull request starts pull_request_target, with the rights of the repository";
  }
  if (PULL_REQUESTS.includes(name) && isForeign(payload.pull_request?.head?.repo, own(payload))) {
    return "the pull request comes from a fork";
  }
  return name === "workflow_run" ? untrustedRun(payload) : void 0;
}
function untrustedRun({ workflow_run: run2, repository }) {
  const started = run2?.event;
  if (started === void 0 || started === "pull_request_target") {
    return `the workflow before was started by ${started ?? "an event that is not named"}`;
  }
  if (isForeign(run2?.head_repository, run2?.repository ?? repository)) {
    return "the workflow before ran for a fork";
  }
  return void 0;
}
function own({ pull_request: pullRequest, repository }) {
  return pullRequest?.base?.repo ?? repository;
}
function isForeign(head, base) {
  const [theirs, ours] = [head?.full_name?.toLowerCase(), base?.full_name?.toLowerCase()];
  return theirs === void 0 || ours === void 0 || theirs !== ours;
}

// src/actions/trusted-run.ts
function requireTrustedRun(env) {
  const reason = untrustedEvent(env.GITHUB_EVENT_NAME ?? "", eventPayload(env));
  if (reason === void 0) return;
  throw new NodeRefusedError(`This run may not deploy: ${reason}.`, {
    remedy: "Deploy from runs for pushed tags, releases or workflow_dispatch; build pull requests in jobs without nodes."
  });
}
function eventPayload({ GITHUB_EVENT_PATH: path }) {
  try {
    return JSON.parse(readFileSync(path ?? "", "utf8")) ?? {};
  } catch {
    return {};
  }
}

// src/deploy/deployable.ts
function checkDeployable({ name, version, upgradeKind, verdict }) {
  if (upgradeKind !== "hot") {
    throw new NodeRefusedError(
      `${name} ${version} is not a hot upgrade: its upgrade kind is ${upgradeKind}.`,
      {
        remedy: "Deploy only where there is a release to upgrade from and no emulator restart is needed."
      }
    );
  }
  if (verdict !== "hot") {
    throw new NodeRefusedError(
      `${name} ${version} was not proven by a rehearsal: its verdict is ${verdict}.`,
      {
        remedy: "Build it with rehearse: true, on a runner where the up-from release boots (the report says why it was not rehearsed)."
      }
    );
  }
}

export {
  serviceFailure,
  safeArtifactName,
  requireArtifactService,
  uploadArtifact,
  checkDeployable,
  hexIndex,
  rebar3,
  copyCache,
  checkPlatform,
  probeToolchain,
  DEPLOY,
  deployNode,
  untrustedCheck,
  requireTrustedRun,
  eventPayload
};
