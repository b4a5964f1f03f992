import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  DeployError,
  PID,
  RESULT,
  SIGN,
  awaitSigns,
  closeWorkspace,
  compileErlang,
  deferringCancel,
  entryText,
  interpretErlang,
  nodeUser,
  openWorkspace,
  performDeploy,
  readEnvironmentFile,
  releaseEmulator,
  releasesText,
  resultOf,
  shipped,
  userName,
  writeRequest
} from "./chunk-U2HCYWAR.mjs";
import {
  annotate
} from "./chunk-XAR7DNZS.mjs";
import {
  defined
} from "./chunk-QQR3JRFT.mjs";
import {
  OtherUser
} from "./chunk-PPJTFYWA.mjs";
import {
  run
} from "./chunk-IJ2PF7UH.mjs";
import {
  ActionError,
  CommandFailedError,
  NodeRefusedError,
  RefusedError,
  errorMessage
} from "./chunk-KEPPK7W3.mjs";
import {
  group,
  info,
  saveState,
  setOutput,
  summary,
  warning
} from "./chunk-CWGPP6KW.mjs";

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
  const { DefaultArtifactClient } = await import("./artifact-VEVTPZUF.mjs");
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

// src/shared/rebar3-arguments.ts
function rebar3Arguments(task, { profile, release }) {
  const name = release === void 0 ? [] : ["-n", release];
  const assemble = ["release", ...name];
  if (task === "release") return ["as", profile, ...assemble];
  return ["as", profile, "do", ...assemble.with(-1, `${assemble.at(-1) ?? ""},`), "tar", ...name];
}

// src/programs/rebar3.ts
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
    const { end, exitCode, details: details2 } = error;
    if (end.kind === "timed-out") throw error;
    if (end.kind === "not-started" || exitCode === 127) {
      throw new ActionError("Erlang/OTP was not found: there is no `erlc` on the PATH.", {
        remedy: "Add an erlef/setup-beam step with `otp-version` before this one.",
        cause: error
      });
    }
    throw new ActionError(`Erlang/OTP is installed but does not work: \`erlc\` ${end.text}.`, {
      remedy: error.remedy ?? "Use OTP 25 or newer, complete (with kernel, stdlib, compiler and sasl).",
      details: details2,
      cause: error
    });
  }
}
async function libcVersion() {
  const { stdout } = await run("getconf", ["GNU_LIBC_VERSION"], { okCodes: [0, 1, 127], timeoutSeconds: 10 });
  return stdout.trim() || "musl";
}

// src/report/report-file.ts
import { writeFile } from "node:fs/promises";
import { join as join3 } from "node:path";
async function writeReport(folder, record) {
  const path = join3(folder, "report.json");
  await writeFile(path, `${JSON.stringify(record, withoutModules, 1)}
`);
  return path;
}
function withoutModules(key, value) {
  return key === "applications" && Array.isArray(value) ? value.map(
    ({ name, version }) => `${name}-${version}`
  ) : value;
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
import { basename, join as join4 } from "node:path";

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
    const program = node ?? join4(folder, "node");
    const script = join4(folder, "dist/deploy-as-user/index.mjs");
    await start(user, [program, script, folder], folder);
    return resultOf(await read(user, folder));
  } finally {
    await user.remove(folder, PID);
  }
}
async function prepare(request, workspace) {
  const prepared = await workspace.folder("handed-over");
  await cp2(shipped(""), join4(prepared, "dist"), { recursive: true });
  for (const file of [request.packagePath, request.manifestPath]) {
    const target = join4(prepared, basename(file));
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
  await copyFile(process.execPath, join4(prepared, "node"));
  await chmod(join4(prepared, "node"), 448);
  return void 0;
}
async function start(user, command, home) {
  const environment = [`PATH=${process.env.PATH ?? "/usr/bin:/bin"}`, `HOME=${home}`, "LANG=C.UTF-8"];
  const how = await deferringCancel(
    (cancel) => ended(user, ["env", "-i", ...environment, ...command], cancel)
  );
  if (how === "ended with 0") return;
  if (how === HUNG) await user.end(join4(home, PID));
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
  return (await user.run(["cat", join4(folder, RESULT)], { timeoutSeconds: 60 })).stdout;
}

// src/actions/deploy-node.ts
var DEPLOY = "Deploy";
async function deployNode(request, run2, erlang) {
  run2.note(DEPLOY, { nodeState: "untouched" });
  try {
    const deployed2 = await deployAsOwner(request, run2, erlang);
    const { nodeState, record } = deployed2;
    run2.note(DEPLOY, { deployed: deployed2, nodeState, ...record });
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

// src/model/upgrade.ts
function verdictOf({ upgradeKind, packaged, rehearsal, refused }) {
  if (refused) return "refused";
  if (!packaged || upgradeKind !== "hot") return packaged ? upgradeKind : void 0;
  return rehearsal === "passed" ? "hot" : "unproven";
}

// src/report/publish.ts
import { dirname as dirname2 } from "node:path";

// src/model/finding.ts
function isError({ severity }) {
  return severity === "error";
}
function distinct(findings2) {
  const key = ({ id, severity, message, remedy, location }) => JSON.stringify([id, severity, message, remedy, location]);
  return [...new Map(findings2.map((one) => [key(one), one])).values()];
}
function stoppedBy(what, findings2, options = {}) {
  const errors = distinct(findings2.filter(isError));
  const ids = [...new Set(errors.map(({ id }) => id))].join(", ");
  const said = errors.length === 1 ? `one finding stops it (${ids}). It says what to do.` : `${errors.length} findings stop it (${ids}). Each says what to do.`;
  return new RefusedError(`${what}: ${said}`, options);
}

// src/report/outputs.ts
function outputsOf(record) {
  const { packages: packages2, artifact, deployed: deployed2 } = record;
  const release = record.release ?? record.brought;
  const outputs = {
    "release-name": release?.name,
    version: release?.version,
    "up-from": record.upFrom === void 0 ? void 0 : JSON.stringify(record.upFrom.map(({ version }) => version)),
    "upgrade-kind": kindFor(record),
    verdict: record.verdict,
    tarball: packages2?.full.path,
    "tarball-sha256": packages2?.full.sha256,
    "upgrade-tarball": packages2?.upgrade?.path,
    "upgrade-tarball-sha256": packages2?.upgrade?.sha256,
    manifest: record.manifest,
    report: record.report,
    "artifact-id": artifact === void 0 ? void 0 : String(artifact.id),
    "artifact-url": artifact?.url,
    "artifact-digest": artifact?.digest,
    "release-url": record.published?.url,
    "deployed-version": deployed2?.deployedVersion,
    "node-state": record.nodeState
  };
  return Object.fromEntries(
    Object.entries(outputs).filter((entry) => entry[1] !== void 0)
  );
}
function kindFor({ upgradeKind, verdict: verdict2 }) {
  return upgradeKind === "hot" && verdict2 !== "hot" ? "hot-unproven" : upgradeKind;
}
function setOutputs(record) {
  for (const [name, value] of Object.entries(outputsOf(record))) setOutput(name, value);
}

// src/report/markdown.ts
var SPECIAL = /[!"#$%&'*:;<=>?@[\\\]^_`{|}~]/g;
var START = /^(?:[-+](?=[- ]|$)|\d+[.)](?= |$))/;
var WWW = /www\./gi;
var INVISIBLE = /[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;
function plain(text) {
  return text.replace(INVISIBLE, " ").trim().replace(SPECIAL, escaped).replace(START, (marker) => `${marker.slice(0, -1)}${reference(marker.slice(-1))}`).replace(WWW, (start2) => `${start2.slice(0, -1)}<span>${reference(".")}</span>`);
}
function code(text) {
  return `<code>${plain(text)}</code>`;
}
function escaped(char) {
  return "@:#".includes(char) ? `<span>${reference(char)}</span>` : reference(char);
}
function reference(char) {
  return `&#${char.codePointAt(0)};`;
}
function codeBlock(text, language = "") {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run2) => Math.max(most, run2.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}
${text}
${fence}`;
}
function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
function fold(title3, body2) {
  return `<details><summary>${title3}</summary>

${body2}

</details>`;
}
function size(bytes) {
  if (bytes < 1e3) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1e3 ** power).toFixed(1)} ${units[power - 1]}`;
}

// src/report/deploy-summary.ts
function deployed(record) {
  const { deployed: deployed2, nodeState } = record;
  if (nodeState === void 0) return "";
  if (deployed2 === void 0) return `## Deploy

The node is ${code(nodeState)}.${journal(record)}`;
  const { deployedVersion, before, after } = deployed2;
  const row2 = (when, node) => [
    when,
    code(releasesText(node.releases)),
    code(node.osPid),
    new Date(node.startedAt).toISOString()
  ];
  const rows = [row2("before", before), row2("after", after)];
  return `## Deploy

The node ${code(after.node)} is ${code(nodeState)} and runs ${code(deployedVersion)}.

${table(
    ["", "releases", "process id", "emulator started"],
    rows
  )}${journal(record)}`;
}
function journal({ journal: journal2 = [] }) {
  if (journal2.length === 0) return "";
  return `

${fold("Journal", codeBlock(journal2.map(entryText).join("\n")))}`;
}

// src/report/generated-appups.ts
var ROWS = 200;
function generatedAppups({ appups, release }) {
  const generated = (appups ?? []).filter(({ origin }) => origin === "generated");
  if (generated.length === 0) return "";
  const intro = "Made from what changed in the code. They are in use; to make one your own, save it under the name shown and commit it. The artifact has them in `appups/`.";
  const folds = generated.map((appup) => fold(title(appup), body(appup, release?.version ?? "")));
  return `## Generated appups

${intro}

${folds.join("\n")}`;
}
function title({ application, version, up }) {
  return `${plain(application)} ${up.map(({ upFrom }) => plain(upFrom)).join(", ")} \u2192 ${plain(version)}`;
}
function body({ file, text, up, down }, version) {
  const tables = [
    ...up.map((entry) => steps(`up from ${entry.upFrom}`, entry)),
    ...down.map((entry) => steps(`down to ${entry.upFrom}`, entry))
  ];
  const name = `Save it as ${code(file)} (release ${plain(version)}):`;
  return [name, codeBlock((text ?? "").trim(), "erlang"), ...tables].join("\n\n");
}
function steps(direction, { instructions, explained = [] }) {
  if (instructions.length === 0) return `${plain(direction)}: nothing to do, the code is the same.`;
  const rows = instructions.slice(0, ROWS).map((instruction, index) => [code(instruction), plain(explained[index] ?? "")]);
  const more = instructions.length > ROWS ? [[`${instructions.length - ROWS} more`, ""]] : [];
  return table([plain(direction), "what it does"], [...rows, ...more]);
}

// src/report/package-summary.ts
import { basename as basename3 } from "node:path";

// src/report/reproduce.ts
import { basename as basename2 } from "node:path";
function reproduction(record) {
  const { release, upFrom, relup: relup2, refs, packages: packages2, build } = record;
  if (!release || !upFrom || !relup2 || !refs || !packages2 || !build) return void 0;
  const { name, version } = release;
  const steps2 = [
    "# in a clone of the repository, with the OTP and rebar3 named below, and the full package there",
    ...upFrom.flatMap((one) => upFromSteps(one, build, name)),
    "# the new release with the appups that were chosen, and the relup from both",
    `mkdir new && tar -xzf ${quoted(basename2(packages2.full.path))} -C new`,
    `erl -noinput -eval ${quoted(relupCall(name, version, upFrom))}`,
    `cmp relup new/releases/${version}/relup`,
    "# the new release from its sources",
    ...buildSteps({ folder: "build-new", commit: refs.newCommit, build, task: "tar" })
  ];
  return steps2.join("\n");
}
function relupCall(name, version, upFrom) {
  const rels = upFrom.map((one) => `"old-${one.version}/releases/${one.version}/${name}"`).join(", ");
  const paths = ["new", ...upFrom.map((one) => `old-${one.version}`)].map((dir) => `"${dir}/lib/*/ebin"`);
  const options = `[silent, {path, [${paths.join(", ")}]}, {outdir, "."}]`;
  return `{ok, _, _, _} = systools:make_relup("new/releases/${version}/${name}", [${rels}], [${rels}], ${options}), halt().`;
}
function upFromSteps({ version, source }, build, name) {
  const old = `old-${version}`;
  if (source.kind === "tarball") {
    const { path, published } = source;
    const file = quoted(basename2(path));
    return [
      ...published === void 0 ? [`# ${version}: the package that was given`] : [
        `# ${version}: the package of its GitHub release`,
        `gh release download ${quoted(published.tag)} --pattern ${file}`
      ],
      `mkdir ${old} && tar -xzf ${file} -C ${old}`
    ];
  }
  const folder = `build-${version}`;
  const assembled = joined(
    folder,
    build.projectPath,
    "_build",
    build.profile.replaceAll(",", "+"),
    "rel",
    name
  );
  return [
    ...buildSteps({ folder, commit: source.commit, build, task: "release" }),
    `ln -s ${quoted(assembled)} ${old}`
  ];
}
function buildSteps({
  folder,
  commit,
  build,
  task
}) {
  const { profile, release } = build;
  const project = quoted(joined(folder, build.projectPath));
  return [
    `git worktree add --detach ${folder} ${commit}`,
    ...build.prepared ? [`# in ${project}, the command of the input prepare`] : [],
    `(cd ${project} && rebar3 ${rebar3Arguments(task, { profile, ...defined({ release }) }).join(" ")})`
  ];
}
function joined(...parts) {
  return parts.filter((part) => part !== "").join("/");
}
function quoted(text) {
  return /^[\w./+~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

// src/report/package-summary.ts
function artifactLink({ name, url }) {
  return url === void 0 ? code(name) : `[${plain(name)}](${url})`;
}
function packages({ packages: packages2, artifact, published }) {
  if (packages2 === void 0) return "";
  const row2 = (use, one) => [
    code(basename3(one.path)),
    size(one.size),
    code(one.sha256),
    use
  ];
  const rows = [row2("fresh installations", packages2.full)];
  if (packages2.upgrade !== void 0) rows.push(row2("running nodes", packages2.upgrade));
  const link2 = artifact === void 0 ? "" : `

Artifact: ${artifactLink(artifact)}`;
  const release = published === void 0 ? "" : `

GitHub release: [${plain(published.tag)}](${published.url})${published.draft ? ", a draft" : ""}`;
  return `## Packages

${table(["file", "size", "SHA-256", "for"], rows)}${link2}${release}`;
}
function byHand({ release, packages: packages2, upgradeKind }) {
  if (release === void 0 || packages2?.upgrade === void 0 || upgradeKind !== "hot") return "";
  const { name, version } = release;
  const template = `releases/${version}/sys.config.src`;
  if (packages2.full.files.some(({ path }) => path === template)) {
    return fold(
      "How to apply it by hand",
      `Use the deploy step (\`deploy: true\`, or the action \`deploy/\`): ${code(template)} is a template that an upgrade by hand does not fill in, and the node would go on with an empty configuration.`
    );
  }
  const lines = [
    "# in the folder where the running release is installed, as its user and with its environment",
    `cp ${basename3(packages2.upgrade.path)} releases/${name}-${version}.tar.gz`,
    `bin/${name} upgrade ${version}`,
    `bin/${name} versions`
  ];
  return fold("How to apply it by hand", codeBlock(lines.join("\n"), "sh"));
}
function elsewhere(record) {
  const commands = reproduction(record);
  return commands === void 0 ? "" : fold("How to make it elsewhere", codeBlock(commands, "sh"));
}

// src/report/plan-summary.ts
function applications(record) {
  return (record.differences ?? []).map(({ upFrom, changed, added, removed }) => {
    const rows = [...changed, ...added, ...removed].map((change) => applicationRow(record, change));
    const head = ["application", "from", "to", "modules", "appup"];
    const body2 = rows.length === 0 ? "No application differs." : table(head, rows);
    return `## Applications, ${plain(upFrom.version)} \u2192 ${plain(record.release?.version ?? "")}

${body2}`;
  }).join("\n\n");
}
function applicationRow(record, change) {
  const { added, changed, removed } = change.modules;
  const appup = record.appups?.find(({ application }) => application === change.name);
  const counts = [
    added.length > 0 ? `${added.length} added` : "",
    changed.length > 0 ? `${changed.length} changed` : "",
    removed.length > 0 ? `${removed.length} removed` : ""
  ].filter((text) => text !== "");
  const entry = appup?.up.find(({ upFrom }) => upFrom === change.from);
  return [
    code(change.name),
    plain(change.from ?? "\u2013"),
    plain(change.to ?? "\u2013"),
    counts.join(", ") || "same code",
    appup === void 0 ? "\u2013" : appupCell(appup, entry)
  ];
}
function appupCell({ origin, file }, entry) {
  return origin === "generated" ? origin : `${origin} ${code(file)}${matched(entry)}`;
}
function matched(entry) {
  return entry?.pattern?.startsWith("<<") ? `, entry ${code(entry.pattern)}` : "";
}
function relup({ relup: relup2 }) {
  if (relup2 === void 0) return "";
  const parts = [
    ...relup2.up.map((script) => fold(`up from ${plain(script.version)}`, scriptText(script))),
    ...relup2.down.map((script) => fold(`down to ${plain(script.version)}`, scriptText(script)))
  ];
  return `## Relup

${parts.join("\n")}`;
}
function scriptText({ instructions }) {
  return codeBlock(instructions.join(",\n"), "erlang");
}

// src/report/rehearsal-summary.ts
var CHECKS = [
  ["done", "carried out"],
  ["code", "code"],
  ["applications", "applications"],
  ["environment", "environment"],
  ["supervision", "supervision"],
  ["processes", "processes"],
  ["command", "check"]
];
var RESULTS = { ok: "ok", warning: "**warning**", failed: "**failed**" };
function rehearsalSummary({ rehearsal, release }) {
  if (rehearsal === void 0) return "";
  const corrections = rehearsal.corrections.map(
    ({ application, direction, instruction }) => `%% ${application}, ${direction}
${instruction}`
  );
  const corrected = corrections.length === 0 ? "" : fold(
    "Instructions that generated appups got from the rehearsal",
    codeBlock(corrections.join("\n"), "erlang")
  );
  return [...rehearsal.versions.map((version) => versionText(version, release?.version ?? "")), corrected].filter((text) => text !== "").join("\n\n");
}
function versionText(version, to) {
  const { upFrom, outcome, reason, seconds, steps: steps2 } = version;
  const why = reason === void 0 || outcome === "failed" ? "" : ` \u2013 ${plain(reason)}`;
  const head = ["step", ...CHECKS.map(([, name]) => name), "time", "installation", "longest suspension"];
  const rows = steps2.map((step) => row(version, step));
  return [
    `## Rehearsal, ${plain(upFrom)} \u2192 ${plain(to)}: ${outcome}`,
    `${seconds.toFixed(1)} s${why}`,
    ...rows.length === 0 ? [] : [table(head, rows)],
    ...trees(version),
    ...details(version)
  ].join("\n\n");
}
function row({ installations }, { name, seconds, checks }) {
  const install = installations[name];
  const { suspended } = install ?? {};
  return [
    name,
    ...CHECKS.map(([check]) => {
      const result = checks[check];
      return result === void 0 ? "\u2013" : RESULTS[result];
    }),
    `${seconds.toFixed(1)} s`,
    install === void 0 ? "\u2013" : milliseconds(install.seconds),
    suspended === void 0 ? "\u2013" : `${milliseconds(suspended.longestSeconds)} (${count(suspended.processes, install?.supervised)})`
  ];
}
function milliseconds(seconds) {
  return `${(1e3 * seconds).toFixed(1)} ms`;
}
function trees({ trees: trees2 }) {
  return trees2.map(
    ({ step, application, found, booted }) => fold(
      `Supervision tree of ${code(application)} after the step ${plain(step)}, and after a boot`,
      `After the step:

${codeBlock(found)}

After a boot:

${codeBlock(booted)}`
    )
  );
}
function details({ findings: findings2 }) {
  return findings2.flatMap(
    ({ step, id, details: details2 }) => details2 === void 0 || details2.trim() === "" ? [] : [fold(`Details of ${code(id)}, step ${plain(step)}`, codeBlock(details2.slice(-1e4)))]
  );
}
function count(processes, supervised = 0) {
  if (processes <= supervised) return `${processes} of ${supervised} processes`;
  return processes === 1 ? "1 process" : `${processes} processes`;
}

// src/report/versions-summary.ts
import { basename as basename4 } from "node:path";
var ROWS2 = 300;
function versions({ refs, release, upFrom, toolchain }) {
  if (refs === void 0) return "";
  const rows = [
    [
      "new",
      plain(release?.version ?? ""),
      plain(refs.newRef),
      code(refs.newCommit.slice(0, 12)),
      plain(release?.erts ?? "")
    ],
    ...(upFrom ?? []).map((one) => [
      "up-from",
      plain(one.version),
      ...sourceCells(one.source),
      plain(one.erts)
    ])
  ];
  const built = toolchain === void 0 ? "" : `

Built with OTP ${plain(toolchain.otpVersion)} and rebar3 ${plain(toolchain.rebar3)} on ${plain(toolchain.architecture)}.`;
  const shown = refs.candidates.filter(({ taken }, index) => taken || index < ROWS2);
  const rest = refs.candidates.length - shown.length;
  const candidates = table(
    ["tag", "taken", "why"],
    [
      ...shown.map(({ tag, taken, why: why2 }) => [code(tag), taken ? "yes" : "no", plain(why2)]),
      ...rest > 0 ? [[`${rest} more`, "no", "see the log"]] : []
    ]
  );
  const why = fold("How the up-from version was chosen", `${plain(refs.reason)}

${candidates}`);
  return `## Versions

${table(["", "release version", "ref", "commit", "ERTS"], rows)}${built}

${why}`;
}
function sourceCells(source) {
  if (source.kind === "tarball") {
    const { published, path } = source;
    return published === void 0 ? [code(basename4(path)), "\u2013"] : [`${plain(published.tag)} (published)`, code(published.commit.slice(0, 12))];
  }
  return [
    plain(source.kind === "cache" ? `${source.ref} (cached)` : source.ref),
    code(source.commit.slice(0, 12))
  ];
}

// src/report/summary.ts
function summaryOf(record) {
  const sections = [
    title2(record),
    verdict(record),
    failure(record),
    deployed(record),
    rehearsalSummary(record),
    findings(record),
    applications(record),
    generatedAppups(record),
    relup(record),
    packages(record),
    byHand(record),
    elsewhere(record),
    versions(record),
    phases(record)
  ];
  const text = `${sections.filter((section) => section !== "").join("\n\n")}
`;
  if (Buffer.byteLength(text) <= LIMIT) return text;
  return `${[title2(record), verdict(record), failure(record), TOO_LONG].filter((one) => one !== "").join("\n\n")}
`;
}
var LIMIT = 1e6;
var TOO_LONG = "The rest is too long for a job summary. It is in the log, and in `report.json` if there is one.";
function title2({ release, upFrom, brought }) {
  if (brought !== void 0) return `# ${plain(brought.name)} ${plain(brought.version)}: deploy`;
  if (release === void 0) return "# relup-action";
  const from = upFrom === void 0 || upFrom.length === 0 ? "" : ` from ${upFrom.map((one) => plain(one.version)).join(", ")}`;
  return `# ${plain(release.name)} ${plain(release.version)}${from === "" ? "" : `: upgrade${from}`}`;
}
var VERDICTS = {
  hot: "proven on a node; the emulator keeps running.",
  restart: "nodes must be restarted to run the new release; this is not a hot upgrade.",
  none: "no earlier release is upgraded from; the package is for fresh installations.",
  refused: "these two releases cannot be upgraded into each other as they are.",
  unproven: "the relup is made and checked, and has not been rehearsed on a node."
};
function verdict(record) {
  if (record.verdict === void 0) return "";
  const why = record.verdict === "unproven" && record.unproven !== void 0 ? ` Why: ${plain(record.unproven)}.` : "";
  return `**Verdict: ${record.verdict}** \u2013 ${VERDICTS[record.verdict] ?? ""}${why.replace(/\.\.$/, ".")}`;
}
function failure({ failure: failure2, failedArtifact, findings: findings2 }) {
  if (failure2 === void 0) return "";
  const details2 = failure2.details === void 0 ? "" : `

${fold("Details", codeBlock(lastPart(failure2.details)))}`;
  const kept = failedArtifact === void 0 ? "" : `

Report, relup, appups and logs: ${artifactLink(failedArtifact)}`;
  const stopping = distinct(findings2.filter(isError)).map(stopper).join("");
  return `## Failed

${plain(failure2.message)}${remedyText(failure2.remedy)}${stopping}${details2}${kept}`;
}
function stopper({ id, message, remedy }) {
  const [sentence = "", ...more] = message.split("\n");
  const block = more.length === 0 ? "" : `

${codeBlock(more.join("\n"), "diff")}`;
  return `

### ${code(id)}

${plain(sentence)}${block}${remedyText(remedy)}`;
}
function remedyText(remedy) {
  return remedy === void 0 ? "" : `

${codeBlock(remedy)}`;
}
function lastPart(text) {
  const limit = 2e4;
  return text.length <= limit ? text : `\u2026
${text.slice(-limit)}`;
}
function findings({ findings: findings2, failure: failure2 }) {
  const shown = distinct(findings2).filter((finding) => failure2 === void 0 || !isError(finding));
  if (shown.length === 0) return "";
  const rows = shown.map((finding) => [
    finding.severity,
    code(finding.id),
    plain(finding.message),
    plain(finding.remedy ?? "")
  ]);
  return `## Findings

${table(["", "id", "what", "what to do"], rows)}`;
}
function phases({ phases: phases2 }) {
  if (phases2.length === 0) return "";
  const rows = phases2.map(({ name, seconds, ok }) => [
    plain(name),
    `${seconds.toFixed(1)} s`,
    ok ? "ok" : "failed"
  ]);
  return fold("Time of each phase", table(["phase", "time", ""], rows));
}

// src/report/publish.ts
async function publish(record) {
  for (const finding of distinct(record.findings)) annotate(finding);
  const { report } = record;
  if (report !== void 0) await attempt("The report", () => writeReport(dirname2(report), record));
  if (process.env.GITHUB_STEP_SUMMARY) {
    await attempt("The job summary", () => summary.addRaw(summaryOf(record)).write());
  }
  if (record.failure === void 0) setOutputs(record);
  else await attempt("The outputs", () => Promise.resolve(setOutputs(record)));
}
async function attempt(what, write) {
  try {
    await write();
  } catch (error) {
    warning(`${what} could not be written: ${errorMessage(error)}`);
  }
}

// src/report/run-record.ts
var NOTHING = { findings: [], phases: [] };

// src/shared/system-failure.ts
import { statfs } from "node:fs/promises";
var FULL = 1e6;
var NO_SPACE = ["ENOSPC", "EDQUOT"];
var SYSTEM = ["EACCES", "EPERM", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM"];
async function explainFailure(error, folder) {
  if (error instanceof RefusedError) return error;
  const code2 = error?.code ?? "";
  if (NO_SPACE.includes(code2) || await isFull(folder)) {
    return new ActionError(`There is no space left on the disk of ${folder}: ${errorMessage(error)}`, {
      remedy: "Free some space before this step, or use a runner with a larger disk: every version is built in a folder of its own.",
      details: error instanceof ActionError ? error.details : void 0,
      cause: error
    });
  }
  if (!SYSTEM.includes(code2) || error instanceof ActionError) return error;
  return new ActionError(`The runner's operating system refused: ${errorMessage(error)}.`, {
    remedy: "Check to whom the file belongs; on a self-hosted runner a container job may have left it to root.",
    cause: error
  });
}
async function isFull(folder) {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize < FULL,
    () => false
  );
}

// src/actions/run.ts
var Run = class {
  constructor(workspace) {
    this.workspace = workspace;
  }
  workspace;
  parts = /* @__PURE__ */ new Map();
  times = [];
  inPhase = false;
  failed;
  /**
   * Runs a phase in its own log group, takes the time, and keeps what it notes. The same phase once more forgets what it noted
   * before. Within another phase it has no group and no time of its own: the runner knows no groups in groups.
   *
   * @param keep what the record gets of the result
   */
  async phase(name, work, keep = () => ({})) {
    this.forget(name);
    const noting = async () => {
      const result = await work((part) => this.note(name, part));
      this.note(name, keep(result));
      return result;
    };
    if (this.inPhase) return noting();
    this.inPhase = true;
    const started = performance.now();
    let ok = false;
    try {
      const result = await group(name, noting);
      ok = true;
      return result;
    } finally {
      this.inPhase = false;
      this.times.push({ name, seconds: (performance.now() - started) / 1e3, ok });
    }
  }
  /** Keeps what the phase of that name learned. */
  note(name, part) {
    const { findings: findings2 = [], ...before } = this.parts.get(name) ?? {};
    this.parts.set(name, { ...before, ...part, findings: [...findings2, ...part.findings ?? []] });
  }
  /** What it made is of no use any more. */
  forget(name) {
    if (this.parts.has(name)) this.parts.set(name, {});
  }
  fail(error) {
    this.failed = error instanceof Error ? error : new Error(errorMessage(error));
  }
  get record() {
    const parts = [...this.parts.values()];
    const known = parts.reduce((all, part) => ({ ...all, ...part }), NOTHING);
    const verdict2 = verdictOf({
      upgradeKind: known.upgradeKind,
      packaged: known.packages !== void 0,
      rehearsal: known.rehearsal?.outcome,
      refused: this.failed instanceof RefusedError
    });
    return {
      ...known,
      findings: parts.flatMap(({ findings: findings2 = [] }) => findings2),
      phases: this.times,
      ...verdict2 === void 0 ? {} : { verdict: verdict2 },
      ...this.failed === void 0 ? {} : { failure: failureOf(this.failed) }
    };
  }
};
function failureOf(error) {
  const { remedy, details: details2 } = error instanceof ActionError ? error : {};
  return { message: errorMessage(error), remedy, details: details2 };
}
async function runAction(story, onFailure) {
  const workspace = await openWorkspace();
  const run2 = new Run(workspace);
  try {
    await story(run2);
  } catch (error) {
    const failure2 = await explainFailure(error, workspace.dir);
    run2.fail(failure2);
    await onFailure?.(run2);
    throw failure2;
  } finally {
    await closeWorkspace(workspace);
    await publish(run2.record);
  }
}

// src/actions/trusted-run.ts
import { readFileSync } from "node:fs";

// src/actions/untrusted-event.ts
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
  const reason = untrustedEvent(env.GITHUB_EVENT_NAME ?? "", payloadOf(env.GITHUB_EVENT_PATH));
  if (reason === void 0) return;
  throw new NodeRefusedError(`This run may not deploy: ${reason}.`, {
    remedy: "Deploy from runs for pushed tags, releases or workflow_dispatch; build pull requests in jobs without nodes."
  });
}
function payloadOf(path) {
  try {
    return JSON.parse(readFileSync(path ?? "", "utf8")) ?? {};
  } catch {
    return {};
  }
}

// src/deploy/deployable.ts
function checkDeployable({ name, version, upgradeKind, verdict: verdict2 }) {
  if (upgradeKind !== "hot") {
    throw new NodeRefusedError(
      `${name} ${version} is not a hot upgrade: its upgrade kind is ${upgradeKind}.`,
      {
        remedy: "Deploy only where there is a release to upgrade from and no emulator restart is needed."
      }
    );
  }
  if (verdict2 !== "hot") {
    throw new NodeRefusedError(
      `${name} ${version} was not proven by a rehearsal: its verdict is ${verdict2}.`,
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
  writeReport,
  DEPLOY,
  deployNode,
  isError,
  stoppedBy,
  size,
  runAction,
  requireTrustedRun
};
