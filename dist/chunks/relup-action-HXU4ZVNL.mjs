import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  GithubError,
  askGithub,
  hasStatus,
  missingForGithub,
  openRepository,
  requireGithub
} from "./chunk-OVBSIAIM.mjs";
import {
  checkPlatform,
  copyCache,
  eventPayload,
  hexIndex,
  probeToolchain,
  rebar3,
  rebar3Version,
  requireTrustedRun,
  untrustedCheck
} from "./chunk-OYDQWEVM.mjs";
import {
  distinct,
  isError,
  reportPage,
  runAction,
  stoppedBy,
  writeReport
} from "./chunk-RZRIGTHQ.mjs";
import "./chunk-JVLWUZP5.mjs";
import {
  requireArtifactService,
  uploadArtifact
} from "./chunk-HCXZWA7G.mjs";
import {
  size
} from "./chunk-DSXX23LJ.mjs";
import {
  DEPLOY,
  deployNode,
  readTree,
  writeTarball
} from "./chunk-RRNBXPYC.mjs";
import "./chunk-HMNT6SPE.mjs";
import "./chunk-5IITTTLL.mjs";
import {
  DEPLOYED_FILE,
  OtherManifestError,
  askToMakePermanent,
  checkInstall,
  codeDifferences,
  configLostByDowngrade,
  configure,
  install,
  manifestOf,
  manifestText,
  missingVariables,
  moduleList,
  parseDeployed,
  parseManifest,
  putPackage,
  runUserCommand,
  selfMadeModules,
  some,
  unpack,
  verifyPermanent,
  verifyUnpacked
} from "./chunk-VR2XNRJG.mjs";
import {
  ControlStartError,
  controlNode,
  exists,
  findNode,
  moduleMd5s,
  readNodeState
} from "./chunk-YV2IVVFE.mjs";
import {
  isAlive,
  replaceStartScript,
  scriptVersion,
  stopNode
} from "./chunk-HJBUD44Z.mjs";
import "./chunk-72X3IIGE.mjs";
import {
  neutralise
} from "./chunk-IBPA3WHR.mjs";
import "./chunk-NOP5OLXF.mjs";
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import "./chunk-K56CBRUD.mjs";
import {
  shipped
} from "./chunk-2DFV325Q.mjs";
import {
  ErlangError
} from "./chunk-63LGASSU.mjs";
import "./chunk-OPCLU2FR.mjs";
import "./chunk-CGOJY2N3.mjs";
import {
  sha256,
  sha256File
} from "./chunk-72BSWT4D.mjs";
import {
  unended
} from "./chunk-2KQC2CQ4.mjs";
import "./chunk-IVUJOTEY.mjs";
import {
  discard
} from "./chunk-RM2ZBCWW.mjs";
import {
  nothingOfOurs,
  run,
  withoutRunnersOwn
} from "./chunk-NRIX5S2C.mjs";
import "./chunk-NHTI2HNZ.mjs";
import {
  endProcessesBelow
} from "./chunk-NW3NNBAX.mjs";
import {
  isApplicationName,
  isPathComponent,
  isReleaseName,
  isVersion,
  tagNamesVersion
} from "./chunk-3PPJ4FOD.mjs";
import {
  oneByOne
} from "./chunk-EILSJL7M.mjs";
import {
  ActionError,
  BadInputError,
  CommandFailedError,
  RefusedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  debug,
  info,
  notice,
  warning
} from "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/published/attest.ts
import { basename } from "node:path";
var PERMISSIONS = "Give the job `permissions: { contents: read, id-token: write, attestations: write }`, or leave out attest: true.";
function requireAttesting(token, env) {
  requireGithub(token, env);
  if (env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) return;
  throw new ActionError(
    "Nothing can be attested: this job gets no identity token from GitHub to sign with.",
    {
      remedy: PERMISSIONS
    }
  );
}
async function attestFiles(token, files) {
  const subjects = await Promise.all(
    files.map(async (path) => ({ name: basename(path), digest: { sha256: await sha256File(path) } }))
  );
  const repository = await openRepository(token);
  const bundle = await signed(token, subjects);
  const { octokit, owner, repo } = repository;
  const what = "The attestation of the packages could not be handed over";
  const { data } = await askGithub(
    what,
    "attestations: write",
    () => octokit.rest.repos.createAttestation({ owner, repo, bundle })
  );
  const id = String(data.id);
  const url = `${process.env.GITHUB_SERVER_URL ?? ""}/${owner}/${repo}/attestations/${id}`;
  info(`Attested: ${subjects.map(({ name }) => name).join(", ")} (${url})`);
  return { id, url };
}
async function signed(token, subjects) {
  const { attestProvenance } = await import("./lib-FRWONHV4.mjs");
  try {
    const { bundle } = await attestProvenance({ subjects, token, skipWrite: true });
    return JSON.parse(JSON.stringify(bundle));
  } catch (cause) {
    throw new ActionError(`The packages could not be signed: ${reasonOf(cause)}.`, {
      remedy: `${PERMISSIONS} If it has them, run the job again.`,
      cause
    });
  }
}
function reasonOf(error) {
  const [what = ""] = errorMessage(error).split("\n");
  const inner = error instanceof Error ? error.cause : void 0;
  const all = inner === void 0 ? what : `${what} (${reasonOf(inner)})`;
  return unended(all);
}

// src/actions/relup/attest-result.ts
async function attestResult(inputs, run2, note) {
  const { packages, manifest } = run2.record;
  if (packages === void 0 || manifest === void 0) throw new Error("there is nothing to attest");
  const made = [packages.full, packages.upgrade, packages.debug].flatMap((one) => one?.path ?? []);
  note({ attestation: await attestFiles(inputs.githubToken, [...made, manifest]) });
}

// src/actions/relup/check.ts
import { rm as rm8 } from "node:fs/promises";
import { dirname as dirname8 } from "node:path";

// src/actions/relup/answer.ts
import { posix } from "node:path";
function answerOf(record) {
  return {
    sentence: sentence(record),
    ...defined({ beforeTag: beforeTag(record), location: changedFile(record) })
  };
}
function sentence({ verdict, unproven = "", restartReason = "", upFrom = [], refs }) {
  const from = upFrom.map(({ version }) => version).join(", ");
  switch (verdict) {
    case "hot":
      return `Hot: a node that runs ${from} can be upgraded to this change, which was tried on a node.`;
    case "restart":
      return `Restart: a node that runs ${from} must be restarted to run this change, because ${restartReason}.`;
    case "unproven":
      return `Hot, unproven: an upgrade from ${from} to this change could be made, and was not tried, because ${unended(unproven)}.`;
    case "none":
    case "refused":
    case void 0:
    default:
      return `There is nothing to upgrade from: ${refs?.reason ?? ""}`;
  }
}
function beforeTag({ raised, toRaise = [] }) {
  if (raised === void 0) return void 0;
  const named2 = toRaise.map(
    ({ what, version, location: { file, line } }) => `${what} (now ${version}) in ${file}${line === void 0 ? "" : `, line ${line}`}`
  );
  return named2.length === 0 ? void 0 : `Before you tag, raise the version of ${named2.join("; ")}.`;
}
function changedFile({ change: change2 = [], differences = [] }) {
  const modules = new Set(
    differences.flatMap(({ changed: changed2, unbumped, added }) => [...changed2, ...unbumped, ...added]).flatMap(({ modules: modules2 }) => [...modules2.changed, ...modules2.added])
  );
  const source = change2.find((file2) => /\.[a-z]rl$/.test(file2) && modules.has(posix.parse(file2).name));
  const file = source ?? change2.find((name) => /\.(erl|hrl|src|config)$/.test(name)) ?? change2[0];
  return file === void 0 ? void 0 : { file };
}

// src/build/build.ts
import { basename as basename9 } from "node:path";

// src/build/cache/dependencies.ts
import { rm as rm2 } from "node:fs/promises";
import { join as join5 } from "node:path";

// src/build/dependencies.ts
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
var INTERVAL = 50;
async function takeDependencies({
  project,
  from,
  ref,
  profile
}) {
  const { dir, dependencies } = project;
  if (dependencies === void 0 || dependencies.names.length === 0) return false;
  const other = await from.project;
  if (other.dependencies?.digest !== dependencies.digest) return false;
  await untilCompiled({ dir: other.dir, dependencies, built: from.built, profile });
  if (!await areComplete(other.dir, dependencies)) return false;
  const target2 = libraries(dir);
  try {
    await mkdir(target2, { recursive: true });
    const sources = dependencies.names.map((name) => join(libraries(other.dir), name));
    await run("cp", ["-a", "--", ...sources, target2]);
    const names2 = dependencies.names.join(", ");
    info(neutralise(`${ref}: the same dependencies as the new version, compiled once for both: ${names2}`));
    return true;
  } catch (error) {
    info(neutralise(`${ref}: its dependencies are compiled anew (${errorMessage(error)}).`));
    await rm(join(dir, "_build"), { recursive: true, force: true });
    return false;
  }
}
function libraries(dir) {
  return join(dir, "_build", "default", "lib");
}
async function untilCompiled({
  dir,
  dependencies,
  built,
  profile
}) {
  const { names: names2 } = dependencies;
  const lib = join(dir, "_build", profile.replaceAll(",", "+"), "lib");
  let ended3 = false;
  const end = () => {
    ended3 = true;
  };
  built.then(end, end);
  while (!ended3) {
    const found = await readdir(lib).catch(() => []);
    if (found.some((name) => !name.startsWith(".") && !names2.includes(name))) return;
    await wait(INTERVAL);
  }
  await built;
}
async function areComplete(dir, { names: names2 }) {
  const found = await Promise.all(
    names2.map((name) => exists(join(libraries(dir), name, "ebin", `${name}.app`)))
  );
  return !found.includes(false);
}

// src/build/version.ts
import { realpath } from "node:fs/promises";
import { join as join2 } from "node:path";
async function worktreeFolder({ workspace }, { commit }) {
  return join2(await realpath(await workspace.folder("build")), commit.slice(0, 12));
}
function placeOf({ tag, ref }) {
  return tag === void 0 ? ref : `tag ${tag}`;
}

// src/build/cache/client.ts
import { mkdir as mkdir2, readFile, writeFile } from "node:fs/promises";
var TIMEOUT_SECONDS = 600;
async function restoreEntry(key2, folder) {
  return ask({ task: "restore", key: key2, folder, files: [], answer: `${folder}.answer` });
}
async function saveEntry(key2, folder, files) {
  return ask({ task: "save", key: key2, folder, files, answer: `${folder}.answer` });
}
async function ask(request) {
  try {
    await mkdir2(request.folder, { recursive: true });
    const file = `${request.folder}.request`;
    await writeFile(file, JSON.stringify(request));
    await run(process.execPath, [shipped("cache/index.mjs"), file], {
      env: serviceVariables(),
      onLine: info,
      keepOutput: false,
      timeoutSeconds: TIMEOUT_SECONDS
    });
    return JSON.parse(await readFile(request.answer, "utf8")) === true;
  } catch (error) {
    warning(`Could not ${request.task} a cache entry: ${errorMessage(error)}`);
    return false;
  }
}
function serviceVariables() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("ACTIONS_")));
}

// src/build/cache/compiled.ts
import { constants } from "node:fs";
import { copyFile, mkdir as mkdir3 } from "node:fs/promises";
import { basename as basename2, dirname, join as join3 } from "node:path";
var COMPILED = "dependencies.tar";
var INDEX = "packages.idx";
async function packCompiled(folder, version) {
  const { dir, dependencies, profile } = version;
  const build = join3(dir, "_build");
  const members = dependencies.names.map((name) => `default/lib/${name}`);
  if (dependencies.plugins === "pinned") members.push(...await pluginFolders(build, profile));
  await run("tar", ["-cf", join3(folder, COMPILED), "-C", build, "--", ...members]);
  if (dependencies.plugins === "open" || !await exists(hexIndex())) return [COMPILED];
  await copyFile(hexIndex(), join3(folder, INDEX));
  return [COMPILED, INDEX];
}
async function unpackCompiled(files, dir) {
  for (const file of files) {
    if (basename2(file) === COMPILED) {
      const target2 = join3(dir, "_build");
      await mkdir3(target2, { recursive: true });
      await run("tar", ["-xof", file, "-C", target2]);
    } else if (basename2(file) === INDEX) {
      await mkdir3(dirname(hexIndex()), { recursive: true });
      await copyFile(file, hexIndex(), constants.COPYFILE_EXCL).catch((error) => {
        if (error.code !== "EEXIST") throw error;
      });
    }
  }
}
async function pluginFolders(build, profile) {
  const folders = [.../* @__PURE__ */ new Set(["default", profile.replaceAll(",", "+")])].map((name) => `${name}/plugins`);
  const found = await Promise.all(folders.map((name) => exists(join3(build, name))));
  return folders.filter((_, index) => found[index]);
}

// src/build/cache/entry.ts
import { basename as basename3, join as join4 } from "node:path";
import { readFile as readFile2, writeFile as writeFile2 } from "node:fs/promises";
var SEAL = "entry.json";
async function sealEntry(folder, contents, parts) {
  const files = {};
  for (const name of contents.files) files[name] = await sha256File(join4(folder, name));
  const seal = { parts, files, builtIn: contents.builtIn };
  await writeFile2(join4(folder, SEAL), JSON.stringify(seal));
  return [...contents.files, SEAL];
}
async function openEntry(folder, parts) {
  const seal = JSON.parse(await readFile2(join4(folder, SEAL), "utf8"));
  const names2 = /* @__PURE__ */ new Set([...Object.keys(parts), ...Object.keys(seal.parts)]);
  const other = [...names2].find((name) => seal.parts[name] !== parts[name]);
  if (other !== void 0) throw new Error(`it was made with another ${other}`);
  const files = await Promise.all(
    Object.entries(seal.files).map(async ([name, digest]) => {
      const path = join4(folder, basename3(name));
      if (await sha256File(path) === digest) return path;
      throw new Error(`its ${basename3(name)} is not the one that was saved`);
    })
  );
  return { files, builtIn: seal.builtIn };
}

// src/build/cache/key.ts
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
function toolchainParts(toolchain) {
  const { libc, architecture, otpVersion, erts, rebar3: rebar32 } = toolchain;
  return { os: libc, arch: architecture, otp: otpVersion, erts, rebar3: rebar32 };
}
var COMPILING = [
  ...[
    "ERL_COMPILER_OPTIONS",
    "ERL_LIBS",
    "ERL_CFLAGS",
    "ERL_LDFLAGS",
    "ERL_AFLAGS",
    "ERL_FLAGS",
    "ERL_ZFLAGS"
  ],
  ...["REBAR_CONFIG", "REBAR_TARGET_ARCH", "REBAR_SKIP_PROJECT_PLUGINS"],
  ...["CC", "CXX", "CFLAGS", "CPPFLAGS", "CXXFLAGS", "LDFLAGS", "MAKEFLAGS", "ImageOS"]
];
function environmentDigest(env) {
  return sha256(JSON.stringify(COMPILING.map((name) => env[name] ?? null)));
}
function cacheKey(kind, parts, readable) {
  const shown = [kind, ...readable].map((part) => part.replaceAll(/[^\w.+]/g, "_").slice(0, 40)).join("-");
  const all = Object.entries(parts).sort(([a], [b]) => a < b ? -1 : 1);
  return `relup-v2-${shown}-${createHash("sha256").update(JSON.stringify([kind, ...all])).digest("hex")}`;
}
var TRUSTED_EVENTS = ["push", "schedule", "workflow_dispatch", "repository_dispatch"];
function maySaveCache(env) {
  const event = env.GITHUB_EVENT_NAME ?? "";
  if (env.GITHUB_REF_TYPE !== "branch" || !TRUSTED_EVENTS.includes(event)) return false;
  const branch = defaultBranch(env.GITHUB_EVENT_PATH);
  if (branch === void 0) return event === "schedule";
  return env.GITHUB_REF_NAME === branch;
}
function defaultBranch(eventPath) {
  if (!eventPath) return void 0;
  try {
    const event = JSON.parse(readFileSync(eventPath, "utf8"));
    return event.repository?.default_branch;
  } catch {
    return void 0;
  }
}

// src/build/cache/dependencies.ts
async function restoreDependencies(place) {
  const { project, version } = place;
  const { dependencies } = project;
  if (dependencies === void 0 || !isWorthwhile(dependencies)) return void 0;
  const parts = dependencyParts(place, dependencies);
  const folder = await folderOf(place);
  if (!await restoreEntry(keyOf(parts), folder)) return void 0;
  try {
    const { files, builtIn } = await openEntry(folder, parts);
    await unpackCompiled(files, project.dir);
    if (!await areComplete(project.dir, dependencies)) throw new Error("dependencies are missing in it");
    const all = [...dependencies.names, ...dependencies.plugins === "pinned" ? ["plugins"] : []];
    info(neutralise(`${version.ref}: compiled dependencies restored from the cache: ${all.join(", ")}`));
    return builtIn;
  } catch (error) {
    const reason = errorMessage(error);
    info(
      neutralise(
        `${version.ref}: the cache entry of its dependencies is not used (${reason}); they are compiled.`
      )
    );
    await rm2(join5(project.dir, "_build"), { recursive: true, force: true });
    return void 0;
  }
}
async function saveDependencies(place) {
  const { context, project, version } = place;
  const { dependencies } = project;
  if (dependencies === void 0 || !isWorthwhile(dependencies)) return;
  const parts = dependencyParts(place, dependencies);
  try {
    const folder = await folderOf(place);
    const files = await packCompiled(folder, { dir: project.dir, dependencies, profile: context.profile });
    const builtIn = [await worktreeFolder(context, version)];
    await saveEntry(keyOf(parts), folder, await sealEntry(folder, { files, builtIn }, parts));
  } catch (error) {
    warning(neutralise(`The compiled dependencies are not saved in the cache: ${errorMessage(error)}`));
  }
}
function isWorthwhile({ names: names2, plugins }) {
  return names2.length > 0 || plugins === "pinned";
}
function dependencyParts({ context, toolchain }, { digest }) {
  return {
    ...toolchainParts(toolchain),
    environment: environmentDigest(process.env),
    profile: context.profile,
    digest
  };
}
function keyOf(parts) {
  const { os = "", arch = "", otp = "" } = parts;
  return cacheKey("dependencies", parts, [os, arch, `otp${otp}`]);
}
async function folderOf({ context, version }) {
  return context.workspace.folder("cache", `${version.commit.slice(0, 12)}-dependencies`);
}

// src/build/cache/releases.ts
import { copyFile as copyFile2 } from "node:fs/promises";
import { basename as basename5, join as join8 } from "node:path";

// src/model/release.ts
var DEBUG_SUFFIX = ".debug.tar.gz";
function foldersOf(source) {
  return source.kind === "tarball" ? [] : source.builtIn ?? [];
}

// src/shared/debug-files.ts
import { readdir as readdir2, readFile as readFile3, realpath as realpath2, stat } from "node:fs/promises";
import { join as join6 } from "node:path";
async function writeDebugTarball(path, release, mtime) {
  const entries = release.buildDir === void 0 ? [] : await strippedModules(release, release.buildDir);
  return entries.length === 0 ? void 0 : writeTarball(path, entries, mtime);
}
async function strippedModules({ root, applications, withAppups = false }, buildDir) {
  const entries = [];
  for (const { name, dir } of applications) {
    for (const file of await filesIn(join6(buildDir, "lib", name, "ebin"), /\.beam$/)) {
      const built = join6(buildDir, "lib", name, "ebin", file);
      if (await isSame(built, join6(root, dir, "ebin", file))) continue;
      entries.push(await entryOf(buildDir, `lib/${name}/ebin/${file}`));
    }
    for (const folder of withAppups ? ["ebin", "src"] : []) {
      for (const file of await filesIn(join6(buildDir, "lib", name, folder), /\.appup(\.src)?$/)) {
        entries.push(await entryOf(buildDir, `lib/${name}/${folder}/${file}`));
      }
    }
  }
  return entries;
}
async function filesIn(folder, pattern) {
  return (await readdir2(folder).catch(() => [])).filter((name) => pattern.test(name));
}
async function entryOf(buildDir, path) {
  const source = await realpath2(join6(buildDir, path));
  const { size: size2 } = await stat(source);
  return { path, source, type: "file", size: size2, mode: 420 };
}
async function isSame(built, packed) {
  const [one, other] = await Promise.all([readFile3(built), readFile3(packed).catch(() => void 0)]);
  return other !== void 0 && one.equals(other);
}

// src/build/describe.ts
import { existsSync } from "node:fs";
import { basename as basename4 } from "node:path";

// src/build/release-checks.ts
import { lstat, readdir as readdir3 } from "node:fs/promises";
import { join as join7 } from "node:path";
var MADE_UP_VERSION = /^0\.0\.0\+build\./;
function checkRelease(release, at2, { tag, isUpFrom = false, mayBeMadeUp = false } = {}) {
  checkVersions(release, at2, mayBeMadeUp);
  if (tag !== void 0) checkTag(release.version, tag, at2);
  checkSystemLibraries(release, at2);
  if (!release.applications.some(({ name }) => name === "sasl")) throw withoutSasl(release, at2, isUpFrom);
}
function withoutSasl({ name, version }, at2, isUpFrom) {
  const message = `The release ${name} ${version} (${at2}) does not contain sasl, so its node has no release_handler.`;
  return new RefusedError(message, {
    remedy: isUpFrom ? `Nodes of ${version} cannot be upgraded hot. Set \`upgrade-from: none\` for the new version only, and restart the nodes once to run it; from that version on, hot upgrades are possible.` : `Add sasl to the release in rebar.config: \`{release, {${name}, "${version}"}, [${name}, sasl]}\`. If the version before lacks it, too, set \`upgrade-from: none\` for this one, and restart the nodes once to run it.`,
    location: { file: "rebar.config" }
  });
}
function checkVersions(release, at2, mayBeMadeUp) {
  if (!isReleaseName(release.name)) throw badName("release", release.name, at2);
  for (const { name } of release.applications) {
    if (!isApplicationName(name)) throw badName("application", name, at2);
  }
  const named2 = [
    { what: `release ${release.name}`, version: release.version },
    ...release.applications.map(({ name, version }) => ({ what: `application ${name}`, version }))
  ];
  for (const { what, version } of named2) {
    if (MADE_UP_VERSION.test(version) && !mayBeMadeUp) {
      throw new RefusedError(
        `The version of ${what} (${at2}) is ${version}: rebar3 saw no git tag to take it from.`,
        {
          remedy: "Set `fetch-depth: 0` in the actions/checkout step, or write the version instead of `git`."
        }
      );
    }
    if (!isVersion(version)) throw badVersion(what, version, at2);
  }
}
function badName(kind, name, at2) {
  return new RefusedError(
    `The ${kind} name ${JSON.stringify(name)} (${at2}) cannot be part of a file's name.`,
    {
      remedy: "Use letters, digits, _ @ and - only, and begin with a letter."
    }
  );
}
function badVersion(what, version, at2) {
  return new RefusedError(
    `The version of ${what} (${at2}) is ${JSON.stringify(version)}, which cannot be a folder's name.`,
    { remedy: 'Use letters, digits, and . _ + ~ - only, e.g. a tag without "/".' }
  );
}
function checkNames(names2, at2) {
  for (const { kind, name, version } of names2) {
    if (!isPathComponent(name)) throw badName(kind, name, at2);
    if (version !== null && !isPathComponent(version)) throw badVersion(`${kind} ${name}`, version, at2);
  }
}
function checkTag(version, tag, at2) {
  if (tagNamesVersion(tag, version)) return;
  throw new RefusedError(`The git tag is ${tag} but the release version built at ${at2} is ${version}.`, {
    remedy: `Set the release version in rebar.config's {release, {Name, Vsn}, \u2026} to the tag's, or give the commit a tag that names ${version}, if there is none yet.`,
    location: { file: "rebar.config" }
  });
}
function checkSystemLibraries(release, at2) {
  const missing2 = release.applications.filter((application2) => !application2.present).map(({ name }) => name);
  if (missing2.length === 0) return;
  throw new RefusedError(
    `The release ${release.name} ${release.version} (${at2}) lacks the folders of ${missing2.join(", ")}, so release_handler cannot upgrade it.`,
    {
      remedy: "Write {system_libs, true} (or {mode, prod} without {system_libs, false}) in the relx section of this profile.",
      location: { file: "rebar.config" }
    }
  );
}
async function checkAssembled(root, at2, profile) {
  const lib = join7(root, "lib");
  for (const entry of await readdir3(lib)) {
    if (!(await lstat(join7(lib, entry))).isSymbolicLink()) continue;
    throw new RefusedError(
      `The release at ${at2} was assembled in dev_mode: lib/${entry} is a link, not a folder.`,
      {
        remedy: `Write {profiles, [{${profile}, [{relx, [{dev_mode, false}, {include_erts, true}]}]}]}. in rebar.config (with dev_mode, relx makes links that release_handler rejects as "unsafe path").`,
        location: { file: "rebar.config" }
      }
    );
  }
}

// src/build/describe.ts
async function unpackRelease(place, path, origin) {
  const root = await place.workspace.folder("unpacked", sha256(path).slice(0, 12));
  const description = await inWords(
    () => place.erlang.query("describe-package", [path, root, ...foldersOf(origin.source)]),
    (reason, options) => new BadInputError(`${basename4(path)} cannot be used as a release package: ${reason}.`, {
      remedy: "Give the .tar.gz that `rebar3 tar` or relup-action made, unchanged.",
      ...options
    })
  );
  return toRelease(description, { root, tarball: path, origin });
}
async function unpackDebug({ erlang, workspace }, path) {
  if (!existsSync(path)) return void 0;
  const folder = await workspace.folder("debug", sha256(path).slice(0, 12));
  try {
    await erlang.query("unpack", [path, folder]);
    return folder;
  } catch (error) {
    if (!(error instanceof ErlangError || isLate(error))) throw error;
    warning(`${basename4(path)} is not used: ${error.message}`);
    return void 0;
  }
}
function debugPackageOf(tarball) {
  return tarball.replace(/(?:\.upgrade)?\.tar\.gz$/, DEBUG_SUFFIX);
}
async function inWords(ask2, explain2) {
  try {
    return await ask2();
  } catch (error) {
    if (isLate(error)) {
      throw explain2(`unpacking it and reading its code ${error.end.text}`, {
        details: error.details,
        cause: error
      });
    }
    if (!(error instanceof ErlangError)) throw error;
    throw explain2(unended(error.message), { details: error.details, cause: error });
  }
}
function isLate(error) {
  return error instanceof CommandFailedError && error.end.kind === "timed-out";
}
function toRelease(description, { root, tarball, origin }) {
  checkRelease(description, origin.at, origin);
  const { name, version, erts, includesErts } = description;
  const applications = description.applications.map(({ name: name2, version: version2, dir, type, otp, modules, md5s }) => ({
    ...{ name: name2, version: version2, dir, modules },
    ...defined({ type, otp: otp === true ? otp : void 0, md5s })
  }));
  return { root, tarball, name, version, erts, includesErts, applications, source: origin.source };
}

// src/build/cache/releases.ts
function releaseParts({ context, toolchain, described }, { commit }) {
  return {
    ...toolchainParts(toolchain),
    environment: environmentDigest(process.env),
    profile: context.profile,
    release: context.release ?? "",
    commit,
    described,
    prepare: sha256(context.prepare),
    project: context.projectPath
  };
}
function keyOf2(parts) {
  const { os = "", arch = "", otp = "", release = "", commit = "" } = parts;
  return cacheKey("release", parts, [os, arch, `otp${otp}`, release, commit.slice(0, 12)]);
}
async function restoreVersion(origin, version) {
  const { context } = origin;
  const parts = releaseParts(origin, version);
  const folder = await folderOf2(context, version);
  if (!await restoreEntry(keyOf2(parts), folder)) return void 0;
  try {
    const { files, builtIn } = await openEntry(folder, parts);
    const tarball = files.find((file) => !file.endsWith(DEBUG_SUFFIX));
    if (tarball === void 0) throw new Error("it holds no package");
    const debug2 = files.find((file) => file.endsWith(DEBUG_SUFFIX));
    const buildDir = debug2 === void 0 ? void 0 : await unpackDebug(context, debug2);
    const { ref, commit, role, tag } = version;
    const source = { kind: "cache", ref, commit, builtIn, ...defined({ buildDir }) };
    const isUpFrom = role === "up-from";
    const release = await unpackRelease(context, tarball, { source, at: placeOf(version), tag, isUpFrom });
    info(`${ref}: ${release.name} ${release.version} restored from the cache.`);
    return { ...release, tarball };
  } catch (error) {
    info(
      neutralise(`The cache entry of ${version.ref} is not used (${String(error)}); it is built instead.`)
    );
    return void 0;
  }
}
async function saveVersion(origin, version, release) {
  const { context } = origin;
  const folder = await folderOf2(context, version);
  const { tarball, root, applications, source } = release;
  const file = basename5(tarball);
  await copyFile2(tarball, join8(folder, file));
  const debugFile = `${release.name}-${release.version}${DEBUG_SUFFIX}`;
  const buildDir = source.kind === "ref" ? source.buildDir : void 0;
  const compiled = { root, buildDir, applications, withAppups: true };
  const debug2 = await writeDebugTarball(join8(folder, debugFile), compiled, 0);
  const parts = releaseParts(origin, version);
  const files = [file, ...debug2 === void 0 ? [] : [debugFile]];
  const names2 = await sealEntry(folder, { files, builtIn: foldersOf(source) }, parts);
  await saveEntry(keyOf2(parts), folder, names2);
}
async function folderOf2({ workspace }, { commit }) {
  return workspace.folder("cache", commit.slice(0, 12));
}

// src/build/machine.ts
import { glob, open } from "node:fs/promises";
import { join as join9 } from "node:path";
var NATIVE = ["erts-*/bin/erlexec", "lib/*/priv/**/*.so"];
var MACHINES = {
  3: "i386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "x86_64",
  183: "aarch64",
  243: "riscv",
  258: "loongarch"
};
var NOTHING = { buffer: new Uint8Array(0), bytesRead: 0 };
function elfMachine(header) {
  if (header.length < 20 || header[0] !== 127 || String.fromCharCode(...header.subarray(1, 4)) !== "ELF") {
    return void 0;
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const machine = view.getUint16(18, header[5] === 1);
  return MACHINES[machine] ?? `ELF machine ${machine}`;
}
async function releaseMachine(root) {
  for (const pattern of NATIVE) {
    for await (const file of glob(pattern, { cwd: root })) {
      const machine = elfMachine(await firstBytes(join9(root, file)));
      if (machine !== void 0) return machine;
    }
  }
  return void 0;
}
async function checkMachine(upFrom, release) {
  if (upFrom.source.kind !== "tarball") return;
  const [before, after] = await Promise.all([upFrom, release].map(({ root }) => releaseMachine(root)));
  if (before === void 0 || after === void 0 || before === after) return;
  throw new RefusedError(
    `The up-from release ${upFrom.name} ${upFrom.version} was built for ${before}, but the new one for ${after}.`,
    {
      remedy: `Run this job on a runner for ${before}, or give the package of ${upFrom.version} that was built for ${after}.`
    }
  );
}
async function firstBytes(path) {
  const file = await open(path).catch(() => void 0);
  try {
    const { buffer, bytesRead } = await (file?.read(new Uint8Array(20), 0, 20, 0) ?? NOTHING);
    return buffer.subarray(0, bytesRead);
  } catch {
    return NOTHING.buffer;
  } finally {
    await file?.close();
  }
}

// src/model/release-difference.ts
function compareReleases(upFrom, to) {
  const before = byName(upFrom);
  const after = byName(to);
  const pairs = [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].sort().map((name) => change(name, before.get(name), after.get(name)));
  return {
    upFrom,
    changed: pairs.filter(({ from, to: to2 }) => from !== void 0 && to2 !== void 0 && from !== to2),
    added: pairs.filter(({ from }) => from === void 0),
    removed: pairs.filter(({ to: to2 }) => to2 === void 0),
    unbumped: pairs.filter(({ from, to: to2, modules }) => from === to2 && hasChanges(modules))
  };
}
function byName(release) {
  return new Map(release.applications.map((application2) => [application2.name, application2]));
}
function change(name, before, after) {
  return {
    name,
    ...before === void 0 ? {} : { from: before.version },
    ...after === void 0 ? {} : { to: after.version },
    modules: compareModules(before?.modules ?? {}, after?.modules ?? {})
  };
}
function compareModules(before, after) {
  return {
    added: Object.keys(after).filter((name) => !Object.hasOwn(before, name)).sort(),
    changed: Object.keys(after).filter((name) => Object.hasOwn(before, name) && before[name] !== after[name]).sort(),
    removed: Object.keys(before).filter((name) => !Object.hasOwn(after, name)).sort()
  };
}
function hasChanges({ added, changed: changed2, removed }) {
  return added.length + changed2.length + removed.length > 0;
}

// src/build/pair-checks.ts
function checkPair(upFrom, release, maySameVersion) {
  if (upFrom.name !== release.name) {
    throw new RefusedError(
      `The up-from release is ${upFrom.name} ${upFrom.version}, but the new one is ${release.name} ${release.version}.`,
      {
        remedy: "A node is upgraded within one release name: set the input `release`, or upgrade-from another version."
      }
    );
  }
  if (maySameVersion || upFrom.version !== release.version) return;
  throw new RefusedError(
    `Both releases are ${release.name} ${release.version}: the release version was not raised.`,
    {
      remedy: `Raise it in rebar.config: {release, {${release.name}, "<new version>"}, \u2026}.${unraised(upFrom, release)}`,
      location: { file: "rebar.config" }
    }
  );
}
function unraised(upFrom, release) {
  const { unbumped } = compareReleases(upFrom, release);
  const own = unbumped.filter(
    ({ name }) => !release.applications.some((one) => one.name === name && one.otp === true)
  );
  if (own.length === 0) return "";
  const names2 = own.map(({ name, to = "" }) => `${name} (${to})`).join(", ");
  return ` Raise the application version, too, where code changed: ${names2}, in the .app.src.`;
}
function checkDistinct(releases) {
  const seen = /* @__PURE__ */ new Set();
  for (const { name, version } of releases) {
    if (seen.has(version)) {
      throw new RefusedError(`Two of the up-from releases are ${name} ${version}.`, {
        remedy: "Name each version once in `upgrade-from`."
      });
    }
    seen.add(version);
  }
}

// src/build/raised-build.ts
import { rm as rm3 } from "node:fs/promises";
import { join as join14 } from "node:path";

// src/build/assemble.ts
import { readFile as readFile5, readdir as readdir4 } from "node:fs/promises";
import { basename as basename6, join as join13 } from "node:path";

// src/build/prepare-command.ts
async function prepareWorktree({
  at: at2,
  ...command
}) {
  try {
    await runUserCommand(command);
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`The \`prepare\` command ${error.end.text} at ${at2}.`, {
      remedy: error.remedy ?? "It runs in the project folder of every version, so it must also work for the up-from version.",
      details: error.details ?? error.message,
      cause: error
    });
  }
}

// src/build/rebar3-build.ts
import { readFile as readFile4 } from "node:fs/promises";
import { join as join12 } from "node:path";

// src/build/compile-error.ts
import { join as join10, relative } from "node:path";
var PLAIN = /^(?<file>\S[^:\n]*\.[a-z]+):\{?(?<line>\d+)(?:[:,](?<column>\d+)\}?)?: (?!Warning)(?<text>.+)$/m;
var DRAWN = /^ *┌─ (?<file>.+):\n *│ *\n *(?<line>\d+) │.*\n(?<mark> *│ *╰)─*(?: (?<text>.+))?$/m;
function compileError(output) {
  const start = output.search(/Compiling \S+ failed/);
  if (start === -1) return void 0;
  const errors = output.slice(start);
  const found = (DRAWN.exec(errors) ?? PLAIN.exec(errors))?.groups;
  if (found === void 0) return void 0;
  const { file = "", line, column, mark, text: text2 = "" } = found;
  const at2 = mark === void 0 ? Number(column ?? 0) : mark.indexOf("\u2570") - mark.indexOf("\u2502") - 2;
  return { place: { file, line: Number(line), ...at2 > 0 ? { column: at2 } : {} }, text: text2.trim() };
}
function inRepository(place, { topDir, projectPath }) {
  const file = place.file.startsWith("/") ? relative(topDir, place.file) : place.file;
  if (file.startsWith("..") || /(?:^|\/)_build\//.test(file)) return void 0;
  return { ...place, file: join10(projectPath, file) };
}

// src/build/build-failure.ts
var APPUP_PLUGIN = /rebar3_appup_plugin[^\n]*(?:failed|error)|(?:failed|errors?)[^\n]*rebar3_appup_plugin|Uncaught error[\s\S]*rebar3_appup_/i;
var PLUGIN_NOT_LOADED = /Errors loading plugin \{?([a-z][\w@]*)/g;
var KNOWN = [
  {
    pattern: /No space left on device|\benospc\b/i,
    reason: () => "there is no space left on the disk",
    remedy: "Free some space before this step, or use a runner with a larger disk: every version is built in a folder of its own."
  },
  {
    // `{vsn, git}` at a tag with a slash
    pattern: /Assembling release (\S*\/\S*)\.\.\.\s[\s\S]*Uncaught error/,
    reason: (match) => `the version of the release ${match[1]} has a slash and so cannot be a folder's name`,
    remedy: 'Use a tag without "/" (e.g. v1.2.0), or write the version instead of `git`.'
  },
  {
    pattern: /No releases have been specified in the system/,
    reason: () => "rebar.config defines no release",
    remedy: 'Add a section `{relx, [{release, {name, "1.0.0"}, [name, sasl]}, {mode, prod}]}.` to rebar.config.'
  },
  {
    pattern: /Must specify the name of the release to build/,
    reason: () => "rebar.config defines releases with several names",
    remedy: "Set the input `release` to the name of the one to build."
  },
  {
    pattern: /No releases exist in the system for (.+?)!/,
    reason: (match) => `rebar.config defines no release named ${match[1]}`,
    remedy: "Set the input `release` to a name that stands in a `{release, {Name, Vsn}, \u2026}` entry, or leave it out."
  },
  {
    // relx's own words; the path is of the worktree, the file's name is what stands in rebar.config
    pattern: /The (\S+) file specified for this release \(\S*\/([^/)]+)\) does not exist/,
    reason: (match) => `${match[2]}, which rebar.config names as ${match[1]}, is not in the repository`,
    remedy: "Commit the file, or make it in the input `prepare` (e.g. a copy of its example), which runs for every version."
  },
  {
    pattern: /Application needed for release not found: (\S+)/,
    reason: (match) => `the release lists the application ${match[1]}, which neither the project, its dependencies nor OTP have`,
    remedy: "Correct the name where it stands: in the `{release, \u2026}` entry of rebar.config, or among the `applications` of an .app.src, which may be a dependency's; or add the dependency (a split OTP installation may lack it)."
  },
  {
    // a long one goes on in the next line
    pattern: /Failed to fetch and copy dep: (.+(?:\n +\S.*)*)/,
    reason: (match) => `a dependency could not be fetched: ${(match[1] ?? "").replace(/\n */g, "")}`,
    remedy: "Check that the dependency and its tag, branch or commit still exist, and that this job may read it (a token for private repositories)."
  },
  {
    pattern: /Package not found in any repo: (.+)/,
    reason: (match) => `a dependency could not be fetched: ${match[1]}`,
    remedy: "Check its name and version on hex.pm, and that this runner can reach hex.pm (HTTPS_PROXY, HEX_CDN)."
  },
  {
    pattern: /OTP release (\S+) or later is required\. Version in use: (\S+)/,
    reason: (match) => `it needs OTP ${match[1]} or newer, and this is ${match[2]}`,
    remedy: "Set `otp-version` in the erlef/setup-beam step to one that fits; or change `minimum_otp_vsn` in the rebar.config that asks for it, of the project or of a dependency."
  },
  {
    pattern: /Cannot (?:re)?allocate \d+ bytes of memory/,
    reason: () => "there was not enough memory",
    remedy: "Use a runner with more memory."
  },
  {
    pattern: APPUP_PLUGIN,
    reason: () => "rebar3_appup_plugin, named in rebar.config, does not build or crashes on this Erlang/OTP",
    remedy: "It was left out of rebar.config, so a dependency names it, too: remove it there, or give an up-from release as a package."
  },
  {
    pattern: /Error reading file (\S*rebar\.config): (.*)/,
    reason: (match) => `${match[1]} cannot be read, line ${match[2]}`,
    remedy: "Correct the syntax at that line."
  }
];
var CRASH_DUMP_LIMIT = 4e3;
function appupPluginFailure(failure) {
  const output = outputOf(failure);
  if (!APPUP_PLUGIN.test(output)) return void 0;
  return pluginsNotFetched(output).includes("rebar3_appup_plugin") ? "not-fetched" : "broken";
}
function pluginsNotFetched(output) {
  const names2 = [...output.matchAll(PLUGIN_NOT_LOADED)].map((match) => match[1]);
  return [...new Set(names2)].filter((name) => !new RegExp(`Compiling (?:\\S*/)?${name}\\b`).test(output));
}
function explainBuildFailure(failure, at2, place) {
  const { error } = failure;
  const output = outputOf(failure);
  const plugins = pluginsNotFetched(output);
  if (plugins.length > 0) {
    const what = plugins.length > 1 ? "plugins" : "the plugin";
    return new ActionError(
      `The release could not be built at ${at2}: ${what} ${plugins.join(", ")} could not be fetched.`,
      {
        remedy: "Check name and version in rebar.config, and that this job can reach where it comes from (hex.pm: HTTPS_PROXY, HEX_CDN; a token for private repositories).",
        details: output,
        cause: error
      }
    );
  }
  for (const known of KNOWN) {
    const match = known.pattern.exec(output);
    if (match === null) continue;
    return new ActionError(`The release could not be built at ${at2}: ${known.reason(match)}.`, {
      remedy: known.remedy,
      details: output,
      cause: error
    });
  }
  const broken2 = compileError(printedBy(failure));
  const why = broken2 === void 0 ? error.message : `${broken2.place.file} does not compile: ${unended(broken2.text)}.`;
  return new ActionError(`The release could not be built at ${at2}: ${why}`, {
    location: broken2 && place && inRepository(broken2.place, place),
    remedy: error.remedy ?? `The end of rebar3's output:
${lastWords(printedBy(failure))}`,
    details: output,
    cause: error
  });
}
function outputOf(failure) {
  const printed = printedBy(failure);
  return failure.crashDump === "" ? printed : `${printed}
${failure.crashDump.slice(0, CRASH_DUMP_LIMIT)}`;
}
function printedBy({ error }) {
  return (error.details ?? "").replace(/\x1b\[[0-9;]*m/g, "");
}
function lastWords(output) {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const start = lines.findLastIndex((line) => line.startsWith("===>"));
  return lines.slice(Math.max(start, lines.length - 12)).join("\n") || "(no output)";
}

// src/build/rebar-configuration.ts
import { writeFile as writeFile3 } from "node:fs/promises";
import { join as join11 } from "node:path";
function characters(text2) {
  return JSON.stringify([...text2].map((char) => char.codePointAt(0)));
}
var script = (own, changes2) => `IsPlugin = fun
    (rebar3_appup_plugin) -> true;
    (Plugin) -> is_tuple(Plugin) andalso element(1, Plugin) =:= rebar3_appup_plugin
end,
IsHook = fun
    ({_, {appup, _}}) -> true;
    (_) -> false
end,
WithoutPlugin = fun
    ({Key, Plugins}) when Key =:= plugins; Key =:= project_plugins ->
        {Key, [Plugin || Plugin <- Plugins, not IsPlugin(Plugin)]};
    ({provider_hooks, Hooks}) ->
        {provider_hooks, [{Time, [Hook || Hook <- Listed, not IsHook(Hook)]} || {Time, Listed} <- Hooks]};
    (Option) ->
        Option
end,
Raise = fun
    (Term, Name, Version) when element(1, Term) =:= release, element(1, element(2, Term)) =:= Name ->
        setelement(2, Term, {Name, Version});
    ({default_release, {Name, _}}, Name, Version) ->
        {default_release, {Name, Version}};
    ({default_release, Name, _}, Name, Version) ->
        {default_release, Name, Version};
    (Term, _, _) ->
        Term
end,
Raised = fun(Terms) ->
    lists:foldl(
        fun({Name, Version}, All) -> [Raise(Term, list_to_atom(Name), Version) || Term <- All] end,
        Terms,
        ${changes2.raised === void 0 ? "[]" : `[{${characters(changes2.raised.name)}, ${characters(changes2.raised.version)}}]`}
    )
end,
case file:consult("relx.config") of
    {ok, Terms} when ${String(changes2.raised !== void 0)} ->
        ok = file:write_file("relx.config", [io_lib:format("~tp.~n", [Term]) || Term <- Raised(Terms)]);
    _ ->
        ok
end,
Relx = [{src_tests, false} | [{check_for_undefined_functions, false} || ${String(changes2.withoutUndefinedCheck)}]],
WithRelx = fun
    ({relx, Own}) when is_list(Own) -> {relx, Raised(Own) ++ Relx};
    (Option) -> Option
end,
Changes = [Change || {Change, true} <- [
    {WithoutPlugin, ${String(changes2.withoutAppupPlugin)}},
    {WithRelx, true}
]],
Apply = fun
    Apply({profiles, Profiles}) when is_list(Profiles) ->
        {profiles, [
            case Profile of
                {Name, Options} when is_list(Options) -> {Name, [Apply(Option) || Option <- Options]};
                _ -> Profile
            end
         || Profile <- Profiles
        ]};
    Apply(Option) ->
        lists:foldl(fun(Change, Changed) -> Change(Changed) end, Option, Changes)
end,
Options = try
    rebar_config:consult_file(${characters(own)})
catch
    throw:{error, {Module, Reason}} ->
        rebar_log:log(error, "~ts", [Module:format_error(Reason)]),
        throw({error, {Module, Reason}})
end,
[Apply(Option) || Option <- Options].
`;
async function changedConfiguration(folder, changes2) {
  const path = join11(folder, "rebar.config");
  await writeFile3(`${path}.script`, script(process.env.REBAR_CONFIG ?? "rebar.config", changes2));
  return path;
}

// src/build/rebar3-build.ts
async function buildWithRebar3({
  context,
  version,
  cwd,
  at: at2,
  onLine,
  relxAlone
}) {
  const cacheDir = version.role === "new" ? void 0 : await copyCache(await context.workspace.folder("rebar3-cache", version.commit.slice(0, 12)));
  const options = {
    cwd,
    profile: context.profile,
    ...defined({ release: context.release, cacheDir, onLine })
  };
  const attempt2 = async (withoutAppupPlugin) => {
    const configFile = await configurationFor(context, version, withoutAppupPlugin);
    try {
      await rebar3(relxAlone ? "tar-alone" : "tar", { ...options, configFile });
      return void 0;
    } catch (error) {
      if (error instanceof CommandFailedError) return { error, crashDump: await crashDump(cwd) };
      throw error;
    }
  };
  const place = version.role === "new" ? { topDir: cwd, projectPath: context.projectPath } : void 0;
  const first = await attempt2(false);
  if (first === void 0) return [];
  const plugin = appupPluginFailure(first);
  if (plugin === void 0) {
    if (first.error.end.kind === "exited")
      await rebar3Version(await context.workspace.folder("rebar3-version"));
    throw explainBuildFailure(first, at2, place);
  }
  const second = await attempt2(true);
  if (second !== void 0) throw explainBuildFailure(second, at2, place);
  return [pluginFinding({ context, version, at: at2, problem: PLUGIN_PROBLEM[plugin] })];
}
async function configurationFor({ workspace }, { commit, role, raised }, withoutAppupPlugin) {
  const withoutUndefinedCheck = role === "up-from";
  const kind = withoutAppupPlugin ? "without-appup-plugin" : "own";
  const folder = await workspace.folder("rebar-config", commit.slice(0, 12), kind);
  return changedConfiguration(folder, { withoutAppupPlugin, withoutUndefinedCheck, ...defined({ raised }) });
}
var PLUGIN_PROBLEM = {
  "not-fetched": "could not be fetched",
  broken: "does not build or crashes on this Erlang/OTP"
};
function pluginFinding({
  context,
  version,
  at: at2,
  problem
}) {
  const { role } = version;
  const { projectPath } = context;
  return {
    id: "appup-plugin-left-out",
    severity: "warning",
    message: `rebar3_appup_plugin ${problem}, so ${at2} was built without it.`,
    remedy: "Remove it and its provider_hooks from rebar.config: relup-action compiles .appup.src files and packs appups itself.",
    ...role === "new" ? { location: { file: join12(projectPath, "rebar.config") } } : {}
  };
}
async function crashDump(projectDir) {
  return readFile4(join12(projectDir, "rebar3.crashdump"), "utf8").catch(() => "");
}

// src/build/assemble.ts
var NOISE = /Source code not found/;
async function addWorktree(context, version) {
  const dir = await worktreeFolder(context, version);
  await (context.checkouts?.get(version.commit) ?? context.git.addWorktree(dir, version.commit));
  const projectDir = join13(dir, context.projectPath);
  const found = await Promise.all(
    ["rebar.config", "rebar.config.script"].map((name) => exists(join13(projectDir, name)))
  );
  if (!found.includes(true)) throw await withoutConfiguration(context, version, projectDir);
  return projectDir;
}
async function withoutConfiguration({ projectPath }, { ref }, projectDir) {
  const folder = projectPath === "" ? "the top folder of the repository" : `the folder ${projectPath}`;
  if (await exists(join13(projectDir, "mix.exs"))) {
    return new BadInputError(`In ${folder} at ${ref} there is a mix.exs but no rebar.config.`, {
      remedy: "relup-action builds rebar3 projects. For Mix see docs/comparison.md; if a rebar3 project lies elsewhere in the repository, set the input `working-directory` to its folder."
    });
  }
  return new BadInputError(`There is no rebar.config in ${folder} at ${ref}.`, {
    remedy: "Set the input `working-directory` to the folder where rebar.config is."
  });
}
async function assemble(context, version, { dir: projectDir, alone }) {
  const at2 = placeOf(version);
  const lock = await lockFile(projectDir);
  const leftOut = await buildWithRebar3({
    context,
    version,
    cwd: projectDir,
    at: at2,
    onLine: shownLines(version),
    relxAlone: alone.relxAlone
  });
  const root = await assembledFolder(context, projectDir, at2);
  await checkAssembled(root, at2, context.profile);
  return {
    projectDir,
    root,
    findings: [
      ...leftOut,
      ...lock === await lockFile(projectDir) ? [] : lockFindings(context, version, at2)
    ],
    buildDir: join13(root, "..", ".."),
    tarball: await tarballIn(root, at2)
  };
}
function shownLines({ role, raised }) {
  if (role === "up-from" || raised !== void 0) return void 0;
  return (line) => {
    if (!NOISE.test(line)) info(neutralise(line));
  };
}
async function prepare(context, version, cwd) {
  const scriptFile = join13(await context.workspace.folder("prepare"), `${version.commit.slice(0, 12)}.sh`);
  const env = { RELUP_REF: version.ref, RELUP_COMMIT: version.commit, RELUP_ROLE: version.role };
  const command = { command: context.prepare, cwd, scriptFile, env, at: placeOf(version) };
  await prepareWorktree({ ...command, ...defined({ onLine: shownLines(version) }) });
}
async function assembledFolder(context, projectDir, at2) {
  const rel = join13(projectDir, "_build", context.profile.replaceAll(",", "+"), "rel");
  const names2 = await exists(rel) ? await readdir4(rel) : [];
  const assembled = [];
  for (const name2 of names2) {
    if (await exists(join13(rel, name2, "releases", "start_erl.data"))) assembled.push(name2);
  }
  const [name, ...others] = assembled;
  if (name === void 0 || others.length > 0) {
    const found = name === void 0 ? "there is no release" : `there are several releases (${assembled.join(", ")})`;
    throw new BadInputError(`rebar3 succeeded at ${at2}, but ${found} below _build/${context.profile}/rel.`, {
      remedy: "Leave relx's output_dir at its default, and set the input `release` when several are assembled."
    });
  }
  return join13(rel, name);
}
async function tarballIn(root, at2) {
  const [tarball] = (await readdir4(root)).filter((name) => name.endsWith(".tar.gz"));
  if (tarball !== void 0) return join13(root, tarball);
  throw new BadInputError(`rebar3 succeeded at ${at2}, but made no release package below ${basename6(root)}.`, {
    remedy: "Remove hooks and options of `rebar3 tar` that move the package."
  });
}
async function lockFile(projectDir) {
  return readFile5(join13(projectDir, "rebar.lock"), "utf8").catch(() => "");
}
function lockFindings(context, version, at2) {
  const file = join13(context.projectPath, "rebar.lock");
  return [
    {
      id: "lock-changed",
      severity: "warning",
      message: `rebar3 changed ${file} while building ${at2}: the dependencies built are not the ones that were committed.`,
      remedy: "Run `rebar3 lock` with the same rebar3 version and commit rebar.lock.",
      ...version.role === "new" ? { location: { file } } : {}
    }
  ];
}

// src/build/unpack-built.ts
async function unpackBuilt(context, version, { assembly, builtIn }) {
  const { projectDir, buildDir, tarball } = assembly;
  const { ref, commit, tag, role } = version;
  const release = await unpackRelease(context, tarball, {
    source: { kind: "ref", ref, commit, builtIn, projectDir, buildDir },
    at: placeOf(version),
    tag,
    isUpFrom: role === "up-from",
    mayBeMadeUp: context.check === true
  });
  return { ...release, tarball };
}

// src/build/raised-build.ts
async function buildRaised(context, { version, project, assembly: first, release }, { release: raised, applications }) {
  const { projectDir, buildDir } = first;
  const flat = applications.flatMap((one) => [one.name, one.raised]);
  await context.erlang.query("raise", [projectDir, join14(buildDir, "lib"), ...flat]);
  for (const folder of [join14(buildDir, "rel"), release.root]) await rm3(folder, { recursive: true });
  const { ref, commit, role } = version;
  const again = {
    ...{ ref, commit, role },
    raised: { name: release.name, version: raised?.raised ?? release.version }
  };
  const assembly = await assemble(context, again, project);
  const builtIn = foldersOf(release.source);
  return { assembly, release: await unpackBuilt(context, again, { assembly, builtIn }) };
}

// src/build/build-after.ts
import { rm as rm4 } from "node:fs/promises";
import { join as join17, relative as relative2 } from "node:path";

// src/build/build-alone.ts
import { rename } from "node:fs/promises";
import { basename as basename7, join as join15 } from "node:path";
async function assembleAlone(context, version, project) {
  return keepTarball(context, version, await assemble(context, version, project));
}
async function keepTarball({ workspace }, { commit }, assembly) {
  const folder = await workspace.folder("built", commit.slice(0, 12));
  const tarball = join15(folder, basename7(assembly.tarball));
  await rename(assembly.tarball, tarball);
  return { ...assembly, tarball };
}
async function finishAlone(context, version, made) {
  const { project, compiledIn } = made;
  const assembly = await made.assembly;
  const builtIn = [await worktreeFolder(context, version), ...compiledIn ?? []];
  const release = await unpackBuilt(context, version, { assembly, builtIn });
  const itself = { release: true, dependencies: compiledIn === void 0 };
  return { version, project, assembly, release, made: itself };
}

// src/build/shared-modules.ts
import { copyFile as copyFile3, glob as glob2, lstat as lstat2, mkdir as mkdir4, readdir as readdir5, readFile as readFile6, stat as stat2, utimes } from "node:fs/promises";
import { basename as basename8, dirname as dirname2, join as join16 } from "node:path";

// src/build/read-by-source.ts
import { posix as posix2 } from "node:path";
var TELLING = "(parse|core)_transform|-[[:space:]]*include";
var TRANSFORMS = ["eunit_autoexport", "lager_transform", "ms_transform", "qlc"];
var ReadBySource = class {
  headers = /* @__PURE__ */ new Map();
  doubtful = /* @__PURE__ */ new Set();
  /**
   * @param lines all lines that {@link TELLING} matches, in whatever files
   * @param changed the files that are not the same in both versions
   */
  constructor(lines, changed2) {
    for (const { path, line } of lines) {
      const includes = [...line.matchAll(/-\s*include(?:_lib)?(\s*\(\s*"([^"]+\.hrl)"\s*\))?/g)];
      if (!hasKnownTransforms(line) || includes.some(([, header]) => header === void 0))
        this.doubtful.add(path);
      const names2 = includes.map(([, , file = ""]) => posix2.basename(file));
      this.headers.set(path, /* @__PURE__ */ new Set([...this.headers.get(path) ?? [], ...names2]));
    }
    for (const path of changed2.filter((one) => one.endsWith(".hrl"))) this.doubtful.add(path);
    this.spread();
  }
  /** Whether nothing but headers that are the same in both versions, and known transforms, make the code of a source beside itself. */
  isPlain(path) {
    return !this.doubtful.has(path);
  }
  /** Who includes a doubtful header is doubtful, too. */
  spread() {
    let before;
    do {
      before = this.doubtful.size;
      const names2 = new Set([...this.doubtful].map((path) => posix2.basename(path)));
      for (const [path, headers] of this.headers) {
        if (!headers.isDisjointFrom(names2)) this.doubtful.add(path);
      }
    } while (this.doubtful.size > before);
  }
};
function hasKnownTransforms(text2) {
  const transforms = [...text2.matchAll(/(?:parse|core)_transform(?:\s*,\s*(\w+))?/g)];
  return transforms.every(([, name = ""]) => TRANSFORMS.includes(name));
}

// src/build/same-modules.ts
import { posix as posix3 } from "node:path";
var NONE = [];
async function sameModules(trees, projectPath) {
  const [one, other] = await Promise.all([trees.one.files(), trees.other.files()]);
  const [before, after] = [differing(one, other), differing(other, one)];
  const changed2 = [...before, ...after];
  if (changed2.some(mattersToAll)) return NONE;
  const lines = await Promise.all([trees.one.matchingLines(TELLING), trees.other.matchingLines(TELLING)]);
  const paths = pathsOf(changed2);
  const read2 = new ReadBySource(lines.flat(), [...paths]);
  const inBoth = pathsOf(before).intersection(pathsOf(after));
  const folders = [...paths].flatMap((path) => foldersWith(path, inBoth.has(path), projectPath));
  const names2 = [nameCounts(one), nameCounts(other)];
  const isClear = (path) => names2.every((counts) => counts.get(posix3.basename(path)) === 1) && !folders.some((folder) => folder === "." || path.startsWith(`${folder}/`));
  return one.filter(
    ({ path, kind }) => path.endsWith(".erl") && kind === "regular" && !paths.has(path) && isClear(path) && read2.isPlain(path)
  );
}
function pathsOf(files) {
  return new Set(files.map(({ path }) => path));
}
function differing(one, other) {
  const known = new Map(other.map(({ path, object }) => [path, object]));
  return one.filter(({ path, object }) => known.get(path) !== object);
}
function mattersToAll({ path, kind }) {
  const isText = /(?:^|\/)[A-Z_]+$|\.(?:md|txt)$/.test(path);
  return kind === "other" && !isText || /\.(?:mib|asn1?)$/.test(path);
}
function foldersWith(path, inBoth, projectPath) {
  const folder = posix3.dirname(path);
  if (/^rebar\.config/.test(posix3.basename(path))) {
    return folder === (projectPath === "" ? "." : projectPath) ? [] : [folder];
  }
  return /\.app\.src(?:\.script)?$/.test(path) && !inBoth ? [posix3.dirname(folder)] : [];
}
function nameCounts(files) {
  const counts = /* @__PURE__ */ new Map();
  for (const { path } of files) {
    const name = posix3.basename(path);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

// src/build/shared-modules.ts
var WORTHWHILE = 2e5;
async function findShared(context, { version, project }, earlier) {
  const { git, projectPath, prepare: prepare2 } = context;
  const { dependencies, alone } = project;
  const other = await earlier.project;
  if (!alone.compilersAlone || !other.alone.compilersAlone || prepare2.trim() !== "") return [];
  if (dependencies === void 0 || other.dependencies?.digest !== dependencies.digest) return [];
  const at2 = async (one) => git.at(await worktreeFolder(context, one));
  const trees = { one: await at2(version), other: await at2(earlier.version) };
  const shared = await sameModules(trees, projectPath);
  return shared.reduce((sum, { size: size2 }) => sum + size2, 0) < WORTHWHILE ? [] : shared;
}
async function takeShared({ profile, projectPath }, shared, { ref, from, to }) {
  if (!await haveKnownTransforms(join16(from, projectPath, "_build", "default", "lib"))) return;
  const sources = new Map(shared.map(({ path }) => [basename8(path, ".erl"), path]));
  const lib = join16(projectPath, "_build", profile.replaceAll(",", "+"), "lib");
  const beams = (await beamsIn(join16(from, lib))).filter((path) => sources.has(basename8(path, ".beam")));
  const folders = new Set(beams.map((path) => dirname2(path)));
  for (const folder of folders) await mkdir4(join16(to, lib, folder), { recursive: true });
  await Promise.all(
    beams.map(async (path) => {
      const beam = join16(to, lib, path);
      await copyFile3(join16(from, lib, path), beam);
      const { mtime } = await stat2(join16(to, sources.get(basename8(path, ".beam")) ?? ""));
      await utimes(beam, mtime, mtime);
    })
  );
  const text2 = `${ref}: ${beams.length} modules are the same as in the new version, compiled once for both`;
  info(neutralise(text2));
}
async function beamsIn(libraries2) {
  const own = (await readdir5(libraries2, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    own.map(async ({ name }) => {
      const files = await readdir5(join16(libraries2, name, "ebin")).catch(() => []);
      return files.filter((file) => file.endsWith(".beam")).map((file) => join16(name, "ebin", file));
    })
  );
  return found.flat();
}
async function haveKnownTransforms(libraries2) {
  for await (const file of glob2("*/{include,src}/**/*.hrl", { cwd: libraries2 })) {
    const path = join16(libraries2, file);
    if ((await lstat2(path)).isFile() && !hasKnownTransforms(await readFile6(path, "latin1"))) return false;
  }
  return true;
}

// src/build/build-after.ts
async function buildAfter(context, version, after) {
  const { project, other, taken } = after;
  await Promise.all([taken, other.built]);
  const place = await worktreeFolder(context, other.version);
  let assembly;
  try {
    assembly = await assembleIn(context, version, { ...after, place });
  } catch (error) {
    info(
      neutralise(
        `${version.ref}: all of it is compiled, as it did not build otherwise (${errorMessage(error)})`
      )
    );
    await rm4(join17(project.dir, "_build"), { recursive: true, force: true });
    const again = assembleAlone(context, version, project);
    return finishAlone(context, version, { project, compiledIn: void 0, assembly: again });
  }
  const builtIn = [place, ...await other.dependencies ?? []];
  const release = await unpackBuilt(context, version, { assembly, builtIn });
  return { version, project, assembly, release, made: { release: true, dependencies: false } };
}
async function assembleIn(context, version, { project, other, shared, place }) {
  const { projectPath } = context;
  const { ref } = version;
  const dir = await worktreeFolder(context, version);
  const made = await other.folder.lend({
    dir,
    prepare: () => takeShared(context, shared, { ref, from: place, to: dir }),
    work: async () => {
      const there = { ...project, dir: join17(place, projectPath) };
      return keepTarball(context, version, await assemble(context, version, there));
    }
  });
  const at2 = (path) => join17(dir, relative2(place, path));
  const { projectDir, root, buildDir } = made;
  return { ...made, projectDir: at2(projectDir), root: at2(root), buildDir: at2(buildDir) };
}

// src/build/build-folder.ts
import { rename as rename2 } from "node:fs/promises";
var BuildFolder = class {
  /**
   * @param dir where it is
   * @param built settles when the version that it belongs to is built
   */
  constructor(dir, built) {
    this.dir = dir;
    this.built = built;
    this.last = built;
  }
  dir;
  built;
  holding = /* @__PURE__ */ new Set();
  last;
  /** The folder is not lent while that goes on. */
  hold(work) {
    const held = work.catch(() => void 0);
    this.holding.add(held);
    void held.then(() => this.holding.delete(held));
  }
  /**
   * Lends the path to one guest after the other; what belongs there is put aside meanwhile.
   *
   * @throws the failure of the version's own build, or the guest's; both folders are back then
   */
  lend(guest) {
    const turn = this.last.catch(() => void 0).then(() => this.give(guest));
    this.last = turn;
    return turn;
  }
  async give({ dir: own, prepare: prepare2, work }) {
    await this.built;
    while (this.holding.size > 0) await Promise.all(this.holding);
    await prepare2();
    const dir = await this.dir;
    const aside = `${dir}.aside`;
    await rename2(dir, aside);
    await rename2(own, dir);
    try {
      return await work();
    } finally {
      await rename2(dir, own);
      await rename2(aside, dir);
    }
  }
};

// src/build/version-project.ts
async function openVersion(context, version) {
  return look(context, version, await addWorktree(context, version));
}
async function prepareVersion(context, version, project) {
  if (context.prepare.trim() === "") return project;
  await prepare(context, version, project.dir);
  return look(context, version, project.dir);
}
async function look(context, version, dir) {
  const { named: named2, fixed, alone, dependencies } = await context.erlang.query("project", [dir, context.profile]);
  checkNames(named2, placeOf(version));
  if (process.env.REBAR_CONFIG !== void 0) return { dir, fixed, alone: UNKNOWN };
  return { dir, fixed, alone, ...dependencies === null ? {} : { dependencies } };
}
var UNKNOWN = { compilersAlone: false, relxAlone: false };

// src/build/provide.ts
function isKept({ cache, context }) {
  return cache !== "off" && context.check !== true && maySaveCache(process.env);
}
function provide(options, version, other) {
  const { context, cache } = options;
  const opened = openVersion(context, version);
  const isSought = cache === "release" || cache === "auto" && version.role === "up-from";
  const restored = opened.then((found) => isSought ? restore(options, version, found) : void 0);
  const project = restored.then(
    async (known) => known?.project ?? prepareVersion(context, version, await opened)
  );
  const way = project.then(async (prepared) => {
    const known = await restored;
    if (known !== void 0) return { kind: "restored", provided: known };
    return findWay(options, version, { project: prepared, other });
  });
  const dependencies = way.then((found) => found.kind === "built" ? found.compiledIn : []);
  const built = way.then((found) => found.kind === "built" ? found.assembly : void 0);
  const provided = way.then(async (found) => {
    if (found.kind === "restored") return found.provided;
    const made = { project: await project };
    if (found.kind === "after") return buildAfter(context, version, { ...found, ...made });
    return finishAlone(context, version, { ...found, ...made });
  });
  const taken = way.then(async (found) => {
    if (found.kind === "after") await found.taken;
  });
  for (const side of [dependencies, built, taken]) side.catch(() => void 0);
  other?.folder.hold(taken);
  return {
    version,
    project,
    dependencies,
    built,
    provided,
    folder: new BuildFolder(worktreeFolder(context, version), built)
  };
}
async function findWay(options, version, { project, other }) {
  const { context, toolchain, cache } = options;
  const { profile } = context;
  const { ref } = version;
  if (other !== void 0 && cache !== "off" && !isKept(options)) {
    const shared = await findShared(context, { version, project }, other);
    if (shared.length > 0) {
      return {
        kind: "after",
        other,
        shared,
        taken: takeDependencies({ project, from: other, ref, profile })
      };
    }
  }
  const isTaken = other !== void 0 && await takeDependencies({ project, from: other, ref, profile });
  const compiledIn = isTaken ? [await worktreeFolder(context, other.version), ...await other.dependencies ?? []] : cache === "off" ? void 0 : await restoreDependencies({ context, toolchain, project, version });
  return { kind: "built", compiledIn, assembly: assembleAlone(context, version, project) };
}
async function restore({ context, toolchain }, version, project) {
  const { dir, fixed, alone } = project;
  const described = await describedBy(context, project);
  const release = await restoreVersion({ context, toolchain, described }, version);
  if (release === void 0) return void 0;
  const { root, tarball, source } = release;
  const buildDir = source.buildDir ?? root;
  return {
    version,
    project: { dir, fixed, alone },
    assembly: { projectDir: dir, root, buildDir, tarball, findings: [] },
    release,
    made: { release: false, dependencies: false }
  };
}
async function describedBy({ git }, { dir, fixed }) {
  return fixed ? "" : git.at(dir).describe();
}

// src/build/build.ts
async function buildAll(options, refs) {
  const given = await openGiven(options.context, refs);
  const newBuild = provide(options, newVersion(refs));
  const [first, ...others] = await allOrFirstFailure([
    newBuild.provided,
    ...refs.upFrom.map(
      async (choice) => choice.kind === "tarball" ? given.get(choice.path) : provide(options, upFromVersion(choice, refs), newBuild).provided
    )
  ]);
  const { release, assembly } = first;
  const provided = [first, ...others.filter((one) => "assembly" in one)];
  const upFrom = others.map((one) => "assembly" in one ? one.release : one);
  for (const one of upFrom) {
    checkPair(one, release, options.context.check === true);
    await checkMachine(one, release);
  }
  checkDistinct(upFrom);
  const kept = isKept(options);
  return {
    release,
    assembly,
    upFrom,
    findings: provided.flatMap(({ assembly: assembly2 }) => assembly2.findings),
    unused: kept ? { now: [], planned: [], packed: [] } : unusedOf(provided),
    raise: (raised) => buildRaised(options.context, first, raised),
    saveToCache: () => kept ? saveAll(options, provided) : Promise.resolve()
  };
}
function unusedOf([first, ...upFrom]) {
  return {
    now: upFrom.flatMap(({ made, assembly }) => made.release ? [assembly.root] : []),
    planned: upFrom.map(({ assembly }) => assembly.projectDir),
    packed: first === void 0 ? [] : [first.assembly.projectDir]
  };
}
async function saveAll(options, provided) {
  const saved = /* @__PURE__ */ new Set();
  for (const { version, project, release, made } of provided) {
    if (made.release)
      await saveVersion(
        { ...options, described: await describedBy(options.context, project) },
        version,
        release
      );
    const digest = project.dependencies?.digest ?? "";
    if (!made.dependencies || saved.has(digest)) continue;
    saved.add(digest);
    await saveDependencies({ ...options, project, version });
  }
}
async function openGiven(context, { upFrom }) {
  const given = /* @__PURE__ */ new Map();
  for (const choice of upFrom) {
    if (choice.kind !== "tarball" || given.has(choice.path)) continue;
    const { path } = choice;
    const buildDir = await unpackDebug(context, debugPackageOf(path));
    const source = { kind: "tarball", path, ...defined({ buildDir, published: choice.published }) };
    given.set(path, await unpackRelease(context, path, { source, at: basename9(path), isUpFrom: true }));
  }
  return given;
}
async function allOrFirstFailure(work) {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
function newVersion({ newRef, newCommit, newTag }) {
  return { ref: newRef, commit: newCommit, role: "new", ...newTag === void 0 ? {} : { tag: newTag } };
}
function upFromVersion({ ref, commit }, { candidates }) {
  const isTag = candidates.some(({ tag, version }) => tag === ref && version !== void 0);
  return { ref, commit, role: "up-from", ...isTag ? { tag: ref } : {} };
}

// src/build/checkouts.ts
function startCheckouts(context, refs) {
  const commits = refs.upFrom.flatMap((choice) => choice.kind === "ref" ? [choice.commit] : []);
  const begun = /* @__PURE__ */ new Map();
  let before = Promise.resolve();
  for (const commit of /* @__PURE__ */ new Set([refs.newCommit, ...commits])) {
    const checkout = before.then(
      async () => context.git.addWorktree(await worktreeFolder(context, { commit }), commit)
    );
    before = checkout.catch(() => void 0);
    begun.set(commit, checkout);
  }
  context.workspace.meanwhile(before);
  return begun;
}

// src/build/repository.ts
import { realpath as realpath4, stat as stat4 } from "node:fs/promises";
import { join as join22, relative as relative3, resolve as resolve3 } from "node:path";

// src/programs/git.ts
import { join as join21 } from "node:path";

// src/programs/git/command.ts
import { homedir } from "node:os";
import { join as join18, resolve } from "node:path";

// src/programs/git/config.ts
function parseConfigList(output) {
  return output.split("\0").filter((record) => record !== "").map((record) => {
    const end = record.indexOf("\n");
    return end === -1 ? { key: record, value: "true" } : { key: record.slice(0, end), value: record.slice(end + 1) };
  });
}
function formatConfig(entries) {
  return entries.map(formatEntry).join("");
}
function formatEntry({ key: key2, value }) {
  const first = key2.indexOf(".");
  const last = key2.lastIndexOf(".");
  const section = key2.slice(0, first);
  const subsection = first === last ? "" : ` "${key2.slice(first + 1, last).replaceAll(/["\\]/g, "\\$&")}"`;
  const text2 = value.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("	", "\\t");
  return `[${section}${subsection}]
	${key2.slice(last + 1)} = "${text2}"
`;
}

// src/programs/git/command.ts
var ELSEWHERE = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_PREFIX"
];
var FETCH_SECONDS = 1800;
var GitCommand = class {
  constructor(place) {
    this.place = place;
  }
  place;
  /** @throws {CommandFailedError} whose message ends with git's own first line of complaint. */
  async run(args, options = {}) {
    try {
      return await run("git", args, { ...options, cwd: this.place.cwd, env: this.environment() });
    } catch (error) {
      throw error instanceof CommandFailedError ? inGitsWords(args, error) : error;
    }
  }
  /** Standard output without the newline at its end. */
  async text(args, options) {
    return (await this.run(args, options)).stdout.replace(/\n$/, "");
  }
  /** Standard output as lines. */
  async lines(args, options) {
    return (await this.run(args, options)).stdout.split("\n").filter((line) => line !== "");
  }
  environment() {
    return {
      ...Object.fromEntries(ELSEWHERE.map((name) => [name, void 0])),
      ...this.place.gitDir === void 0 ? {} : { GIT_DIR: this.place.gitDir },
      GIT_CONFIG_GLOBAL: this.place.globalConfig,
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
      GIT_LITERAL_PATHSPECS: "1",
      LC_ALL: "C",
      LANGUAGE: void 0
    };
  }
};
function globalConfig(safeDirectory, entries = []) {
  return formatConfig([
    ...usersGlobalConfigs().map((path) => ({ key: "include.path", value: path })),
    { key: "safe.directory", value: safeDirectory },
    { key: "core.hookspath", value: "/dev/null" },
    { key: "gc.auto", value: "0" },
    { key: "maintenance.auto", value: "false" },
    ...entries
  ]);
}
function usersGlobalConfigs() {
  const chosen = process.env["GIT_CONFIG_GLOBAL"];
  if (chosen !== void 0) return chosen === "" ? [] : [resolve(chosen)];
  const home = process.env["HOME"] ?? homedir();
  const xdg = process.env["XDG_CONFIG_HOME"];
  return [
    join18(xdg === void 0 || xdg === "" ? join18(home, ".config") : xdg, "git/config"),
    join18(home, ".gitconfig")
  ];
}
function inGitsWords(args, error) {
  const { details, exitCode, end } = error;
  if (end.kind === "not-started") {
    const remedy = "Install git on the runner, or in the image of a container job (before actions/checkout).";
    return new CommandFailedError("git was not found on the PATH.", exitCode, {
      remedy,
      details,
      cause: error
    });
  }
  const complaint = exitCode === void 0 ? void 0 : /^(?:fatal|error): (.*)$/m.exec(details ?? "")?.[1];
  const command = `git ${args.find((arg) => !arg.startsWith("-")) ?? ""}`;
  return new CommandFailedError(
    complaint === void 0 ? `${command} ${end.text}.` : `${command} failed: ${complaint}`,
    exitCode,
    { remedy: error.remedy, details, cause: error, end }
  );
}

// src/programs/git/scratch.ts
import { appendFile, copyFile as copyFile4, mkdir as mkdir5, realpath as realpath3, writeFile as writeFile4 } from "node:fs/promises";
import { dirname as dirname3, join as join19, resolve as resolve2 } from "node:path";
var NOT_COPIED = /^(core\.(bare|worktree|repositoryformatversion|hookspath|sparsecheckout.*|fsmonitor|untrackedcache|splitindex|logallrefupdates)|(extensions|include|includeif|branch|submodule|gc|maintenance)\..*)$/;
async function createScratch(inside, folder) {
  const root = await findTopLevel(inside);
  await mkdir5(folder, { recursive: true, mode: 448 });
  const config = join19(folder, "gitconfig");
  await writeFile4(config, globalConfig(root), { mode: 384 });
  const user = new GitCommand({ cwd: root, globalConfig: config });
  const topLevel = await user.text(["rev-parse", "--show-toplevel"]);
  const usersGitDir = await user.text(["rev-parse", "--absolute-git-dir"]);
  const head = await headCommit(user, topLevel);
  const branch = await user.text(["symbolic-ref", "--quiet", "--short", "HEAD"], { okCodes: [0, 1] });
  const gitDir = join19(folder, "repository.git");
  const scratch = new GitCommand({ cwd: folder, gitDir, globalConfig: config });
  await initialize({ scratch, user, topLevel, gitDir });
  await copyRefs(scratch, user, head);
  return {
    topLevel,
    usersGitDir,
    head,
    branch: branch === "" ? void 0 : branch,
    user,
    in: (cwd) => new GitCommand({ cwd, globalConfig: config }),
    scratch
  };
}
async function localConfig(git) {
  return parseConfigList((await git.run(["config", "--local", "--includes", "-z", "--list"])).stdout);
}
async function findTopLevel(inside) {
  let start;
  try {
    start = await realpath3(inside);
  } catch (error) {
    throw new ActionError(`The folder ${inside} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  for (let folder = start; ; folder = dirname3(folder)) {
    if (await exists(join19(folder, ".git"))) return folder;
    if (folder === dirname3(folder)) {
      throw new ActionError(`${inside} is not inside a git repository.`, {
        remedy: "In a workflow run actions/checkout before this step, in a container that has git (without git it downloads an archive); at a desk run it in a clone of the project."
      });
    }
  }
}
async function headCommit(user, topLevel) {
  const head = await user.text(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { okCodes: [0, 1] });
  if (head === "") throw new ActionError(`The git repository ${topLevel} has no commit checked out.`);
  return head;
}
async function initialize({
  scratch,
  user,
  topLevel,
  gitDir
}) {
  const format = await user.text(["rev-parse", "--show-object-format"]);
  await scratch.run(["init", "--quiet", "--bare", "--template=", `--object-format=${format}`, gitDir]);
  const path = async (name) => resolve2(topLevel, await user.text(["rev-parse", "--git-path", name]));
  await mkdir5(join19(gitDir, "objects/info"), { recursive: true });
  await writeFile4(join19(gitDir, "objects/info/alternates"), `${await path("objects")}
`);
  const shallow = await path("shallow");
  if (await exists(shallow)) await copyFile4(shallow, join19(gitDir, "shallow"));
  const settings = (await localConfig(user)).filter(({ key: key2 }) => !NOT_COPIED.test(key2)).map((entry) => fromTopLevel(entry, topLevel));
  await appendFile(join19(gitDir, "config"), formatConfig(settings));
}
function fromTopLevel({ key: key2, value }, topLevel) {
  return /^remote\..*\.url$/.test(key2) && /^\.{1,2}\//.test(value) ? { key: key2, value: resolve2(topLevel, value) } : { key: key2, value };
}
async function copyRefs(scratch, user, head) {
  await scratch.run(["update-ref", "--no-deref", "HEAD", head]);
  const format = "--format=create %(refname) %(objectname)";
  const creates = await user.lines(["for-each-ref", format, "refs/heads", "refs/remotes", "refs/tags"]);
  await scratch.run(["update-ref", "--stdin"], { input: creates.map((line) => `${line}
`).join("") });
}

// src/programs/git/submodules.ts
import { readdir as readdir6, stat as stat3, writeFile as writeFile5 } from "node:fs/promises";
import { join as join20 } from "node:path";
var ACCESS = /^(?:(?:http|url|credential)\..*|core\.sshcommand)$/;
var GIT_DIR_ENTRIES = ["config", "HEAD", "objects"];
async function checkOutSubmodules(repository, worktree, folder) {
  const config = join20(folder, "gitconfig-submodules");
  await writeFile5(config, globalConfig(repository.topLevel, await accessSettings(repository, folder)), {
    mode: 384
  });
  const git = new GitCommand({ cwd: worktree, globalConfig: config });
  try {
    await git.run(["submodule", "--quiet", "sync"]);
    await git.run(["submodule", "--quiet", "update", "--init", "--recursive"], {
      timeoutSeconds: FETCH_SECONDS
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`The submodules of ${worktree} could not be checked out: ${error.message}`, {
      remedy: "Give actions/checkout `submodules: recursive`, and a `token` or `ssh-key` that may read the submodules.",
      details: error.details,
      cause: error
    });
  }
}
async function accessSettings(repository, folder) {
  const config = join20(folder, "gitconfig");
  const modules = await findModules(join20(repository.usersGitDir, "modules"));
  const sources = [
    repository.user,
    ...modules.map((gitDir) => new GitCommand({ cwd: gitDir, gitDir, globalConfig: config }))
  ];
  const entries = [];
  for (const source of sources) {
    const found = (await localConfig(source)).filter(({ key: key2 }) => ACCESS.test(key2));
    entries.push(...newEntries(entries, found));
  }
  return entries;
}
function newEntries(known, found) {
  const isHeader = (key2) => key2.endsWith(".extraheader");
  const fresh = found.filter(
    ({ key: key2, value }) => isHeader(key2) ? !known.some((entry) => entry.key === key2) : !known.some((entry) => entry.key === key2 && entry.value === value)
  );
  const headers = [...new Set(fresh.map(({ key: key2 }) => key2).filter(isHeader))];
  return [...headers.map((key2) => ({ key: key2, value: "" })), ...fresh];
}
async function findModules(folder) {
  const entries = await readdir6(folder).catch(() => []);
  if (GIT_DIR_ENTRIES.every((name) => entries.includes(name))) {
    return [folder, ...await findModules(join20(folder, "modules"))];
  }
  const found = [];
  for (const entry of entries.sort()) {
    const path = join20(folder, entry);
    if ((await stat3(path)).isDirectory()) found.push(...await findModules(path));
  }
  return found;
}

// src/programs/git/work-tree.ts
var ENTRY = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s;
var WorkTree = class {
  /** @param git runs in the folder */
  constructor(git) {
    this.git = git;
  }
  git;
  /**
   * Tracked files that differ from the checked-out commit, anywhere in the work tree, relative to its top. Submodules
   * with changes or at another commit are among them.
   */
  async modifiedFiles() {
    const status = [
      "status",
      "--porcelain=v1",
      "-z",
      "--untracked-files=no",
      "--ignore-submodules=untracked"
    ];
    const { stdout } = await this.git.run(["-c", "core.fsmonitor=false", ...status]);
    const records = stdout.split("\0").filter((record) => record !== "");
    const files = [];
    for (let record = records.shift(); record !== void 0; record = records.shift()) {
      files.push(record.slice(3));
      if (/^.?[RC]/.test(record)) files.push(records.shift() ?? "");
    }
    return files.sort();
  }
  /** The checked-out commit as its nearest tag, the commits since, and its hash: what versions from git are made of. */
  async describe() {
    return this.git.text(["describe", "--tags", "--long", "--always", "HEAD"]);
  }
  /** All files of the checked-out commit. */
  async files() {
    const listing = await this.git.text(["ls-tree", "-r", "-z", "--long", "--full-tree", "HEAD"]);
    return listing.split("\0").filter((record) => record !== "").map((record) => {
      const [, mode = "", object = "", size2 = "", path = ""] = ENTRY.exec(record) ?? [];
      return { path, kind: mode.startsWith("100") ? "regular" : "other", object, size: Number(size2) || 0 };
    });
  }
  /** The lines of the commit's files in this folder that match an extended regular expression, with the path of their file. */
  async matchingLines(pattern) {
    const args = ["grep", "--text", "--no-color", "--null", "--extended-regexp", "-e", pattern, "HEAD", "--"];
    return (await this.git.lines(args, { okCodes: [0, 1] })).map((record) => {
      const [, path = "", line = ""] = /^HEAD:(.*?)\0(.*)$/s.exec(record) ?? [];
      return { path, line };
    });
  }
  /** Whether the folder's `_checkouts` holds anything that git does not track, and that a worktree therefore lacks. */
  async hasUntrackedCheckouts() {
    const args = ["ls-files", "-z", "--others", "--directory", "--no-empty-directory", "--", "_checkouts"];
    return await this.git.text(args) !== "";
  }
};

// src/programs/git.ts
var FETCH = [
  "fetch",
  "--quiet",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-auto-maintenance",
  "--no-recurse-submodules"
];
var Git = class _Git {
  constructor(repository, folder) {
    this.repository = repository;
    this.folder = folder;
  }
  repository;
  folder;
  /** Worktrees are added one after the other: git fails, and does not wait, when its configuration is locked. */
  inTurn = oneByOne();
  /**
   * Opens the repository that `inside` lies in. `folder` is created for the scratch repository; the caller
   * removes it, and nothing else needs to be undone, also when the job is killed.
   *
   * @throws {ActionError} when there is no repository or no commit.
   */
  static async open(inside, folder) {
    return new _Git(await createScratch(inside, folder), folder);
  }
  /** Top folder of the user's work tree. */
  get topLevel() {
    return this.repository.topLevel;
  }
  /** The checked-out commit. */
  get head() {
    return this.repository.head;
  }
  /** The checked-out branch; undefined when HEAD is detached. */
  get branch() {
    return this.repository.branch;
  }
  /** `origin`, else the first remote; undefined when there is none. */
  async remote() {
    const names2 = await this.repository.scratch.lines(["remote"]);
    const name = names2.includes("origin") ? "origin" : names2[0];
    if (name === void 0) return void 0;
    return { name, url: await this.repository.scratch.text(["remote", "get-url", "--", name]) };
  }
  /** The commit of a tag, branch (also one of the remote) or commit name; undefined when there is none. */
  async resolve(ref) {
    if (!isRefLike(ref)) return void 0;
    const remote = await this.remote();
    for (const name of remote === void 0 ? [ref] : [ref, `refs/remotes/${remote.name}/${ref}`]) {
      const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
      const commit = await this.repository.scratch.text(args, { okCodes: [0, 1] });
      if (commit !== "") return commit;
    }
    return void 0;
  }
  /** Short names of all tags and branches. */
  async refNames() {
    const namespaces = ["refs/tags", "refs/heads", "refs/remotes"];
    const refs = await this.repository.scratch.lines(["for-each-ref", "--format=%(refname)", ...namespaces]);
    return [...new Set(refs.map((ref) => ref.replace(/^refs\/(?:tags|heads|remotes\/[^/]+)\//, "")))];
  }
  /** All tags that lead to a commit, by name. */
  async tags() {
    const format = "--format=%(refname) %(objecttype) %(creatordate:unix)";
    const refs = await this.repository.scratch.lines(["for-each-ref", format, "refs/tags"]);
    const records = refs.map((line) => line.split(" "));
    const commits = await this.peel(records.map(([ref]) => ref));
    return records.flatMap(([ref, type, created], index) => {
      const commit = commits[index];
      if (commit === void 0) return [];
      const name = ref.slice("refs/tags/".length);
      return [{ name, commit, created: Number(created ?? 0), annotated: type === "tag" }];
    });
  }
  /** The names of the tags whose commits are ancestors of `commit`, or are it. */
  async tagsMergedInto(commit) {
    const args = ["for-each-ref", `--merged=${commit}`, "--format=%(refname)", "refs/tags"];
    return new Set((await this.repository.scratch.lines(args)).map((ref) => ref.slice("refs/tags/".length)));
  }
  /** The newest commit that both have in their history; undefined when there is none. */
  async mergeBase(one, other) {
    const commit = await this.repository.scratch.text(["merge-base", one, other], { okCodes: [0, 1, 128] });
    return commit === "" ? void 0 : commit;
  }
  /** The commits that a commit was made from; several for a merge. */
  async parents(commit) {
    const line = await this.repository.scratch.text(["rev-list", "--parents", "--max-count=1", commit]);
    return line.split(" ").slice(1);
  }
  /** The files that differ between two commits, relative to the top folder; not those that the second lacks. */
  async changedFiles(from, to) {
    const args = ["diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", from, to, "--"];
    return (await this.repository.scratch.text(args)).split("\0").filter((name) => name !== "");
  }
  /** Whether history is missing, as with actions/checkout's default `fetch-depth: 1`. */
  async isShallow() {
    return await this.repository.scratch.text(["rev-parse", "--is-shallow-repository"]) === "true";
  }
  /** When a commit was made (committer date), in unix seconds. */
  async commitTime(commit) {
    const args = ["show", "--no-patch", "--no-show-signature", "--format=%ct", commit];
    return Number(await this.repository.scratch.text(args));
  }
  /** The files in a folder of the user's work tree, or of a worktree. */
  at(folder) {
    return new WorkTree(this.repository.in(folder));
  }
  /**
   * Fetches all tags and branches of the remote, and the missing history of a shallow repository: what
   * `fetch-depth: 0` would have given. A tag that points elsewhere in the remote is taken from there (H9, H10).
   *
   * @throws {CommandFailedError} when there is no remote or it cannot be reached.
   */
  async fetchHistory() {
    const before = await this.tags();
    const remote = (await this.remote())?.name ?? "origin";
    const refs = ["+refs/tags/*:refs/tags/*", `+refs/heads/*:refs/remotes/${remote}/*`];
    const deepen = await this.isShallow() ? ["--unshallow"] : [];
    await this.repository.scratch.run([...FETCH, ...deepen, "--", remote, ...refs], {
      timeoutSeconds: FETCH_SECONDS
    });
    const after = new Map((await this.tags()).map((tag) => [tag.name, tag.commit]));
    return before.flatMap(({ name, commit: here }) => {
      const there = after.get(name);
      return there === void 0 || there === here ? [] : [{ name, here, there }];
    });
  }
  /** Fetches a single commit by its full name; false when the remote does not give it out. */
  async fetchCommit(commit) {
    const remote = await this.remote();
    if (remote === void 0 || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit)) return false;
    try {
      await this.repository.scratch.run([...FETCH, "--", remote.name, commit], {
        timeoutSeconds: FETCH_SECONDS
      });
      return true;
    } catch (error) {
      if (error instanceof CommandFailedError) return false;
      throw error;
    }
  }
  /**
   * Checks a commit out, detached and with its submodules, into `dir`, which must not exist yet or be empty.
   *
   * @throws {ActionError} when a submodule cannot be fetched.
   */
  async addWorktree(dir, commit) {
    await this.inTurn(() => this.checkOut(dir, commit));
  }
  async checkOut(dir, commit) {
    await this.repository.scratch.run(["worktree", "add", "--quiet", "--detach", "--", dir, commit]);
    if (await exists(join21(dir, ".gitmodules"))) await checkOutSubmodules(this.repository, dir, this.folder);
  }
  /** The commit behind each ref; undefined for a tag on a file or folder. */
  async peel(refs) {
    if (refs.length === 0) return [];
    const input = refs.map((ref) => `${ref}^{commit}
`).join("");
    const args = ["cat-file", "--batch-check=%(objectname) %(objecttype)"];
    const lines = await this.repository.scratch.lines(args, { input });
    return lines.map((line) => /^([0-9a-f]+) commit$/.exec(line)?.[1]);
  }
};
function isRefLike(ref) {
  return ref !== "" && !/^[-^]|[\x00-\x20\x7f:?*[\\]|\.\.|@\{/.test(ref);
}

// src/build/repository.ts
async function openProject(workingDirectory, gitFolder, modified = "refuse") {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const dir = resolve3(workspace, workingDirectory);
  if (!await isFolder(dir)) {
    throw new BadInputError(
      `The input \`working-directory\` is "${workingDirectory}", but there is no such folder.`,
      {
        remedy: "Write the folder where rebar.config is, relative to the repository."
      }
    );
  }
  const git = await Git.open(dir, gitFolder);
  const path = relative3(git.topLevel, await realpath4(dir));
  debug(`repository ${git.topLevel}, project folder ${JSON.stringify(path)}`);
  if (modified === "refuse") await refuseModified(git);
  return { git, dir, path };
}
async function refuseModified(git) {
  const modified = await git.at(git.topLevel).modifiedFiles();
  if (modified.length === 0) return;
  throw new BadInputError(
    `Tracked files are modified: ${some(modified)}. They would not be in the release that is built.`,
    {
      remedy: "Commit the changes, or move the step that makes them into the input `prepare`, which runs for every version."
    }
  );
}
async function modifiedFindings({ git }) {
  const modified = await git.at(git.topLevel).modifiedFiles();
  if (modified.length === 0) return [];
  return [
    {
      id: "uncommitted-left-out",
      severity: "warning",
      message: `The commit ${git.head.slice(0, 7)} is checked, as a workflow run would; changes that are not committed are left out: ${some(modified)}.`
    }
  ];
}
async function treeFindings({ git, dir, path }) {
  if (!await git.at(dir).hasUntrackedCheckouts()) return [];
  const folder = join22(path, "_checkouts");
  return [
    {
      id: "checkouts-ignored",
      severity: "warning",
      message: `${folder} is not committed, so the releases are built with the dependencies of rebar.lock instead.`,
      remedy: `Remove ${folder}, or commit it if the release should be built with it.`
    }
  ];
}
async function isFolder(path) {
  return stat4(path).then(
    (found) => found.isDirectory(),
    () => false
  );
}

// src/plan/plan.ts
import { join as join41, relative as relative6, resolve as resolve5 } from "node:path";

// src/plan/version-location.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { join as join24 } from "node:path";

// src/plan/project-files.ts
import { existsSync as existsSync2 } from "node:fs";
import { join as join23 } from "node:path";
function sourceDir(projectDir, application2) {
  return ["src", `apps/${application2}/src`, `lib/${application2}/src`].find(
    (dir) => existsSync2(join23(projectDir, dir, `${application2}.app.src`))
  );
}
function versionFile(projectDir, projectPath, application2) {
  const dir = sourceDir(projectDir, application2);
  return join23(projectPath, dir === void 0 ? "rebar.config" : `${dir}/${application2}.app.src`);
}

// src/plan/version-location.ts
function versionLocation(projectDir, projectPath, application2) {
  const file = versionFile(projectDir, projectPath, application2);
  const dir = sourceDir(projectDir, application2);
  const path = join24(projectDir, dir === void 0 ? "rebar.config" : `${dir}/${application2}.app.src`);
  const pattern = dir === void 0 ? new RegExp(`\\{\\s*'?${escaped(application2)}'?\\s*,`) : /\{\s*vsn\s*,/;
  const line = lineOf(path, pattern);
  return { file, ...line === void 0 ? {} : { line } };
}
function lineOf(path, pattern) {
  let text2;
  try {
    text2 = readFileSync2(path, "utf8");
  } catch {
    return void 0;
  }
  const found = pattern.exec(text2.replaceAll(/%[^\n]*/g, ""));
  return found === null ? void 0 : text2.replaceAll(/%[^\n]*/g, "").slice(0, found.index).split("\n").length;
}
function escaped(text2) {
  return text2.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

// src/plan/argument-findings.ts
import { readFile as readFile8 } from "node:fs/promises";
import { join as join26 } from "node:path";

// src/node/scratch-arguments.ts
import { readFile as readFile7 } from "node:fs/promises";
import { dirname as dirname4, join as join25, resolve as resolve4 } from "node:path";
var DEPTH = 10;
var DROPPED = [
  /-s?name[ \t]+\S+/g,
  /-setcookie[ \t]+\S+/g,
  /-heart\b(?![ \t]+[^-\s])/g,
  /-erl_epmd_port[ \t]+\S+/g,
  /-detached\b/g,
  /(?:-kernel[ \t]+)?\binet_dist_listen_(?:min|max)[ \t]+\d+/g,
  /(?:-kernel[ \t]+)?\binet_dist_use_interface[ \t]+(?:"[^"]*"|'[^']*'|\{[^}]*\})/g
];
async function scratchArguments({
  text: text2,
  scratchName: scratchName2,
  folder,
  keepName
}) {
  const { nameFlag, nodeName, cookie } = scratchName2;
  const own = dropFlags(await withIncludes(text2, folder, DEPTH));
  const loopback = keepName ? "" : " inet_dist_use_interface {127,0,0,1}";
  const ports = `-kernel inet_dist_listen_min 0 inet_dist_listen_max 0${loopback}`;
  return `${own.trimEnd()}
${nameFlag} ${nodeName}
-setcookie ${cookie}
-start_epmd false
${ports}
`;
}
function nameIn(text2) {
  const [, flag, nodeName] = /^[ \t]*(-s?name)[ \t]+(\S+)/m.exec(text2) ?? [];
  if (flag === void 0 || nodeName === void 0) return void 0;
  return { nameFlag: flag === "-name" ? "-name" : "-sname", nodeName };
}
function dropFlags(text2) {
  return text2.split("\n").filter((line) => !line.trimStart().startsWith("#")).map((line) => DROPPED.reduce((rest, flag) => rest.replaceAll(flag, ""), line)).filter((line) => !/^\s*-start_epmd\b/.test(line)).join("\n");
}
async function withIncludes(text2, folder, depth = DEPTH) {
  if (depth === 0) return "";
  const lines = await Promise.all(
    text2.split("\n").map(async (line) => {
      const [, path] = /^[ \t]*-args_file[ \t]+(\S+)[ \t]*$/.exec(line) ?? [];
      if (path === void 0) return line;
      const file = resolve4(folder, path);
      const included = await readFile7(file, "utf8").catch(() => void 0);
      return included === void 0 ? line : withIncludes(included, folder, depth - 1);
    })
  );
  return lines.join("\n");
}
function argumentFiles(root, version, configured) {
  return [
    ...configured === void 0 || configured === "" ? [] : [configured],
    join25(root, "vm.args"),
    join25(root, "releases", version, "vm.args")
  ].map((path) => resolve4(dirname4(path), path));
}

// src/plan/argument-findings.ts
async function argumentFindings(release, upFrom) {
  const now = await argumentsOf(release);
  const findings = await Promise.all(
    upFrom.map(async (from) => {
      const names2 = changedArguments(await argumentsOf(from), now);
      if (names2.length === 0) return [];
      return [
        {
          id: "vm-args-changed",
          severity: "warning",
          message: `vm.args differs between ${from.version} and ${release.version} (${names2.join(", ")}), and an upgraded node goes on with the old one.`,
          remedy: "Only a restart applies it: restart the node when it suits. An application setting that is to change without a restart belongs in sys.config."
        }
      ];
    })
  );
  return findings.flat();
}
async function argumentsOf({ root, version, applications }) {
  for (const name of ["vm.args.src", "vm.args"]) {
    const text2 = await readFile8(join26(root, "releases", version, name), "utf8").catch(() => void 0);
    if (text2 !== void 0) {
      return parseArguments(await withIncludes(text2, root), new Set(applications.map((one) => one.name)));
    }
  }
  return /* @__PURE__ */ new Map();
}
function parseArguments(text2, applications) {
  const found = /* @__PURE__ */ new Map();
  const add = (name, values) => {
    found.set(name, [found.get(name) ?? "", ...values].join(" ").trim());
  };
  for (const [flag, ...values] of flagsIn(text2)) {
    if (flag === "-env") add(`-env ${values[0] ?? ""}`, values.slice(1));
    else if (flag.startsWith("-") && applications.has(flag.slice(1))) {
      for (let index = 0; index < values.length; index += 2) {
        add(`${flag} ${values[index] ?? ""}`, values.slice(index + 1, index + 2));
      }
    } else add(flag, values);
  }
  return found;
}
function flagsIn(text2) {
  const flags = [];
  const uncommented = text2.split("\n").map((line) => line.replace(/(^|\s)#.*$/, "$1"));
  for (const [token] of uncommented.join("\n").matchAll(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g)) {
    if (/^[-+]+[A-Za-z]/.test(token)) flags.push([token]);
    else flags.at(-1)?.push(token);
  }
  return flags;
}
function changedArguments(before, after) {
  const names2 = /* @__PURE__ */ new Set([...before.keys(), ...after.keys()]);
  const changed2 = [...names2].filter((name) => before.get(name) !== after.get(name));
  return changed2.map((name) => name.includes("setcookie") ? "the cookie" : name).sort();
}

// src/plan/checks/application-version.ts
var PART = /\d+|[^\d._+~-]+/g;
function compareApplicationVersions(a, b) {
  const [left, leftBuild] = split(a);
  const [right, rightBuild] = split(b);
  return compareTexts(left, right) || compareTexts(leftBuild, rightBuild);
}
function split(version) {
  const plus = version.indexOf("+");
  return plus < 0 ? [version, ""] : [version.slice(0, plus), `0.${version.slice(plus + 1)}`];
}
function compareTexts(a, b) {
  const left = a.match(PART) ?? [];
  const right = b.match(PART) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}
function compareParts(a, b) {
  const rank = (part) => part === void 0 ? 1 : /^\d/.test(part) ? 2 : 0;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a === void 0 || b === void 0 || a === b) return 0;
  if (rank(a) === 0) return a < b ? -1 : 1;
  const order = BigInt(a) - BigInt(b);
  return order < 0n ? -1 : order > 0n ? 1 : 0;
}

// src/plan/checks/module-places.ts
import { existsSync as existsSync3, realpathSync } from "node:fs";
import { isAbsolute, join as join27, relative as relative4 } from "node:path";
function instructionPlace(places, { appup }, instruction) {
  if (appup.origin !== "hand-written") return applicationPlace(places, appup.application);
  const line = instruction?.line ?? void 0;
  return { file: join27(places.projectPath, appup.file), ...line === void 0 ? {} : { line } };
}
function isOwn({ projectDir }, application2) {
  return sourceDir(projectDir, application2) !== void 0;
}
function remedyFor(places, application2, own) {
  return isOwn(places, application2) ? own : `${application2} is not yours to change: have it restarted by {${application2}, [{strategy, restart}]}. in relup.config, which ends its processes and what they serve; or write appups/${application2}.appup.src, e.g. with instructions that stop and start these processes only; or restart the node into the full package.`;
}
function applicationPlace({ projectDir, projectPath }, application2) {
  return { file: versionFile(projectDir, projectPath, application2) };
}
function sourceLocation(places, place) {
  if (place === null) return void 0;
  const projectDir = realpathSync(places.projectDir);
  const path = isAbsolute(place.file) ? place.file : join27(projectDir, place.file);
  if (!existsSync3(path)) return void 0;
  const name = relative4(projectDir, realpathSync(path));
  if (name.startsWith("..") || name.startsWith("_build/")) return void 0;
  return { file: join27(places.projectPath, name), line: place.line };
}

// src/plan/checks/applications.ts
function checkDuplicates(releases, places) {
  return releases.flatMap((release) => {
    const owners = /* @__PURE__ */ new Map();
    for (const { name, modules } of release.applications) {
      for (const module of Object.keys(modules)) owners.set(module, [...owners.get(module) ?? [], name]);
    }
    return [...owners].flatMap(
      ([module, applications]) => applications.length < 2 ? [] : [
        {
          id: "duplicate-module",
          severity: "error",
          application: applications[0],
          module,
          message: `Release ${release.version} has the module ${module} in ${applications.join(" and in ")}.`,
          remedy: "Keep it in one application, and let the others depend on that.",
          location: applicationPlace(places, applications.at(-1))
        }
      ]
    );
  });
}
function checkVersionOrder(differences, places) {
  return differences.flatMap(
    ({ upFrom, changed: changed2 }) => changed2.filter(({ from, to }) => compareApplicationVersions(to, from) < 0).map(({ name, from, to }) => ({
      id: "application-version-down",
      severity: "warning",
      application: name,
      message: `The version of application ${name} goes down, from ${from ?? ""} in release ${upFrom.version} to ${to ?? ""}.`,
      remedy: "Give it a higher version, unless you mean to go back to older code.",
      location: versionLocation(places.projectDir, places.projectPath, name)
    }))
  );
}

// src/plan/checks/steps.ts
function targetOf(step, direction) {
  return direction === "up" ? step.release : step.upFrom;
}
function sourceOf(step, direction) {
  return direction === "up" ? step.upFrom : step.release;
}
function stepName({ change: change2 }, direction) {
  return `${direction === "up" ? "up from" : "down to"} ${change2.from ?? ""}`;
}
function allInstructions(steps, step, direction) {
  return steps.filter(({ upFrom }) => upFrom === step.upFrom).flatMap((one) => one[direction]);
}
function restartsEmulator(instructions) {
  return instructions.some(({ what }) => what === "emulator");
}
function restartsProcess(instructions, application2, module) {
  return instructions.some(
    ({ what, modules, restarted: restarted2 }) => what === "restart" && modules.includes(application2) || what === "stop" && modules.includes(module) || restarted2.includes(module)
  );
}
function startsAnew(steps, step, { direction, module }) {
  const instructions = allInstructions(steps, step, direction);
  return restartsEmulator(instructions) || restartsProcess(instructions, step.change.name, module);
}
function changeOf(instructions, module) {
  const naming = instructions.filter(
    ({ what, modules }) => (what === "load" || what === "update") && modules.includes(module)
  );
  return naming.find(({ change: change2 }) => change2 === "advanced" || change2 === "supervisor") ?? naming[0];
}
function callsCodeChange(instruction) {
  return instruction?.change === "advanced" || instruction?.change === "supervisor";
}

// src/plan/checks/code-change.ts
var CALLBACKS = {
  gen_server: "code_change/3",
  gen_event: "code_change/3",
  gen_statem: "code_change/4",
  gen_fsm: "code_change/4",
  special: "system_code_change/4"
};
function callbackOf(kind) {
  return CALLBACKS[kind] ?? "code_change/3";
}
function conversionFault(conversion, callback, version) {
  if (conversion === "wrong") return `what ${callback} returns is no state of ${version}`;
  return conversion === "no_clause" ? `no clause of ${callback} takes the state` : void 0;
}
function checkCodeChange(steps, places) {
  return steps.flatMap(
    (step) => step.modules.flatMap((module) => [
      ...missing({ steps, step, checked: module, places }),
      ...notCalled(step, module, places)
    ])
  );
}
function missing({
  steps,
  step,
  checked,
  places
}) {
  const { module, new: side } = checked;
  if (side === null || !(side.kind in CALLBACKS) || exportsCallback(side)) return [];
  const { kind } = side;
  const directions = ["up", "down"].filter(
    (direction) => callsCodeChange(changeOf(step[direction], module)) && !restartsEmulator(allInstructions(steps, step, direction))
  );
  const [first] = directions;
  if (first === void 0) return [];
  const instruction = changeOf(step[first], module);
  return [
    {
      id: "code-change-missing",
      severity: "error",
      application: step.change.name,
      module,
      message: `The appup of ${step.change.name}, ${namesOf(step, directions)}: ${instruction?.text ?? ""} makes the processes of ${module} (${kind}) call ${callbackOf(kind)}, which the module does not export; the node would restart in the middle of the upgrade.`,
      remedy: `Write {update, ${module}} if the state stays as it is; else define ${callbackOf(kind)} in ${module}, and export it.`,
      location: instructionPlace(places, step, instruction)
    }
  ];
}
function exportsCallback({ kind, systemCodeChange, codeChange }) {
  return kind === "special" ? systemCodeChange : codeChange.includes(callbackOf(kind).endsWith("4") ? 4 : 3);
}
function notCalled(step, { module, state }, places) {
  if (step.appup.origin !== "hand-written" || state === null || "unseen" in state) return [];
  if (!state.codeChangeDiffers) return [];
  const directions = ["up", "down"].filter((direction) => {
    const instruction2 = changeOf(step[direction], module);
    const converts = state[direction].conversion === "converts" && !state[direction].changed;
    return converts && instruction2 !== void 0 && !callsCodeChange(instruction2);
  });
  const [first] = directions;
  if (first === void 0) return [];
  const instruction = changeOf(step[first], module);
  return [
    {
      id: "code-change-not-called",
      severity: "warning",
      application: step.change.name,
      module,
      message: `${callbackOf(state.kind)} of ${module} was edited and converts the state, but the appup of ${step.change.name}, ${namesOf(step, directions)}, does not call it: ${instruction?.text ?? ""}.`,
      remedy: `Write {update, ${module}, {advanced, []}} if the conversion is meant for this upgrade.`,
      location: instruction?.line == null ? sourceLocation(places, state.codeChange) ?? instructionPlace(places, step) : instructionPlace(places, step, instruction)
    }
  ];
}
function namesOf(step, directions) {
  return directions.map((direction) => stepName(step, direction)).join(" and ");
}

// src/plan/checks/facts.ts
import { join as join28 } from "node:path";

// src/programs/erlang-request.ts
import { writeFile as writeFile6 } from "node:fs/promises";
async function writeErlangRequest(file, request) {
  await writeFile6(file, itemsOf(request).join("\0"));
}
function itemsOf(request) {
  return typeof request === "string" ? [`s${request}`] : ["[", ...request.flatMap(itemsOf), "]"];
}

// src/plan/checks/facts.ts
async function readSteps(options) {
  const { release, differences, appups } = options;
  const pairs = differences.flatMap(
    ({ upFrom, changed: changed2 }) => changed2.flatMap((change2) => {
      const appup = appups.find(({ application: application2 }) => application2 === change2.name);
      return appup === void 0 ? [] : [{ upFrom, change: change2, appup, release }];
    })
  );
  if (pairs.length === 0) return [];
  const request = [
    release.root,
    options.buildDir,
    pairs.map(({ upFrom, change: change2, appup }) => [
      change2.name,
      change2.from,
      change2.to,
      upFrom.root,
      buildDirOf(upFrom),
      appup.origin === "hand-written" ? join28(options.projectDir, appup.file) : "",
      [...change2.modules.changed, ...change2.modules.added].flatMap(
        (module) => ownerOf(upFrom, change2.name, module).map(({ name, version }) => [module, name, version])
      )
    ])
  ];
  const file = join28(options.outFolder, "check.request");
  await writeErlangRequest(file, request);
  const answers2 = await options.erlang.query("check", [
    file
  ]);
  return pairs.map((pair, index) => ({ ...pair, ...answers2[index] }));
}
function ownerOf(upFrom, application2, module) {
  const owners = upFrom.applications.filter(({ modules }) => Object.hasOwn(modules, module));
  return [owners.find(({ name }) => name === application2) ?? owners[0]].filter((one) => one !== void 0);
}
function buildDirOf({ source }) {
  return source.buildDir === void 0 ? "" : join28(source.buildDir, "lib");
}

// src/plan/checks/instructions.ts
function checkInstructions(steps, places) {
  return steps.flatMap(
    (step) => ["up", "down"].flatMap(
      (direction) => step[direction].flatMap((instruction) => {
        const context = { step, direction, instruction, places, loaded: loadedBy(steps, step, direction) };
        return [
          ...unknownModules(context),
          ...unknownNeeds(context),
          ...keptModules(context),
          ...unknownFunction(context)
        ];
      })
    )
  );
}
function loadedBy(steps, { upFrom }, direction) {
  const instructions = steps.filter((step) => step.upFrom === upFrom).flatMap((step) => step[direction]);
  return new Set(
    instructions.flatMap(({ what, modules }) => what === "load" || what === "update" ? modules : [])
  );
}
function unknownModules(context) {
  const { step, direction, instruction } = context;
  const { what, modules } = instruction;
  if (what !== "load" && what !== "update" && what !== "delete") return [];
  const release = what === "delete" ? sourceOf(step, direction) : targetOf(step, direction);
  return modules.filter((module) => !hasModule(release, module)).map((module) => ({
    id: "appup-unknown-module",
    severity: what === "delete" ? deletionSeverity(context) : "error",
    ...named(context, module),
    message: `${where(context)}: ${instruction.text} names a module that release ${release.version} does not have.`,
    remedy: "Correct the name, or take the instruction out of this direction."
  }));
}
function deletionSeverity({ step, direction }) {
  const entry = step.appup[direction].find(({ upFrom }) => upFrom === step.change.from);
  const exact = entry?.pattern?.startsWith('"') === true;
  return step.appup.origin === "shipped" || !exact ? "warning" : "error";
}
function unknownNeeds(context) {
  const { step, instruction } = context;
  return instruction.needs.filter((module) => !hasModule(step.release, module) && !hasModule(step.upFrom, module)).map((module) => ({
    id: "appup-unknown-module",
    severity: "error",
    ...named(context, module),
    message: `${where(context)}: ${instruction.text} needs the module ${module} first, which neither release has.`,
    remedy: "Correct the name, or take it out of the list of modules that come first."
  }));
}
function keptModules(context) {
  const { step, direction, instruction, loaded } = context;
  if (instruction.what !== "delete") return [];
  const target2 = targetOf(step, direction);
  return instruction.modules.filter((module) => hasModule(target2, module) && !loaded.has(module)).map((module) => ({
    id: "appup-deletes-module",
    severity: "error",
    ...named(context, module),
    message: `${where(context)}: ${instruction.text} deletes a module that release ${target2.version} has, too.`,
    remedy: `Write {load_module, ${module}} instead, or take the instruction out of this direction.`
  }));
}
function unknownFunction(context) {
  const { applies, text: text2 } = context.instruction;
  if (applies === null || applies.exported) return [];
  return [
    {
      id: "appup-unknown-function",
      severity: "error",
      ...named(context),
      message: `${where(context)}: ${text2} calls ${applies.text}, which neither release exports.`,
      remedy: "Correct the name or the number of arguments, or export the function."
    }
  ];
}
function hasModule(release, module) {
  return release.applications.some(({ modules }) => Object.hasOwn(modules, module));
}
function named({ step, instruction, places }, module) {
  return {
    application: step.change.name,
    ...module === void 0 ? {} : { module },
    location: instructionPlace(places, step, instruction)
  };
}
function where({ step, direction }) {
  return `The appup of ${step.change.name}, ${stepName(step, direction)}`;
}

// src/plan/checks/messages.ts
function checkMessages(steps, places) {
  return steps.flatMap((step) => {
    const instructions = allInstructions(steps, step, "up");
    const own = isOwn(places, step.change.name);
    if (restartsEmulator(instructions)) return [];
    return step.modules.filter(({ module }) => !restartsProcess(instructions, step.change.name, module)).flatMap(({ module, messages: all }) => {
      const told2 = own ? all : all.filter(({ dropped, timeout }) => timeout || !dropped);
      return [told2.filter(({ timeout }) => !timeout), told2.filter(({ timeout }) => timeout)].flatMap(
        (messages) => messages.length === 0 ? [] : [gone({ step, module, messages, places })]
      );
    });
  });
}
function gone({
  step,
  module,
  messages,
  places
}) {
  const { change: change2 } = step;
  const { name, from, to } = change2;
  const list = messages.map(
    ({ message, callback, instead }) => instead.length === 0 ? `${message} (${callback})` : `${message} (${callback}; now ${instead.join(", ")})`
  );
  const dropped = messages.every((one) => one.dropped);
  const [first] = messages;
  const end = first.timeout ? `one that was begun before the upgrade ${dropped ? "is passed over after it, and a process that waits for nothing else stays as it is" : "ends the process after it"}` : `one that was sent before the upgrade, or that a timer brings after it, ${dropped ? "is lost without a word" : "ends the process"}`;
  return {
    id: "message-gone",
    severity: "warning",
    application: name,
    module,
    message: `${module} takes ${list.join(", ")} no more in ${name} ${to ?? ""}, and did in ${from ?? ""}: ${end}.`,
    remedy: first.timeout ? remedyFor(places, name, KEEP) : remedyForMessages(places, name),
    location: sourceLocation(places, first.place) ?? applicationPlace(places, name)
  };
}
var KEEP = "Keep a clause for it for one version.";
function remedyForMessages(places, name) {
  return isOwn(places, name) ? `Keep a clause for it for one version; a process that sends such a message to itself by a timer is woken no more otherwise. If nobody sends it any longer when the upgrade begins, there is nothing to do.` : `${name} is not yours to change. If such messages may be on their way when the upgrade begins, have it restarted by {${name}, [{strategy, restart}]}. in relup.config, or keep its callers waiting: {suspend, [Module]} of theirs in appups/${name}.appup.src.`;
}

// src/plan/checks/priv-digests.ts
import { readdir as readdir7, stat as stat5 } from "node:fs/promises";
import { join as join29 } from "node:path";

// src/shared/native-code.ts
import { readFile as readFile9 } from "node:fs/promises";
import { createHash as createHash2 } from "node:crypto";
var NOTE = 7;
var NO_BITS = 8;
var ALLOCATED = 2n;
var SOURCE_PATH = /\/(?:[^\0/\n]+\/)+([^\0/\n]+\.(?:c|cc|cpp|cxx|h|hh|hpp|rs|go|zig|s|S|m))(?![\w.])/g;
async function nativeDigest(path, builtIn = []) {
  const file = await readFile9(path);
  const sections = loadedSections(file);
  const hash = createHash2("sha256");
  if (sections === void 0) return hash.update(file).digest("hex");
  for (const { address, size: size2, content } of sections) {
    hash.update(`${address} ${size2}
`);
    hash.update(masked(content, builtIn), "latin1");
  }
  return hash.digest("hex");
}
function loadedSections(file) {
  if (file.length < 52 || file.toString("latin1", 0, 4) !== "\x7FELF") return void 0;
  const reader = new ElfReader(file);
  try {
    const all = reader.sections();
    const loaded = all.filter(({ type, flags }) => (flags & ALLOCATED) !== 0n && type !== NOTE);
    if (loaded.length === 0) return void 0;
    return loaded.map(({ type, address, offset, size: size2 }) => ({
      address,
      size: size2,
      content: type === NO_BITS ? Buffer.alloc(0) : file.subarray(Number(offset), Number(offset + size2))
    }));
  } catch (error) {
    if (error instanceof RangeError) return void 0;
    throw error;
  }
}
var ElfReader = class {
  view;
  isWide;
  isLittle;
  constructor(file) {
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.isWide = file[4] === 2;
    this.isLittle = file[5] === 1;
  }
  sections() {
    const start = Number(this.word(this.isWide ? 40 : 32));
    const size2 = this.half(this.isWide ? 58 : 46);
    const count = this.half(this.isWide ? 60 : 48);
    return Array.from({ length: count }, (_, index) => this.header(start + index * size2));
  }
  header(at2) {
    const width = this.isWide ? 8 : 4;
    const field = (index) => this.word(at2 + 8 + index * width);
    return {
      type: this.view.getUint32(at2 + 4, this.isLittle),
      flags: field(0),
      address: field(1),
      offset: field(2),
      size: field(3)
    };
  }
  half(at2) {
    return this.view.getUint16(at2, this.isLittle);
  }
  word(at2) {
    return this.isWide ? this.view.getBigUint64(at2, this.isLittle) : BigInt(this.view.getUint32(at2, this.isLittle));
  }
};
function masked(content, builtIn) {
  const text2 = content.toString("latin1").replaceAll(SOURCE_PATH, "#/$1");
  return builtIn.reduce((rest, folder) => rest.replaceAll(Buffer.from(folder).toString("latin1"), "#"), text2);
}

// src/plan/checks/priv-digests.ts
function isSharedObject(file) {
  return /\.so(?:\.[0-9.]+)?$/.test(file);
}
async function privDigests(release, application2, isWanted2) {
  const digests = /* @__PURE__ */ new Map();
  const dir = release.applications.find(({ name }) => name === application2)?.dir;
  if (dir === void 0) return digests;
  const priv = join29(release.root, dir, "priv");
  const files = await readdir7(priv, { recursive: true }).catch(() => []);
  const builtIn = foldersOf(release.source);
  for (const file of files.filter(isWanted2).sort()) {
    const path = join29(priv, file);
    const found = await stat5(path).catch(() => void 0);
    if (found?.isFile() === true) digests.set(join29("priv", file), await nativeDigest(path, builtIn));
  }
  return digests;
}

// src/plan/checks/native.ts
async function checkNativeCode(steps, places, allowed) {
  const found = await Promise.all(
    steps.map(async (step) => {
      const directions = ["up", "down"].filter(
        (direction) => !restartsEmulator(allInstructions(steps, step, direction))
      );
      if (directions.length === 0) return [];
      const difference3 = { modules: nativeModules(step), files: await changedObjects(step) };
      return nativeFindings({
        step,
        difference: difference3,
        places,
        allowed: allowed(step.change.name)
      });
    })
  );
  return found.flat();
}
function nativeFindings({
  step,
  difference: difference3,
  places,
  allowed
}) {
  const { modules, files } = difference3;
  const parts = [
    ...modules.length > 0 ? [`modules that load it: ${modules.join(", ")}`] : [],
    ...files.length > 0 ? [`files: ${files.join(", ")}`] : []
  ];
  if (parts.length === 0) return [];
  const { name, from, to } = step.change;
  return [
    {
      id: "native-code-changed",
      severity: allowed ? "warning" : "error",
      application: name,
      message: `Native code of ${name} differs between ${from ?? ""} and ${to ?? ""} (${parts.join("; ")}), and a running emulator cannot be relied on to exchange it.`,
      remedy: allowed ? "relup.config allows it; try it first on a node under its usual load." : `Write restart_new_emulator in the appup of ${name}, in both directions, and set \`allow-restart: true\`; or, if its library has an upgrade callback, {${name}, [{native, allow}]} in relup.config; or ship the release without an upgrade from ${step.upFrom.version}.`,
      location: applicationPlace(places, name)
    }
  ];
}
function nativeModules(step) {
  return step.modules.filter(({ old, new: now }) => old !== null && now !== null && (old.native || now.native)).map(({ module }) => module).filter((module) => step.change.modules.changed.includes(module));
}
async function changedObjects({ change: change2, upFrom, release }) {
  const before = await privDigests(upFrom, change2.name, isSharedObject);
  const after = await privDigests(release, change2.name, isSharedObject);
  return [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file)).sort();
}

// src/plan/checks/priv-files.ts
var SHOWN = 4;
async function checkPrivFiles(steps, options) {
  const found = [];
  for (const step of steps) {
    const files = await changedFiles(step);
    if (files.length === 0) continue;
    const { name, to = "" } = step.change;
    const place = [step.release.root, options.buildDir, name, to];
    const all = await options.erlang.query("priv-readers", place);
    const readers = all.filter(
      (reader) => !startsAnew(steps, step, { direction: "up", module: moduleOf(reader) })
    );
    if (readers.length > 0) found.push(finding(step, { files, readers }, options));
  }
  return found;
}
function moduleOf(reader) {
  return reader.slice(0, reader.lastIndexOf(":"));
}
function finding({ change: change2 }, { files, readers }, places) {
  const { name, from, to } = change2;
  return {
    id: "priv-read-at-start",
    severity: "warning",
    application: name,
    message: `${some2(files)} of ${name} ${files.length === 1 ? "differs" : "differ"} between ${from ?? ""} and ${to ?? ""}, and only code that runs at a start asks for the folder priv (${readers.join(", ")}): what runs goes on with what it has read there, or started, of ${from ?? ""}.`,
    remedy: remedyFor(
      places,
      name,
      "If it needs the new one, read it in code_change as well, ask for the folder each time it is used, or restart the process in the appup."
    ),
    location: applicationPlace(places, name)
  };
}
function some2(files) {
  const shown = files.slice(0, SHOWN).join(", ");
  return files.length > SHOWN ? `${shown} and ${files.length - SHOWN} more files` : shown;
}
async function changedFiles({ change: change2, upFrom, release }) {
  const isOther = (file) => !isSharedObject(file);
  const before = await privDigests(upFrom, change2.name, isOther);
  const after = await privDigests(release, change2.name, isOther);
  return [...before].flatMap(([file, digest]) => digest === (after.get(file) ?? digest) ? [] : [file]);
}

// src/plan/checks/start-code.ts
function checkStartCode(steps, places) {
  return steps.filter((step) => step.appup.origin !== "shipped").flatMap((step) => {
    const instructions = allInstructions(steps, step, "up");
    if (restartsEmulator(instructions)) return [];
    return [
      ...restartsProcess(instructions, step.change.name, "") ? [] : applicationStart(step, places),
      ...step.modules.filter(({ module }) => !restartsProcess(instructions, step.change.name, module)).flatMap((module) => processStart(step, module, places))
    ];
  });
}
var REMEDY = "If a running node needs it, do it in code_change as well, or by a function that the appup calls: {apply, {Module, Function, Args}}.";
function applicationStart({ change: change2, start }, places) {
  if (start === null) return [];
  const { module, calls } = start;
  const what = calls.length === 0 ? "" : `, which now calls ${some(calls, 4)}`;
  return [
    {
      id: "start-changed",
      severity: calls.length > 0 ? "warning" : "notice",
      application: change2.name,
      module,
      message: `The start code of ${change2.name} (start/2 of ${module}) changed between ${change2.from ?? ""} and ${change2.to ?? ""}${what}; an upgrade does not run it.`,
      remedy: remedyFor(places, change2.name, REMEDY),
      location: applicationPlace(places, change2.name)
    }
  ];
}
function processStart({ change: change2 }, { module, makes }, places) {
  if (makes.length === 0) return [];
  return [
    {
      id: "start-changed",
      severity: "warning",
      application: change2.name,
      module,
      message: `init/1 of ${module} now does what it did not do in this way in ${change2.name} ${change2.from ?? ""}: ${some(makes, 4)}. Processes that run stay as their own init/1 has left them.`,
      remedy: remedyFor(places, change2.name, REMEDY),
      location: applicationPlace(places, change2.name)
    }
  ];
}

// src/plan/checks/supervisors.ts
function checkStrategies(steps, places) {
  return steps.flatMap(
    (step) => step.modules.flatMap(
      (one) => one.strategies.filter((strategies) => strategies.includes(SIMPLE) && !startsAnewBothWays(steps, step, one)).map((strategies) => changedStrategy(step, { module: one.module, strategies }, places))
    )
  );
}
var SIMPLE = "simple_one_for_one";
function startsAnewBothWays(steps, step, { module }) {
  return ["up", "down"].every((direction) => startsAnew(steps, step, { direction, module }));
}
function changedStrategy({ change: change2 }, {
  module,
  strategies: [before, after]
}, places) {
  return {
    id: "supervisor-strategy",
    severity: "error",
    application: change2.name,
    module,
    message: `The supervisor ${module} is ${after} in ${change2.name} ${change2.to ?? ""}, and was ${before} in ${change2.from ?? ""}: a running supervisor cannot change to or from ${SIMPLE}: it dies or loses its children.`,
    remedy: `Give the new supervisor another module name and child id, so that the old one is stopped with its children, and the new one started; or restart the application: {${change2.name}, [{strategy, restart}]}. in relup.config, beside rebar.config.`,
    location: applicationPlace(places, change2.name)
  };
}

// src/plan/checks/stale-conversion.ts
function checkStaleConversions(steps, places) {
  return steps.flatMap(
    (step) => step.modules.flatMap((checked) => staleConversion({ steps, step, checked, places }))
  );
}
function staleConversion({
  steps,
  step,
  checked: { module, state },
  places
}) {
  if (state === null || "unseen" in state) return [];
  const callback = callbackOf(state.kind);
  const reasons = ["up", "down"].flatMap((direction) => {
    const { changed: changed2, conversion } = state[direction];
    const why = conversionFault(conversion, callback, versionOf(step, direction));
    if (changed2 || why === void 0 || !callsCodeChange(changeOf(step[direction], module))) return [];
    if (startsAnew(steps, step, { direction, module })) return [];
    return [`${stepName(step, direction)}: ${why}`];
  });
  if (reasons.length === 0) return [];
  const { name, from, to } = step.change;
  const notCalled2 = `write {update, ${module}} for ${from ?? ""}, so that ${callback} is not called,`;
  return [
    {
      id: "state-converted-again",
      severity: step.appup.origin === "generated" ? "error" : "warning",
      application: name,
      module,
      message: `${callback} of ${module} only converts states of other versions: the state has the same shape in ${name} ${to ?? ""} as in ${from ?? ""}, and ${callback} is called for it (${reasons.join("; ")}).`,
      remedy: isOwn(places, name) ? `Remove the clauses that were for an earlier upgrade; without any other clause remove ${callback} and its export. If versions that need them are upgraded from, too, keep them, and ${notCalled2} in an appup of ${name}.` : `${name} is not yours to change: ${notCalled2} in appups/${name}.appup.src, for which the generated appup in the job summary is a beginning.`,
      location: sourceLocation(places, state.codeChange) ?? instructionPlace(places, step, changeOf(step.up, module))
    }
  ];
}
function versionOf({ change: change2 }, direction) {
  const version = direction === "up" ? change2.to : change2.from;
  return `${change2.name} ${version ?? ""}`;
}

// src/plan/checks/state.ts
function checkStates(steps, places) {
  return steps.flatMap((step) => [
    ...step.modules.flatMap((module) => changedState({ steps, step, checked: module, places })),
    ...unseenStates(step, places)
  ]);
}
function changedState({
  steps,
  step,
  checked,
  places
}) {
  const { module, state } = checked;
  if (state === null || "unseen" in state) return [];
  const reasons = ["up", "down"].flatMap((direction) => {
    if (startsAnew(steps, step, { direction, module })) return [];
    const why = whyNotConverted({ step, direction, module, state });
    return why === void 0 ? [] : [`${stepName(step, direction)}: ${why}`];
  });
  if (reasons.length === 0) return [];
  const { name, from, to } = step.change;
  return [
    {
      id: "state-changed",
      severity: step.appup.origin === "hand-written" || step.appup.origin === "shipped" ? "warning" : "error",
      application: name,
      module,
      message: `The state of ${module} (${kindName(state.kind)}) has another shape in ${name} ${to ?? ""} than in ${from ?? ""}, and nothing converts it (${reasons.join("; ")}):
${difference(state)}`,
      remedy: remedyFor(places, name, conversionToWrite(step, module, state)),
      location: locationOf({ places, step, module, state })
    }
  ];
}
function kindName(kind) {
  return kind === "custom" || kind === "kept" ? "callback module of a process" : kind;
}
function difference({ old, new: now }) {
  return [...old.map((line) => `- ${line}`), ...now.map((line) => `+ ${line}`)].join("\n");
}
function conversionToWrite({ appup, change: change2 }, module, state) {
  const { name } = change2;
  if (state.kind === "kept") {
    return `Have ${name} restarted, by {${name}, [{strategy, restart}]} in relup.config, or write an appup that stops these processes and starts them again.`;
  }
  const callback = callbackOf(state.kind);
  const instruction = appup.origin === "generated" ? "" : ` Write {update, ${module}, {advanced, []}} in both directions of the appup.`;
  const isThere = state.up.conversion !== "missing";
  if (state.paste == null) {
    const ways = conversions(state);
    return `Let ${callback} of ${module} ${ways.up}, and with {down, Vsn} ${ways.down}.${isThere ? "" : ` Export it.`}${instruction}`;
  }
  const text2 = isThere ? `${state.paste};` : `${state.paste}.`;
  const where2 = isThere ? `Put these clauses of ${callback} before the others` : `Add ${callback} to the -export list of ${module}, and append to the module`;
  return `${where2}, and look whether the values of new fields are right:${instruction}
${text2}`;
}
function conversions({ records = [] }) {
  if (records.length === 0) {
    return { up: "make the new state from the old one", down: "the old one from the new" };
  }
  const each = (pairs) => `make ${pairs.join(", ")}, wherever it lies in the state`;
  return {
    up: each(records.map(({ old, becomes }) => `${becomes} of every ${old}`)),
    down: each(records.map(({ new: now, back }) => `${back} of every ${now}`))
  };
}
function whyNotConverted({
  step,
  direction,
  module,
  state
}) {
  const { changed: changed2, conversion } = state[direction];
  const callback = callbackOf(state.kind);
  if (!changed2) return void 0;
  if (state.kind === "kept") return "its behaviour has no way to convert it";
  if (conversion === "missing") return `there is no ${callback}`;
  if (conversion === "passes") return `${callback} returns the state as it is`;
  const fault = conversionFault(conversion, callback, targetOf(step, direction).version);
  if (fault !== void 0) return fault;
  const instruction = changeOf(step[direction], module);
  return callsCodeChange(instruction) ? void 0 : `${callback} is not called by ${instruction?.text ?? "the appup"}`;
}
function locationOf({
  places,
  step,
  module,
  state
}) {
  return sourceLocation(places, state.place) ?? sourceLocation(places, state.codeChange) ?? instructionPlace(places, step, changeOf(step.up, module));
}
function unseenStates(step, places) {
  if (step.appup.origin === "shipped") return [];
  const unseen = step.modules.flatMap(
    ({ module, state }) => state !== null && "unseen" in state ? [{ module, sides: state.unseen }] : []
  );
  if (unseen.length === 0) return [];
  const sides = new Set(unseen.flatMap((one) => one.sides));
  const where2 = [
    ...sides.has("old") ? [whereUnseen(step.upFrom)] : [],
    ...sides.has("new") ? [whereUnseen(step.release)] : []
  ];
  return [
    {
      id: "state-unseen",
      severity: "warning",
      application: step.change.name,
      message: `Whether the state of ${unseen.map(({ module }) => module).join(", ")} changed its shape between ${step.change.name} ${step.change.from ?? ""} and ${step.change.to ?? ""} cannot be seen: the modules have no debug information in ${where2.join(" and ")}.`,
      remedy: isOwn(places, step.change.name) ? remedyForUnseen(step.upFrom) : `Have it compiled with debug information in both versions: {overrides, [{add, ${step.change.name}, [{erl_opts, [debug_info]}]}]}. in rebar.config; or have it restarted by {${step.change.name}, [{strategy, restart}]}. in relup.config.`,
      location: applicationPlace(places, step.change.name)
    }
  ];
}
function remedyForUnseen({ name, version, source }) {
  if (source.kind === "ref") return "Compile them with debug_info, or compare the state records yourself.";
  return `Put ${name}-${version}${DEBUG_SUFFIX}, which is in the artifact of that build, beside the package; or upgrade from the git tag instead; or compare the state records yourself.`;
}
function whereUnseen({ version, source }) {
  if (source.kind === "tarball") return `release ${version}, which was given as a package`;
  return `release ${version}${source.kind === "cache" ? ", which came from the cache" : ""}`;
}

// src/plan/checks/statem.ts
function checkStatems(steps, places) {
  return steps.flatMap((step) => {
    const instructions = allInstructions(steps, step, "up");
    if (restartsEmulator(instructions)) return [];
    return step.modules.filter(({ module }) => !restartsProcess(instructions, step.change.name, module)).flatMap((module) => ofModule(step, module, places));
  });
}
function ofModule(step, checked, places) {
  const { module, statem } = checked;
  const told2 = statem === null ? void 0 : toldOf(step, checked, statem);
  if (statem === null || told2 === void 0) return [];
  const { name } = step.change;
  const location = sourceLocation(places, statem.place) ?? applicationPlace(places, name);
  return [{ ...told2, remedy: remedyFor(places, name, told2.remedy), application: name, module, location }];
}
function toldOf(step, checked, statem) {
  const { module } = checked;
  const isOtherMode = statem.modes.length === 2;
  if (isConverted(step, checked))
    return isOtherMode && statem.down.length > 0 ? modeKept(step, module, statem) : void 0;
  if (isOtherMode) return otherMode(step, module, statem);
  return statem.up.length === 0 ? void 0 : stateGone(step, module, statem.up);
}
function isConverted(step, { module, new: side }) {
  return callsCodeChange(changeOf(step.up, module)) && side?.codeChange.includes(4) === true;
}
function otherMode({ change: change2 }, module, { modes, up }) {
  const { name, from, to } = change2;
  const [before = "", after = ""] = modes;
  const what = `callback_mode/0 of ${module} is ${after} in ${name} ${to ?? ""} and was ${before} in ${from ?? ""}, but a process that runs keeps its mode until code_change/4 is called`;
  const remedy = `Export code_change/4 from ${module} (code_change(_Vsn, State, Data, _Extra) -> {ok, State, Data} where both stay as they are), and have the appup call it: {update, ${module}, {advanced, []}}.`;
  return up.length === 0 ? { id: "callback-mode", severity: "warning", message: `${what}.`, remedy } : {
    id: "callback-mode",
    severity: "error",
    message: `${what}: at its next event it calls ${up.join(", ")}, which the module exports no more, and dies.`,
    remedy
  };
}
function modeKept({ change: change2 }, module, { modes, down }) {
  const { name, from } = change2;
  return {
    id: "callback-mode",
    severity: "warning",
    message: `After a downgrade the processes of ${module} keep the callback mode ${modes[1] ?? ""} and call ${down.join(", ")}, which ${name} ${from ?? ""} does not export: they die at their next event.`,
    remedy: `Have the downgrade start them anew: {apply, {supervisor, terminate_child, [Supervisor, Id]}} and {apply, {supervisor, restart_child, [Supervisor, Id]}} around {load_module, ${module}}, in the second list of an appup of your own.`
  };
}
function stateGone({ change: change2 }, module, states) {
  const { name, from, to } = change2;
  return {
    id: "state-function-gone",
    severity: "warning",
    message: `${module} has ${states.length === 1 ? "the state function" : "the state functions"} ${states.join(", ")} no more in ${name} ${to ?? ""}, and had in ${from ?? ""}: a process that is in this state during the upgrade dies at its next event.`,
    remedy: `Keep the function for one version; or export code_change/4, have it return a state of the new version, and have the appup call it: {update, ${module}, {advanced, []}}.`
  };
}

// src/plan/checks/stored.ts
function checkStored(steps, places) {
  return steps.filter((step) => step.appup.origin !== "shipped").flatMap((step) => {
    const instructions = allInstructions(steps, step, "up");
    if (restartsEmulator(instructions)) return [];
    const modules = step.modules.filter(
      ({ module }) => !restartsProcess(instructions, step.change.name, module)
    );
    return [
      ...modules.flatMap(
        (checked) => checked.stored.flatMap((stored) => inTable({ step, module: checked.module, stored, places }))
      ),
      ...elsewhere(step, modules, places)
    ];
  });
}
function inTable({
  step,
  module,
  stored,
  places
}) {
  if (stored.call === null) return [];
  const { name, from, to } = step.change;
  return [
    {
      id: "stored-record-changed",
      severity: "warning",
      application: name,
      module,
      message: `${module} keeps #${stored.record}{} by ${stored.call}, and the record has other fields in ${name} ${to ?? ""} than in ${from ?? ""}; what is stored stays as it is:
${difference2(stored)}`,
      remedy: remedyFor(
        places,
        name,
        `Convert what is stored in code_change of ${module}, or by a function that the appup calls: {apply, {${module}, Function, []}}; or let the code take both forms.`
      ),
      location: sourceLocation(places, stored.place) ?? applicationPlace(places, name)
    }
  ];
}
function elsewhere(step, modules, places) {
  const told2 = new Set(
    step.modules.flatMap(({ stored, state }) => [
      ...stored.flatMap(({ new: now, call: call2 }) => call2 === null ? [] : [now]),
      ...state === null || "unseen" in state ? [] : state.new
    ])
  );
  const makers = /* @__PURE__ */ new Map();
  for (const { module, stored } of modules) {
    for (const one of stored.filter(({ new: now }) => !told2.has(now))) {
      const known = makers.get(difference2(one)) ?? { stored: one, modules: [] };
      known.modules.push(module);
      makers.set(difference2(one), known);
    }
  }
  const { name, from, to } = step.change;
  return [...makers.values()].map(({ stored, modules: by }) => ({
    id: "record-changed",
    severity: "warning",
    application: name,
    message: `#${stored.record}{}, which ${some(by, 3)} ${by.length === 1 ? "makes" : "make"}, has other fields in ${name} ${to ?? ""} than in ${from ?? ""}; values that processes keep of it stay as they are:
${difference2(stored)}`,
    remedy: `Look whether a process keeps such values (in its state, a queue, a table) or gets them from another: if so, ${isOwn(places, name) ? "convert them in its code_change, or restart it" : `have ${name} restarted by {${name}, [{strategy, restart}]}. in relup.config`}; if they never outlive a call, there is nothing to do.`,
    location: sourceLocation(places, stored.place) ?? applicationPlace(places, name)
  }));
}
function difference2({ old, new: now }) {
  return `- ${old}
+ ${now}`;
}

// src/plan/checks/sync-nodes.ts
function checkSyncNodes(steps, places) {
  return steps.flatMap(
    (step) => ["up", "down"].flatMap(
      (direction) => step[direction].filter(({ what }) => what === "sync").map((instruction) => ({
        id: "appup-sync-nodes",
        severity: "warning",
        application: step.change.name,
        message: `The appup of ${step.change.name}, ${stepName(step, direction)}: at ${instruction.text} a node waits, without an end, until every other node that it names has come as far.`,
        remedy: "All of them must be upgraded at the same time, by hand: a deploy upgrades one node, and refuses this. `rehearse-cluster: true` rehearses it on two nodes. Without sync_nodes, nodes are upgraded one after the other (docs/clusters.md).",
        location: instructionPlace(places, step, instruction)
      }))
    )
  );
}

// src/plan/checks/checks.ts
async function checkAppups(options) {
  const { release, differences } = options;
  logUnchanged(differences);
  const steps = await readSteps(options);
  return [
    ...checkDuplicates([release, ...differences.map(({ upFrom }) => upFrom)], options),
    ...checkVersionOrder(differences, options),
    ...checkInstructions(steps, options),
    ...checkCodeChange(steps, options),
    ...checkStates(steps, options),
    ...checkStatems(steps, options),
    ...checkStaleConversions(steps, options),
    ...checkStored(steps, options),
    ...checkMessages(steps, options),
    ...checkStartCode(steps, options),
    ...await checkPrivFiles(steps, options),
    ...checkStrategies(steps, options),
    ...checkSyncNodes(steps, options),
    ...await checkNativeCode(steps, options, options.allowsNative)
  ];
}
function refuseErrors(findings) {
  if (findings.some(isError)) throw stoppedBy("The upgrade would go wrong on a node", findings);
}
function logUnchanged(differences) {
  for (const { changed: changed2 } of differences) {
    for (const { name, from, to, modules } of changed2) {
      const count = modules.added.length + modules.changed.length + modules.removed.length;
      if (count === 0) info(`${name} ${from ?? ""} \u2192 ${to ?? ""}: another version of the same code.`);
    }
  }
}

// src/plan/application-findings.ts
function applicationFindings(differences, relup) {
  return [
    ...differences.flatMap(({ upFrom, added, removed }) => [
      ...added.map(({ name }) => applicationAdded(name, upFrom.version)),
      ...removed.map(({ name }) => applicationRemoved(name, upFrom.version))
    ]),
    ...differences.flatMap(movedModules),
    ...relup.startPhases.map(startPhaseAdded),
    ...relup.startTypes.map((change2) => startTypeChanged(change2, relup)),
    ...differences.flatMap((difference3) => dependentsKept(difference3, relup)),
    ...configReaders(relup)
  ];
}
function applicationAdded(application2, version) {
  return {
    id: "application-added",
    severity: "notice",
    application: application2,
    message: `${application2} is not in ${version}: the upgrade loads and starts it after the applications it needs, the downgrade stops and removes it.`
  };
}
function applicationRemoved(application2, version) {
  return {
    id: "application-removed",
    severity: "notice",
    application: application2,
    message: `${application2} is in ${version} only: the upgrade stops and removes it, the downgrade loads and starts it.`
  };
}
function movedModules({ upFrom, changed: changed2, added, removed }) {
  const all = [...changed2, ...added, ...removed];
  const gone2 = new Map(all.flatMap(({ name, modules }) => modules.removed.map((module) => [module, name])));
  return all.flatMap(
    ({ name, modules }) => modules.added.flatMap((module) => {
      const from = gone2.get(module);
      if (from === void 0) return [];
      return [
        {
          id: "module-moved",
          severity: "notice",
          application: name,
          module,
          message: `The module ${module} moved from ${from} to ${name} since ${upFrom.version}: it is loaded from there and not removed.`
        }
      ];
    })
  );
}
function startPhaseAdded({ application: application2, phases }) {
  return {
    id: "start-phase-added",
    severity: "notice",
    application: application2,
    message: `${application2} has new start phases (${phases.join(", ")}), which run when it is started, and not in an upgrade.`,
    remedy: "If a running node needs what they do, call it in the appup: {apply, {Module, start_phase, [Phase, normal, Arguments]}}."
  };
}
function startTypeChanged(change2, relup) {
  const { application: application2, upFrom, before, now } = change2;
  const [was, is] = [before, now].map(stateOf);
  const said2 = `The start type of ${application2} is ${now}, and was ${before} in ${upFrom}`;
  if (was !== is) {
    const [up, down] = [is, was].map((to, index) => DOES[`${[was, is][index] ?? ""} ${to ?? ""}`] ?? "");
    return {
      id: "start-type-changed",
      severity: "notice",
      application: application2,
      message: `${said2}: the upgrade ${up ?? ""} it, the downgrade ${down ?? ""} it.`
    };
  }
  const restarts = relup.up.some(({ version, starts }) => version === upFrom && starts.includes(application2));
  return {
    id: "start-type-changed",
    severity: restarts ? "notice" : "warning",
    application: application2,
    message: restarts ? `${said2}: the upgrade starts it anew.` : `${said2}: a running application keeps the type that it was started with, so the upgrade does not change what its end means for the node.`,
    ...restarts ? {} : {
      remedy: `Restart the node when it suits; or stop ${application2} and start it anew in an appup, if it can be without its state: {apply, {application, stop, [${application2}]}}, {apply, {application, start, [${application2}, ${now}]}}.`
    }
  };
}
function stateOf(type) {
  return type === "load" || type === "none" ? type : "running";
}
var DOES = {
  "none load": "loads",
  "load none": "unloads",
  "none running": "starts",
  "load running": "starts",
  "running load": "stops",
  "running none": "stops"
};
function dependentsKept({ upFrom, changed: changed2 }, relup) {
  const script2 = relup.up.find(({ version }) => version === upFrom.version);
  if (script2 === void 0 || script2.restartsEmulator) return [];
  const restarted2 = (name) => script2.starts.includes(name);
  return changed2.flatMap(({ name }) => {
    const kept = (relup.dependents[name] ?? []).filter((other) => !restarted2(other));
    if (!restarted2(name) || kept.length === 0) return [];
    return [
      {
        id: "dependents-not-restarted",
        severity: "warning",
        application: name,
        message: `The upgrade from ${upFrom.version} restarts ${name}, but not ${kept.join(", ")}, which ${kept.length === 1 ? "needs" : "need"} it and may keep process identifiers, monitors or tables of it that are gone then.`,
        remedy: `Look at what ${kept.join(", ")} ${kept.length === 1 ? "keeps" : "keep"} of ${name}: restart ${kept.length === 1 ? "it" : "them"}, too ({${name}, [{up, [{'after', [{restart_application, ${kept[0] ?? ""}}]}]}, {down, \u2026}]}. in relup.config, or the instruction in the appup), or update ${name} without a restart.`
      }
    ];
  });
}
function configReaders({ configReaders: found }) {
  return found.map(({ application: application2, module }) => ({
    id: "reads-config-argument",
    severity: "notice",
    application: application2,
    module,
    message: `${module} (${application2}) calls init:get_argument(config): once the upgrade is permanent, OTP answers the path of sys.config without ".config", which is not a file.`,
    remedy: "Read settings with application:get_env, or take releases/<version>/sys.config; the check at stage after-permanent can try it."
  }));
}

// src/plan/appups/relup-config.ts
import { existsSync as existsSync4 } from "node:fs";
import { join as join30 } from "node:path";
var FILE = "relup.config";
async function readAppupConfig(erlang, { projectDir, projectPath }, releases) {
  const file = join30(projectDir, FILE);
  if (!existsSync4(file)) return { file: "", strategyOf: () => void 0, allowsNative: () => false };
  const location = { file: join30(projectPath, FILE) };
  try {
    const entries = await erlang.query("config", [file]);
    const known = new Set(releases.flatMap(({ applications }) => applications.map(({ name }) => name)));
    const unknown = entries.find(({ application: application2 }) => !known.has(application2));
    if (unknown !== void 0) {
      throw new BadInputError(
        `relup.config names ${unknown.application}, which is in none of the releases.`,
        {
          remedy: "Write the name of an application of the release, or remove the entry.",
          location
        }
      );
    }
    const named2 = new Map(entries.map((entry) => [entry.application, entry]));
    return {
      file,
      strategyOf: (application2) => named2.get(application2)?.strategy ?? void 0,
      allowsNative: (application2) => named2.get(application2)?.native === true
    };
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new BadInputError(`relup.config cannot be used: ${error.message}.`, {
      remedy: "Write it as docs/appups.md shows.",
      location,
      cause: error
    });
  }
}
function releasesOf(release, differences) {
  return [release, ...differences.map(({ upFrom }) => upFrom)];
}
function refusedByConfig(needs, projectPath) {
  const list = needs.map(
    ({ application: application2, version, upFrom }) => `${application2} ${upFrom.join(", ")} \u2192 ${version}`
  );
  return new RefusedError(`relup.config refuses hot upgrades of ${list.join("; ")}.`, {
    remedy: "Restart the node into the full package, or change the strategy in relup.config.",
    location: { file: join30(projectPath, FILE) }
  });
}

// src/plan/appups/choose.ts
import { chmod, copyFile as copyFile5, mkdir as mkdir6, writeFile as writeFile7 } from "node:fs/promises";
import { join as join35 } from "node:path";

// src/plan/appups/appup-findings.ts
var WORDS = {
  "application-restarted": (_modules, application2) => ({
    id: "application-restarted",
    severity: "notice",
    message: `All processes of ${application2} are stopped and started anew by the upgrade, because relup.config says restart: what they hold in memory is lost.`,
    remedy: "Take the strategy out of relup.config again when the next release does not need it."
  }),
  "child-replaced": (modules, application2) => ({
    id: "child-replaced",
    severity: "notice",
    message: `The processes of ${modules} (${application2}) are stopped and started anew by the upgrade, because their start function or its arguments changed: what they hold in memory is lost.`,
    remedy: "If it must survive, keep the start function and its arguments in this version, and let code_change take over what is new."
  }),
  "call-cycle": (modules, application2) => ({
    id: "call-cycle",
    severity: "notice",
    message: `Modules of ${application2} call functions of each other that are new in this version, in a circle (${modules}), so no order of loading is right for all; they are loaded in the order of their names.`,
    remedy: "Ship the new functions of one of them one version before their callers, or write an appup by hand that makes the processes wait which call them."
  }),
  "function-gone": (modules, application2, functions) => ({
    id: "function-gone",
    severity: "notice",
    message: `Modules of ${application2} that did not change over yet would call ${functions}, which is gone, while the upgrade exchanges one after the other; so the processes of ${modules} wait meanwhile.`,
    remedy: "To keep them running, ship the new version with the old function still in it, and remove that in the next one. A process without a supervisor cannot be made to wait."
  }),
  "process-replaced": (modules, application2) => ({
    id: "process-replaced",
    severity: "notice",
    message: `The processes of ${modules} (${application2}) are stopped and started anew by the upgrade: the module is the callback of another kind of process now, so their state cannot be kept.`,
    remedy: "Write an appup by hand if the state must survive."
  }),
  "supervisor-children-unknown": (modules, application2) => ({
    id: "supervisor-children-unknown",
    severity: "notice",
    message: `What children the changed supervisor ${modules} (${application2}) has cannot be read from its code alone, so the generated appup starts and stops none of them.`,
    remedy: "A rehearsal shows whether any are missing. Known are the children of a supervisor with debug information, a registered name and an init/1 that depends on nothing but its own application."
  })
};
function generatorFindings(notices, projectDir, projectPath) {
  return notices.map(({ id, application: application2, modules, functions = "" }) => ({
    ...WORDS[id](modules.join(", "), application2, functions),
    application: application2,
    ...modules.length === 1 ? { module: modules[0] } : {},
    location: versionLocation(projectDir, projectPath, application2)
  }));
}

// src/plan/appups/generator.ts
import { join as join31 } from "node:path";
async function generateAppups(options, applications) {
  if (applications.size === 0) return { appups: [], notices: [] };
  const { release, buildDir, differences, purge } = options;
  const request = [
    purge,
    options.configFile,
    [release.root, buildDir],
    differences.map((difference3) => [
      difference3.upFrom.root,
      upFromBuildDir(difference3.upFrom),
      [...difference3.changed, ...difference3.added, ...difference3.removed].map((change2) => [
        change2.name,
        change2.from ?? "",
        change2.to ?? "",
        ...moduleLists(change2),
        String(applications.has(change2.name))
      ])
    ]),
    options.corrections.map((one) => [
      one.application,
      one.upFrom,
      one.direction,
      one.position,
      one.instruction
    ])
  ];
  const file = join31(options.outFolder, "generate.request");
  await writeErlangRequest(file, request);
  return options.erlang.query("generate", [file]);
}
function moduleLists({ modules }) {
  return [modules.added, modules.changed, modules.removed];
}
function upFromBuildDir({ source }) {
  return source.buildDir ?? "";
}

// src/plan/appups/needs.ts
function collectNeeds(differences) {
  const needs = /* @__PURE__ */ new Map();
  for (const change2 of differences.flatMap((difference3) => difference3.changed)) {
    const need = needs.get(change2.name);
    const from = change2.from;
    const upFrom = need === void 0 ? [from] : [.../* @__PURE__ */ new Set([...need.upFrom, from])];
    const changes2 = [...need?.changes ?? [], change2];
    needs.set(change2.name, { application: change2.name, version: change2.to, upFrom, changes: changes2 });
  }
  return [...needs.values()];
}
function whyInvalid(source, request) {
  if ("problem" in source) return source.problem;
  if (source.version !== request.version) {
    return `it is for version ${source.version}, not ${request.version}`;
  }
  const lacking = [
    ...unmatched(source.up).map((version) => `an entry to upgrade from ${version}`),
    ...unmatched(source.down).map((version) => `an entry to downgrade to ${version}`)
  ];
  return lacking.length === 0 ? void 0 : `it lacks ${lacking.join(" and ")}`;
}
function unmatched(entries) {
  return entries.filter(({ pattern }) => pattern === null).map(({ upFrom }) => upFrom);
}

// src/plan/appups/places.ts
import { existsSync as existsSync5 } from "node:fs";
import { join as join32 } from "node:path";
function appupPlace(application2, projectDir, projectPath) {
  const folder = sourceDir(projectDir, application2) ?? "appups";
  const files = ["appup.src", "appup"].map((extension) => `${folder}/${application2}.${extension}`);
  const file = files.find((one) => existsSync5(join32(projectDir, one))) ?? `${folder}/${application2}.appup.src`;
  const annotate = existsSync5(join32(projectDir, file)) ? join32(projectPath, file) : versionFile(projectDir, projectPath, application2);
  return { file, annotate };
}

// src/plan/appups/refusals.ts
import { join as join34 } from "node:path";

// src/plan/appups/sources.ts
import { glob as glob3 } from "node:fs/promises";
import { join as join33, relative as relative5 } from "node:path";
async function findSources(places, request) {
  const { application: application2, version } = request;
  const { projectDir, buildDir, root } = places;
  const own = {
    sources: await ownFiles(projectDir, application2, "appup.src"),
    finished: await ownFiles(projectDir, application2, "appup")
  };
  const finished = [
    join33(root, "lib", `${application2}-${version}`, "ebin", `${application2}.appup`),
    join33(buildDir, "lib", application2, "ebin", `${application2}.appup`)
  ];
  const candidates = [
    ...own.sources.map((file) => ({ origin: "hand-written", kind: "source", file })),
    {
      origin: "hand-written",
      kind: "source",
      file: join33(projectDir, "appups", `${application2}.appup.src`)
    },
    ...own.finished.map((file) => ({ origin: "hand-written", kind: "appup", file })),
    ...finished.map((file) => ({ origin: "shipped", kind: "appup", file })),
    ...["appup.src", "appup"].map((extension) => ({
      origin: "shipped",
      kind: extension === "appup" ? "appup" : "source",
      file: join33(buildDir, "lib", application2, "src", `${application2}.${extension}`)
    }))
  ];
  const found = await Promise.all(candidates.map(({ file }) => exists(file)));
  return candidates.filter((_, index) => found[index]);
}
async function ownFiles(projectDir, application2, extension) {
  const found = [];
  const file = `src/${application2}.${extension}`;
  for (const pattern of [file, `*/${application2}/${file}`]) {
    for await (const file2 of glob3(pattern, { cwd: projectDir, exclude: ["_build/**", "_checkouts/**"] })) {
      found.push(join33(projectDir, file2));
    }
  }
  return found.sort();
}
async function readSources({
  erlang,
  places,
  outFolder,
  requests
}) {
  const flat = requests.flatMap(({ application: application2, version, upFrom, sources }) => [
    application2,
    version,
    String(upFrom.length),
    ...upFrom,
    String(sources.length),
    ...sources.flatMap(({ kind, file }) => [kind, file])
  ]);
  const answers2 = await erlang.query("appup-terms", [outFolder, ...flat]) ?? await erlang.query("appups", [places.root, outFolder, ...flat], { cwd: places.projectDir });
  return requests.map(
    ({ sources }, request) => sources.map((source, index) => ({ ...source, ...answers2[request]?.sources[index] }))
  );
}
function projectName(places, file) {
  return relative5(places.projectDir, file);
}

// src/plan/appups/refusals.ts
async function missingAppups(options, missing2) {
  const { places, projectPath } = options;
  const { appups } = await generateAppups(options, new Set(missing2.map(({ need }) => need.application)));
  const templates = missing2.map(({ need: { application: application2 } }) => ({
    ...appupPlace(application2, places.projectDir, projectPath),
    text: appups.find((appup) => appup.application === application2)?.text ?? ""
  }));
  const first = templates[0];
  return new RefusedError(`No valid appup for ${missing2.map((one) => describe(options, one)).join("; ")}.`, {
    remedy: templates.map(({ file, text: text2 }) => `Write ${file}:
${text2}`).join("\n"),
    ...first === void 0 ? {} : { location: { file: first.annotate } }
  });
}
function describe({ places }, { need, sources }) {
  const step = `${need.application} ${need.upFrom.join(", ")} \u2192 ${need.version}`;
  const tried = sources.map(
    (source) => `${projectName(places, source.file)}: ${whyInvalid(source, need) ?? ""}`
  );
  return tried.length === 0 ? `${step} (no appup found)` : `${step} (${tried.join("; ")})`;
}
function unreadableAppup(options, { sources }) {
  const source = sources.find((one) => one.origin === "hand-written" && "problem" in one);
  if (source === void 0 || !("problem" in source)) return void 0;
  const file = projectName(options.places, source.file);
  return new RefusedError(`The appup ${file} cannot be used: ${unended(source.problem)}.`, {
    remedy: "Correct it, or remove it to have one generated; docs/appups.md shows the form.",
    location: locate(options, file)
  });
}
function unusedAppups(options, { need, sources }) {
  return sources.map((source) => {
    const file = projectName(options.places, source.file);
    const own = source.origin === "hand-written";
    return {
      id: "appup-not-used",
      severity: "notice",
      application: need.application,
      message: `${file} is not used, because ${whyInvalid(source, need) ?? "relup.config says otherwise"}; an appup for ${need.application} ${need.upFrom.join(", ")} \u2192 ${need.version} was generated.`,
      ...own ? {
        remedy: "Bring it up to date or remove it; the generated one is in the artifact.",
        location: locate(options, file)
      } : {}
    };
  });
}
function locate({ projectPath }, file) {
  return { file: join34(projectPath, file) };
}

// src/plan/appups/choose.ts
async function chooseAppups(options) {
  const decided = (await readAll(options)).map((tried) => decide(options, tried));
  refuse(decided, options);
  const missing2 = decided.filter(({ use }) => use === "missing");
  if (missing2.length > 0) throw await missingAppups(options, missing2);
  const toGenerate = decided.filter(({ use }) => use === "generate");
  const { appups, notices } = await generateAppups(
    options,
    new Set(toGenerate.map(({ need }) => need.application))
  );
  for (const { need, use } of decided) {
    if (typeof use !== "string") await copyFile5(use.written, await target(options, need));
  }
  for (const appup of appups) await writeFile7(await target(options, appup), appup.text);
  const chosen = [
    ...decided.flatMap(({ need, use }) => typeof use === "string" ? [] : [foundAppup(options, need, use)]),
    ...appups.map((appup) => generatedAppup(options, appup))
  ];
  for (const appup of chosen) await chmod(await target(options, appup), 420);
  return {
    appups: chosen.sort((a, b) => a.application < b.application ? -1 : 1),
    findings: [
      ...toGenerate.flatMap((one) => unusedAppups(options, one)),
      ...generatorFindings(notices, options.places.projectDir, options.projectPath)
    ]
  };
}
function decide({ mode, strategyOf }, tried) {
  const { need, sources } = tried;
  const strategy = strategyOf(need.application);
  if (strategy === "refuse") return { ...tried, use: "refuse" };
  if (strategy === "restart" || strategy === "generate") return { ...tried, use: "generate" };
  const valid = sources.find((one) => whyInvalid(one, need) === void 0);
  if (valid !== void 0 && !("problem" in valid)) return { ...tried, use: valid };
  return { ...tried, use: (strategy ?? mode) === "require" ? "missing" : "generate" };
}
function refuse(decided, options) {
  const refused2 = decided.filter(({ use }) => use === "refuse");
  if (refused2.length > 0) {
    throw refusedByConfig(
      refused2.map(({ need }) => need),
      options.projectPath
    );
  }
  for (const one of decided.filter(({ use }) => use === "generate")) {
    if (options.strategyOf(one.need.application) !== void 0) continue;
    const unreadable = unreadableAppup(options, one);
    if (unreadable !== void 0) throw unreadable;
  }
}
async function readAll(options) {
  const { erlang, places, outFolder, differences } = options;
  const needs = collectNeeds(differences);
  const requests = await Promise.all(
    needs.map(async (need) => ({ ...need, sources: await findSources(places, need) }))
  );
  const read2 = await readSources({ erlang, places, outFolder, requests });
  return needs.map((need, index) => ({ need, sources: read2[index] ?? [] }));
}
async function target({ release }, { application: application2, version }) {
  const ebin = join35(release.root, "lib", `${application2}-${version}`, "ebin");
  await mkdir6(ebin, { recursive: true });
  return join35(ebin, `${application2}.appup`);
}
function foundAppup({ places }, need, source) {
  const { origin, up, down } = source;
  const file = projectName(places, source.file);
  return { application: need.application, version: need.version, origin, file, up, down };
}
function generatedAppup({ places, projectPath }, appup) {
  const { file } = appupPlace(appup.application, places.projectDir, projectPath);
  return { ...appup, origin: "generated", file };
}

// src/plan/cookie-findings.ts
import { readFile as readFile10, glob as glob4 } from "node:fs/promises";
import { join as join36 } from "node:path";
var LITERAL_COOKIE = /^\s*-setcookie\s+(?!\$\{)(\S+)/m;
async function cookieFindings(release, projectDir, projectPath) {
  for (const name of ["vm.args", "vm.args.src"]) {
    const packed = `releases/${release.version}/${name}`;
    const text2 = await readFile10(join36(release.root, packed), "utf8").catch(() => "");
    const cookie = LITERAL_COOKIE.exec(text2)?.[1];
    if (cookie === void 0 || cookie === release.name) continue;
    const location = await locate2(projectDir, projectPath);
    return [
      {
        id: "literal-cookie",
        severity: "warning",
        message: `The packages hold the node's cookie in clear text (${packed}), for everybody who can download the artifact.`,
        remedy: "Write -setcookie ${NODE_COOKIE} in a vm_args_src file and set the variable where the node runs, or leave it to ~/.erlang.cookie there.",
        ...location === void 0 ? {} : { location }
      }
    ];
  }
  return [];
}
async function locate2(projectDir, projectPath) {
  const files = glob4("**/vm*.args*", {
    cwd: projectDir,
    exclude: (name) => name === "_build" || name === "node_modules"
  });
  for await (const file of files) {
    const lines = (await readFile10(join36(projectDir, file), "utf8").catch(() => "")).split("\n");
    const line = lines.findIndex((text2) => LITERAL_COOKIE.test(text2)) + 1;
    if (line > 0) return { file: join36(projectPath, file), line };
  }
  return void 0;
}

// src/plan/exposed.ts
function exposedFindings({ exposed }, appups, { projectDir, projectPath }) {
  return exposed.flatMap((call2) => {
    const appup = appups.find(({ application: application2 }) => application2 === call2.application);
    if (appup === void 0 || appup.origin === "shipped") return [];
    const { annotate: file } = appupPlace(call2.application, projectDir, projectPath);
    return [{ ...said(call2, appup.origin), application: call2.application, location: { file } }];
  });
}
function said({ upFrom, direction, function: name, exchanged, modules }, origin) {
  const way = direction === "up" ? `upgrade from ${upFrom}` : `downgrade to ${upFrom}`;
  const list = modules.join(", ");
  const waiting = `{suspend, [${list}]} before the instructions for ${exchanged.join(" and ")} and {resume, [${list}]} after them, in both directions`;
  const write = origin === "generated" ? `Save the generated appup, which is in the job summary, under the name shown there, and put ${waiting}` : `Put ${waiting}; or remove the appup, a generated one has them wait where they can`;
  return {
    id: "function-gone",
    severity: "warning",
    message: `While the ${way} exchanges ${exchanged.join(" and ")} one after the other, calls of ${name} fail, and processes of ${list} may get to one and die: the appup does not have them wait.`,
    remedy: `${write}; or ship the new version with the old function still in it, and remove that in the next one.`
  };
}

// src/plan/coverage.ts
import { join as join37 } from "node:path";
function checkCoverage({
  relup,
  differences,
  appups,
  projectPath
}) {
  const steps = differences.flatMap((difference3) => stepsOf(relup, difference3));
  const gaps2 = steps.flatMap((step) => notLoaded(step));
  const [first] = gaps2;
  if (first !== void 0) {
    const location = locate3(first.application, appups, projectPath);
    throw refusal(gaps2, { location, copied: copied(gaps2, appups) });
  }
  return steps.flatMap((step) => notRemoved(step)).map((gap) => leftover(gap, appups, projectPath));
}
function stepsOf(relup, difference3) {
  const { version } = difference3.upFrom;
  const changes2 = [...difference3.changed, ...difference3.added, ...difference3.removed];
  const up = relup.up.find((script2) => script2.version === version);
  const down = relup.down.find((script2) => script2.version === version);
  return [
    ...up === void 0 ? [] : [{ name: `up from ${version}`, script: up, changes: changes2 }],
    ...down === void 0 ? [] : [{ name: `down to ${version}`, script: down, changes: changes2.map(reversed) }]
    // A restarted emulator boots the release as a whole.
  ].filter(({ script: script2 }) => !script2.restartsEmulator);
}
function reversed(change2) {
  const { added, changed: changed2, removed } = change2.modules;
  return { ...change2, modules: { added: removed, changed: changed2, removed: added } };
}
function notLoaded({ name, script: script2, changes: changes2 }) {
  const loads = new Set(script2.loads);
  return gaps(
    name,
    changes2,
    ({ changed: changed2, added }) => [...changed2, ...added].filter((module) => !loads.has(module))
  );
}
function notRemoved({ name, script: script2, changes: changes2 }) {
  const handled = /* @__PURE__ */ new Set([...script2.removes, ...script2.loads]);
  return gaps(name, changes2, ({ removed }) => removed.filter((module) => !handled.has(module)));
}
function gaps(step, changes2, missing2) {
  return changes2.map(({ name, modules }) => ({ application: name, step, modules: missing2(modules) })).filter(({ modules }) => modules.length > 0);
}
function refusal(found, { location, copied: copied2 }) {
  const list = found.map(
    ({ application: application2, step, modules }) => `${application2}, ${step}: ${modules.join(", ")}`
  );
  const instructions = [...new Set(found.flatMap(({ modules }) => modules))].map(
    (name) => `{load_module, ${name}}`
  );
  return new RefusedError(`The relup does not load all code that differs (${list.join("; ")}).`, {
    remedy: `Add an instruction for each module to the appup, in the direction named; the simplest are ${instructions.join(", ")}, {add_module, Module} where the module is new, and {update, Module, {advanced, []}} where it is a process whose state code_change converts.${copied2}`,
    location
  });
}
function leftover(gap, appups, projectPath) {
  const { application: application2, step, modules } = gap;
  const location = locate3(application2, appups, projectPath);
  return {
    id: "module-not-removed",
    severity: "warning",
    application: application2,
    message: `The relup does not remove modules of ${application2} that the release no longer has (${step}: ${modules.join(", ")}), so they stay loaded.`,
    remedy: `Add ${modules.map((name) => `{delete_module, ${name}}`).join(", ")} to its appup.${copied([gap], appups)}`,
    ...location === void 0 ? {} : { location }
  };
}
function copied(gaps2, appups) {
  const names2 = new Set(gaps2.map(({ application: application2 }) => application2));
  const shipped2 = appups.filter(({ application: application2, origin }) => origin === "shipped" && names2.has(application2));
  return shipped2.map(
    ({ application: application2, file }) => ` That of ${application2} is its own (${file}): copy it to appups/${application2}.appup.src, which takes its place, and add it there.`
  ).join("");
}
function locate3(application2, appups, projectPath) {
  const appup = appups.find((one) => one.application === application2 && one.origin === "hand-written");
  return appup === void 0 ? void 0 : { file: join37(projectPath, appup.file) };
}

// src/plan/relup.ts
import { chmod as chmod2, mkdir as mkdir7 } from "node:fs/promises";
import { join as join39 } from "node:path";

// src/plan/relup-failure.ts
import { readFileSync as readFileSync3 } from "node:fs";
import { join as join38 } from "node:path";
function relupRefusal(subject, failures) {
  const { release } = subject;
  const [first] = failures;
  const lines = failures.map((one2) => `${stepOf(one2)}: ${one2.text.trim()}`);
  if (first === void 0) throw new Error("systools made no relup, and one for each step");
  const named2 = failures.map((one2) => ({ one: one2, found: culprit(subject, one2) }));
  const { one, found } = named2.find((each) => each.found !== void 0) ?? { one: first, found: void 0 };
  const steps = failures.filter(({ kind, subject: subject2 }) => kind === one.kind && subject2 === one.subject).map(stepOf);
  const where2 = [...new Set(steps)].join(" and ");
  const place = found === void 0 ? `${where2}: ` : `the appup of ${found.appup.application} (${found.appup.file}), ${where2}: ${found.instruction} \u2013 `;
  const { what, remedy } = wordsFor(subject, one, found?.instruction);
  const location = found === void 0 ? void 0 : locate4(subject, found.appup, one);
  return new RefusedError(`No relup can be made for ${release.name} ${release.version}: ${place}${what}.`, {
    remedy,
    details: lines.join("\n"),
    location
  });
}
function stepOf({ direction, version }) {
  return direction === "up" ? `up from ${version}` : `down to ${version}`;
}
function culprit({ appups }, { direction, subject }) {
  if (subject === "") return void 0;
  const found = appups.flatMap((appup) => {
    const instructions = appup[direction].flatMap((entry) => entry.instructions);
    const instruction = instructions.find((text2) => mentions(text2, subject));
    return instruction === void 0 ? [] : [{ appup, instruction }];
  });
  return found.find(({ appup }) => appup.origin === "hand-written") ?? found[0];
}
function mentions(text2, subject) {
  const escaped2 = subject.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w@])${escaped2}(?![\\w@])`, "u").test(text2);
}
function locate4({ projectDir, projectPath }, { origin, file }, { direction, subject }) {
  if (origin !== "hand-written") return void 0;
  const lines = readFileSync3(join38(projectDir, file), "utf8").split("\n");
  const naming = lines.flatMap((line2, index) => mentions(line2, subject) ? [index + 1] : []);
  const line = direction === "up" ? naming[0] : naming.at(-1);
  return { file: join38(projectPath, file), ...line === void 0 ? {} : { line } };
}
function wordsFor(options, failure, instruction = "") {
  const { kind, subject, text: text2 } = failure;
  switch (kind) {
    case "undef_module":
    case "no_such_module":
      return unknownModule(options, subject);
    case "muldef_module":
      return foreignModule(options, subject);
    case "no_such_application":
    case "removed_application_present":
    case "no_appl_vsn":
      return application(options, subject, instruction);
    case "bad_instruction":
      return {
        what: "there is no such instruction",
        remedy: "Write one of those in docs/appups.md; most often the number of arguments is wrong."
      };
    default:
      return {
        what: text2.trim().replaceAll(/\s+/g, " ").replace(/\.$/, ""),
        remedy: "Correct this instruction; docs/appups.md shows what each one needs."
      };
  }
}
function ownersOf({ release, upFrom }, module) {
  const all = [release, ...upFrom].flatMap(({ applications }) => applications);
  return [...new Set(all.filter(({ modules }) => Object.hasOwn(modules, module)).map(({ name }) => name))];
}
function unknownModule(options, module) {
  const [owner] = ownersOf(options, module);
  if (owner === void 0) {
    return {
      what: `no application has the module ${module}`,
      remedy: `Correct the name, or take ${module} out of this instruction.`
    };
  }
  return {
    what: `the module ${module} (of ${owner}) is not exchanged then`,
    remedy: `Take ${module} out of this instruction, in each direction named: an application that is added or removed as a whole is started before, and stopped after, the others, so nothing has to wait for its modules.`
  };
}
function foreignModule(options, module) {
  const owners = ownersOf(options, module);
  if (owners.length > 1) {
    return {
      what: `the module ${module} is in several applications (${owners.join(", ")})`,
      remedy: "Keep it in one of them; a node has only one module of a name."
    };
  }
  const owner = owners[0] ?? "another application";
  return {
    what: `the module ${module} belongs to ${owner}, whose own appup exchanges it`,
    remedy: `Take the instruction out, in each direction named; if it has to be another one than is generated, write it in the appup of ${owner}.`
  };
}
function application({ release, upFrom }, name, instruction) {
  const has = ({ applications }) => applications.some((one) => one.name === name);
  if (has(release) && upFrom.every(has)) {
    const what = instruction.startsWith("{add_application") ? "added" : "removed";
    return {
      what: `${name} is in both releases, so it is not ${what}`,
      remedy: `Write {apply,{application,start,[${name},permanent]}} instead of add_application, and {apply,{application,stop,[${name}]}} instead of remove_application.`
    };
  }
  return {
    what: `the application ${name} is not in the release where this instruction needs it`,
    remedy: `Take the instruction out of this direction: an application that only one release has is added and removed without it.`
  };
}

// src/plan/relup.ts
function runtimeChanges(upFrom, to) {
  const changes2 = upFrom.erts === to.erts ? [] : [`erts ${upFrom.erts} \u2192 ${to.erts}`];
  for (const name of ["kernel", "stdlib", "sasl"]) {
    const [before, after] = [upFrom, to].map(
      (release) => release.applications.find((application2) => application2.name === name)?.version
    );
    if (before !== after) changes2.push(`${name} ${before ?? "none"} \u2192 ${after ?? "none"}`);
  }
  return changes2;
}
async function makeRelup(erlang, tree, subject) {
  const { release, upFrom } = subject;
  const outFolder = join39(tree, "releases", release.version);
  await mkdir7(outFolder, { recursive: true });
  const rels = upFrom.map((from) => relFile(from.root, from));
  try {
    const relup = await erlang.query("relup", [outFolder, relFile(tree, release), ...rels]);
    if ("failures" in relup) throw relupRefusal(subject, relup.failures);
    checkVersions2(relup, release, upFrom);
    await chmod2(relup.file, 420);
    return relup;
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new RefusedError(
      `No relup can be made for ${release.name} ${release.version}: ${error.message.trim()}`,
      {
        remedy: "Correct the appup; docs/appups.md shows what each instruction needs.",
        details: error.details,
        cause: error
      }
    );
  }
}
function relFile(root, release) {
  return join39(root, "releases", release.version, `${release.name}.rel`);
}
function checkVersions2(relup, release, upFrom) {
  const intended = upFrom.map(({ version }) => version).sort();
  for (const [direction, scripts] of [
    ["up", relup.up],
    ["down", relup.down]
  ]) {
    const found = scripts.map(({ version }) => version).sort();
    if (relup.version === release.version && found.join() === intended.join()) continue;
    throw new RefusedError(
      `The relup for ${relup.version} holds the ${direction} versions ${found.join(", ")} instead of ${intended.join(", ")}.`,
      {
        remedy: "Check that the releases built are the ones you tagged; versions must not be made up at build time."
      }
    );
  }
}

// src/plan/version-patch.ts
import { readFileSync as readFileSync4 } from "node:fs";
import { join as join40 } from "node:path";
var CONTEXT = 3;
function versionPatch(topDir, { file, line }, version) {
  const raised = nextVersion(version);
  if (line === void 0 || raised === void 0) return void 0;
  const lines = readFileSync4(join40(topDir, file), "utf8").split("\n");
  const old = lines[line - 1] ?? "";
  if (!/\{\s*vsn\s*,/.test(old) || !old.includes(`"${version}"`)) return void 0;
  const last = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  const before = lines.slice(Math.max(0, line - 1 - CONTEXT), line - 1);
  const after = lines.slice(line, Math.min(last, line + CONTEXT));
  const range = `${line - before.length},${before.length + 1 + after.length}`;
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -${range} +${range} @@`,
    ...before.map((text2) => ` ${text2}`),
    `-${old}`,
    `+${old.replace(`"${version}"`, `"${raised}"`)}`,
    ...after.map((text2) => ` ${text2}`)
  ].join("\n");
}
function nextVersion(version) {
  const [, head, number] = /^(.*?)(\d+)$/s.exec(version) ?? [];
  return head === void 0 || number === void 0 ? void 0 : `${head}${BigInt(number) + 1n}`;
}

// src/plan/upgrade-kind.ts
function checkVersionsRaised(differences, { topDir, locate: locate5, isOwn: isOwn2 }) {
  const unbumped = differences.flatMap(({ unbumped: unbumped2 }) => unbumped2).filter(({ name }) => isOwn2(name));
  const named2 = [...new Map(unbumped.map((change2) => [change2.name, change2])).values()];
  const [first] = named2;
  if (first === void 0) return;
  const list = named2.map(({ name, to, modules }) => {
    const all = [...modules.changed, ...modules.added, ...modules.removed];
    return `${name} ${to ?? ""} (${all.join(", ")})`;
  });
  const places = named2.map(({ name, to = "" }) => ({ name, to, location: locate5(name) }));
  const patches = places.flatMap(({ to, location }) => versionPatch(topDir, location, to) ?? []);
  const patch = patches.length === 0 ? "" : `
To paste into git apply:
${patches.join("\n")}
`;
  throw new RefusedError(`Code changed but the application version did not: ${list.join("; ")}.`, {
    remedy: `${waysToRaise(places)}; release_handler loads only applications whose version changed.${patch}`,
    location: locate5(first.name)
  });
}
function waysToRaise(places) {
  const at2 = ({ file, line }) => `${file}${line === void 0 ? "" : ` (line ${line})`}`;
  const isOwn2 = ({ location }) => location.file.endsWith(".app.src");
  const own = places.filter(isOwn2).map(({ to, location }) => `{vsn, "${to}"} in ${at2(location)}`);
  const dependencies = places.filter((place) => !isOwn2(place)).map(
    ({ name, to, location }) => `have ${at2(location)} name a revision of the dependency ${name} whose ${name}.app.src no longer says "${to}", in a fork if need be`
  );
  const ways = [...own.length === 0 ? [] : [`raise ${own.join(", ")}`], ...dependencies].join("; ");
  return ways.charAt(0).toUpperCase() + ways.slice(1);
}
function checkRuntime(release, upFrom, allowRestart) {
  const changes2 = upFrom.flatMap((from) => {
    const differing2 = runtimeChanges(from, release);
    return differing2.length === 0 ? [] : [`from ${from.version}: ${differing2.join(", ")}`];
  });
  if (changes2.length === 0 || allowRestart) return changes2;
  throw new RefusedError(
    `The releases were built with different Erlang/OTP (${changes2.join("; ")}), so the emulator must be restarted.`,
    {
      remedy: "Build with the OTP of the up-from release (`otp-version` in the erlef/setup-beam step, exact), or set `allow-restart: true` to ship a release that nodes are restarted to run."
    }
  );
}
function checkRestart(relup, allowRestart) {
  const scripts = [
    ...relup.up.map((script2) => ({ ...script2, to: `up from ${script2.version}` })),
    ...relup.down.map((script2) => ({ ...script2, to: `down to ${script2.version}` }))
  ].filter(({ restartsEmulator: restartsEmulator2 }) => restartsEmulator2);
  if (scripts.length === 0) return "hot";
  if (allowRestart) return "restart";
  throw new RefusedError(
    `The relup restarts the emulator (${scripts.map(({ to }) => to).join(", ")}); that is not a hot upgrade.`,
    {
      remedy: "Remove restart_new_emulator and restart_emulator from the appups, or set `allow-restart: true`."
    }
  );
}

// src/plan/plan.ts
async function planUpgrade(options, note) {
  const { release, upFrom, allowRestart, assembly, projectPath } = options;
  note({ findings: await cookieFindings(release, assembly.projectDir, projectPath) });
  if (upFrom.length === 0) {
    info("There is no release to upgrade from: a plain release package, no relup.");
    return withoutRelup("none", [], note);
  }
  const differences = upFrom.map((from) => compareReleases(from, release));
  note({ differences });
  const restart = checkRuntime(release, upFrom, allowRestart);
  if (restart.length > 0) {
    info(
      `OTP differs (${restart.join("; ")}): no relup is made; nodes are restarted to run the full package.`
    );
    note({ restartReason: `OTP differs (${restart.join("; ")})` });
    return withoutRelup("restart", differences, note);
  }
  refuseSameVersions(options, differences);
  const appups = await chooseAndCheck(options, differences, note);
  const relup = await relupOf(options, appups);
  note({ relup });
  const upgradeKind = checkRestart(relup, allowRestart);
  if (upgradeKind === "restart") note({ restartReason: "the relup restarts the emulator" });
  note({
    upgradeKind,
    findings: [
      ...applicationFindings(differences, relup),
      ...exposedFindings(relup, appups, { projectDir: assembly.projectDir, projectPath }),
      ...await argumentFindings(release, upFrom),
      ...checkCoverage({ relup, differences, appups, projectPath })
    ]
  });
  return { upgradeKind, differences, appups, relup };
}
function withoutRelup(upgradeKind, differences, note) {
  note({ upgradeKind });
  return { upgradeKind, differences, appups: [] };
}
function refuseSameVersions(options, differences) {
  const { release, assembly, projectPath } = options;
  const otp = new Set(release.applications.flatMap(({ name, otp: otp2 }) => otp2 === true ? [name] : []));
  checkVersionsRaised(differences, {
    topDir: resolve5(assembly.projectDir, relative6(projectPath, "")),
    locate: (application2) => versionLocation(assembly.projectDir, projectPath, application2),
    isOwn: (application2) => !otp.has(application2)
  });
}
async function chooseAndCheck(options, differences, note) {
  const { erlang, release, projectPath } = options;
  const { projectDir, buildDir } = options.assembly;
  const config = await readAppupConfig(erlang, { projectDir, projectPath }, releasesOf(release, differences));
  const { appups, findings } = await choose(options, differences, config);
  note({ appups, findings });
  for (const { application: application2, version, origin, file } of appups) {
    info(`${application2} ${version}: ${origin} appup${origin === "generated" ? "" : ` ${file}`}`);
  }
  const checked = await checkAppups({
    ...options,
    outFolder: await options.workspace.folder("appups"),
    buildDir: join41(buildDir, "lib"),
    projectDir,
    differences,
    appups,
    allowsNative: config.allowsNative
  });
  note({ findings: checked });
  refuseErrors(checked);
  return appups;
}
async function relupOf(options, appups) {
  const { erlang, release, upFrom, projectPath } = options;
  const { projectDir } = options.assembly;
  const relup = await makeRelup(erlang, release.root, { release, upFrom, appups, projectDir, projectPath });
  for (const warning2 of relup.warnings) info(neutralise(`systools: ${warning2.trim()}`));
  return relup;
}
async function choose(options, differences, config) {
  const { erlang, release, assembly, purge, projectPath } = options;
  const { projectDir, root, buildDir } = assembly;
  return chooseAppups({
    erlang,
    release,
    differences,
    purge,
    projectPath,
    mode: options.appups,
    strategyOf: config.strategyOf,
    configFile: config.file,
    corrections: options.corrections ?? [],
    buildDir,
    places: { projectDir, root, buildDir },
    outFolder: await options.workspace.folder("appups")
  });
}

// src/published/find.ts
import { readFile as readFile11 } from "node:fs/promises";
import { join as join42 } from "node:path";

// src/published/assets.ts
import { createHash as createHash3 } from "node:crypto";
import { createWriteStream, openAsBlob } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
function findAsset(assets, { name, sha256: sha2562 }) {
  return assets.find((one) => one.name === name) ?? assets.find(({ digest }) => digest === sha2562);
}
async function listAssets(repository, release) {
  const { octokit, owner, repo } = repository;
  const what = `The files of the GitHub release ${release.tag} could not be listed`;
  return askGithub(what, "contents: read", async () => {
    const { listReleaseAssets } = octokit.rest.repos;
    const found = await octokit.paginate(listReleaseAssets, {
      ...{ owner, repo, release_id: release.id, per_page: 100 }
    });
    return found.map(({ id, name, size: size2, digest, state }) => ({
      ...{ id, name, size: size2, complete: state === "uploaded" },
      ...defined({ digest: digest?.replace(/^sha256:/, "") })
    }));
  });
}
async function deleteAsset({ octokit, owner, repo }, asset) {
  await octokit.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: asset.id });
}
async function uploadAsset({ octokit }, release, { name, path }) {
  const data = await openAsBlob(path);
  const headers = { "content-type": "application/octet-stream" };
  await octokit.request(`POST ${release.uploadUrl}`, { name, data, headers });
}
async function downloadAsset(repository, asset, path) {
  const { octokit, owner, repo } = repository;
  const what = `The file ${asset.name} of a GitHub release could not be downloaded`;
  return askGithub(what, "contents: read", async () => {
    const answer = await octokit.request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
      ...{ owner, repo, asset_id: asset.id },
      headers: { accept: "application/octet-stream" },
      request: { parseSuccessResponseBody: false }
    });
    return save(answer.data, asset, path);
  });
}
async function save(body, { size: size2 }, path) {
  const hash = createHash3("sha256");
  let bytes = 0;
  const count = new Transform({
    transform(chunk, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes <= size2) done(null, chunk);
      else done(broken(`it is larger than the ${size2} bytes that GitHub names`));
    }
  });
  await pipeline(Readable.fromWeb(body), count, createWriteStream(path)).catch((error) => {
    throw isOurs(error) ? error : broken(errorMessage(error));
  });
  if (bytes < size2) throw broken(`only ${bytes} of ${size2} bytes came`);
  return hash.digest("hex");
}
function isOurs(error) {
  return error.syscall === "write" || error.status === 500;
}
function broken(reason) {
  return Object.assign(new Error(reason), { status: 500 });
}

// src/published/releases.ts
function toRelease2({ id, tag_name: tag, draft, ...rest }) {
  const files = rest.assets.map(({ name }) => name);
  return { id, tag, draft, url: rest.html_url, uploadUrl: rest.upload_url, notes: rest.body ?? "", files };
}
var nameOf = ({ owner, repo }) => `${owner}/${repo}`;
async function publishedRelease(repository, tag) {
  const { octokit, owner, repo } = repository;
  const what = `The GitHub release of the tag ${tag} could not be looked up`;
  return askGithub(what, "contents: read", async () => {
    try {
      return toRelease2((await octokit.rest.repos.getReleaseByTag({ owner, repo, tag })).data);
    } catch (error) {
      if (hasStatus(error, 404)) return void 0;
      throw error;
    }
  });
}
async function allReleases(repository) {
  const { octokit, owner, repo } = repository;
  const what = `The GitHub releases of ${nameOf(repository)} could not be listed`;
  return askGithub(
    what,
    "contents: read",
    async () => (await octokit.paginate(octokit.rest.repos.listReleases, { owner, repo, per_page: 100 })).map(toRelease2)
  );
}
async function releaseToFill(repository, wanted) {
  const { octokit, owner, repo } = repository;
  const { tag, commit, preRelease, notes } = wanted;
  const what = `The GitHub release of the tag ${tag} could not be created`;
  return askGithub(what, "contents: write", async () => {
    const found = await publishedRelease(repository, tag) ?? (await allReleases(repository)).find((one) => one.draft && one.tag === tag);
    if (found !== void 0) return found;
    const { data } = await octokit.rest.repos.createRelease({
      ...{ owner, repo, tag_name: tag, target_commitish: commit, name: tag, body: notes },
      ...{ draft: true, prerelease: preRelease }
    });
    return toRelease2(data);
  });
}
async function publishDraft(repository, { id, tag }, notes) {
  const { octokit, owner, repo } = repository;
  const what = `The GitHub release of the tag ${tag} could not be published`;
  return askGithub(what, "contents: write", async () => {
    const { data } = await octokit.rest.repos.updateRelease({
      ...{ owner, repo, release_id: id, body: notes, draft: false },
      // A fix for an older version is not the latest release.
      make_latest: "legacy"
    });
    return toRelease2(data);
  });
}
async function remoteCommit(repository, tag) {
  const { octokit, owner, repo } = repository;
  const what = `The commit of the tag ${tag} could not be looked up`;
  return askGithub(what, "contents: read", async () => {
    try {
      return (await octokit.rest.repos.getCommit({ owner, repo, ref: `tags/${tag}` })).data.sha;
    } catch (error) {
      if (hasStatus(error, 404) || hasStatus(error, 422)) return void 0;
      throw error;
    }
  });
}

// src/published/find.ts
var MANIFEST_SUFFIX = ".manifest.json";
async function findPublished(repository, wanted, folder) {
  const { tag } = wanted;
  const release = await publishedRelease(repository, tag);
  if (release === void 0) return { why: `the tag ${tag} has no GitHub release, or only a draft` };
  const assets = (await listAssets(repository, release)).filter(({ complete }) => complete);
  const found = [];
  let why = `the GitHub release ${tag} has no manifest of this release`;
  for (const asset of assets) {
    if (!asset.name.endsWith(MANIFEST_SUFFIX)) continue;
    const path = join42(folder, `${asset.id}${MANIFEST_SUFFIX}`);
    const manifestSum = await downloadAsset(repository, asset, path);
    const manifest = manifestIn(await readFile11(path), asset.name);
    if (manifest === void 0) why = `${asset.name} was written by another version of relup-action`;
    else if (isWanted(manifest, wanted)) {
      found.push({ release, assets, manifest, manifestAsset: asset, manifestSum });
    }
  }
  const [only, ...others] = found;
  if (only === void 0) return { why };
  if (others.length === 0) return only;
  const names2 = found.map(({ manifest }) => manifest.name).join(", ");
  return { why: `the GitHub release ${tag} has packages of several releases (${names2})` };
}
function manifestIn(bytes, path) {
  try {
    return parseManifest(bytes, path);
  } catch (error) {
    if (error instanceof OtherManifestError) return void 0;
    throw error;
  }
}
function isWanted({ name, version, projectPath = "" }, wanted) {
  return projectPath === wanted.projectPath && (wanted.release === void 0 || wanted.release === name) && (!wanted.isReleaseTag || tagNamesVersion(wanted.tag, version));
}

// src/published/tags.ts
async function publishedTags(token) {
  const releases = await allReleases(await openRepository(token));
  const published2 = releases.filter(
    ({ draft, files }) => !draft && files.some((name) => name.endsWith(MANIFEST_SUFFIX))
  );
  return new Set(published2.map(({ tag }) => tag));
}

// src/refs/commit-before.ts
var NONE2 = /^0+$/;
async function commitBefore(git, { base, head }) {
  const [first, second] = await git.parents(git.head);
  if (head !== void 0 && second === head) return first;
  const remote = await git.remote();
  const common = await commonCommit(git, base ?? `${remote?.name ?? "origin"}/HEAD`);
  return common === void 0 || common === git.head ? first : common;
}
async function commonCommit(git, name) {
  if (NONE2.test(name)) return void 0;
  const known = await git.resolve(name);
  const commit = known ?? (await git.fetchCommit(name) ? name : void 0);
  return commit === void 0 ? void 0 : git.mergeBase(commit, git.head);
}

// src/refs/automatic.ts
var AUTOMATIC = ["auto", "release"];
function isAutomatic(item) {
  return AUTOMATIC.some((one) => one === item);
}
function explain({
  upgradeFrom,
  release,
  candidates,
  pattern,
  before
}) {
  if (upgradeFrom.includes("none"))
    return `upgrade-from is none: ${release.ref} is not upgraded from any release.`;
  const named2 = upgradeFrom.filter((item) => !isAutomatic(item)).join(", ");
  const sentences = named2 === "" ? [] : [`upgrade-from names ${named2}.`];
  if (upgradeFrom.some(isAutomatic)) {
    sentences.unshift(
      before === void 0 ? explainAutomatic(release, candidates, pattern) : `${release.ref} is upgraded from ${before}, the commit before the change: no tag that matches tag-pattern (${pattern.toString()}) is an earlier release.`
    );
  }
  return sentences.join(" ");
}
function explainAutomatic({ ref, tag }, candidates, pattern) {
  const taken = candidates.find((one) => one.taken);
  if (taken !== void 0) return `${ref} is upgraded from ${taken.tag}: ${taken.why}.`;
  const others = candidates.filter((one) => one.version !== void 0 && one.tag !== tag?.name);
  return others.length === 0 ? `${ref} is the first release: no other tag that matches tag-pattern (${pattern.toString()}) is a release version.` : `${ref} has no earlier release: none of the other release tags (${others.length}) comes before it.`;
}

// src/refs/release-version.ts
var VERSION = /^(?<numbers>\d+(?:\.\d+){1,3})(?:-(?<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+(?<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
var PREFIX = /^(?:(?:release|rel|version|ver)[-_/.]?)?v?/i;
function parseReleaseVersion(tag) {
  const text2 = tag.replace(PREFIX, "");
  const groups2 = VERSION.exec(text2)?.groups;
  if (groups2 === void 0) return void 0;
  return {
    text: text2,
    numbers: (groups2["numbers"] ?? "").split(".").map(withoutZeros),
    preRelease: groups2["pre"]?.split(".") ?? [],
    build: groups2["build"]?.split(".") ?? []
  };
}
function compareReleaseVersions(a, b) {
  return compareNumbers(a.numbers, b.numbers) || Number(a.preRelease.length === 0) - Number(b.preRelease.length === 0) || compareIdentifiers(a.preRelease, b.preRelease) || compareIdentifiers(a.build, b.build);
}
function isPreRelease(version) {
  return version.preRelease.length > 0;
}
function compareNumbers(a, b) {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compareDigits(a[index] ?? "0", b[index] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}
function compareIdentifiers(a, b) {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === void 0) return 1;
    const order = compareIdentifier(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
function compareIdentifier(a, b) {
  const numeric = [a, b].map((identifier) => /^\d+$/.test(identifier));
  if (numeric[0] && numeric[1]) return compareDigits(withoutZeros(a), withoutZeros(b));
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return compareText(a, b);
}
function compareDigits(a, b) {
  return a.length - b.length || compareText(a, b);
}
function compareText(a, b) {
  return a === b ? 0 : a < b ? -1 : 1;
}
function withoutZeros(digits) {
  return digits.replace(/^0+(?=\d)/, "");
}

// src/refs/candidates.ts
function judgeCandidates(tags, situation) {
  const judged = tags.map((tag) => judge(tag, situation)).sort(byVersion);
  const earlier = judged.filter((one) => one.dropped === void 0);
  const ancestor = earlier.find(({ tag }) => situation.ancestors.has(tag.name));
  const taken = ancestor ?? earlier[0];
  return judged.map((one) => ({
    ...describe2(one.tag, one.version),
    taken: one === taken,
    why: one.dropped ?? (taken === one ? whyTaken(ancestor !== void 0) : whyNot(one, taken))
  }));
}
var UNPUBLISHED = "no GitHub release with packages";
function listNamed(tags, named2, pattern) {
  return tags.map((tag) => {
    const taken = named2.has(tag.name);
    const why = taken ? "named in upgrade-from" : "not named in upgrade-from";
    return { ...describe2(tag, pattern.version(tag.name)), taken, why };
  });
}
function describe2({ name, commit }, version) {
  return { tag: name, commit, ...version === void 0 ? {} : { version: version.text } };
}
function judge(tag, situation) {
  const judged = judgeTag(tag, situation);
  const { published: published2 } = situation;
  return judged.dropped !== void 0 || published2 === void 0 || published2.has(tag.name) ? judged : { ...judged, dropped: UNPUBLISHED };
}
function judgeTag(tag, { newCommit, newTag, pattern }) {
  const version = pattern.version(tag.name);
  const dropped = (why) => ({ tag, version, dropped: why });
  if (tag.name === newTag?.name) return dropped("the new release itself");
  if (tag.commit === newCommit) return dropped("on the new commit itself");
  if (!pattern.matches(tag.name)) return dropped(`does not match tag-pattern (${pattern.toString()})`);
  if (version === void 0) return dropped("not a release version");
  if (isPreRelease(version) && (newTag === void 0 || !isPreRelease(newTag.version))) {
    return dropped(`a pre-release, and ${newTag === void 0 ? "the new commit" : newTag.name} is not`);
  }
  if (newTag === void 0) return { tag, version, dropped: void 0 };
  const order = compareReleaseVersions(version, newTag.version);
  if (order > 0) return dropped(`higher than ${newTag.name}`);
  return order === 0 ? dropped(`the same version as ${newTag.name}`) : { tag, version, dropped: void 0 };
}
function whyTaken(isAncestor) {
  return isAncestor ? "the highest earlier release version among the ancestors of the new commit" : "the highest earlier release version; no earlier release is an ancestor of the new commit";
}
function whyNot(one, taken) {
  const order = compareReleaseVersions(one.version, taken.version);
  if (order > 0) return `not an ancestor of the new commit, as ${taken.tag.name} is`;
  return order === 0 ? `the same version as ${taken.tag.name}` : `lower than ${taken.tag.name}`;
}
function byVersion(a, b) {
  if (a.version === void 0 || b.version === void 0) {
    return Number(a.version === void 0) - Number(b.version === void 0) || byName2(a, b);
  }
  return compareReleaseVersions(b.version, a.version) || b.tag.created - a.tag.created || byName2(a, b);
}
function byName2(a, b) {
  return a.tag.name < b.tag.name ? -1 : 1;
}

// src/refs/deployed.ts
import { readFile as readFile12 } from "node:fs/promises";
import { join as join43, resolve as resolve7 } from "node:path";

// src/refs/named.ts
import { stat as stat6 } from "node:fs/promises";
import { resolve as resolve6 } from "node:path";

// src/refs/nearest-names.ts
function nearestNames(wanted, names2, count = 3) {
  const versions = /\d/.test(wanted) ? names2.filter((name) => /\d/.test(name)) : [];
  return (versions.length > 0 ? versions : names2).map((name) => ({ name, edits: editDistance(wanted, name) })).sort((a, b) => a.edits - b.edits).slice(0, count).map(({ name }) => name);
}
function editDistance(a, b) {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, at(previous, j) + 1, at(row, j - 1) + 1));
    }
    previous = row;
  }
  return at(previous, b.length);
}
function at(row, index) {
  return row[index] ?? Infinity;
}

// src/refs/named.ts
var PUBLISHED = "release:";
function refOf(item) {
  return item.startsWith(PUBLISHED) ? item.slice(PUBLISHED.length) : item;
}
async function findNamed({
  git,
  history,
  item,
  baseDir
}) {
  if (item.endsWith(".tar.gz")) return { kind: "tarball", path: await findTarball(item, baseDir) };
  const ref = refOf(item);
  if (!isRefLike(ref)) {
    throw new BadInputError(
      `upgrade-from: ${JSON.stringify(item)} cannot be the name of a tag, branch or commit.`,
      {
        remedy: "Write auto, none, or tags, branches, commits and paths that end in .tar.gz, separated by commas."
      }
    );
  }
  const commit = await git.resolve(ref) ?? await fetchRef(git, history, ref);
  if (commit === void 0) throw await unknownRef(git, ref);
  if (commit === git.head) {
    throw new BadInputError(`upgrade-from: ${item} is the checked-out commit itself, the new release.`, {
      remedy: "Name an earlier release, or write auto."
    });
  }
  return { kind: "ref", ref, commit, ...ref === item ? {} : { published: "required" } };
}
async function findTarball(item, baseDir) {
  const path = resolve6(baseDir, item);
  const isFile = await stat6(path).then(
    (found) => found.isFile(),
    () => false
  );
  if (isFile) return path;
  throw new BadInputError(`upgrade-from: there is no file ${item} in ${baseDir}.`, {
    remedy: "Put the release package there in an earlier step (actions/download-artifact, gh release download)."
  });
}
async function fetchRef(git, history, ref) {
  try {
    await history.fetch();
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(
      `upgrade-from: ${ref} is not in this checkout and could not be fetched: ${error.message}`,
      {
        remedy: "Give actions/checkout `fetch-depth: 0`, so that all tags and branches are there.",
        details: error.details,
        cause: error
      }
    );
  }
  return await git.resolve(ref) ?? (await git.fetchCommit(ref) ? await git.resolve(ref) : void 0);
}
async function unknownRef(git, ref) {
  const names2 = await git.refNames();
  const nearest = nearestNames(ref, names2);
  const exists2 = nearest.length === 0 ? "there are no tags and branches at all" : `nearest: ${nearest.join(", ")}`;
  return new BadInputError(
    `upgrade-from: there is no tag, branch or commit ${ref} in the repository; ${exists2}.`,
    {
      remedy: "Name an existing one in `upgrade-from`, or write auto."
    }
  );
}

// src/refs/deployed.ts
var ITEM = "deployed";
var MAX_BYTES = 1e8;
var REMEDY2 = `Write deployed:<path or address> of the ${DEPLOYED_FILE} that a deploy left in deploy-root, or of the manifest of what runs.`;
function isDeployed(item) {
  return item === ITEM || item.startsWith(`${ITEM}:`);
}
async function findDeployed(item, input) {
  const { git, history } = input;
  const place = placeOf2(item, input);
  const deployed = parseDeployed(await read(place));
  if (deployed === void 0) {
    throw new BadInputError(`upgrade-from: ${place} does not say what is deployed.`, {
      remedy: REMEDY2
    });
  }
  const tag = await tagOf(deployed, input);
  const wanted = deployed.commit ?? tag?.commit;
  const commit = wanted && (await git.resolve(wanted) ?? await fetchRef(git, history, wanted));
  if (commit === void 0) {
    throw new BadInputError(
      `upgrade-from: ${place} names ${deployed.name} ${deployed.version}, which is neither a commit nor a release tag of this repository.`,
      {
        remedy: "Name the place of a node that runs a release of this repository, or a .tar.gz of what it runs."
      }
    );
  }
  if (commit === git.head) return void 0;
  return { kind: "ref", ref: tag?.name ?? commit, commit, published: "preferred", deployed: true };
}
function allDeployed(version) {
  return new BadInputError(`upgrade-from: all that is deployed is the new release already, ${version}.`, {
    remedy: "There is nothing to upgrade. To make the packages once more, name the release before it, or write auto."
  });
}
function placeOf2(item, { baseDir, deployRoot }) {
  const place = item.slice(ITEM.length + 1);
  if (/^https?:\/\//.test(place)) return place;
  if (place !== "") return resolve7(baseDir, place);
  if (deployRoot !== void 0) return join43(deployRoot, DEPLOYED_FILE);
  throw new BadInputError(
    "upgrade-from: deployed has no place to read it from, because this step does not deploy.",
    {
      remedy: REMEDY2
    }
  );
}
async function read(place) {
  try {
    return await (/^https?:/.test(place) ? readAddress(place) : readFile12(place, "utf8"));
  } catch (error) {
    throw new BadInputError(`upgrade-from: ${place} cannot be read: ${errorMessage(error)}.`, {
      remedy: REMEDY2,
      cause: error
    });
  }
}
async function readAddress(address) {
  const { HttpClient } = await import("./lib-2NPSHJXQ.mjs");
  const client = new HttpClient("relup-action", [], {
    ...{ allowRetries: true, maxRetries: 3, socketTimeout: 3e4 }
  });
  try {
    const { message } = await client.get(address, { accept: "application/json" });
    const { statusCode = 0 } = message;
    const chunks = [];
    let bytes = 0;
    for await (const chunk of message) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    if (statusCode !== 200) throw new Error(`it answers with status ${statusCode}`);
    return Buffer.concat(chunks).toString("utf8");
  } finally {
    client.dispose();
  }
}
async function tagOf({ version, commit }, { git, pattern }) {
  const tags = (await git.tags()).filter(({ name }) => pattern.version(name) !== void 0);
  const ofVersion = tags.filter(({ name }) => pattern.version(name)?.text === version);
  return ofVersion.find((tag) => tag.commit === commit) ?? tags.find((tag) => tag.commit === commit) ?? ofVersion[0];
}

// src/refs/history.ts
var WHOLE_HISTORY = `Give actions/checkout the whole history and all tags:

- uses: actions/checkout@v5
  with:
    fetch-depth: 0

For the very first release, \`upgrade-from: none\` needs neither.`;
var History = class {
  /** @param mayLackTags whether a repository without any release tag is as good as one with them */
  constructor(git, mayLackTags = false) {
    this.git = git;
    this.mayLackTags = mayLackTags;
  }
  git;
  mayLackTags;
  /** Warnings for the user. */
  notes = [];
  /** Tags that point elsewhere in the remote; known only when it was asked. */
  moved = [];
  fetched = false;
  /**
   * Makes sure that all release tags and their history are there: fetches when the clone is shallow, or has no tag
   * besides those of the checked-out commit.
   *
   * @throws {ActionError} naming `fetch-depth: 0` when the clone stays incomplete
   */
  async complete() {
    const shallow = await this.git.isShallow();
    const tags = await this.git.tags();
    if (!shallow && tags.some(({ commit }) => commit !== this.git.head)) return;
    const missing2 = shallow ? "The checkout is shallow" : "The checkout has no tags";
    const remote = await this.git.remote();
    if (remote === void 0) {
      if (!shallow) return;
      throw new ActionError(`${missing2}, and has no remote to fetch its tags and history from.`, {
        remedy: WHOLE_HISTORY
      });
    }
    try {
      await this.fetch();
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      const what = `tags and history could not be fetched from ${remote.name}`;
      if (shallow || tags.length === 0 && !this.mayLackTags) {
        const { message, details } = error;
        throw new ActionError(`${missing2}, and its ${what}: ${message}`, {
          remedy: WHOLE_HISTORY,
          details,
          cause: error
        });
      }
      const here = tags.length === 0 ? "No tags" : "Only tags of the checked-out commit";
      this.notes.push(`${here} are here, and ${what}: ${error.message}`);
    }
    if (await this.git.isShallow()) {
      throw new ActionError(`${missing2}, and ${remote.name} does not have the missing history.`, {
        remedy: WHOLE_HISTORY
      });
    }
  }
  /**
   * Asks the remote for everything, if that was not done yet; nothing happens without a remote.
   *
   * @throws {CommandFailedError} when the remote cannot be reached
   */
  async fetch() {
    if (this.fetched || await this.git.remote() === void 0) return;
    this.moved.push(...await this.git.fetchHistory());
    this.fetched = true;
  }
};

// src/refs/left-out-tags.ts
function releaseLike(name) {
  const bare = parseReleaseVersion(name);
  if (bare !== void 0) return { name, version: bare, prefix: "" };
  const [, prefix = "", rest = ""] = /^(.*?[-_/@])(v?\d+\.\d.*)$/s.exec(name) ?? [];
  const version = parseReleaseVersion(rest);
  return version === void 0 ? void 0 : { name, version, prefix };
}
function checkPushedTag(pushed, pattern) {
  const like = releaseLike(pushed);
  if (like === void 0 || pattern.matches(pushed)) return;
  const suggested = like.prefix === "" && pushed.startsWith("v") ? "v*" : `${like.prefix}*`;
  throw new BadInputError(
    `The pushed tag ${pushed} looks like a release, but does not match tag-pattern (${pattern.toString()}).`,
    {
      remedy: `Set tag-pattern to what release tags look like here (e.g. ${suggested}), or let on.push.tags start this workflow for release tags only.`
    }
  );
}
function checkFirstRelease(release, candidates, pattern) {
  const own = releaseLike(release.name);
  const leftOut = candidates.filter(({ tag }) => {
    const like = releaseLike(tag);
    return like !== void 0 && !pattern.matches(tag) && like.prefix === own?.prefix && compareReleaseVersions(like.version, release.version) < 0 && (isPreRelease(release.version) || !isPreRelease(like.version));
  });
  if (leftOut.length === 0) return;
  throw new BadInputError(
    `${release.name} would count as the first release, because tag-pattern (${pattern.toString()}) leaves out ${someOf(leftOut)}.`,
    {
      remedy: "Let tag-pattern match the earlier releases, too, or set upgrade-from: none if there are none."
    }
  );
}
function checkPublished(candidates) {
  const earlier = candidates.filter(({ why }) => why === UNPUBLISHED);
  if (earlier.length === 0 || candidates.some(({ taken }) => taken)) return;
  throw new BadInputError(
    `upgrade-from: release finds no GitHub release with packages of relup-action among the earlier releases (${someOf(earlier)}).`,
    {
      remedy: "Write upgrade-from: auto, which builds the tag where nothing was published; publish: release attaches the packages from now on."
    }
  );
}
function someOf(candidates) {
  const names2 = candidates.map(({ tag }) => tag);
  return (names2.length > 5 ? [...names2.slice(0, 5), `${names2.length - 5} more`] : names2).join(", ");
}

// src/refs/new-release.ts
async function findNewRelease({
  git,
  tagNames,
  pattern,
  event
}) {
  const pushed = event.refType === "tag" ? event.refName : void 0;
  const tag = newReleaseTag(tagNames, pushed, pattern);
  if (tag === void 0 && pushed !== void 0 && tagNames.includes(pushed)) checkPushedTag(pushed, pattern);
  return {
    ref: tag?.name ?? await otherName(git, tagNames, event),
    tag,
    notes: pushed === void 0 || pushed === tag?.name ? [] : [whyNotPushed({ pushed, tagNames, tag, pattern })]
  };
}
function newReleaseTag(tagNames, pushed, pattern) {
  const releases = tagNames.flatMap((name) => {
    const version = pattern.version(name);
    return version === void 0 ? [] : [{ name, version }];
  }).sort((a, b) => compareReleaseVersions(b.version, a.version) || (a.name < b.name ? -1 : 1));
  return releases.find(({ name }) => name === pushed) ?? releases[0];
}
function whyNotPushed({
  pushed,
  tagNames,
  tag,
  pattern
}) {
  const why = tagNames.includes(pushed) ? `is not a release version that matches tag-pattern (${pattern.toString()})` : "is not on the checked-out commit";
  const instead = tag === void 0 ? "which counts as untagged" : `whose release tag is ${tag.name}`;
  return `The workflow runs for the tag ${pushed}, which ${why}; the new release is the checked-out commit, ${instead}.`;
}
async function otherName(git, tagNames, event) {
  const { refName } = event;
  if (git.branch !== void 0) return git.branch;
  if (refName !== void 0 && event.refType === "tag" && tagNames.includes(refName)) return refName;
  for (const name of refName === void 0 ? [] : [refName, `pull/${refName}`]) {
    if (await git.resolve(name) === git.head) return refName ?? name;
  }
  return git.head.slice(0, 7);
}

// src/refs/tag-glob.ts
function readTagGlob(text2) {
  const negative = text2.startsWith("!");
  const glob5 = negative ? text2.slice(1) : text2;
  const parts = (glob5.match(/\\.|\*+|\[[^\]]+\]|./gsu) ?? []).reduce(
    (before, token) => withToken(before, token, text2),
    []
  );
  const source = parts.map((part) => part.source + part.times).join("");
  const special = parts.findIndex(({ literal, times }) => literal === void 0 || times !== "");
  const literals = special === -1 ? parts : parts.slice(0, special);
  const prefix = literals.map(({ literal }) => literal ?? "").join("");
  return { negative, expression: new RegExp(`^${source}$`, "us"), prefix: prefix.replace(/[\d.]+$/, "") };
}
function withToken(before, token, glob5) {
  if (token !== "?" && token !== "+") return [...before, toPart(token, glob5)];
  const last = before.at(-1);
  if (last === void 0) {
    throw new BadInputError(`The pattern "${glob5}" in tag-pattern has a ${token} with nothing before it.`, {
      remedy: "In GitHub's filters ? and + are for the character before them, as in v?1.0; write * for any text."
    });
  }
  return [...before.slice(0, -1), { ...last, times: repeated(last.times, token) }];
}
function repeated(times, token) {
  return times === "" || times === token ? token : "*";
}
function toPart(token, glob5) {
  if (token.startsWith("*")) {
    return { source: token === "*" ? "[^/]" : ".", literal: void 0, times: "*" };
  }
  if (token === "[") {
    throw new BadInputError(`The pattern "${glob5}" in tag-pattern has a [ that is not closed.`, {
      remedy: "Write a set of characters as in [0-9]*."
    });
  }
  if (token.length > 2 && token.startsWith("[")) {
    return { source: toSet(token, glob5), literal: void 0, times: "" };
  }
  const literal = token.length > 1 && token.startsWith("\\") ? token.slice(1) : token;
  return { source: literal.replace(/[\^$\\.*+?()[\]{}|/]/, "\\$&"), literal, times: "" };
}
function toSet(token, glob5) {
  const not = /^\[[!^]/.test(token);
  const members = token.slice(not ? 2 : 1, -1).replaceAll(/[\\^[]/g, "\\$&");
  try {
    const source = `[${not ? "^" : ""}${members}]`;
    new RegExp(source, "us");
    return source;
  } catch (error) {
    throw new BadInputError(`The pattern "${glob5}" in tag-pattern has a set that cannot be read: ${token}.`, {
      remedy: "Write a set of characters as in [0-9]*.",
      cause: error
    });
  }
}

// src/refs/tag-pattern.ts
var TagPattern = class {
  /** @throws {BadInputError} for a pattern that cannot be read, or when there is none that a tag could match */
  constructor(globs) {
    this.globs = globs;
    if (globs.length === 0) {
      throw new BadInputError("The input tag-pattern is empty.", { remedy: "The default is v*,[0-9]*." });
    }
    this.patterns = globs.map(readTagGlob);
    if (this.patterns.every(({ negative }) => negative)) {
      throw new BadInputError("The input tag-pattern only leaves tags out, with !, and takes none.", {
        remedy: "Put what it takes first, e.g. v*,!v*-beta*."
      });
    }
  }
  globs;
  patterns;
  /** The last pattern that matches decides. */
  matches(tag) {
    return this.patterns.findLast(({ expression }) => expression.test(tag))?.negative === false;
  }
  /** The version of a release tag; undefined when the tag does not match or what follows the prefix is no version. */
  version(tag) {
    if (!this.matches(tag)) return void 0;
    for (const { negative, expression, prefix } of this.patterns) {
      if (negative || !expression.test(tag)) continue;
      const version = parseReleaseVersion(tag.slice(prefix.length)) ?? parseReleaseVersion(tag);
      if (version !== void 0) return version;
    }
    return void 0;
  }
  toString() {
    return this.globs.join(", ");
  }
};

// src/refs/refs.ts
async function chooseRefs(git, input) {
  const { upgradeFrom, event } = input;
  checkCombination(upgradeFrom);
  const pattern = new TagPattern(input.tagPattern);
  const history = new History(git, input.change !== void 0);
  const before = await git.tags();
  const automatic = AUTOMATIC.find((item) => upgradeFrom.includes(item));
  if (automatic !== void 0) await history.complete();
  const named2 = await findAllNamed({ git, history, pattern, input });
  const tags = await git.tags();
  const release = await findNewRelease({
    git,
    tagNames: namesOn(git.head, [...before, ...tags]),
    pattern,
    event
  });
  const candidates = await listCandidates({ git, tags, newRelease: release, pattern, input, named: named2 });
  const taken = automatic && await chooseAutomatic({ git, candidates, item: automatic, input });
  const choices = upgradeFrom.map(
    (item) => item === automatic ? { item: `${item} (${taken?.ref ?? ""})`, upFrom: taken } : { item, upFrom: named2.get(item) }
  );
  const { upFrom, notes } = collapse(choices);
  if (upFrom.length === 0 && upgradeFrom.some(isDeployed)) throw allDeployed(release.ref);
  if (upFrom.length === 0 && release.tag !== void 0) checkFirstRelease(release.tag, candidates, pattern);
  return {
    newRef: release.ref,
    newCommit: git.head,
    ...release.tag === void 0 ? {} : { newTag: release.tag.name },
    ...release.tag !== void 0 && isPreRelease(release.tag.version) ? { preRelease: true } : {},
    upFrom,
    candidates: automatic === void 0 ? candidates : markNamed(candidates, named2),
    reason: explain({ upgradeFrom, release, candidates, pattern, ...beforeChange(candidates, taken) }),
    notes: [...history.notes, ...release.notes, ...movedNotes(history.moved, pattern, git.head), ...notes]
  };
}
async function findAllNamed({
  git,
  history,
  pattern,
  input
}) {
  const { upgradeFrom, baseDir, deployRoot } = input;
  const named2 = /* @__PURE__ */ new Map();
  for (const item of upgradeFrom.filter((one) => !isAutomatic(one) && one !== "none")) {
    const found = isDeployed(item) ? await findDeployed(item, { git, history, pattern, baseDir, deployRoot }) : await findNamed({ git, history, item, baseDir });
    if (found === void 0) info(`${item}: the new release runs there already.`);
    else named2.set(item, found);
  }
  return named2;
}
function refsOf(named2) {
  return new Set([...named2.values()].flatMap((one) => one.kind === "ref" ? [one.ref] : []));
}
function checkCombination(upgradeFrom) {
  if (upgradeFrom.length === 0) {
    throw new BadInputError("The input upgrade-from is empty.", {
      remedy: "Write auto, none, or a list of refs."
    });
  }
  if (AUTOMATIC.every((item) => upgradeFrom.includes(item))) {
    throw new BadInputError("upgrade-from: auto and release cannot stand beside each other.", {
      remedy: "Write one of them: auto prefers what was published, and release insists on it."
    });
  }
  if (upgradeFrom.length > 1 && upgradeFrom.includes("none")) {
    const others = upgradeFrom.filter((item) => item !== "none").join(", ");
    throw new BadInputError(`upgrade-from: none cannot stand beside ${others || "itself"}.`, {
      remedy: "Write none alone, or leave it out."
    });
  }
}
function namesOn(commit, tags) {
  return [...new Set(tags.filter((tag) => tag.commit === commit).map(({ name }) => name))];
}
async function listCandidates({
  git,
  tags,
  newRelease,
  pattern,
  input,
  named: named2
}) {
  const { upgradeFrom } = input;
  const { tag: newTag } = newRelease;
  if (upgradeFrom.includes("none")) return [];
  const isRelease = upgradeFrom.includes("release");
  if (!isRelease && !upgradeFrom.includes("auto")) {
    return listNamed(tags, refsOf(named2), pattern);
  }
  const ancestors = await git.tagsMergedInto(git.head);
  const situation = { newCommit: git.head, newTag, pattern, ancestors };
  if (!isRelease) return judgeCandidates(tags, situation);
  const candidates = judgeCandidates(tags, { ...situation, published: await input.publishedTags() });
  checkPublished(candidates);
  return candidates;
}
async function chooseAutomatic({
  git,
  candidates,
  item,
  input
}) {
  const taken = candidates.find((one) => one.taken);
  if (taken !== void 0) {
    const published2 = item === "release" ? "required" : "preferred";
    return { kind: "ref", ref: taken.tag, commit: taken.commit, published: published2 };
  }
  if (input.change === void 0 || item !== "auto") return void 0;
  const commit = await commitBefore(git, input.change);
  return commit === void 0 ? void 0 : { kind: "ref", ref: commit.slice(0, 7), commit };
}
function beforeChange(candidates, taken) {
  return taken === void 0 || candidates.some((one) => one.taken) ? {} : { before: taken.ref };
}
function markNamed(candidates, named2) {
  const refs = refsOf(named2);
  return candidates.map(
    (one) => refs.has(one.tag) && !one.taken ? { ...one, taken: true, why: "named in upgrade-from" } : one
  );
}
function collapse(choices) {
  const first = /* @__PURE__ */ new Map();
  const notes = [];
  for (const { item, upFrom } of choices) {
    if (upFrom === void 0) continue;
    const key2 = upFrom.kind === "ref" ? upFrom.commit : upFrom.path;
    const known = first.get(key2);
    if (known === void 0) first.set(key2, { item, upFrom });
    else notes.push(`upgrade-from: ${known.item} and ${item} are the same release, which is taken once.`);
  }
  return { upFrom: [...first.values()].map(({ upFrom }) => upFrom), notes };
}
function movedNotes(moved, pattern, head) {
  return moved.filter(({ name }) => pattern.version(name) !== void 0).map(({ name, here, there }) => {
    const places = `${here.slice(0, 7)} in this checkout, ${there.slice(0, 7)} in the remote`;
    return here === head ? `The tag ${name} was moved away from the checked-out commit (${places}); the checked-out commit is released.` : `The tag ${name} was moved (${places}); the remote's commit is used, which may not be what was released.`;
  });
}

// src/report/log.ts
import { basename as basename10 } from "node:path";
function logRefs(refs) {
  const upFrom = refs.upFrom.map((choice) => choice.kind === "ref" ? choice.ref : basename10(choice.path));
  const lines = [
    `New release: ${refs.newRef} (${refs.newCommit.slice(0, 12)})`,
    ...refs.candidates.map(({ tag, taken, why }) => `  ${taken ? "taken  " : "dropped"} ${tag}: ${why}`),
    refs.reason,
    `Up-from: ${upFrom.length === 0 ? "none" : upFrom.join(", ")}`
  ];
  for (const line of lines) info(neutralise(line));
  for (const note of refs.notes) warning(note);
}

// src/actions/relup/choose-versions.ts
async function chooseVersions(inputs, project, note) {
  const { upgradeFrom, tagPattern, profile, release, prepare: prepare2 } = inputs;
  const { GITHUB_REF_TYPE: refType, GITHUB_REF_NAME: refName, GITHUB_EVENT_NAME: eventName } = process.env;
  const change2 = inputs.mode === "check" ? changeHints(eventPayload(process.env)) : void 0;
  const refs = await chooseRefs(project.git, {
    upgradeFrom,
    tagPattern,
    baseDir: project.dir,
    event: defined({ refType, refName, eventName }),
    ...defined({ deployRoot: inputs.deploy?.deployRoot, change: change2 }),
    publishedTags: () => publishedTags(inputs.githubToken)
  });
  logRefs(refs);
  if (change2 !== void 0) note({ change: await changedFiles2(project.git, change2, refs) });
  note({ refs, build: { profile, release, prepared: prepare2.trim() !== "", projectPath: project.path } });
  return refs;
}
function changeHints({ pull_request: pullRequest, merge_group: group, before }) {
  return defined({
    base: pullRequest?.base?.sha ?? group?.base_sha ?? before,
    head: pullRequest?.head?.sha
  });
}
async function changedFiles2(git, change2, { newCommit, upFrom }) {
  const [first] = upFrom;
  const from = await commitBefore(git, change2) ?? (first?.kind === "ref" ? first.commit : void 0);
  return from === void 0 ? [] : git.changedFiles(from, newCommit);
}

// src/actions/relup/probe.ts
async function startProbing(workspace) {
  const probing = probeToolchain(await workspace.folder("erlang"));
  const begun = probing.catch(() => void 0);
  workspace.meanwhile(begun);
  workspace.atClose(async () => (await begun)?.erlang.close());
  return { probing };
}
async function tellProbed(probing, note) {
  const probed = await probing;
  const { toolchain } = probed;
  const { otpVersion, rebar3: rebar32, architecture, libc } = toolchain;
  info(`Erlang/OTP ${otpVersion}, rebar3 ${rebar32}, ${architecture}, ${libc}`);
  note({ toolchain });
  return probed;
}

// src/published/take.ts
import { readFile as readFile13 } from "node:fs/promises";
import { join as join44 } from "node:path";

// src/published/checksums.ts
var CHECKSUMS = "SHA256SUMS";
var LINE = /^([0-9a-f]{64}) [ *](.+)$/gm;
function readChecksums(text2) {
  return new Map([...text2.matchAll(LINE)].map(([, sum = "", name = ""]) => [name, sum]));
}
function checksumsText(checksums) {
  const names2 = [...checksums.keys()].sort();
  return names2.map((name) => `${checksums.get(name)}  ${name}
`).join("");
}

// src/published/take.ts
async function takePublished(repository, { found, commit, folder }) {
  const { manifest, release } = found;
  await checkManifest(repository, found, folder);
  const path = await takeFile(repository, found, { file: manifest.packages.full, folder });
  const debug2 = manifest.packages.debug;
  if (debug2?.file.endsWith(DEBUG_SUFFIX) === true) {
    await takeFile(repository, found, { file: debug2, folder });
  }
  info(`${release.tag}: the package of its GitHub release, ${release.url}`);
  return { path, commit: manifest.commit, findings: movedFindings(found, commit) };
}
async function checkManifest(repository, found, folder) {
  const { assets, manifestAsset, manifestSum, release } = found;
  const sums = assets.find(({ name }) => name === CHECKSUMS);
  const path = join44(folder, CHECKSUMS);
  if (sums !== void 0) await downloadAsset(repository, sums, path);
  const listed = sums === void 0 ? /* @__PURE__ */ new Map() : readChecksums(await readFile13(path, "utf8"));
  for (const expected2 of [manifestAsset.digest, listed.get(manifestAsset.name)]) {
    if (expected2 !== void 0 && expected2 !== manifestSum) throw changed(manifestAsset.name, release.tag);
  }
}
async function takeFile(repository, { assets, release }, { file, folder }) {
  if (!isPathComponent(file.file) || !file.file.endsWith(".tar.gz")) throw changed(file.file, release.tag);
  const asset = findAsset(assets, { name: file.file, sha256: file.sha256 });
  if (asset === void 0) {
    throw new ActionError(
      `The GitHub release ${release.tag} lacks the file ${file.file}, which its manifest names.`,
      { remedy: `Attach it again, or write \`upgrade-from: ${release.tag}\` to build the tag instead.` }
    );
  }
  const path = join44(folder, file.file);
  const sum = await downloadAsset(repository, asset, path);
  if (asset.size !== file.size || sum !== file.sha256) throw changed(file.file, release.tag);
  return path;
}
function changed(file, tag) {
  return new ActionError(
    `The file ${file} of the GitHub release ${tag} is not what was published: it was replaced or damaged.`,
    {
      remedy: `Find out by whom. \`upgrade-from: ${tag}\` builds the tag instead, which helps only if that is what the nodes run.`
    }
  );
}
function movedFindings({ manifest, release }, commit) {
  if (manifest.commit === commit) return [];
  return [
    {
      id: "published-tag-moved",
      severity: "warning",
      message: `The tag ${release.tag} leads to ${commit.slice(0, 7)}, but the package of its GitHub release was made of ${manifest.commit.slice(0, 7)}; the package is upgraded from, because it is what was shipped.`,
      remedy: "Do not move tags of published versions; give what changed a new version."
    }
  ];
}

// src/actions/relup/published-packages.ts
async function takePublishedPackages(refs, place) {
  if (!refs.upFrom.some((choice) => choice.kind === "ref" && choice.published !== void 0)) return refs;
  const required = refs.upFrom.some((choice) => choice.kind === "ref" && choice.published === "required");
  const missing2 = required ? void 0 : missingForGithub(place.inputs.githubToken, process.env);
  if (missing2 !== void 0) {
    debug(`GitHub's releases are not looked at: ${missing2}.`);
    return refs;
  }
  return place.run.phase("Published packages", async (note) => {
    const repository = await openRepository(place.inputs.githubToken);
    const upFrom = [];
    for (const choice of refs.upFrom)
      upFrom.push(await published(choice, { ...place, refs, repository, note }));
    const tags = upFrom.flatMap(
      (one) => one.kind === "tarball" && one.published ? [one.published.tag] : []
    );
    const reason = tags.length === 0 ? refs.reason : `${refs.reason} The package of the GitHub release ${tags.join(", ")} is taken, and nothing of it built.`;
    const taken = { ...refs, upFrom, reason };
    note({ refs: taken });
    return taken;
  });
}
async function published(choice, place) {
  if (choice.kind !== "ref" || choice.published === void 0) return choice;
  const { inputs, project, run: run2, refs, repository, note } = place;
  const { ref: tag, commit } = choice;
  const folder = await run2.workspace.folder("published", sha256(tag).slice(0, 12));
  const isReleaseTag = refs.candidates.some((one) => one.tag === tag && one.version !== void 0);
  const wanted = { tag, isReleaseTag, projectPath: project.path, release: inputs.release };
  const found = await lookedUp(choice, note, () => findPublished(repository, wanted, folder));
  if (found === void 0) return choice;
  if ("why" in found) {
    if (choice.published === "required") throw nothingPublished(tag, found.why);
    info(neutralise(`${tag} is built: ${found.why}.`));
    return choice;
  }
  if (choice.deployed === true && found.manifest.commit !== commit) {
    const made = found.manifest.commit.slice(0, 7);
    info(`${tag} is built: what runs was made of ${commit.slice(0, 7)}, its published package of ${made}.`);
    return choice;
  }
  const { findings, ...taken } = await takePublished(repository, { found, commit, folder });
  note({ findings });
  return { kind: "tarball", path: taken.path, published: { tag, commit: taken.commit } };
}
async function lookedUp({ ref: tag, published: how }, note, find) {
  try {
    return await find();
  } catch (error) {
    if (how === "required" || !(error instanceof GithubError)) throw error;
    const finding2 = {
      id: "published-unknown",
      severity: "warning",
      message: `${tag} is built, because nobody knows whether it was published: ${error.message}`,
      ...error.remedy === void 0 ? {} : { remedy: error.remedy }
    };
    note({ findings: [finding2] });
    return void 0;
  }
}
function nothingPublished(tag, why) {
  return new ActionError(`upgrade-from: there is no published package of ${tag}: ${why}.`, {
    remedy: `Write \`upgrade-from: ${tag}\` to build the tag instead. \`publish: release\` attaches the packages from now on.`
  });
}

// src/plan/places-to-raise.ts
import { existsSync as existsSync6 } from "node:fs";
import { join as join45 } from "node:path";
function isBehindTag(version) {
  return version.includes("+build.");
}
function placesToRaise({ release, applications }, projectDir, projectPath) {
  const inFile = ({ version }) => !isBehindTag(version);
  const config = existsSync6(join45(projectDir, "relx.config")) ? "relx.config" : "rebar.config";
  return [
    ...(release === void 0 ? [] : [release]).filter(inFile).map(({ name, version }) => ({
      what: `the release ${name}`,
      version,
      location: { file: join45(projectPath, config) }
    })),
    ...applications.filter(inFile).map(({ name, version }) => ({
      what: name,
      version,
      location: versionLocation(projectDir, projectPath, name)
    }))
  ];
}

// src/plan/unraised.ts
async function versionsToRaise(options) {
  const { release, upFrom } = options;
  const applications = await Promise.all(
    changedApplications(options).map(
      ({ name: name2, version: version2, isOpen }) => raise(options, { name: name2, version: version2, isOpen })
    )
  );
  const raised = applications.filter((one) => one !== void 0);
  const others = upFrom.map((one) => one.version);
  if (!others.includes(release.version)) {
    return raised.length === 0 ? void 0 : { applications: raised };
  }
  const { name, version } = release;
  return { release: { name, version, raised: unlike(version, others) }, applications: raised };
}
function changedApplications({ release, upFrom }) {
  const otp = new Set(release.applications.flatMap(({ name, otp: otp2 }) => otp2 === true ? [name] : []));
  const differences = upFrom.map((one) => compareReleases(one, release));
  const named2 = (changes2, isOpen) => changes2.map(({ name, to = "" }) => ({ name, version: to, isOpen }));
  const all = [
    ...named2(
      differences.flatMap(({ changed: changed2 }) => changed2.filter(({ to = "" }) => isBehindTag(to))),
      true
    ),
    ...named2(
      differences.flatMap(({ unbumped }) => unbumped),
      false
    )
  ].filter(({ name }) => !otp.has(name));
  return [...new Map(all.map((one) => [one.name, one])).values()];
}
async function raise(options, one) {
  const { name, version, isOpen } = one;
  const others = versionsOf(options.upFrom, name);
  const announced = await announcedVersion(options, one, others);
  if (announced === void 0 && isOpen) return void 0;
  return { name, version, raised: announced ?? unlike(version, others) };
}
function versionsOf(upFrom, application2) {
  return upFrom.flatMap(
    ({ applications }) => applications.flatMap(({ name, version }) => name === application2 ? [version] : [])
  );
}
async function announcedVersion({ erlang, places, outFolder }, { name, version }, others) {
  const request = { application: name, version, upFrom: [...new Set(others)] };
  const sources = (await findSources(places, request)).filter(({ origin }) => origin === "hand-written");
  const [read2 = []] = await readSources({ erlang, places, outFolder, requests: [{ ...request, sources }] });
  return read2.flatMap((source) => "problem" in source ? [] : [source.version]).find((said2) => said2 !== version && others.every((other) => compareApplicationVersions(said2, other) > 0));
}
function unlike(version, others) {
  let next = nextVersion(version) ?? `${version}.1`;
  while (others.includes(next)) next = nextVersion(next) ?? `${next}.1`;
  return next;
}

// src/actions/relup/raise-versions.ts
async function raiseVersions(builds, context, note) {
  const { erlang, workspace, projectPath } = context;
  const { release, upFrom, assembly } = builds;
  const outFolder = await workspace.folder("unraised");
  const raised = await versionsToRaise({ erlang, release, upFrom, places: assembly, outFolder });
  if (raised === void 0) return builds;
  note({ raised, toRaise: placesToRaise(raised, assembly.projectDir, projectPath) });
  const seen = [
    ...raised.release === void 0 ? [] : [{ ...raised.release, kind: "release" }],
    ...raised.applications.map((one) => ({ ...one, kind: "application" }))
  ];
  for (const { kind, name, version, raised: here } of seen) {
    info(`The ${kind} ${name} ${version} counts as ${here} in this run.`);
  }
  return { ...builds, ...await builds.raise(raised) };
}

// src/actions/relup/rehearse-made.ts
import { existsSync as existsSync7 } from "node:fs";
import { join as join61 } from "node:path";

// src/rehearsal/prove.ts
import { join as join46 } from "node:path";
var REPEATS = 3;
async function prove(first, options) {
  let made = first;
  let rehearsal = await options.rehearse(made.packages, 1);
  const corrections = [];
  for (let number = 2; number <= REPEATS + 1; number++) {
    const more = rehearsal.outcome === "failed" ? newCorrections(made.plan.appups, rehearsal, corrections) : [];
    if (more.length === 0) break;
    corrections.push(...more);
    for (const { application: application2, direction, instruction } of more) {
      info(`The generated appup of ${application2} (${direction}) gets ${instruction}.`);
    }
    made = await options.make(corrections);
    rehearsal = await options.rehearse(made.packages, number);
  }
  const proven = { ...rehearsal, corrections };
  const found = rehearsal.versions.flatMap(({ findings: findings2 }) => findings2);
  const findings = found.map((one) => findingOf(one, made.plan.appups, options));
  options.note({ rehearsal: proven, findings });
  judge2(rehearsal, findings, options);
  return { ...made, rehearsal: proven };
}
function newCorrections(appups, { versions }, tried) {
  const generated = new Set(
    appups.filter(({ origin, up }) => origin === "generated" && !up.some(restartsApplication)).map(({ application: application2 }) => application2)
  );
  const known = new Set(tried.map((one) => JSON.stringify(one)));
  const all = versions.flatMap(({ corrections }) => corrections);
  const fresh = all.filter((one) => generated.has(one.application) && !known.has(JSON.stringify(one)));
  return [...new Map(fresh.map((one) => [JSON.stringify(one), one])).values()];
}
function restartsApplication({ instructions }) {
  return instructions.some((one) => one.startsWith("{restart_application,"));
}
var IMPOSSIBLE = "rehearsal-impossible";
function findingOf(finding2, appups, { required, projectPath, sourceOf: sourceOf3 }) {
  const { id, application: application2, module, message, remedy } = finding2;
  const severity = id === IMPOSSIBLE && required ? "error" : finding2.severity;
  const appup = appups.find((one) => one.application === application2 && one.origin === "hand-written");
  const source = application2 === void 0 || module === void 0 ? void 0 : sourceOf3(application2, module);
  const location = appup === void 0 ? source : { file: join46(projectPath, appup.file) };
  return { id, severity, message, ...defined({ application: application2, module, remedy, location }) };
}
function judge2({ outcome, versions }, findings, { version, required, note }) {
  if (outcome === "passed") {
    const from = versions.map(({ upFrom }) => upFrom).join(", ");
    info(`Proven on a node: ${from} \u2192 ${version}, back, and through a restart.`);
    return;
  }
  const [worst] = versions.filter((version2) => version2.outcome === outcome);
  const reason = worst?.reason ?? "";
  const details = worst?.findings.find(({ message }) => message === reason)?.details;
  if (outcome === "unproven") note({ unproven: reason });
  if (outcome === "unproven" && !required) return;
  throw stoppedBy(
    outcome === "failed" ? `The rehearsal of the upgrade from ${worst?.upFrom ?? ""} failed` : "The rehearsal is required, and could not be done",
    findings,
    { details }
  );
}

// src/rehearsal/rehearse.ts
import { randomBytes } from "node:crypto";
import { mkdir as mkdir12 } from "node:fs/promises";
import { join as join60 } from "node:path";

// src/rehearsal/scratch/scratch-node.ts
import { mkdir as mkdir8, mkdtemp, realpath as realpath6 } from "node:fs/promises";
import { join as join48 } from "node:path";
import { setTimeout as setTimeout2 } from "node:timers/promises";

// src/rehearsal/scratch/boot-failure.ts
function bootFailure(lines) {
  const text2 = lines.join("\n");
  const application2 = /\{application_start_failure,'?([a-z][\w@]*)'?,/.exec(text2);
  if (application2 !== null) {
    const child = innermostChild(text2.slice(application2.index));
    const why = child === void 0 ? "" : `: its child ${child.id} failed with ${child.reason}`;
    return `the application ${application2[1]} does not start${why}`;
  }
  const boot = /\b(?:init terminating in do_boot|Runtime terminating during boot) \((?:\{+)?'?([^\n]{1,120})/.exec(text2);
  return boot === null ? void 0 : `the boot ended with ${(boot[1] ?? "").replace(/[})]+$/, "")}`;
}
var WRAPPERS = ["EXIT", "badmatch", "error", "bad_return_value", "shutdown"];
function innermostChild(text2) {
  const named2 = text2.split("failed_to_start_child,").slice(1).reverse();
  for (const term of named2) {
    const [, id, rest = ""] = /^'?([^,']+)'?,(.{1,120})/.exec(term) ?? [];
    const reason = rest.match(/[a-zA-Z]\w*/g)?.find((word) => !WRAPPERS.includes(word));
    if (id !== void 0 && reason !== void 0) return { id, reason };
  }
  return void 0;
}

// src/rehearsal/scratch/boot-log.ts
import { createWriteStream as createWriteStream2 } from "node:fs";
var KEPT_LINES = 2e4;
var BootLog = class {
  lines = [];
  file;
  constructor(path) {
    this.file = createWriteStream2(path, { flags: "a", mode: 384 });
    this.file.on("error", () => void 0);
  }
  add(line) {
    if (!this.file.writableEnded) this.file.write(`${line}
`);
    if (this.lines.length < KEPT_LINES) this.lines.push(line);
  }
  close() {
    this.file.end();
  }
};

// src/rehearsal/scratch/scratch-start.ts
import { readFile as readFile14, readdir as readdir8, realpath as realpath5, writeFile as writeFile8 } from "node:fs/promises";
import { join as join47 } from "node:path";
async function startCommand({
  root,
  name,
  identity,
  environment,
  folder
}) {
  const script2 = join47(root, "bin", name);
  const version = await extendedScriptVersion(script2);
  const boots = version ?? (await startData(root)).version;
  const argumentsFile = await writeArguments({ root, name, version: boots, identity, environment, folder });
  if (version !== void 0) {
    return { program: script2, args: ["foreground"], env: { VMARGS_PATH: argumentsFile } };
  }
  return emulatorCommand(root, name, argumentsFile);
}
async function extendedScriptVersion(script2) {
  const text2 = await readFile14(script2, "utf8").catch(() => "");
  return /\bforeground\)/.test(text2) && text2.includes("VMARGS_PATH") ? scriptVersion(script2) : void 0;
}
async function startData(root) {
  const text2 = await readFile14(join47(root, "releases", "start_erl.data"), "utf8").catch(() => "");
  const [erts, version] = text2.trim().split(/\s+/);
  if (erts !== void 0 && version !== void 0) return { erts, version };
  throw new ActionError(`${root} has neither an extended start script nor releases/start_erl.data.`);
}
async function writeArguments({
  root,
  name,
  version,
  identity,
  environment,
  folder
}) {
  const { text: text2, template } = await originalArguments(root, version, environment);
  const own = ownName(await withIncludes(text2, root), environment);
  const scratch = scratchName(name, identity, own);
  const keepName = identity.nodeName === "keep" && own !== void 0;
  const target2 = join47(folder, "vm.args");
  await writeFile8(
    template ? `${target2}.src` : target2,
    await scratchArguments({ text: text2, scratchName: scratch, folder: root, keepName }),
    { mode: 384 }
  );
  return target2;
}
async function originalArguments(root, version, environment) {
  for (const path of argumentFiles(root, version, environment["VMARGS_PATH"])) {
    for (const suffix of [".src", ".orig", ""]) {
      const text2 = await readFile14(`${path}${suffix}`, "utf8").catch(() => void 0);
      if (text2 !== void 0) return { text: text2, template: suffix === ".src" };
    }
  }
  return { text: "", template: false };
}
function ownName(text2, environment) {
  const own = nameIn(text2);
  if (own === void 0) return void 0;
  const nodeName = own.nodeName.replace(
    /\$\{([^}:]+)(?::-([^}]*))?\}/g,
    (_, variable, fallback) => environment[variable] || (fallback ?? "")
  );
  return { ...own, nodeName };
}
function scratchName(release, { id, cookie, nodeName }, own) {
  if (nodeName === "keep" && own !== void 0) return { ...own, cookie };
  const nameFlag = own?.nameFlag ?? "-sname";
  const host = nameFlag === "-name" ? "127.0.0.1" : "localhost";
  return { nameFlag, nodeName: `${release}_${id}@${host}`, cookie };
}
async function emulatorCommand(root, name, argumentsFile) {
  const { erts, version } = await startData(root);
  const bin = join47(root, `erts-${erts}`, "bin");
  const release = join47(root, "releases", version);
  const files = await readdir8(release).catch(() => []);
  const boot = [`${name}.boot`, "start.boot"].find((file) => files.includes(file));
  if (boot === void 0 || !await realpath5(bin).catch(() => void 0)) {
    throw new ActionError(
      `${root} cannot be started: it has no extended start script, and no erts-${erts} or releases/${version}/start.boot.`
    );
  }
  const config = files.includes("sys.config") ? ["-config", join47(release, "sys.config")] : [];
  return {
    program: join47(bin, "erlexec"),
    args: [
      ...["-noinput", "+Bd", "-boot", join47(release, boot.replace(/\.boot$/, "")), "-mode", "embedded"],
      ...config,
      ...["-args_file", argumentsFile]
    ],
    env: { ROOTDIR: root, BINDIR: bin, EMU: "beam", PROGNAME: "erl" }
  };
}

// src/rehearsal/scratch/scratch-node.ts
var BootError = class extends ActionError {
};
var LOG_DETAILS = 200;
async function bootScratchNode(options) {
  const root = await realpath6(options.root);
  await mkdir8(options.folder, { recursive: true, mode: 448 });
  const folder = await mkdtemp(join48(options.folder, "node-"));
  const environment = await prepareEnvironment(options, folder);
  const log = new BootLog(options.logFile);
  const { program, args, env } = await startCommand({
    root,
    name: options.name,
    identity: options.identity,
    environment,
    folder
  });
  const fullEnvironment = { ...environment, ...env };
  const started = { root, log };
  void run(program, args, {
    cwd: root,
    env: { ...nothingOfOurs(), ...fullEnvironment },
    timeoutSeconds: options.lifetimeSeconds,
    onLine: (line) => log.add(line),
    keepOutput: false
  }).then(
    () => started.ended = "ended",
    (error) => started.ended = howItEnded(error)
  );
  try {
    const { process: process2, control } = await running(options, started, folder);
    const end = () => {
      control.close();
      endProcessesBelow(root);
      log.close();
    };
    return {
      process: process2,
      control,
      environment: fullEnvironment,
      log: log.lines,
      stop: async (seconds) => {
        await stopNode(control, process2, seconds);
        end();
      },
      end
    };
  } catch (error) {
    endProcessesBelow(root);
    log.close();
    throw error;
  }
}
function releaseEnvironment(env) {
  const elsewhere2 = /^(RELX_OUT_FILE_PATH|ERL_EPMD_.*|HEART_COMMAND)$/;
  return Object.fromEntries(Object.entries(withoutRunnersOwn(env)).filter(([name]) => !elsewhere2.test(name)));
}
async function prepareEnvironment({ environment, epmd, root }, folder) {
  const home = join48(folder, "home");
  await mkdir8(home);
  return {
    ...environment,
    HOME: home,
    ERL_EPMD_PORT: String(epmd.port),
    ERL_CRASH_DUMP: join48(folder, "erl_crash.dump"),
    PIPE_DIR: `${join48(folder, "pipes")}/`,
    // By this what is left of a killed run is found, wherever it works.
    RELUP_SCRATCH: root
  };
}
async function running(options, started, folder) {
  const deadline = performance.now() + 1e3 * options.bootSeconds;
  let control;
  let found;
  let last;
  let goneAt;
  try {
    for (; ; ) {
      try {
        found ??= await findNode(started.root);
        control ??= controlNode({
          erlang: options.erlang,
          node: found,
          privateFolder: folder,
          releases: options.releases
        });
        if ((await readNodeState(control, 10)).status === "started") return { process: found, control };
      } catch (error) {
        if (!(error instanceof ActionError) || error instanceof ControlStartError) throw error;
        last = error;
      }
      if (found !== void 0 && !await isAlive(found.pid)) {
        goneAt ??= performance.now();
        if (performance.now() - goneAt > 3e3) started.ended ??= "ended";
      }
      if (started.ended !== void 0) throw notBooted(options, started, `it ${started.ended}`);
      if (performance.now() > deadline) {
        const why = last === void 0 ? "" : ` (${unended(errorMessage(last))})`;
        throw notBooted(
          options,
          started,
          `its applications did not all run within ${options.bootSeconds} seconds${why}`
        );
      }
      await setTimeout2(50);
    }
  } catch (error) {
    control?.close();
    throw error;
  }
}
function notBooted({ name }, { log }, how) {
  const why = bootFailure(log.lines);
  return new BootError(`${name} did not boot: ${how}${why === void 0 ? "" : ` (${why})`}.`, {
    details: log.lines.slice(-LOG_DETAILS).join("\n")
  });
}
function howItEnded(error) {
  return error instanceof CommandFailedError ? error.end.text : errorMessage(error);
}

// src/rehearsal/recorder.ts
var Recorder = class {
  constructor(upFrom) {
    this.upFrom = upFrom;
  }
  upFrom;
  findings = [];
  corrections = [];
  trees = [];
  installations = {};
  begun = performance.now();
  times = /* @__PURE__ */ new Map();
  looked = /* @__PURE__ */ new Map();
  failed;
  /** Runs a step and takes its time, whether it succeeds or not. */
  async take(step, work) {
    const started = performance.now();
    try {
      const result = await work();
      this.note(step, "done");
      return result;
    } catch (error) {
      this.failed = step;
      throw error;
    } finally {
      const seconds = (performance.now() - started) / 1e3;
      this.times.set(step, { start: (started - this.begun) / 1e3, seconds });
      info(`${this.upFrom}, ${step}: ${seconds.toFixed(1)} s`);
    }
  }
  /** The step that failed last. */
  get failedStep() {
    return this.failed ?? "boot";
  }
  /** Notes that something was looked at, so that no finding means that it is as it should be. */
  note(step, ...checks) {
    const looked = this.looked.get(step) ?? /* @__PURE__ */ new Set();
    for (const check of checks) looked.add(check);
    this.looked.set(step, looked);
  }
  add(finding2) {
    this.note(finding2.step, finding2.check);
    this.findings.push({ upFrom: this.upFrom, ...finding2 });
  }
  replace(finding2, other) {
    this.findings.splice(this.findings.indexOf(finding2), 1, other);
  }
  /** Takes all errors back. */
  withdrawErrors() {
    const others = this.findings.filter(({ severity }) => severity !== "error");
    this.findings.splice(0, this.findings.length, ...others);
  }
  steps() {
    return [...this.times].map(([name, time]) => {
      const checks = [...this.looked.get(name) ?? []].map((check) => [check, this.result(name, check)]);
      return { name, ...time, checks: Object.fromEntries(checks) };
    });
  }
  result(step, check) {
    const severities = this.findings.filter((finding2) => finding2.step === step && finding2.check === check).map(({ severity }) => severity);
    if (severities.includes("error")) return "failed";
    return severities.includes("warning") ? "warning" : "ok";
  }
};

// src/rehearsal/roots.ts
import { cp, lstat as lstat3, mkdir as mkdir9, readdir as readdir9, readlink, realpath as realpath7, rm as rm5, symlink } from "node:fs/promises";
import { dirname as dirname5, join as join49, relative as relative7, resolve as resolve8 } from "node:path";
async function installRelease(release, target2) {
  if (release.tarball !== void 0) return unpackPackage(release.tarball, target2);
  await cp(release.root, target2, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: (source) => !(dirname5(source) === release.root && source.endsWith(".tar.gz"))
  });
  await mendLinks(release.root, target2);
}
async function unpackPackage(path, target2) {
  await mkdir9(target2, { recursive: true });
  await run("tar", ["-xzf", path, "-C", target2], { timeoutSeconds: 300 });
}
async function mendLinks(root, target2) {
  for (const folder of [".", "lib"]) {
    for (const name of await readdir9(join49(root, folder)).catch(() => [])) {
      const original = join49(root, folder, name);
      if (!(await lstat3(original)).isSymbolicLink()) continue;
      const to = await readlink(original);
      const leadsOut = relative7(root, resolve8(dirname5(original), to)).startsWith("..");
      if (!leadsOut || to.startsWith("/")) continue;
      const copy = join49(target2, folder, name);
      await rm5(copy);
      await symlink(await realpath7(original), copy);
    }
  }
}
async function describePackage(path, folder) {
  await unpackPackage(path, folder);
  const entries = await readdir9(folder, { recursive: true, withFileTypes: true });
  const files = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join49(entry.parentPath, entry.name);
    const { size: size2 } = await lstat3(file);
    files.push({ path: relative7(folder, file), size: size2, sha256: await sha256File(file) });
  }
  return { path, sha256: await sha256File(path), files };
}

// src/rehearsal/from-version.ts
import { mkdir as mkdir11, rm as rm7 } from "node:fs/promises";

// src/rehearsal/compare/supervision.ts
var RUNTIME = ["kernel", "stdlib", "sasl"];
function childrenOf({ trees }) {
  const found = /* @__PURE__ */ new Map();
  for (const [application2, top] of Object.entries(trees)) {
    if (!RUNTIME.includes(application2)) {
      collect({
        application: application2,
        path: application2,
        place: `${application2}: ${processName(top)}`,
        process: top,
        found
      });
    }
  }
  return found;
}
function countProcesses({ trees }) {
  const count = ({ children = [], count: dynamic = 0 }) => children.reduce((sum, child) => sum + (child.process === null ? 0 : count(child.process)), 1 + dynamic);
  return Object.entries(trees).reduce(
    (sum, [application2, top]) => sum + (RUNTIME.includes(application2) ? 0 : count(top)),
    0
  );
}
function unresponsiveOf({ trees }) {
  const found = [];
  const walk = (place, process2) => {
    if (process2.kind === "unresponsive") found.push(place);
    for (const child of process2.children ?? []) {
      if (child.process !== null) walk(`${place} \u2192 ${child.id}`, child.process);
    }
  };
  for (const [application2, top] of Object.entries(trees)) walk(`${application2}: ${processName(top)}`, top);
  return found;
}
function collect({
  application: application2,
  path,
  place,
  process: process2,
  found
}) {
  for (const child of process2.children ?? []) {
    const at2 = uniquePath(`${path}/${child.key}`, found);
    const { name, callback } = process2;
    const placed = `${place} \u2192 ${child.id}`;
    found.set(at2, { application: application2, path: at2, place: placed, supervisor: { name, callback }, child });
    if (child.process !== null)
      collect({ application: application2, path: at2, place: placed, process: child.process, found });
  }
}
function uniquePath(path, found) {
  let unique2 = path;
  for (let number = 2; found.has(unique2); number++) unique2 = `${path}#${number}`;
  return unique2;
}
function processName({ name, callback, pid }) {
  return name ?? callback ?? pid;
}
function parentPath(path) {
  return path.slice(0, path.lastIndexOf("/"));
}
function specChanges(found, expected2) {
  return [
    ...specDifferences(found.child.spec, expected2.child.spec),
    ...dynamicDifferences(found.child.process, expected2.child.process)
  ];
}
function dynamicDifferences(found, expected2) {
  if (found?.kind !== "dynamic" || expected2?.kind !== "dynamic") return [];
  return specDifferences(found.spec ?? null, expected2.spec ?? null).map((text2) => `of its children: ${text2}`);
}
function specDifferences(found, expected2) {
  if (found === null || expected2 === null) return [];
  const names2 = [.../* @__PURE__ */ new Set([...Object.keys(found.options), ...Object.keys(expected2.options)])].sort();
  return [
    ...found.start === expected2.start ? [] : [`start ${found.start} instead of ${expected2.start}`],
    ...found.start === expected2.start && found.arguments !== expected2.arguments ? [`other arguments for ${found.start}`] : [],
    ...names2.filter((name) => found.options[name] !== expected2.options[name]).map(
      (name) => `${name} ${found.options[name] ?? "none"} instead of ${expected2.options[name] ?? "none"}`
    )
  ];
}

// src/rehearsal/compare/child-differences.ts
function childDifferences(comparison) {
  const { found, booted, bootedAgain, later } = comparison;
  const is = childrenOf(found);
  const should = childrenOf(booted);
  const again = bootedAgain === void 0 ? void 0 : childrenOf(bootedAgain);
  const laterOn = later === void 0 ? void 0 : childrenOf(later);
  const reported = /* @__PURE__ */ new Set();
  return [
    ...[...should].flatMap(([path, child]) => {
      const boots = [again, laterOn].flatMap((boot) => boot === void 0 ? [] : [boot.get(path)]);
      return expected({ comparison, child, here: is.get(path), boots });
    }),
    ...[...is].flatMap(
      ([path, child]) => [should, again, laterOn].some((boot) => boot?.has(path) === true) ? [] : unexpected(comparison, child)
    )
  ].filter(({ child }) => {
    const { path } = child;
    reported.add(path);
    return !reported.has(parentPath(path));
  });
}
function expected({
  comparison,
  child,
  here,
  boots
}) {
  if (here === void 0 || !runs(here) && runs(child)) {
    const isStable = boots.every((other) => runs(other) === runs(child));
    if (!isStable || !wasStartable(child) || hasEnded(comparison, child)) return [];
    return [
      { kind: "child-missing", specified: here !== void 0, ...about(comparison, child, comparison.later) }
    ];
  }
  const renamed2 = otherName2(here, child);
  if (renamed2 !== void 0 && boots.every((other) => other === void 0 || nameOf2(other) === nameOf2(child))) {
    const names2 = [nameOf2(here), nameOf2(child)].filter((name) => name !== null);
    return [{ kind: "child-renamed", detail: renamed2, names: names2, ...about(comparison, child, comparison.later) }];
  }
  const changes2 = specChanges(here, child);
  const isAlike = boots.every((other) => other === void 0 || specChanges(other, child).length === 0);
  if (changes2.length === 0 || !isAlike) return [];
  return [
    { kind: "child-changed", detail: changes2.join("; "), ...about(comparison, child, comparison.later) }
  ];
}
function otherName2(here, child) {
  const [is, should] = [nameOf2(here), nameOf2(child)];
  if (should === null || is === should) return void 0;
  return `${is === null ? "without a name" : `registered as ${is}`}, but as ${should}`;
}
function nameOf2({ child }) {
  return child.process?.name ?? null;
}
function unexpected(comparison, child) {
  const { found, other, before } = comparison;
  const isLeft = childrenOf(other).has(child.path);
  const wasAdded = child.child.isAtom && !childrenOf(before).has(child.path) && !isUnchanged(found, other, child);
  return isLeft || wasAdded ? [{ kind: "child-left", ...about(comparison, child, comparison.otherLater) }] : [];
}
function about({ found, other, before, script: script2 }, child, asked) {
  return {
    application: child.application,
    subject: child.place,
    child,
    listed: asked === void 0 ? void 0 : isListed(childrenOf(asked), asked, child),
    unchanged: isUnchanged(found, other, child),
    existed: runs(childrenOf(before).get(child.path)),
    restarted: script2?.stopsApplications.includes(child.application) === true
  };
}
function isListed(children, node, { path, application: application2, child }) {
  const parent = parentPath(path);
  const process2 = parent === application2 ? node.trees[application2] : children.get(parent)?.child.process;
  return process2?.listed?.includes(child.id);
}
function runs(child) {
  return child?.child.process != null;
}
function wasStartable(child) {
  return runs(child) || child.child.spec !== null;
}
function hasEnded({ before, other, script: script2 }, { path, supervisor, child }) {
  if (!mayEnd(child.spec?.options["restart"])) return false;
  return childrenOf(before).has(path) || childrenOf(other).has(path) || script2?.children.some(
    (one) => one.call === "restart_child" && one.supervisor === supervisor.name && one.id === child.id
  ) === true;
}
function mayEnd(restart) {
  return restart === "temporary" || restart === "transient";
}
function isUnchanged(found, other, { application: application2 }) {
  return found.applications[application2] === other.applications[application2];
}

// src/rehearsal/compare/environment-differences.ts
function environmentDifferences(comparison) {
  const { found, booted } = comparison;
  const compared = Object.keys(booted.environmentKeys).filter((name) => name in found.environmentKeys);
  return compared.sort().flatMap((application2) => {
    const keys = [found, booted].flatMap((node) => Object.keys(node.environmentKeys[application2] ?? {}));
    return [...new Set(keys)].sort().flatMap((key2) => keyDifference(comparison, application2, key2));
  });
}
function keyDifference(comparison, application2, key2) {
  const { found, booted, bootedAgain, before, other } = comparison;
  const [has, needs, was] = [found, booted, before].map((node) => keyOf3(node, application2, key2));
  if (has?.hash === needs?.hash) return [];
  if (has?.argument === true || needs?.argument === true) return [];
  const rewritten = isRewritten(needs) || isRewritten(was, keyOf3(other, application2, key2));
  const configured = needs?.configured === true && !rewritten;
  if (RUNTIME.includes(application2) && !configured) return [];
  if (bootedAgain !== void 0 && keyOf3(bootedAgain, application2, key2)?.hash !== needs?.hash) return [];
  const base = { application: application2, subject: `${application2}:${key2}`, configured };
  if (has === void 0) return [{ kind: "environment-missing", ...base }];
  if (needs !== void 0) return [{ kind: "environment-differs", ...base }];
  return was === void 0 ? [] : [{ kind: "environment-left", ...base }];
}
function isRewritten(value, files = value) {
  return value !== void 0 && files?.configured === true && value.hash !== files.file;
}
function keyOf3(node, application2, key2) {
  return node.environmentKeys[application2]?.[key2];
}
var APPLIED = ["kernel:distributed", "kernel:dist_auto_connect", "kernel:permissions"];
function bootSettings(upFrom, release) {
  return RUNTIME.flatMap((application2) => {
    const [before, after] = [upFrom, release].map((node) => node.environmentKeys[application2] ?? {});
    const keys = [.../* @__PURE__ */ new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    return keys.filter((key2) => (before?.[key2]?.file ?? null) !== (after?.[key2]?.file ?? null)).map((key2) => `${application2}:${key2}`);
  }).filter((name) => !APPLIED.includes(name)).sort();
}
function changedSettings(upFrom, release) {
  return Object.keys(release.environmentKeys).filter((application2) => !RUNTIME.includes(application2) && application2 in upFrom.environmentKeys).flatMap((application2) => {
    const [before, after] = [upFrom, release].map((node) => node.environmentKeys[application2] ?? {});
    return Object.entries(after ?? {}).filter(([key2, { file }]) => file !== null && file !== (before?.[key2]?.file ?? null)).map(([key2]) => [application2, key2]);
  });
}

// src/rehearsal/compare/remains-differences.ts
function remainsDifferences({ found, booted, bootedAgain, other, script: script2 }) {
  const isTold = bootSettings(other, booted).some((name) => name.startsWith("kernel:logger"));
  const things = (node) => thingsOf(node, isTold);
  const [is, should, before] = [found, booted, other].map(things);
  const again = bootedAgain === void 0 ? void 0 : things(bootedAgain);
  return [
    ...[...should].flatMap(([subject, { application: application2, options }]) => {
      if (again !== void 0 && !isSame2(again.get(subject)?.options, options)) return [];
      const restarted2 = application2 !== void 0 && script2?.stopsApplications.includes(application2) === true;
      const base = { subject, restarted: restarted2, ...application2 === void 0 ? {} : { application: application2 } };
      const has = is.get(subject);
      if (has === void 0) return isWithin(subject, is) ? [] : [{ kind: "remains-missing", ...base }];
      const detail = changes(has.options, options);
      return detail === "" ? [] : [{ kind: "remains-differs", ...base, detail }];
    }),
    ...[...is].flatMap(
      ([subject, { application: application2 }]) => should.has(subject) || again?.has(subject) === true || !before.has(subject) || subject.startsWith("key ") ? [] : [{ kind: "remains-left", subject, ...application2 === void 0 ? {} : { application: application2 } }]
    )
  ];
}
function isWithin(subject, things) {
  const [, table2] = /^key .* of the (ETS table .*)$/.exec(subject) ?? [];
  return table2 !== void 0 && !things.has(table2);
}
function thingsOf({ remains }, withoutLogger) {
  const { tables, terms, mnesia, handlers } = remains;
  const things = /* @__PURE__ */ new Map();
  for (const [name, { application: application2, options, keys }] of Object.entries(tables)) {
    things.set(`ETS table ${name}`, { application: application2, options });
    for (const key2 of keys) things.set(`key ${key2} of the ETS table ${name}`, { application: application2, options: {} });
  }
  for (const key2 of terms) things.set(`persistent term ${key2}`, { options: {} });
  for (const [name, options] of Object.entries(mnesia)) things.set(`mnesia table ${name}`, { options });
  if (withoutLogger) return things;
  for (const [id, options] of Object.entries(handlers)) things.set(`logger handler ${id}`, { options });
  return things;
}
function isSame2(one, other) {
  return one !== void 0 && changes(one, other) === "";
}
function changes(found, expected2) {
  return Object.keys(expected2).filter((name) => found[name] !== expected2[name]).map((name) => `${name} ${text(found[name])} instead of ${text(expected2[name])}`).join(", ");
}
function text(value) {
  return value == null ? "none" : String(value);
}

// src/rehearsal/compare/comparison.ts
function compareNodes(comparison) {
  const { later } = comparison;
  const differences = differencesFrom(comparison);
  if (later === void 0) return differences;
  const remaining = new Set(
    differencesFrom({ ...comparison, booted: later, bootedAgain: void 0 }).map(key)
  );
  return differences.filter((difference3) => !dependsOnTime(difference3) || remaining.has(key(difference3)));
}
function dependsOnTime({ kind }) {
  return !kind.startsWith("module") && !kind.startsWith("application");
}
function key({ kind, subject }) {
  return `${kind} ${subject}`;
}
function differencesFrom(comparison) {
  const children = childDifferences(comparison);
  const told2 = new Set(
    children.flatMap(({ child, names: names2 = [] }) => [...namesBelow(child?.child.process ?? null), ...names2])
  );
  return [
    ...moduleDifferences(comparison),
    ...applicationDifferences(comparison),
    ...environmentDifferences(comparison),
    ...children,
    // a child that is missing or left over has its name with it
    ...registeredDifferences(comparison).filter(({ subject }) => !told2.has(subject)),
    ...remainsDifferences(comparison)
  ];
}
function namesBelow(process2) {
  if (process2 === null) return [];
  const below = (process2.children ?? []).flatMap((one) => namesBelow(one.process));
  return process2.name === null ? below : [process2.name, ...below];
}
function moduleDifferences({ found, booted, release }) {
  const loaded = new Set(found.modules.map(({ name }) => name));
  const applications = new Map(
    release.applications.flatMap(({ name, modules }) => Object.keys(modules).map((module) => [module, name]))
  );
  const missing2 = booted.modules.filter(({ name }) => applications.has(name) && !loaded.has(name));
  return [
    ...codeDifferences(found, { ...release, selfMade: selfMadeModules(booted, release) }).map(
      ({ module, kind, file }) => {
        const application2 = applications.get(module) ?? applicationIn(file);
        return {
          kind: kind === "unknown" ? "module-left" : "module-differs",
          ...application2 === void 0 ? {} : { application: application2 },
          subject: module
        };
      }
    ),
    // In interactive mode it is loaded when it is called.
    ...(found.mode === "embedded" ? missing2 : []).map(({ name }) => ({
      kind: "module-not-loaded",
      application: applications.get(name),
      subject: name
    }))
  ];
}
function applicationIn(file) {
  return /\/lib\/([^/]+?)-[^/-]+\/ebin\/[^/]+$/.exec(file)?.[1];
}
function applicationDifferences({ found, booted }) {
  const names2 = [
    .../* @__PURE__ */ new Set([...Object.keys(found.applications), ...Object.keys(booted.applications)])
  ].sort();
  return names2.flatMap((application2) => {
    const [is, should] = [found.applications[application2], booted.applications[application2]];
    if (is === should) return typeDifference(application2, found, booted);
    if (should === void 0) return [{ kind: "application-left", application: application2, subject: application2 }];
    if (is === void 0) return [{ kind: "application-missing", application: application2, subject: application2 }];
    return [
      {
        kind: "application-version",
        application: application2,
        subject: application2,
        detail: `${is} instead of ${should}`
      }
    ];
  });
}
function typeDifference(application2, found, booted) {
  const [is, should] = [found.types[application2], booted.types[application2]];
  if (is === void 0 || should === void 0 || is === should) return [];
  const detail = `${is} instead of ${should}`;
  return [{ kind: "application-type", application: application2, subject: application2, detail }];
}
var ON_DEMAND = /* @__PURE__ */ new Set([
  "dets",
  "dets_sup",
  "disk_log_server",
  "disk_log_sup",
  "inet_gethost_native",
  "inet_gethost_native_sup",
  "timer_server"
]);
function registeredDifferences(comparison) {
  const { found, booted, bootedAgain, other, before: earlier } = comparison;
  const [is, should, before] = [found, booted, other].map(({ registered }) => new Set(registered));
  const again = bootedAgain === void 0 ? void 0 : new Set(bootedAgain.registered);
  const counts = (name) => !/^logger_(std|disk_log)_h_/.test(name) && !ON_DEMAND.has(name);
  const missing2 = booted.registered.filter(
    (name) => counts(name) && !is?.has(name) && again?.has(name) !== false
  );
  const left = found.registered.filter(
    (name) => counts(name) && !should?.has(name) && again?.has(name) !== true && before?.has(name)
  );
  const renamed2 = renamedProcesses(comparison, missing2.sort(), left.sort());
  const isTold = (name) => renamed2.some(({ names: names2 = [] }) => names2.includes(name));
  return [
    ...renamed2,
    ...missing2.filter((name) => !isTold(name)).map((subject) => ({
      kind: "registered-missing",
      subject,
      existed: earlier.registered.includes(subject)
    })),
    ...left.filter((name) => !isTold(name)).map((subject) => ({ kind: "registered-left", subject }))
  ];
}
function renamedProcesses({ found, booted }, missing2, left) {
  const modules = new Set(missing2.flatMap((name) => booted.callbacks[name] ?? []));
  return [...modules].flatMap((module) => {
    const should = missing2.filter((name) => booted.callbacks[name] === module);
    const is = left.filter((name) => found.callbacks[name] === module);
    if (is.length === 0) return [];
    const detail = `registered as ${some(is, 3)}, but as ${some(should, 3)}`;
    return [{ kind: "registered-renamed", subject: module, detail, names: [...is, ...should] }];
  });
}

// src/rehearsal/needed.ts
import { join as join50 } from "node:path";
async function withNeeds(context, direction, differences) {
  const missing2 = differences.filter(({ kind }) => kind === "remains-missing").map(({ subject }) => subject);
  if (missing2.length === 0) return [...differences];
  const file = join50(context.folder, "needed.request");
  await writeErlangRequest(file, [...placeOf3(context, direction), missing2]);
  const needs = await context.options.erlang.query("needed", [file]);
  return differences.map((difference3) => {
    const need = needs.find(({ thing }) => thing === difference3.subject);
    return difference3.kind === "remains-missing" && need !== void 0 ? { ...difference3, need } : difference3;
  });
}
function placeOf3({ options, upFrom }, direction) {
  if (direction === "up") return [options.release.root, options.buildDir ?? ""];
  const { buildDir } = upFrom.source;
  return [upFrom.root, buildDir === void 0 ? "" : join50(buildDir, "lib")];
}

// src/rehearsal/other-lanes.ts
import { setTimeout as setTimeout6 } from "node:timers/promises";

// src/rehearsal/scratch/listeners.ts
import { readdir as readdir10, readFile as readFile15, readlink as readlink2 } from "node:fs/promises";
var WAITING = { tcp: "0A", tcp6: "0A", udp: "07", udp6: "07" };
async function listenersOf(pid) {
  try {
    const sockets = await socketsOf(pid);
    const found = await Promise.all([
      ...Object.keys(WAITING).map((protocol) => internet(pid, protocol, sockets)),
      local(pid, sockets)
    ]);
    return [...new Set(found.flat())].sort();
  } catch {
    return void 0;
  }
}
async function socketsOf(pid) {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir10(folder)).map((fd) => readlink2(`${folder}/${fd}`).catch(() => ""))
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
async function internet(pid, protocol, sockets) {
  return (await table(pid, protocol)).flatMap((fields) => {
    const [, address = "", , state, , , , , , inode = ""] = fields;
    if (state !== WAITING[protocol] || !sockets.has(inode)) return [];
    return [`${protocol.slice(0, 3)} ${parseInt(address.split(":").at(-1) ?? "", 16)}`];
  });
}
async function local(pid, sockets) {
  return (await table(pid, "unix")).flatMap(
    ([, , , flags, , , inode = "", path]) => flags === "00010000" && path !== void 0 && sockets.has(inode) ? [path] : []
  );
}
async function table(pid, name) {
  const text2 = await readFile15(`/proc/${pid}/net/${name}`, "utf8").catch(() => "");
  return text2.split("\n").slice(1).filter((line) => line !== "").map((line) => line.trim().split(/\s+/));
}

// src/rehearsal/install-step.ts
import { setTimeout as setTimeout4 } from "node:timers/promises";

// src/rehearsal/crash-reports.ts
var REPORT = /\b(CRASH|SUPERVISOR) REPORT\b|\bError in process </;
var REPORT_LINES = 15;
function reportFindings(step, lines) {
  const reports = lines.flatMap(
    (line, index) => REPORT.test(line) ? [lines.slice(index, index + REPORT_LINES).join("\n")] : []
  );
  const [first] = reports;
  if (first === void 0) return [];
  const crash = firstCrash(lines);
  return [
    {
      id: "rehearsal-crash-report",
      severity: "warning",
      step,
      check: "processes",
      message: `The node printed ${reports.length === 1 ? "a crash or supervisor report" : `${reports.length} crash and supervisor reports`} during the step "${step}"${crash === void 0 ? "" : `; the first: ${crash}`}.`,
      remedy: "Look at the node's log, which is in the details.",
      details: reports.join("\n\u2026\n")
    }
  ];
}
function firstCrash(lines) {
  const start = lines.findIndex((line) => /\bCRASH REPORT\b|\bError in process </.test(line));
  if (start < 0) return void 0;
  if (!/\bCRASH REPORT\b/.test(lines[start] ?? "")) return plainCrash(lines.slice(start + 1, start + 6));
  const report = lines.slice(start + 1, start + 40);
  const end = report.findIndex((line) => /^=[A-Z ]+REPORT=/.test(line));
  const own = end < 0 ? report : report.slice(0, end);
  const value = (name2) => own.flatMap((line) => new RegExp(`^\\s*${name2}: (.*)$`).exec(line)?.[1] ?? [])[0];
  const initial = value("initial call");
  const name = value("registered_name");
  const why = exception(own);
  if (initial === void 0 && why === void 0) return void 0;
  const who = name === void 0 || name === "[]" ? "a process" : `the process ${name}`;
  const begun = initial === void 0 ? "" : ` begun by ${initial}`;
  return `${who}${begun} crashed${why === void 0 ? "" : ` (${why})`}`;
}
function plainCrash(lines) {
  const text2 = lines.join(" ");
  const kind = /^\s*[{[]*'?([a-z]\w*)/.exec(text2)?.[1];
  const [, module, name] = /\[\{'?([a-z][\w.]*)'?,'?([a-z]\w*)'?,/.exec(text2) ?? [];
  const where2 = module === void 0 || name === void 0 ? "" : ` in ${module}:${name}`;
  return `a process crashed${kind === void 0 ? "" : ` (${kind}${where2})`}`;
}
function exception(report) {
  const first = report.findIndex((line) => /^\s*exception (error|exit|throw): /.test(line));
  if (first < 0) return void 0;
  const rest = report.slice(first);
  const end = rest.findIndex(
    (line, index) => index > 0 && /^\s*(in (function|call)|[a-z_ ]+:( |$))/.test(line)
  );
  const lines = end < 0 ? rest : rest.slice(0, end);
  const text2 = lines.join(" ").replaceAll(/\s+/g, " ").replace(/^ ?exception \w+: /, "");
  return (/^[{[]*('?[a-z]\w*'?)[,}]/.exec(text2)?.[1] ?? text2.split("(")[0] ?? "").trim().slice(0, 120);
}

// src/rehearsal/restart-reason.ts
var DYNAMIC = /\{lists,member,\[[^,\]]+,dynamic\]/;
var DYNAMIC_REASON = "a child specification of a supervisor, type => supervisor, says modules => dynamic";
function reasonIn(lane, printed) {
  const lines = lane.running.log.slice(printed);
  const text2 = lines.join("").replaceAll(/\s/g, "");
  const [, module] = /failed,Reason=\{code_change_failed,[^,]*,([^,]*),.*$/.exec(text2) ?? [];
  const [, why, doing, ended3] = /failed,Reason=\{'EXIT',\{(\w+),\{sys,(\w+),\[[^,\]]*(?:,(\w+))?/.exec(text2) ?? [];
  const reasons = [
    ...module === void 0 ? [] : [`code_change of ${module} failed`],
    ...why === void 0 ? [] : [
      `a process${ended3 === void 0 ? "" : ` of ${ended3}`} ended (${why}) before release_handler's sys:${doing ?? ""} reached it`
    ],
    ...DYNAMIC.test(text2) ? [DYNAMIC_REASON] : [],
    ...[firstCrash(lines)].filter((crash) => crash !== void 0)
  ];
  return reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
}
function conversionIn(reason) {
  return /code_change of ([\w@']+) failed/.exec(reason)?.[1];
}
function codeOf({ context }, reason) {
  const module = conversionIn(reason);
  const owner = context.manifest.applications.find(({ modules }) => Object.hasOwn(modules, module ?? ""));
  return module === void 0 || owner === void 0 ? {} : { application: owner.name, module };
}
function remedyFor2(reason, otherwise) {
  const converted = conversionIn(reason);
  if (converted !== void 0) {
    return `Give ${converted}:code_change/3 a clause for the state that its processes have at that moment, both for the version before and for {down, Vsn} (of a supervisor init/1 is called instead, with the argument that it was started with: it must take that, and do nothing but return child specifications): the details show that state. If it need not be kept, have the application restarted: \`{Application, [{strategy, restart}]}.\` in relup.config, beside rebar.config.`;
  }
  if (reason.includes(DYNAMIC_REASON)) {
    return `Write modules => [Module] there, with the callback module of the supervisor below: dynamic is for event managers only. Running nodes have the old specification, so that the version with the right one needs a restart.`;
  }
  const [, module] = /a process of ([\w@']+) ended \(/.exec(reason) ?? [];
  if (module === void 0) return otherwise;
  return `Another process stops processes of ${module} (terminate_child or exit) while they are suspended for their new code. Have it suspended before them: save the generated appup, which is in the job summary, under the name shown there, and in both directions write {update, Stopper, [${module}]}, {update, ${module}, {advanced, []}}, where Stopper is the module of that other process. Or have the application restarted: \`{Application, [{strategy, restart}]}.\` in relup.config, beside rebar.config.`;
}

// src/rehearsal/step-error.ts
var StepError = class extends ActionError {
  constructor(finding2, cause) {
    super(finding2.message, { remedy: finding2.remedy, details: finding2.details, cause });
    this.finding = finding2;
  }
  finding;
};

// src/rehearsal/sync-nodes.ts
import { join as join51 } from "node:path";
import { setTimeout as setTimeout3 } from "node:timers/promises";
var WAIT_SECONDS = 20;
async function syncsOf(lane, { control }) {
  const { up, down } = await control.call("relup-effects", [
    relupOf2(lane),
    lane.context.upFrom.version
  ]);
  return [...up.syncs, ...down.syncs];
}
function relupOf2({ root, context }) {
  return join51(root, "releases", context.manifest.version, "relup");
}
async function renameSyncs(lane, together) {
  const { control, process: process2 } = lane.running;
  const syncs = await syncsOf(lane, { control });
  if (syncs.length === 0) return;
  await lane.context.options.erlang.query("sync-nodes", [relupOf2(lane), process2.nodeName, ...together]);
}
async function installInSync(lane, context, version) {
  const syncs = await syncsOf(lane, context);
  if (syncs.length === 0) return install(context, version);
  const work = { done: false };
  const installed = install(context, version).finally(() => work.done = true);
  const stuck = waitsInVain(context.control, work).then((inVain) => {
    if (inVain) throw waits(version, syncs);
    return installed;
  });
  return Promise.race([installed, stuck]);
}
async function waitsInVain(control, work) {
  let seconds = 0;
  while (!work.done && seconds < WAIT_SECONDS) {
    await setTimeout3(1e3);
    const waits2 = await control.call("sync-wait", [], 10).catch((error) => {
      if (!(error instanceof ActionError)) throw error;
      return false;
    });
    seconds = waits2 ? seconds + 1 : 0;
  }
  return !work.done;
}
function waits(version, syncs) {
  const calls = [...new Set(syncs.flatMap(({ call: call2 }) => call2 ?? []))];
  const whom = calls.length === 0 ? "" : ` that ${calls.join(", ")} gives`;
  return new StepError({
    id: "rehearsal-sync-nodes",
    message: `While ${version} is installed, release_handler waits at sync_nodes for nodes${whom}, which do not come to the same instruction: it would wait for ever.`,
    remedy: "Set `rehearse-cluster: true`, so that two connected nodes are upgraded at the same time, and have the function give only nodes that are connected. Or take sync_nodes out of the appup, and keep what the nodes send each other compatible."
  });
}

// src/rehearsal/install-step.ts
async function unpackVersion(lane, upgradePackage, { runs: runs2, together = [] }) {
  const context = lane.nodeContext(upgradePackage);
  await putPackage(context);
  await unpack(context);
  await verifyUnpacked({ ...context, runsFrom: lane.context.upFrom.root }, runs2);
  await configure(context);
  await renameSyncs(lane, together);
  await checkInstall(context, runs2);
  return context;
}
async function installVersion({
  lane,
  step,
  context,
  version
}) {
  const before = await readNodeState(context.control);
  await context.control.call("trace-suspensions");
  const printed = lane.running.log.length;
  const started = performance.now();
  const answer = await installInSync(lane, context, version);
  const seconds = (performance.now() - started) / 1e3;
  const after = await settled(context);
  lane.context.recorder.installations[step] = { seconds, ...await suspensions(context) };
  if (after === void 0) throw died(lane, { step, version, printed }, answer);
  if (after.instance !== before.instance || after.osPid !== before.osPid) {
    const reason = reasonIn(lane, printed);
    throw new StepError({
      id: "rehearsal-node-restarted",
      message: `The node restarted its system while ${version} was installed${reason}; that is not a hot upgrade.`,
      remedy: remedyFor2(
        reason,
        "After the point of no return release_handler restarts on any error: see the crash report in the node's log, which is in the details."
      ),
      details: lastLines(lane),
      ...codeOf(lane, reason)
    });
  }
  if (answer.kind === "refused" || answer.kind === "unknown")
    throw await refused({ lane, step, version, options: answer });
}
async function suspensions({ control }) {
  try {
    const { processes: processes2, microseconds } = await control.call("suspensions", [], 10);
    return { suspended: { processes: processes2, longestSeconds: microseconds / 1e6 } };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return {};
  }
}
async function settled(context) {
  const deadline = performance.now() + 1e3 * context.watchSeconds;
  while (await isAlive(context.node.pid)) {
    const snapshot = await readNodeState(context.control, 15).catch((error) => {
      if (!(error instanceof ActionError)) throw error;
      return void 0;
    });
    if (snapshot?.status === "started" && snapshot.releases !== null) return snapshot;
    if (performance.now() > deadline)
      throw new ActionError("The node did not settle after the installation.");
    await setTimeout4(100);
  }
  return void 0;
}
function died(lane, { step, version, printed }, answer) {
  const told2 = "error" in answer ? ` (${answer.error.message})` : "";
  const reason = reasonIn(lane, printed);
  return new StepError({
    id: "rehearsal-node-died",
    message: `The node died during the step "${step}", while ${version} was installed${reason || told2}.`,
    remedy: remedyFor2(
      reason,
      "After the point of no return release_handler restarts the emulator on any error, and a node in production would boot its permanent release with all state and connections lost: see the crash report in the node's log, which is in the details."
    ),
    details: lastLines(lane),
    ...codeOf(lane, reason)
  });
}
async function refused({
  lane,
  step,
  version,
  options
}) {
  const { error } = options;
  const { oldProcesses } = await lane.observe();
  const holders = oldProcesses.map(({ module, processes: processes2 }) => `${module}: ${processes2.join(", ")}`);
  const who = holders.length === 0 ? "" : ` Old code is held by: ${holders.join("; ")}.`;
  return new StepError(
    {
      id: "rehearsal-refused",
      message: `release_handler did not install ${version} (step "${step}"): ${error.message}${who}`,
      remedy: error.remedy ?? "Correct the appup; the answer is in the details.",
      details: [error.details ?? "", lastLines(lane)].join("\n")
    },
    error
  );
}
function lastLines(lane) {
  return lane.running.log.slice(-100).join("\n");
}

// src/rehearsal/lane.ts
import { join as join54 } from "node:path";

// src/rehearsal/scratch/epmd.ts
import { createServer, connect } from "node:net";
import { mkdir as mkdir10 } from "node:fs/promises";
import { join as join52 } from "node:path";
import { setTimeout as setTimeout5 } from "node:timers/promises";
var ATTEMPTS = 5;
async function startEpmd({
  program,
  folder,
  lifetimeSeconds,
  everywhere
}) {
  const cwd = join52(folder, "epmd");
  await mkdir10(cwd, { recursive: true, mode: 448 });
  const address = everywhere ? [] : ["-address", "127.0.0.1"];
  let failure;
  for (let attempt2 = 0; attempt2 < ATTEMPTS; attempt2++) {
    const port = await freePort();
    const ended3 = run(program, ["-port", String(port), ...address], {
      cwd,
      env: { ERL_EPMD_ADDRESS: void 0, ERL_EPMD_PORT: void 0 },
      timeoutSeconds: lifetimeSeconds
    }).then(
      () => new ActionError("it ended"),
      (error) => error
    );
    failure = await Promise.race([ended3, answers(port)]);
    if (failure === void 0) return { port, stop: () => endProcessesBelow(cwd) };
    endProcessesBelow(cwd);
  }
  throw new ActionError(`epmd could not be started for the rehearsal: ${errorMessage(failure)}`, {
    remedy: "Use an Erlang/OTP installation with epmd, as erlef/setup-beam installs it."
  });
}
function freePort() {
  return new Promise((resolve9, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve9(typeof address === "object" ? address?.port ?? 0 : 0));
    });
  });
}
async function answers(port) {
  const deadline = performance.now() + 1e4;
  while (performance.now() < deadline) {
    if (await accepts(port)) return void 0;
    await setTimeout5(20);
  }
  return new ActionError("it accepts no connections.");
}
function accepts(port) {
  return new Promise((resolve9) => {
    const socket = connect(port, "127.0.0.1").once("connect", () => {
      socket.destroy();
      resolve9(true);
    }).once("error", () => resolve9(false));
  });
}

// src/rehearsal/compare/observation.ts
import { randomUUID } from "node:crypto";
import { rm as rm6, writeFile as writeFile9 } from "node:fs/promises";
import { join as join53 } from "node:path";
async function observeNode({
  control,
  request,
  folder,
  timeoutSeconds = 60
}) {
  const { oldCode: oldCode2, oldFolders, asksInit } = request;
  const file = join53(folder, `old-code-${randomUUID()}`);
  const lines = Object.entries(oldCode2).map(([module, md5]) => `${module} ${md5}
`);
  await writeFile9(file, lines.join(""));
  try {
    const paths = ["", ...Object.entries(oldFolders).map(([application2, path]) => `${application2} /${path}`)];
    const args = [file, String(asksInit), `${paths.join("\n")}
`];
    const told2 = await control.call("observe", args, timeoutSeconds);
    return { ...told2, modules: await control.code.addTo(told2.modules) };
  } finally {
    await rm6(file, { force: true });
  }
}

// src/rehearsal/lane.ts
var OBSERVATION_SECONDS = 60;
var Lane = class _Lane {
  constructor(context, name, place) {
    this.context = context;
    this.name = name;
    this.place = place;
  }
  context;
  name;
  place;
  node;
  boots = 0;
  /** The installed root. */
  get root() {
    return this.place.root;
  }
  /** @param name also the name of its folder */
  static async open(context, name, identity = context.identity) {
    const { upFrom, environment, folder } = context;
    const own = upFrom.includesErts ? join54(upFrom.root, `erts-${upFrom.erts}`, "bin", "epmd") : "epmd";
    const place = join54(folder, name);
    const epmd = await startEpmd({
      program: own,
      folder: place,
      lifetimeSeconds: lifetime(context),
      everywhere: identity.nodeName === "keep"
    });
    return new _Lane(context, name, { root: join54(place, "root"), epmd, identity, environment });
  }
  /** A lane whose node can find this one's. */
  beside(name, who) {
    const root = join54(this.context.folder, name, "root");
    return new _Lane(this.context, name, { ...this.place, ...who, root });
  }
  /** Boots what the root would boot next. @throws {BootError} */
  async boot() {
    const { options, manifest, folder, upFrom } = this.context;
    const { identity, environment, epmd } = this.place;
    this.boots += 1;
    this.node = await bootScratchNode({
      erlang: options.erlang,
      root: this.root,
      name: manifest.name,
      releases: [manifest, ...manifest.upFrom],
      identity,
      epmd,
      environment,
      folder: join54(folder, this.name, "own"),
      logFile: join54(options.logFolder, `${upFrom.version}-${this.name}-${this.boots}.log`),
      bootSeconds: this.context.remaining(),
      lifetimeSeconds: lifetime(this.context)
    });
    return this.node;
  }
  get running() {
    if (this.node === void 0) throw new Error("no node was booted");
    return this.node;
  }
  /** Whether a node was booted, and not ended by us. */
  get isOpen() {
    return this.node !== void 0;
  }
  observe(wishes = {}) {
    const request = { oldCode: {}, oldFolders: {}, asksInit: false, ...wishes };
    return observeNode({
      control: this.running.control,
      request,
      folder: join54(this.context.folder, this.name),
      timeoutSeconds: OBSERVATION_SECONDS
    });
  }
  /** What the steps of src/node/release-handler.ts work with. */
  nodeContext(upgradePackage) {
    const { options, manifest, folder } = this.context;
    const { control, process: process2 } = this.running;
    const seconds = this.context.remaining();
    return {
      erlang: options.erlang,
      deployRoot: process2.deployRoot,
      upgradePackage,
      manifest,
      privateFolder: join54(folder, this.name),
      control,
      node: process2,
      stepSeconds: seconds,
      watchSeconds: seconds
    };
  }
  /** Ends the node and epmd at once. */
  close() {
    this.node?.end();
    this.node = void 0;
    this.place.epmd.stop();
  }
};
function lifetime(context) {
  return context.remaining() + 30 + (context.options.keep?.seconds ?? 0);
}

// src/rehearsal/other-lanes.ts
async function mayRunBeside({ running: running2 }, { distributionPort }) {
  const listeners = await listenersOf(running2.process.pid);
  return listeners?.every((listener) => listener === `tcp ${distributionPort}`) ?? false;
}
async function coldBoot(context, name) {
  const lane = await Lane.open(context, name);
  try {
    await installNew(context, lane.root);
    await lane.boot();
    return await lane.observe();
  } finally {
    lane.close();
  }
}
var OLDEST_MS = 2e4;
async function laterLook(context, side, uptime) {
  if (context.remaining() <= 1) return void 0;
  const lane = await Lane.open(context, `later-${side}`);
  try {
    await (side === "upFrom" ? installRelease(context.upFrom, lane.root) : installNew(context, lane.root));
    await lane.boot();
    const { uptime: now } = await lane.observe();
    const wait2 = Math.min(uptime, OLDEST_MS, 1e3 * (context.remaining() - 1)) - now;
    if (wait2 > 0) await setTimeout6(wait2);
    return await lane.observe({ asksInit: true });
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    debug(`the later look: ${error.message}`);
    return void 0;
  } finally {
    lane.close();
  }
}
function installNew({ options }, root) {
  return options.full === void 0 ? installRelease({ root: options.release.root }, root) : unpackPackage(options.full, root);
}
async function upgradeByFullPackage(context, full, name) {
  const lane = await Lane.open(context, name);
  try {
    await installRelease(context.upFrom, lane.root);
    await lane.boot();
    const unpacked = await unpackVersion(lane, full, { runs: context.upFrom.version });
    await installVersion({
      lane,
      step: "full package",
      context: unpacked,
      version: unpacked.manifest.version
    });
    return await lane.observe();
  } finally {
    lane.close();
  }
}

// src/rehearsal/compare/child-findings.ts
function restartOther(application2) {
  const after = "[{'after', [{restart_application, Other}]}]";
  return `Have the application that does it (Other) started anew after it: {${application2}, [{strategy, restart}, {up, ${after}}, {down, ${after}}]}. in relup.config; or call its function there: {apply, {Module, Function, Args}}.`;
}
var OWN_CALL = "in an appup of your own: {apply, {Module, Function, Args}}";
function childText(difference3, { when, direction }, corrections) {
  const base = { id: "rehearsal-supervision", check: "supervision" };
  const { kind, subject, child, detail = "", listed, unchanged } = difference3;
  if (kind === "child-renamed") return { ...base, ...renamed(difference3, when) };
  if (kind === "child-missing" && difference3.restarted === true && listed !== true)
    return { ...base, ...lostByRestart(difference3, when) };
  if (kind === "child-missing" && difference3.existed === true && (listed === false || unchanged === true))
    return { ...base, ...ended(difference3, when) };
  if (listed === false) return { ...base, ...startedAtRunTime(difference3, when) };
  if (unchanged === true) return { ...base, ...ofUnchanged(difference3, when) };
  const where2 = `the ${direction === "up" ? "first" : "second"} list of the appup of ${child?.application ?? ""}`;
  const instructions = corrections.map(({ instruction }) => instruction).join(", ");
  const unnamed = `Register its supervisor under a name, so that an appup can reach it.`;
  if (kind === "child-changed") {
    return {
      ...base,
      severity: "error",
      message: `The child ${subject} has another specification ${when} than when the release boots: ${detail}.`,
      remedy: `Add {update, ${child?.supervisor.callback ?? "Supervisor"}, supervisor} to ${where2}.`
    };
  }
  return kind === "child-missing" ? {
    ...base,
    severity: "error",
    message: `The child ${subject} does not run ${when}, but does when the release boots.`,
    remedy: instructions === "" ? unnamed : `Add at the end of ${where2}: ${instructions}.`
  } : {
    ...base,
    severity: "error",
    message: `The child ${subject} is still there ${when}, but is not when the release boots.`,
    remedy: instructions === "" ? unnamed : `Add at the beginning of ${where2}: ${instructions}.`
  };
}
function renamed({ subject, detail = "", child }, when) {
  const module = child?.child.spec?.start.split(":")[0] ?? "its module";
  return {
    severity: "error",
    message: `The child ${subject} is ${detail} when the release boots: whoever calls it by that name finds nobody ${when}.`,
    remedy: renameRemedy(module)
  };
}
function renameRemedy(module) {
  return `Register it in code_change of ${module}, which runs in the process: unregister(Old), register(New, self()), and the other way round with {down, Vsn}; or stop and start it in the appup; or keep the old name. Where the code is not yours, {Application, [{strategy, restart}]}. in relup.config starts it anew.`;
}
function lostByRestart({ subject, application: application2 = "" }, when) {
  return {
    severity: "error",
    message: `The child ${subject} does not run ${when}: ${application2} was started anew, and what had started the child there goes on, and does not do it again.`,
    remedy: restartOther(application2)
  };
}
function ended({ subject }, when) {
  return {
    severity: "error",
    message: `The child ${subject} does not run ${when}, and did before: it ended in the step, and nothing started it again.`,
    remedy: "Look at its crash report in the node's log; most often its code was exchanged while it ran, and code_change does not convert its state."
  };
}
function startedAtRunTime({ kind, subject, detail = "" }, when) {
  if (kind === "child-missing") {
    return {
      severity: "error",
      message: `The child ${subject} does not run ${when}, but is started at run time when the release boots: init/1 of its supervisor does not list it.`,
      remedy: `An upgrade does not run what starts it, such as start/2: call that ${OWN_CALL}.`
    };
  }
  return kind === "child-changed" ? {
    severity: "warning",
    message: `The child ${subject} goes on ${when} as it was started at run time, by start/2 or another process; a boot of the release starts it otherwise: ${detail}.`,
    remedy: `If it needs that, stop it and start it again ${OWN_CALL}.`
  } : {
    severity: "warning",
    message: `The child ${subject} goes on ${when}: it was started at run time, by start/2 or another process, which a boot of the release does not do.`,
    remedy: `If it must end, end it ${OWN_CALL}.`
  };
}
function ofUnchanged({ kind, subject, detail = "", application: application2 = "" }, when) {
  const why = `${application2} itself stays as it is, so its configuration or its callers have changed`;
  if (kind === "child-missing") {
    return {
      severity: "error",
      message: `The child ${subject} does not run ${when}, but does when the release boots; ${why}.`,
      remedy: `Start it ${OWN_CALL}.`
    };
  }
  return {
    severity: "warning",
    message: kind === "child-changed" ? `The child ${subject} has another specification ${when} than when the release boots (${detail}); ${why}.` : `The child ${subject} is still there ${when}, but is not when the release boots; ${why}.`,
    remedy: `If that matters, stop it and start it again ${OWN_CALL}; or restart the node when it suits.`
  };
}
function correctionsOf(difference3, compared) {
  const { kind, child, specified, listed, unchanged, restarted: restarted2 } = difference3;
  if (child === void 0 || child.supervisor.name === null) return [];
  if (listed === false || unchanged === true || restarted2 === true) return [];
  const upFrom = compared.upFromApplications[child.application];
  if (upFrom === void 0) return [];
  const base = { application: child.application, upFrom, direction: compared.direction };
  if (kind === "child-left") {
    return ["terminate_child", "delete_child"].map((name) => ({
      ...base,
      position: "first",
      instruction: call(name, child)
    }));
  }
  if (kind !== "child-missing") return [];
  const update = `{update,${child.supervisor.callback ?? ""},supervisor}`;
  const instructions = [
    ...specified === true || child.supervisor.callback === null ? [] : [update],
    call("restart_child", child)
  ];
  return instructions.map((instruction) => ({ ...base, position: "last", instruction }));
}
function call(name, { supervisor, child }) {
  return `{apply,{supervisor,${name},[${supervisor.name ?? ""},${child.id}]}}`;
}

// src/rehearsal/compare/difference-findings.ts
function findingOf2(difference3, compared) {
  const corrections = correctionsOf(difference3, compared);
  const { id, check, severity, message, remedy } = describe3(difference3, compared, corrections);
  const application2 = difference3.application;
  return {
    finding: {
      id,
      severity,
      message,
      step: compared.step,
      check,
      ...application2 === void 0 ? {} : { application: application2 },
      ...difference3.kind.startsWith("module") ? { module: difference3.subject } : {},
      ...remedy === void 0 ? {} : { remedy }
    },
    corrections
  };
}
function describe3(difference3, compared, corrections) {
  const { kind } = difference3;
  if (kind.startsWith("module")) return moduleText(difference3, compared);
  if (kind.startsWith("application")) return applicationText(difference3, compared);
  if (kind.startsWith("environment")) return environmentText(difference3, compared);
  if (kind.startsWith("child")) return childText(difference3, compared, corrections);
  if (kind.startsWith("remains")) return remainsText(difference3, compared);
  if (kind === "registered-renamed") {
    const { subject, detail = "" } = difference3;
    return {
      id: "rehearsal-registered-name",
      check: "processes",
      severity: "error",
      message: `Processes of ${subject} are ${detail} when the release boots: whoever calls them by that name finds nobody ${compared.when}.`,
      remedy: renameRemedy(subject)
    };
  }
  if (difference3.existed === true) {
    return {
      id: "rehearsal-registered-name",
      check: "processes",
      severity: "error",
      message: `The process registered as ${difference3.subject} is lost ${compared.when}: it was there before, and is when the release boots.`,
      remedy: "Look for its crash report in the node's log; most often it called a function that is gone, or code_change does not convert its state."
    };
  }
  return {
    id: "rehearsal-registered-name",
    check: "processes",
    severity: "warning",
    message: kind === "registered-missing" ? `No process is registered as ${difference3.subject} ${compared.when}, but one is when the release boots.` : `A process is still registered as ${difference3.subject} ${compared.when}, but none is when the release boots.`,
    remedy: "Start or stop it in the appup ({apply, {Module, Function, Args}}), or in code_change."
  };
}
function moduleText({ kind, subject, application: application2 }, { when, direction }) {
  const base = { id: "rehearsal-code", check: "code", severity: "error" };
  const of = application2 === void 0 ? "" : ` of ${application2}`;
  const where2 = `the ${direction === "up" ? "first" : "second"} list of its appup`;
  if (kind === "module-left") {
    return {
      ...base,
      message: `Module ${subject}${of} is still loaded ${when}, but the release has no such module.`,
      remedy: `Add {delete_module, ${subject}} to ${where2}.`
    };
  }
  const instruction = kind === "module-not-loaded" && direction === "up" ? "add_module" : "load_module";
  return {
    ...base,
    message: kind === "module-differs" ? `Module ${subject}${of} runs other code ${when} than the release has.` : `Module ${subject}${of} is not loaded ${when}, but is when the release boots.`,
    remedy: `Add {${instruction}, ${subject}}, or {update, ${subject}, {advanced, []}} for a process with state, to ${where2}.`
  };
}
function applicationText({ kind, subject, detail }, compared) {
  const { when, upFromApplications } = compared;
  if (kind === "application-type") {
    return {
      id: "rehearsal-start-type",
      check: "applications",
      severity: "warning",
      message: `The start type of ${subject} is ${detail ?? ""} ${when}: an application keeps the one that it was started with.`,
      remedy: `Restart the node when it suits, or stop and start ${subject} in an appup: {apply, {application, stop, [${subject}]}}, {apply, {application, start, [${subject}, Type]}}.`
    };
  }
  const base = { id: "rehearsal-application", check: "applications", severity: "error" };
  if (kind === "application-version") {
    return {
      ...base,
      message: `Application ${subject} has version ${detail ?? ""} ${when}.`,
      remedy: `Give ${subject} an appup between these versions.`
    };
  }
  return kind === "application-missing" ? {
    ...base,
    message: `Application ${subject} does not run ${when}, but does when the release boots.`,
    remedy: `Look at the node's log for why it stopped; ${subject in upFromApplications ? `{apply, {application, start, [${subject}, permanent]}}` : `{add_application, ${subject}}`} in an appup starts it.`
  } : {
    ...base,
    message: `Application ${subject} still runs ${when}, but does not when the release boots.`,
    remedy: `Add {remove_application, ${subject}} to an appup.`
  };
}
function environmentText({ kind, subject, configured }, { when }) {
  const base = { id: "rehearsal-environment", check: "environment" };
  if (configured === true) {
    return {
      ...base,
      severity: "error",
      message: kind === "environment-missing" ? `The environment lacks ${subject} ${when}, which sys.config or the application sets when the release boots.` : `The environment has another value of ${subject} ${when} than when the release boots.`,
      remedy: "Look at sys.config of the new release: it must be one list of {Application, [{Key, Value}]}. What another file sets (-config in vm.args) is lost in an upgrade: write it into sys.config."
    };
  }
  return {
    ...base,
    severity: "warning",
    message: kind === "environment-left" ? `The environment keeps ${subject} ${when}, which is not set when the release boots.` : `${subject} is not set ${when}, but the release sets it at run time when it boots.`,
    remedy: "An upgrade sets the environment back to what the files say; set such values again in code_change or config_change/3."
  };
}
function remainsText({ kind, subject, detail, application: application2, need, restarted: restarted2 }, { when }) {
  const base = { id: "rehearsal-start-code", check: "processes", severity: "warning" };
  const of = application2 === void 0 ? "" : ` (${application2})`;
  if (kind === "remains-missing" && restarted2 === true) {
    return {
      ...base,
      severity: need === void 0 ? "warning" : "error",
      message: `The ${subject}${of} is missing ${when}, but is there when the release boots: ${application2 ?? ""} was started anew, and what had made it there goes on, and does not do it again.`,
      remedy: restartOther(application2 ?? "Application")
    };
  }
  if (need !== void 0) {
    return {
      ...base,
      severity: "error",
      message: `The ${subject} is missing ${when}, and ${need.function} fails without it (${need.call}): what makes it runs at a start only, and an upgrade starts nothing anew.`,
      remedy: `Make it in code_change, or by a function that the appup calls: {apply, {Module, Function, Args}}. Where the code is not yours, {${need.application}, [{strategy, restart}]}. in relup.config stops ${need.application} and starts it anew; what it keeps in memory is lost then.`
    };
  }
  if (kind === "remains-left") {
    return {
      ...base,
      message: `The ${subject}${of} is still there ${when}, but is not when the release boots.`,
      remedy: "Remove it in an appup of your own ({apply, {Module, Function, Args}}) or in code_change, if it is in the way."
    };
  }
  return {
    ...base,
    message: kind === "remains-missing" ? `The ${subject}${of} is missing ${when}, but is there when the release boots: an upgrade runs neither start/2 nor init/1.` : `The ${subject}${of} is otherwise ${when} than when the release boots (${detail ?? ""}): an upgrade runs neither start/2 nor init/1.`,
    remedy: kind === "remains-differs" && subject.startsWith("ETS table ") ? "What a table is made with cannot be changed later. In code_change of its owner make another one as init/1 does, copy the rows (ets:insert(New, ets:tab2list(Old))), delete the old one, and give the new one its name (ets:rename/2); or stop and start the owner in the appup." : "Make it in code_change, or by a function that the appup calls: {apply, {Module, Function, Args}}. Where the code is not yours, {Application, [{strategy, restart}]}. in relup.config stops the application and starts it anew."
  };
}

// src/rehearsal/compare/compare.ts
async function compareSteps(context, seen, others) {
  const told2 = /* @__PURE__ */ new Set();
  const looks = new Looks(context);
  for (const direction of ["up", "down"]) {
    const steps = [...comparisons(seen, others)].filter((one) => one.direction === direction);
    const uptime = Math.max(...steps.map(({ found }) => found.uptime));
    const later = await looks.ifNeeded({ direction, steps, asksFor: dependsOnTime, uptime });
    const again = steps.map((compared) => ({ ...compared, later }));
    const isLeft = ({ kind }) => kind === "child-left";
    const otherLater = await looks.ifNeeded({
      direction: direction === "up" ? "down" : "up",
      steps: again,
      asksFor: isLeft,
      uptime
    });
    for (const compared of again) await compareStep(context, { ...compared, otherLater }, told2);
  }
}
var Looks = class {
  constructor(context) {
    this.context = context;
  }
  context;
  taken = /* @__PURE__ */ new Map();
  /** @param direction of the step that leads to the release which is looked at */
  async ifNeeded({
    direction,
    steps,
    asksFor,
    uptime
  }) {
    const isNeeded = steps.some((compared) => differencesIn(this.context, compared).some(asksFor));
    if (!isNeeded) return void 0;
    const look2 = this.taken.get(direction) ?? laterLook(this.context, direction === "up" ? "release" : "upFrom", uptime);
    this.taken.set(direction, look2);
    return look2;
  }
};
async function compareStep(context, compared, told2) {
  const { step, direction } = compared;
  context.recorder.note(step, "code", "applications", "environment", "supervision");
  const differences = differencesIn(context, compared).filter(
    // The same fault shows after every upgrade.
    ({ kind, subject }) => !told2.has(`${direction} ${kind} ${subject}`)
  );
  for (const difference3 of await withNeeds(context, direction, differences)) {
    told2.add(`${direction} ${difference3.kind} ${difference3.subject}`);
    tell(context, compared, difference3);
  }
  noteTrees(context, compared, differences);
}
function differencesIn({ manifest, upFrom }, compared) {
  const release = compared.direction === "up" ? manifest : upFrom;
  const earlier = compared.direction === "up" ? upFrom : manifest;
  const types = new Map(earlier.applications.map((one) => [one.name, one.type]));
  const isTold = ({ kind, subject }) => kind === "application-type" && types.get(subject) === compared.found.types[subject];
  const isLost = ({ kind }) => compared.losesConfig === true && kind.startsWith("environment");
  return compareNodes({ ...compared, release }).filter(
    (difference3) => !isTold(difference3) && !isLost(difference3)
  );
}
function* comparisons(seen, { cold, byFullPackage }) {
  const { booted, beforeUpgrade, upgraded, downgraded, upgradedAgain, restarted: restarted2, relup } = seen;
  const { losesConfig = false } = seen;
  if (booted === void 0 || beforeUpgrade === void 0) return;
  const up = { direction: "up", bootedAgain: restarted2, other: booted, script: relup?.up };
  if (cold !== void 0 && upgraded !== void 0) {
    yield { step: "upgrade", ...up, found: upgraded, booted: cold, before: beforeUpgrade };
  }
  if (upgraded !== void 0 && downgraded !== void 0) {
    const down = { direction: "down", other: cold ?? upgraded, script: relup?.down, losesConfig };
    yield { step: "downgrade", ...down, found: downgraded, booted, before: upgraded };
  }
  if (cold !== void 0 && downgraded !== void 0 && upgradedAgain !== void 0) {
    yield { step: "upgrade again", ...up, found: upgradedAgain, booted: cold, before: downgraded };
  }
  if (cold !== void 0 && byFullPackage !== void 0) {
    yield { step: "full package", ...up, found: byFullPackage, booted: cold, before: booted };
  }
}
function tell(context, { step, direction }, difference3) {
  const { recorder, upFrom, manifest } = context;
  const when = direction === "up" ? `after the upgrade to ${manifest.version}` : `after the downgrade to ${upFrom.version}`;
  const upFromApplications = Object.fromEntries(
    upFrom.applications.map(({ name, version }) => [name, version])
  );
  const { finding: finding2, corrections } = findingOf2(difference3, { step, direction, when, upFromApplications });
  recorder.add(finding2);
  recorder.corrections.push(...corrections);
}
function noteTrees({ recorder }, { step, found, booted }, differences) {
  const applications = differences.flatMap(
    ({ kind, application: application2 }) => kind.startsWith("child") && application2 !== void 0 ? [application2] : []
  );
  for (const application2 of new Set(applications)) {
    const [is, should] = [found, booted].map((node) => treeText(node.trees[application2]));
    recorder.trees.push({ step, application: application2, found: is ?? "", booted: should ?? "" });
  }
}
function treeText(top, indent = "") {
  if (top === void 0) return "";
  const count = top.kind === "dynamic" ? ` (${top.count ?? 0} children)` : "";
  const lines = [...top.children ?? []].reverse().map(
    ({ id, process: process2 }) => process2 === null ? `${indent}  ${id} (not running)` : `${indent}  ${id}: ${treeText(process2, `${indent}  `)}`
  );
  return [`${top.name ?? top.callback ?? "process"}${count}`, ...lines].join("\n");
}

// src/rehearsal/compare/tree-changes.ts
function treeChanges({
  beforeUpgrade,
  upgraded
}, { upFrom, release }) {
  if (beforeUpgrade === void 0 || upgraded === void 0) return [];
  const changed2 = new Set(compareReleases(upFrom, release).changed.flatMap(({ modules }) => modules.changed));
  const [old, now] = [beforeUpgrade.trees, upgraded.trees];
  const names2 = [.../* @__PURE__ */ new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (name) => !RUNTIME.includes(name)
  );
  return names2.sort().map((application2) => {
    const [before, after] = [old[application2], now[application2]];
    const top = after ?? before;
    const name = top?.name ?? top?.callback ?? application2;
    return { application: application2, top: changeOf2({ name, module: void 0, before, after }, changed2) };
  }).filter(({ top }) => isTouched(top));
}
function changeOf2(pair, changed2) {
  const { name, before, after } = pair;
  return {
    name,
    kind: (after ?? before)?.kind ?? "worker",
    fate: fateOf(pair, changed2),
    children: childPairs(before, after).map((child) => changeOf2(child, changed2))
  };
}
function fateOf({ module, before, after }, changed2) {
  if (after === void 0) return "ended";
  if (before === void 0) return "started";
  if (before.pid !== after.pid) return "restarted";
  const modules = [module, after.callback ?? void 0, before.callback ?? void 0];
  return modules.some((one) => one !== void 0 && changed2.has(one)) ? "new code" : "kept";
}
function childPairs(before, after) {
  const [old, now] = [before, after].map((process2) => byKey(process2?.children ?? []));
  const keys = [.../* @__PURE__ */ new Set([...now?.keys() ?? [], ...old?.keys() ?? []])];
  return keys.flatMap((key2) => {
    const [was, is] = [old?.get(key2), now?.get(key2)];
    const [first, then] = [was?.process ?? void 0, is?.process ?? void 0];
    if (first === void 0 && then === void 0) return [];
    const child = is ?? was;
    return [{ name: child?.id ?? "", module: child?.spec?.module, before: first, after: then }];
  });
}
function byKey(children) {
  return new Map([...children].reverse().map((child) => [child.key, child]));
}
function isTouched({ fate, children }) {
  return fate !== "kept" || children.some(isTouched);
}

// src/rehearsal/attempt.ts
function attemptWith(context, isExpired) {
  const { recorder, options } = context;
  return async (work) => {
    try {
      await work();
    } catch (error) {
      const step = recorder.failedStep;
      if (isExpired()) {
        recorder.add({
          id: "rehearsal-timeout",
          severity: "error",
          step,
          check: "done",
          message: `The rehearsal did not end within ${options.timeoutSeconds} seconds; it was ended in the step "${step}".`,
          remedy: "Set `rehearse-timeout` to more, or see in the log of the node what takes so long."
        });
        return;
      }
      if (!(error instanceof ActionError)) throw error;
      addFailure(context, step, error);
    }
  };
}
function addFailure({ recorder }, step, error) {
  const { check = "done", id, message, remedy, details, application: application2, module } = findingOf3(step, error);
  recorder.add({
    ...{ id, severity: "error", step, check, message },
    ...defined({ remedy, details, application: application2, module })
  });
}
function findingOf3(step, error) {
  if (error instanceof StepError) return error.finding;
  const { message, remedy, details } = error;
  if (!(error instanceof BootError)) return { id: "rehearsal-refused", message, remedy, details };
  return {
    id: "rehearsal-not-bootable",
    message: step === "restart" ? `The node did not start again after the upgrade was made permanent: ${message}` : `The new release does not boot by itself: ${message}`,
    remedy: remedy ?? "Start the package on a clean machine; the node's output is in the details.",
    details
  };
}

// src/rehearsal/main-lane.ts
import { join as join56 } from "node:path";

// src/rehearsal/check-command.ts
import { join as join55 } from "node:path";
async function runCheck(check) {
  const { command, cwd, folder, stage, node, timeoutSeconds } = check;
  const env = {
    ...node.environment,
    HOME: process.env["HOME"] ?? node.environment["HOME"] ?? "/",
    RELUP_STAGE: stage,
    RELUP_ROOT: node.process.deployRoot,
    RELUP_NAME: check.name,
    RELUP_UP_FROM: check.upFrom,
    RELUP_VERSION: check.version,
    RELUP_RUNNING: check.runs,
    RELUP_NODE: node.process.nodeName,
    RELUP_COOKIE: node.process.cookie,
    RELUP_PID: String(node.process.pid),
    ...check.other === void 0 ? {} : variablesOf(check.other)
  };
  try {
    await runUserCommand({
      command,
      cwd,
      scriptFile: join55(folder, `check-${stage}.sh`),
      env,
      timeoutSeconds,
      onLine: (line) => info(neutralise(line))
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const where2 = check.other === void 0 ? "" : ` on the node that runs ${check.runs}`;
    throw new ActionError(`The \`check\` command ${error.end.text} at stage ${stage}${where2}.`, {
      remedy: error.remedy ?? "Run it by hand with RELUP_STAGE and the other variables that docs/how-it-works.md lists; its output is in the details.",
      details: error.details ?? error.message,
      cause: error
    });
  }
}
function variablesOf({ node, runs: runs2 }) {
  const { nodeName, deployRoot } = node.process;
  return { RELUP_OTHER_NODE: nodeName, RELUP_OTHER_ROOT: deployRoot, RELUP_OTHER_RUNNING: runs2 };
}

// src/rehearsal/check-stage.ts
async function checkStage({ context, running: node }, { step, stage, runs: runs2, other }) {
  const { options, upFrom, manifest, folder } = context;
  const command = options.check ?? "";
  try {
    if (command.trim() !== "") {
      context.recorder.note(step, "command");
      await runCheck({
        ...{ command, folder, stage, node, runs: runs2, other },
        cwd: options.checkFolder ?? process.cwd(),
        name: manifest.name,
        upFrom: upFrom.version,
        version: manifest.version,
        timeoutSeconds: context.remaining()
      });
    }
    await options.onStage?.(stage, node, node.control);
  } catch (error) {
    const { remedy, details } = error instanceof ActionError ? error : {};
    throw new StepError(
      { id: "rehearsal-check", check: "command", message: errorMessage(error), remedy, details },
      error
    );
  }
}

// src/rehearsal/compare/left-behind.ts
function pathFindings(step, { oldPaths }) {
  if (step !== "upgrade") return [];
  return oldPaths.map(({ application: application2, holder }) => ({
    id: "rehearsal-old-path",
    severity: "warning",
    step,
    check: "processes",
    application: application2,
    message: `After the step "${step}" the ${holder} keeps a path into the old folder of ${application2}: it goes on with the files there, e.g. in priv, which are removed with the old release.`,
    remedy: `Ask for it each time it is used (code:priv_dir(${application2}), code:lib_dir(${application2})), or take the new one in code_change.`
  }));
}
function callbackFindings({
  step,
  before,
  changed: changed2,
  script: { suspends, waits: waits2 }
}) {
  if (step !== "upgrade") return [];
  return [...childrenOf(before).values()].flatMap((one) => {
    const named2 = namedOf(one);
    const isWaiting = (module) => waits2[module]?.some((other) => named2.includes(other)) === true;
    const modules = unnamedOf(one).filter(
      (module) => changed2.includes(module) && suspends.includes(module) && !isWaiting(module)
    );
    return modules.map((module) => ({
      id: "rehearsal-callback-module",
      severity: "warning",
      step,
      check: "processes",
      application: one.application,
      module,
      message: `The process ${one.place} runs the callback module ${module}, which changes, but its child specification does not name it (modules => ${one.child.spec?.options["modules"] ?? one.child.process?.spec?.options["modules"] ?? "[\u2026]"}): the upgrade neither suspends it nor calls code_change for it.`,
      remedy: `Name every callback module that the process may run in its child specification (modules => [${module}, \u2026]; a gen_event says dynamic). What runs already keeps its specification until it is started anew, so stop and start it in the appup, or ship the specification one version before.`
    }));
  });
}
function dynamicFinding(node, { up, down }) {
  const asks = [up, down].some(({ suspends, stops }) => suspends.length > 0 || stops.length > 0);
  if (!asks) return void 0;
  const isWrong = ({ child }) => isDynamic(child.spec) || isDynamic(child.process?.spec);
  const one = [...childrenOf(node).values()].find((one2) => isWrong(one2) && unnamedOf(one2).length > 0);
  if (one === void 0) return void 0;
  return {
    id: "rehearsal-callback-module",
    severity: "error",
    check: "processes",
    application: one.application,
    message: `The child specification of ${one.place} says modules => dynamic, but only a gen_event may: release_handler asks the process for its modules, gets no answer, and restarts the node.`,
    remedy: `Name its callback modules there (modules => [${unnamedOf(one).join(", ")}]). Nodes that run now keep the old specification, so this upgrade takes a restart.`
  };
}
function isDynamic(spec) {
  return spec?.options["modules"] === "dynamic";
}
function namedOf({ child }) {
  const modules = (child.spec ?? child.process?.spec)?.options["modules"] ?? "";
  return modules.replace(/^\[|\]$/g, "").split(/,\s*/);
}
function unnamedOf({ child }) {
  return [...child.unnamed, ...child.process?.unnamed ?? []];
}

// src/rehearsal/compare/survival.ts
function survivalFindings(survival) {
  return [...restarted(survival), ...heldCode(survival.step, survival.after)];
}
function restarted(survival) {
  const { script: script2, isQuiet = false } = survival;
  const all = lost(survival);
  return isQuiet && script2.applies.length > 0 ? ended2(all, survival) : all.map((one) => died2(one, survival.step));
}
function lost({ before, after, script: script2 }) {
  const now = childrenOf(after);
  const known = pidsOf(before);
  const alive = pidsOf(after);
  const reported = /* @__PURE__ */ new Set();
  return [...childrenOf(before)].flatMap(([path, was]) => {
    const is = now.get(path);
    const pid = was.child.process?.pid;
    if (pid === void 0 || is === void 0 || alive.has(pid) || hasEnded2(was, is)) return [];
    if (known.has(is.child.process?.pid)) return [];
    if (isPlanned(was, script2)) reported.add(path);
    const isBelowReported = reported.has(parentPath(path));
    reported.add(path);
    return isBelowReported || isPlanned(was, script2) ? [] : [{ was, is }];
  });
}
function died2({ was, is }, step) {
  return {
    id: "rehearsal-process-died",
    severity: "error",
    step,
    check: "processes",
    application: was.application,
    process: was.place,
    message: `The process ${was.place} died during the step "${step}"${is.child.process === null ? "" : " and was started again, without its state"}.`,
    remedy: "Look at the crash report in the node's log; most often code_change/3 does not convert the state, or the process uses code that is gone."
  };
}
function ended2(all, { step, script: script2 }) {
  const [first] = all;
  if (first === void 0) return [];
  const who = all.length === 1 ? `The process ${first.was.place}` : `${all.length} processes (${some(
    all.map(({ was }) => was.place),
    3
  )})`;
  const calls = script2.applies;
  return [
    {
      id: "rehearsal-process-ended",
      severity: "warning",
      step,
      check: "processes",
      application: first.was.application,
      process: first.was.place,
      message: `${who} ended during the step "${step}", without a crash: what the appup calls has probably ended ${all.length === 1 ? "it" : "them"} (${some(calls, 3)}).`,
      remedy: "If the state of such a process may be lost, there is nothing to do."
    }
  ];
}
function pidsOf(node) {
  return new Set([...childrenOf(node).values()].flatMap(({ child }) => child.process?.pid ?? []));
}
function hasEnded2({ child }, is) {
  const restart = child.spec?.options["restart"];
  return restart === "temporary" || mayEnd(restart) && is.child.process === null;
}
function isPlanned({ application: application2, supervisor, child }, script2) {
  const { stops, stopsApplications, children } = script2;
  return stopsApplications.includes(application2) || child.spec !== null && stops.includes(child.spec.module) || children.some(
    (one) => ["terminate_child", "restart_child", "delete_child"].includes(one.call) && one.supervisor === supervisor.name && one.id === child.id
  );
}
function heldCode(step, after) {
  return [
    ...after.oldProcesses.map(({ module, processes: processes2 }) => ({
      id: "rehearsal-old-code",
      severity: "warning",
      step,
      check: "processes",
      module,
      message: `After the step "${step}" ${processes2.length === 1 ? "a process still runs or holds" : `${processes2.length} processes still run or hold`} old code of ${module} (${some(processes2, 3)}); the next upgrade, or making this one permanent, kills ${processes2.length === 1 ? "it" : "them"}.`,
      remedy: `Let loops call themselves by ?MODULE:loop(\u2026), and keep no local funs in their state; or have them wait while ${module} is exchanged: {update, ${module}, {advanced, []}} where their child specification names it, {suspend, [Name]} before and {resume, [Name]} after where it names another module.`
    })),
    ...after.oldFuns.map(({ module, holder }) => ({
      id: "rehearsal-old-fun",
      severity: "warning",
      step,
      check: "processes",
      module,
      message: `After the step "${step}" the ${holder} holds funs of old code of ${module}; they fail once that is purged.`,
      remedy: "Store {Module, Function} or fun Module:Function/Arity, which always lead to the newest code."
    }))
  ];
}
function hangingFindings(step, node) {
  return unresponsiveOf(node).map((place) => ({
    id: "rehearsal-supervisor-hangs",
    severity: "warning",
    step,
    check: "processes",
    message: `The supervisor ${place} did not answer within a second, so release_handler may wait for it in vain.`,
    remedy: "Keep init/1 and start functions of children short; what takes long belongs in handle_continue/2."
  }));
}

// src/rehearsal/main-lane.ts
async function bootUpFrom(lane, seen) {
  await lane.boot();
  seen.booted = await lane.observe();
  lane.context.recorder.note("boot", "processes");
  for (const finding2 of hangingFindings("boot", seen.booted)) lane.context.recorder.add(finding2);
}
async function upAndDown(lane, upgradePackage, seen) {
  const { recorder, upFrom, manifest } = lane.context;
  const old = upFrom.version;
  const steps = new Steps(lane, oldCode(lane.context));
  await recorder.take("upgrade", async () => {
    await checkStage(lane, { step: "boot", stage: "before-upgrade", runs: old });
    seen.beforeUpgrade = hasChecks(lane.context) ? await lane.observe() : seen.booted;
    const context = await unpackVersion(lane, upgradePackage, { runs: old });
    seen.relup = await steps.readRelup(context);
    const dynamic = dynamicFinding(seen.beforeUpgrade, seen.relup);
    if (dynamic !== void 0) throw new StepError(dynamic);
    await installVersion({ lane, step: "upgrade", context, version: manifest.version });
    await steps.look({
      step: "upgrade",
      stage: "after-upgrade",
      runs: manifest.version,
      before: seen.beforeUpgrade,
      keep: (after) => {
        seen.upgraded = after;
      }
    });
  });
  await recorder.take("downgrade", async () => {
    const context = lane.nodeContext(upgradePackage);
    await context.control.call("check-install", [old], context.stepSeconds);
    const lost2 = await configLostByDowngrade(context, old);
    if (lost2 !== void 0) {
      seen.losesConfig = true;
      recorder.add({ ...lost2, step: "downgrade", check: "environment" });
    }
    await installVersion({ lane, step: "downgrade", context, version: old });
    const before = seen.upgraded;
    await steps.look({
      step: "downgrade",
      stage: "after-downgrade",
      runs: old,
      before,
      keep: (after) => {
        seen.downgraded = after;
      }
    });
  });
  await recorder.take("upgrade again", async () => {
    const context = lane.nodeContext(upgradePackage);
    await checkInstall(context, old);
    await installVersion({ lane, step: "upgrade again", context, version: manifest.version });
    const before = seen.downgraded;
    await steps.look({
      step: "upgrade again",
      stage: "after-second-upgrade",
      runs: manifest.version,
      before,
      keep: (after) => {
        seen.upgradedAgain = after;
      }
    });
  });
  await recorder.take("restart", async () => {
    const context = lane.nodeContext(upgradePackage);
    await askToMakePermanent(context);
    await replaceStartScript(context.deployRoot, manifest.name, manifest.version);
    await verifyPermanent(context);
    await checkStage(lane, { step: "restart", stage: "after-permanent", runs: manifest.version });
    await lane.running.stop(lane.context.remaining());
    await lane.boot();
    const restarted2 = await lane.observe();
    requireNewCode(lane, restarted2, seen);
    seen.restarted = restarted2;
    await checkStage(lane, { step: "restart", stage: "after-restart", runs: manifest.version });
  });
}
function oldCode({ upFrom, options }) {
  const { changed: changed2 } = compareReleases(upFrom, options.release);
  const names2 = new Set(changed2.flatMap(({ modules }) => [...modules.changed, ...modules.removed]));
  return Object.fromEntries([...moduleMd5s(upFrom.applications)].filter(([name]) => names2.has(name)));
}
function foldersLeft({ upFrom, manifest }) {
  const now = new Set(manifest.applications.map(({ dir }) => dir));
  return Object.fromEntries(
    upFrom.applications.filter(({ dir }) => !now.has(dir)).map(({ name, dir }) => [name, dir])
  );
}
function hasChecks({ options }) {
  return (options.check ?? "").trim() !== "" || options.onStage !== void 0;
}
function requireNewCode(lane, restarted2, { booted }) {
  const { manifest, upFrom } = lane.context;
  const selfMade2 = booted === void 0 ? [] : selfMadeModules(booted, upFrom);
  const differences = codeDifferences(restarted2, { ...manifest, selfMade: selfMade2 });
  if (differences.length === 0) {
    lane.context.recorder.note("restart", "code");
    return;
  }
  throw new StepError({
    id: "rehearsal-not-permanent",
    check: "code",
    message: `After a restart the node does not run the code of ${manifest.version}: ${moduleList(differences)}.`,
    remedy: "Package the release with the start script, boot file and start_erl.data that relx makes for it."
  });
}
var Steps = class {
  constructor(lane, oldCode2) {
    this.lane = lane;
    this.oldCode = oldCode2;
    this.lines = lane.running.log.length;
  }
  lane;
  oldCode;
  relup;
  lines;
  async readRelup({ control }) {
    const { manifest, upFrom } = this.lane.context;
    const file = join56(this.lane.root, "releases", manifest.version, "relup");
    this.relup = await control.call("relup-effects", [file, upFrom.version]);
    return this.relup;
  }
  /**
   * Runs the check, and notes who survived step and check.
   *
   * @param keep gets what was seen, also when the check fails
   * @throws {StepError} when it does
   */
  async look({
    step,
    stage,
    runs: runs2,
    before,
    keep
  }) {
    const { recorder } = this.lane.context;
    const oldFolders = step === "downgrade" ? {} : foldersLeft(this.lane.context);
    const failure = await checkStage(this.lane, { step, stage, runs: runs2 }).then(
      () => void 0,
      (error) => error
    );
    const after = await this.lane.observe({ oldCode: this.oldCode, oldFolders }).catch((error) => {
      throw failure ?? error;
    });
    keep(after);
    const installation = recorder.installations[step];
    if (installation !== void 0) {
      recorder.installations[step] = { ...installation, supervised: countProcesses(before) };
    }
    recorder.note(step, "processes");
    const printed = this.lane.running.log.slice(this.lines);
    this.lines = this.lane.running.log.length;
    const relup = this.relup;
    const reports = reportFindings(step, printed);
    const script2 = relup[step === "downgrade" ? "down" : "up"];
    const isQuiet = reports.length === 0 && before.printsErrors && after.printsErrors;
    for (const finding2 of [
      ...survivalFindings({ step, before, after, script: script2, isQuiet }),
      ...pathFindings(step, after),
      ...callbackFindings({ step, before, changed: Object.keys(this.oldCode), script: script2 }),
      ...reports
    ]) {
      recorder.add(finding2);
    }
    if (failure !== void 0) throw failure;
  }
};

// src/rehearsal/cluster/cluster.ts
import { setTimeout as setTimeout8 } from "node:timers/promises";

// src/rehearsal/cluster/cluster-view.ts
function readCluster(control) {
  return control.call("cluster");
}
function groupName({ scope, group }) {
  return scope === "pg" ? group : `${group} of scope ${scope}`;
}

// src/rehearsal/cluster/losses.ts
function lossesIn(looks) {
  const all = looks.flatMap((look2) => [
    ...connections(look2),
    ...names(look2),
    ...groups(look2),
    ...databases(look2)
  ]);
  return [...new Map(all.map((loss) => [keyOf4(loss), loss])).values()];
}
function keyOf4({ kind, subject }) {
  return kind === "connection" || kind === "mnesia" ? kind : `${kind} ${subject}`;
}
function connections({ node, before, after }) {
  return before.nodes.filter((other) => !after.nodes.includes(other)).map((subject) => ({ kind: "connection", subject, node }));
}
function names({ before, after }) {
  return before.names.flatMap((was) => {
    const is = after.names.find(({ name }) => name === was.name);
    if (is === void 0) return [{ kind: "name-gone", subject: was.name, node: was.node }];
    return same(is, was) ? [] : [{ kind: "name-moved", subject: was.name, node: was.node }];
  });
}
function groups({ before, after }) {
  return before.groups.flatMap((was) => {
    const is = after.groups.find(({ scope, group }) => scope === was.scope && group === was.group);
    const nodes = [...new Set(was.members.map(({ node }) => node))];
    return nodes.filter((node) => countOn(is, node) < countOn(was, node)).map((node) => ({ kind: "members-gone", subject: groupName(was), node }));
  });
}
function countOn(group, node) {
  return group?.members.filter((member) => member.node === node).length ?? 0;
}
function databases({ node, before, after }) {
  return (before.mnesia ?? []).filter((one) => after.mnesia?.includes(one) !== true).map((subject) => ({ kind: "mnesia", subject, node }));
}
function same(one, other) {
  return one.node === other.node && one.pid === other.pid;
}
function sharedOf({ before }, losses) {
  const lost2 = (...kinds) => losses.filter(({ kind }) => kinds.includes(kind)).map(({ subject }) => subject);
  const all = [
    { kind: "connection", before: before.nodes.length, lost: lost2("connection") },
    { kind: "global name", before: before.names.length, lost: lost2("name-gone", "name-moved") },
    { kind: "process group", before: before.groups.length, lost: lost2("members-gone") },
    { kind: "mnesia node", before: before.mnesia?.length ?? 0, lost: lost2("mnesia") }
  ];
  return all.filter((one) => one.before > 0);
}

// src/rehearsal/cluster/pair.ts
var SECOND = /^RELUP_SECOND_(.+)$/;
async function bootPair(context, { name, second }, opened) {
  const { identity, environment, upFrom, manifest } = context;
  const who = (number) => ({ ...identity, id: `${identity.id}_${number}` });
  const first = await Lane.open(context, name, who(1));
  opened.push(first);
  await installRelease(upFrom, first.root);
  await bootMember(first, upFrom.version);
  await first.running.control.call("watch-crashes");
  const other = first.beside(`${name}-other`, { identity: who(2), environment: ofSecond(environment) });
  opened.push(other);
  await (second === "release" ? installNew(context, other.root) : installRelease(upFrom, other.root));
  const runs2 = second === "release" ? manifest.version : upFrom.version;
  await bootMember(other, runs2);
  await other.running.control.call("watch-crashes");
  await connect2(first, other);
  return [
    { lane: first, runs: upFrom.version },
    { lane: other, runs: runs2 }
  ];
}
function ofSecond(environment) {
  const own = Object.entries(environment).flatMap(([name, value]) => {
    const [, plain] = SECOND.exec(name) ?? [];
    return plain === void 0 ? [] : [[plain, value]];
  });
  return { ...environment, ...Object.fromEntries(own) };
}
async function bootMember(lane, runs2) {
  try {
    await lane.boot();
  } catch (error) {
    if (!(error instanceof BootError)) throw error;
    throw new StepError(
      {
        id: "rehearsal-cluster-boot",
        check: "cluster",
        message: `For the cluster a node of ${runs2} could not be booted: ${error.message}`,
        remedy: "If both nodes listen on the same port, let a variable of the environment choose it, and give the second node another one: `env: { PORT: 8080, RELUP_SECOND_PORT: 8081 }`. Otherwise its output in the details says what it does not get along with.",
        details: error.details
      },
      error
    );
  }
}
async function connect2(first, other) {
  const connects = (from, to) => from.running.control.call("connect", [to.running.process.nodeName], 30);
  if (await connects(first, other) && await connects(other, first)) return;
  throw new StepError({
    id: "rehearsal-cluster-boot",
    check: "cluster",
    message: `The two nodes of the cluster could not be connected: ${first.running.process.nodeName} does not reach ${other.running.process.nodeName}.`,
    remedy: "Look at the nodes' logs in the details: most often flags of the distribution in vm.args.",
    details: [...first.running.log.slice(-50), ...other.running.log.slice(-50)].join("\n")
  });
}
async function checkPair2([one, other], step, stage) {
  for (const [self, beside] of [
    [one, other],
    [other, one]
  ]) {
    await checkStage(self.lane, {
      ...{ step, stage, runs: self.runs },
      other: { node: beside.lane.running, runs: beside.runs }
    });
  }
}
async function crashesOf({ lane }) {
  const { control } = lane.running;
  try {
    const crashes = await control.call("crashes", [], 15);
    await control.call("mark-crashes", [], 15);
    return crashes.map((text2) => text2.replace(/^<[\d.]+>(?:, )?/, ""));
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return [];
  }
}

// src/rehearsal/cluster/watch.ts
import { setTimeout as setTimeout7 } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

// src/rehearsal/cluster/cluster-findings.ts
function crashFinding({
  step,
  crash,
  where: where2,
  while: when,
  details
}) {
  return {
    key: `crash ${crash}`,
    finding: {
      id: "rehearsal-cluster-crash",
      severity: "error",
      step,
      check: "processes",
      message: `A process crashed on ${where2} while ${when}: ${crash}.`,
      remedy: "Most often it got a message of the other version that it does not know: have the release before understand it first, or the new one answer in the old form for one release (docs/clusters.md). The log of the node is in the details.",
      details
    }
  };
}
function inconsistentFinding(step, where2, line) {
  return {
    key: "inconsistent",
    finding: {
      id: "rehearsal-cluster-mnesia",
      severity: "error",
      step,
      check: "cluster",
      message: `mnesia on ${where2} tells of an inconsistent database after the upgrade of one node.`,
      remedy: "The nodes lost each other while both wrote: see in their logs what stopped one of them, or its mnesia, and do not stop mnesia in an upgrade.",
      details: line
    }
  };
}
function lossFinding(step, loss, { key: key2, name }) {
  return { key: key2, finding: { step, check: "cluster", ...told(loss, name) } };
}
function told({ kind, subject, node }, name) {
  switch (kind) {
    case "connection":
      return {
        id: "rehearsal-cluster-disconnected",
        severity: "error",
        message: `After the upgrade of one node ${name(node)} is not connected to ${name(subject)} any more.`,
        remedy: "See in the nodes' logs what ended the connection: an upgrade must not restart what holds it."
      };
    case "name-gone":
      return {
        id: "rehearsal-cluster-name",
        severity: "error",
        message: `The global name ${name(subject)}, which a process on ${name(node)} had, is gone after the upgrade of one node: who calls it finds nobody.`,
        remedy: "Register it where the process begins ({global, Name} in start_link, or in init/1), so that a process that is started again has it, too; or let the process live on, by {update, Module, {advanced, []}} in the appup."
      };
    case "name-moved":
      return {
        id: "rehearsal-cluster-name-moved",
        severity: "warning",
        message: `The global name ${name(subject)} belongs to another process after the upgrade of one node than before, when it was on ${name(node)}: the state of that one is lost, and others may keep its pid.`,
        remedy: "If that matters, let the process live on, by {update, Module, {advanced, []}} in the appup; call it by its name, never by a pid that was kept."
      };
    case "members-gone":
      return {
        id: "rehearsal-cluster-group",
        severity: "error",
        message: `The process group ${name(subject)} has fewer members on ${name(node)} after the upgrade of one node than before.`,
        remedy: "Join it where the process begins (init/1): pg knows a process that was started again only when it joins again, and forgets all members of a scope when the process of that scope is restarted."
      };
    case "mnesia":
      return {
        id: "rehearsal-cluster-mnesia",
        severity: "error",
        message: `After the upgrade of one node mnesia on ${name(node)} does not run together with ${name(subject)} any more.`,
        remedy: "See in the logs what stopped mnesia: an upgrade must not stop it, or an application that starts it."
      };
  }
}

// src/rehearsal/cluster/watch.ts
var NOTHING2 = {
  purgesSoftly: [],
  suspends: [],
  waits: {},
  stops: [],
  starts: [],
  stopsApplications: [],
  children: [],
  applies: [],
  syncs: []
};
var SETTLE_MS = 5e3;
var LOG_LINES = 60;
async function watchPair({
  pair,
  step,
  scripts,
  work
}) {
  const name = namesOf2(pair);
  const before = await Promise.all(pair.map(stateOf2));
  const failure = await work().then(
    () => void 0,
    (error) => error
  );
  if (failure !== void 0 && !isCheck(failure))
    return { found: await crashFindings(pair, step), looks: [], losses: [], failure };
  const looks = await settledLooks(pair, before);
  const losses = lossesIn(looks);
  const after = await Promise.all(pair.map(({ lane }) => lane.observe()));
  const died3 = pair.flatMap(
    (member, index) => survivalFindings({
      step,
      before: before[index].observed,
      after: after[index],
      script: scripts[index]
    }).filter(({ id }) => id === "rehearsal-process-died").map((finding2) => ({
      key: `died ${finding2.process ?? ""}`,
      finding: { ...finding2, message: finding2.message.replace(/\.$/, ` on ${whereIs(pair, member)}.`) }
    }))
  );
  return {
    looks,
    losses,
    failure,
    found: [
      ...await crashFindings(pair, step),
      ...died3,
      ...losses.map((loss) => lossFinding(step, loss, { key: keyOf4(loss), name })),
      ...pair.flatMap((member) => inconsistent(pair, member, step))
    ]
  };
}
function isCheck(error) {
  return error instanceof StepError && error.finding.id === "rehearsal-check";
}
async function stateOf2({ lane }) {
  const view = await restingView(lane.running.control);
  return { node: lane.running.process.nodeName, view, observed: await lane.observe() };
}
async function restingView(control) {
  const deadline = performance.now() + SETTLE_MS;
  let view = await readCluster(control);
  for (; ; ) {
    await setTimeout7(500);
    const next = await readCluster(control);
    if (isDeepStrictEqual(view, next) || performance.now() > deadline) return next;
    view = next;
  }
}
async function settledLooks(pair, before) {
  const deadline = performance.now() + SETTLE_MS;
  for (; ; ) {
    const views = await Promise.all(pair.map(({ lane }) => readCluster(lane.running.control)));
    const looks = before.map(({ node, view }, index) => ({
      node,
      before: view,
      after: views[index]
    }));
    if (lossesIn(looks).length === 0 || performance.now() > deadline) return looks;
    await setTimeout7(500);
  }
}
async function crashFindings(pair, step) {
  const [one, other] = pair;
  const when = `${one.runs} and ${other.runs} ran on connected nodes`;
  const each = await Promise.all(
    pair.map(
      async (member) => (await crashesOf(member)).map(
        (crash) => crashFinding({
          ...{ step, crash, while: when },
          where: whereIs(pair, member),
          details: member.lane.running.log.slice(-LOG_LINES).join("\n")
        })
      )
    )
  );
  return [...new Map(each.flat().map((one2) => [one2.finding.message, one2])).values()];
}
function inconsistent(pair, member, step) {
  const line = member.lane.running.log.find((one) => one.includes("inconsistent_database"));
  return line === void 0 ? [] : [inconsistentFinding(step, whereIs(pair, member), line)];
}
function namesOf2(pair) {
  return (text2) => pair.reduce(
    (before, member) => before.replaceAll(member.lane.running.process.nodeName, whereIs(pair, member)),
    text2
  );
}
function whereIs([first], member) {
  return member === first ? `the up-from node (now ${member.runs})` : `the other node (${member.runs})`;
}

// src/rehearsal/cluster/cluster.ts
var WATCH_MS = { least: 2e3, most: 1e4 };
async function rehearseCluster(context, { upgrade, relup }, keep) {
  const { recorder } = context;
  const opened = [];
  const found = [];
  const together = relup.up.syncs.length > 0;
  let came;
  try {
    const pair = await recorder.take("cluster", async () => {
      const second = together ? "up-from" : "release";
      const booted = await bootPair(context, { name: "cluster", second }, opened);
      await runConnected(booted, found);
      return booted;
    });
    const versions = [pair[0].runs, pair[1].runs];
    recorder.note("cluster", "cluster", "processes");
    await recorder.take("cluster upgrade", async () => {
      const { failure, looks, losses, ...watched } = await watchPair({
        ...{ pair, step: "cluster upgrade" },
        scripts: [relup.up, together ? relup.up : NOTHING2],
        work: () => upgradePair(pair, upgrade, together)
      });
      found.push(...watched.found);
      const [look2] = looks;
      if (look2 !== void 0) {
        recorder.note("cluster upgrade", "cluster", "processes");
        came = (usual) => {
          const lost2 = losses.filter((loss) => !usual.has(keyOf4(loss)));
          return { versions, together, shared: sharedOf(look2, lost2) };
        };
      }
      if (failure !== void 0) throw failure;
    });
  } finally {
    for (const lane of opened) lane.close();
    const usual = found.length === 0 ? /* @__PURE__ */ new Set() : await usualIn(context);
    for (const { key: key2, finding: finding2 } of found) {
      if (usual.has(key2)) info(`Two nodes of ${context.upFrom.version} do the same: ${finding2.message}`);
      else recorder.add(finding2);
    }
    if (came !== void 0) keep(came(usual));
  }
}
async function runConnected(pair, found) {
  try {
    await checkPair2(pair, "cluster", "cluster-mixed");
  } finally {
    found.push(...await crashFindings(pair, "cluster"));
  }
}
async function upgradePair(pair, upgrade, together) {
  const members = together ? pair : [pair[0]];
  const names2 = members.map(({ lane }) => lane.running.process.nodeName);
  const unpacked = [];
  for (const { lane, runs: runs2 } of members) {
    const others = names2.filter((name) => name !== lane.running.process.nodeName);
    unpacked.push(await unpackVersion(lane, upgrade, { runs: runs2, together: others }));
  }
  const ends = await Promise.allSettled(
    members.map(({ lane }, index) => {
      const context = unpacked[index];
      return installVersion({ lane, step: "cluster upgrade", context, version: context.manifest.version });
    })
  );
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== void 0) throw failed.reason;
  for (const member of members) member.runs = member.lane.context.manifest.version;
  await checkPair2(pair, "cluster upgrade", "cluster-upgraded");
}
async function usualIn(context) {
  const opened = [];
  const found = [];
  try {
    const pair = await bootPair(context, { name: "usual", second: "up-from" }, opened);
    await runConnected(pair, found);
    const watched = await watchPair({
      ...{ pair, step: "cluster", scripts: [NOTHING2, NOTHING2] },
      work: () => goOn(context, pair)
    });
    found.push(...watched.found);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    debug(`two nodes of ${context.upFrom.version}: ${error.message}`);
  } finally {
    for (const lane of opened) lane.close();
  }
  return new Set(found.map(({ key: key2 }) => key2));
}
async function goOn({ recorder }, pair) {
  const took = 1e3 * (recorder.installations["cluster upgrade"]?.seconds ?? 0);
  await setTimeout8(Math.min(Math.max(WATCH_MS.least, took), WATCH_MS.most));
  await checkPair2(pair, "cluster", "cluster-upgraded");
}

// src/rehearsal/restless.ts
import { setTimeout as setTimeout9 } from "node:timers/promises";
var WATCH_MS2 = { least: 5e3, most: 15e3 };
async function excuseRestless(context, isGone) {
  const { recorder } = context;
  const died3 = recorder.findings.filter(({ id }) => id === "rehearsal-process-died");
  if (died3.length === 0 && !isGone) return void 0;
  const restless = await restlessProcesses(context);
  if (restless instanceof ActionError) return restless;
  for (const finding2 of died3) {
    if (finding2.process === void 0 || !restless.has(finding2.process)) continue;
    recorder.replace(finding2, {
      ...finding2,
      severity: "warning",
      message: `The process ${finding2.process} ended during the step "${finding2.step}" and was started again, which it also does without an upgrade; so its end says nothing about this one.`,
      remedy: "Give the step what the process needs (`env`, the job's `services`), so that it stays alive; its crash reports are in the node's log."
    });
  }
  return void 0;
}
async function restlessProcesses(context) {
  const longest = Math.max(0, ...Object.values(context.recorder.installations).map(({ seconds }) => seconds));
  const wait2 = Math.min(Math.max(WATCH_MS2.least, 2e3 * longest), WATCH_MS2.most);
  if (1e3 * context.remaining() < 2 * wait2) return /* @__PURE__ */ new Set();
  const lane = await Lane.open(context, "restless");
  try {
    await installRelease(context.upFrom, lane.root);
    await lane.boot();
    const before = processes(await lane.observe());
    await setTimeout9(wait2);
    const after = processes(await lane.observe());
    return new Set([...before].filter(([place, pid]) => after.get(place) !== pid).map(([place]) => place));
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    if (lane.isOpen && !await isAlive(lane.running.process.pid)) return endedByItself(lane.running.log);
    debug(`watching what ends by itself: ${error.message}`);
    return /* @__PURE__ */ new Set();
  } finally {
    lane.close();
  }
}
function endedByItself(log) {
  const [, application2] = /\{application_terminated,'?([a-z][\w@]*)'?,/.exec(log.join("\n")) ?? [];
  const why = application2 === void 0 ? "" : `, because its application ${application2} ended`;
  return new ActionError(`its node ends by itself, without an upgrade${why}.`, {
    details: log.slice(-LOG_DETAILS).join("\n")
  });
}
function processes(node) {
  return new Map([...childrenOf(node).values()].map(({ place, child }) => [place, child.process?.pid]));
}

// src/rehearsal/keep-node.ts
import { writeFile as writeFile10 } from "node:fs/promises";
import { join as join57 } from "node:path";
async function keepNode(lane) {
  const { context } = lane;
  try {
    if (!lane.isOpen) await lane.boot();
  } catch (error) {
    if (error instanceof ActionError) return false;
    throw error;
  }
  const { pid, nodeName } = lane.running.process;
  const attach = await writeAttach(lane);
  context.options.keep?.told({ upFrom: context.upFrom.version, nodeName, pid, attach });
  return true;
}
async function writeAttach({ context, root, name, running: running2 }) {
  const { environment, process: process2 } = running2;
  const variables = Object.entries(environment).map(([key2, value]) => quoted(`${key2}=${value}`));
  const command = environment["VMARGS_PATH"] === void 0 ? shellOf(process2) : `${quoted(join57(root, "bin", context.manifest.name))} "\${@:-remote_console}"`;
  const path = join57(context.folder, name, "attach");
  const text2 = `#!/bin/bash
cd ${quoted(root)}
exec env -i TERM="$TERM" ${variables.join(" ")} ${command}
`;
  await writeFile10(path, text2, { mode: 448 });
  return path;
}
function shellOf({ nameFlag, nodeName, cookie }) {
  const own = `attach_$$@${nodeName.slice(nodeName.indexOf("@") + 1)}`;
  return [
    "erl",
    "-hidden",
    nameFlag,
    `"${own}"`,
    "-setcookie",
    quoted(cookie),
    "-remsh",
    quoted(nodeName)
  ].join(" ");
}
function quoted(text2) {
  return `'${text2.replaceAll("'", "'\\''")}'`;
}

// src/rehearsal/variables.ts
import { readdir as readdir11, readFile as readFile16 } from "node:fs/promises";
import { join as join58 } from "node:path";
async function unsetVariables({ root, name, version }, environment, keepsName = false) {
  const scripts = await scriptsOf(root, name);
  const found = [];
  for (const file of ["sys.config.src", "vm.args.src"].map((one) => `releases/${version}/${one}`)) {
    const template = await readFile16(join58(root, file), "utf8").catch(() => "");
    const names2 = missingVariables(withoutIdentity(template, keepsName), environment).filter(
      (variable) => !assigns(scripts, variable)
    );
    if (names2.length > 0) found.push({ file, names: names2 });
  }
  return found;
}
function withoutIdentity(template, keepsName) {
  return template.replaceAll(keepsName ? /-setcookie[ \t]+\S+/g : /-(?:s?name|setcookie)[ \t]+\S+/g, "");
}
function assigns(scripts, variable) {
  return new RegExp(`(?:^|[\\s;"'{(])${variable.replaceAll(/\W/g, "\\$&")}(?::?=|\\?=)`, "m").test(scripts);
}
async function scriptsOf(root, name) {
  const hooks = await readdir11(join58(root, "bin/hooks"), { recursive: true }).catch(() => []);
  const files = [`bin/${name}`, ...hooks.map((hook) => join58("bin/hooks", hook))];
  const texts = await Promise.all(files.map((file) => readFile16(join58(root, file), "utf8").catch(() => "")));
  return texts.join("\n");
}

// src/rehearsal/settings.ts
import { join as join59 } from "node:path";
async function tellSettings(context, seen, others) {
  const { booted, upgraded } = seen;
  const { cold } = others;
  if (booted === void 0 || upgraded === void 0 || cold === void 0) return;
  tellBootSettings(context, bootSettings(booted, cold));
  const changed2 = changedSettings(booted, cold);
  if (changed2.length > 0) await tellStartSettings(context, changed2, seen.relup?.up.stopsApplications ?? []);
}
function tellBootSettings({ recorder, upFrom, manifest }, names2) {
  if (names2.length === 0) return;
  recorder.add({
    id: "rehearsal-restart-only",
    severity: "warning",
    step: "upgrade",
    check: "environment",
    message: `sys.config sets ${names2.join(", ")} otherwise in ${manifest.version} than in ${upFrom.version}, but the upgraded node keeps the old one: OTP reads it only when a node boots.`,
    remedy: "Only a restart applies it; restart the node when it suits, or set what can be set at run time from an appup, e.g. {apply, {logger, set_primary_config, [level, info]}}."
  });
}
async function tellStartSettings({ options, folder, recorder, manifest }, changed2, restarted2) {
  const { erlang, release, buildDir = "" } = options;
  const versions = new Map(release.applications.map(({ name, version }) => [name, version]));
  const settings = changed2.map(([application2, key2]) => [application2, versions.get(application2) ?? "", key2]);
  const file = join59(folder, "settings.request");
  await writeErlangRequest(file, [release.root, buildDir, settings]);
  for (const setting of await erlang.query("settings", [file])) {
    const { application: application2, key: key2, callback, isStub, readers } = setting;
    if (restarted2.includes(application2)) continue;
    const lacks = isStub ? `config_change/3 of ${callback} hands nothing on` : `${callback} has no config_change/3`;
    recorder.add({
      id: "rehearsal-config-change",
      severity: "warning",
      step: "upgrade",
      check: "environment",
      application: application2,
      message: `The files set ${application2}:${key2} otherwise in ${manifest.version}, but only start code reads it (${readers.join(", ")}), and ${lacks}: what runs goes on with the old value.`,
      remedy: `${isStub ? "Hand the value on there" : `Export config_change/3 from ${callback} and hand the value on`}, read it in code_change, or read it each time it is used.`
    });
  }
}

// src/rehearsal/from-version.ts
var GRACE = 5;
async function rehearseVersion(context, packages) {
  const { recorder, folder, options, upFrom } = context;
  const started = performance.now();
  let expired = false;
  const guard = setTimeout(
    () => {
      expired = true;
      endProcessesBelow(folder);
    },
    1e3 * (options.timeoutSeconds + GRACE)
  );
  await mkdir11(folder, { recursive: true, mode: 448 });
  let notBooted2;
  const seen = {};
  const others = {};
  try {
    notBooted2 = await rehearseNodes(context, packages, { seen, others, isExpired: () => expired });
  } finally {
    clearTimeout(guard);
    if (!seen.isKept) {
      endProcessesBelow(folder);
      await rm7(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  const failure = recorder.findings.find(({ severity }) => severity === "error");
  const outcome = notBooted2 !== void 0 ? "unproven" : failure === void 0 ? "passed" : "failed";
  return {
    upFrom: upFrom.version,
    outcome,
    ...defined({ reason: notBooted2?.message ?? failure?.message }),
    steps: recorder.steps(),
    findings: recorder.findings,
    corrections: unique(recorder.corrections),
    trees: recorder.trees,
    supervision: treeChanges(seen, { upFrom, release: options.release }),
    installations: recorder.installations,
    ...defined({ cluster: seen.cluster }),
    selfMade: selfMade(context, seen, others),
    seconds: (performance.now() - started) / 1e3
  };
}
function selfMade({ upFrom, manifest }, { booted }, { cold }) {
  const both = [
    ...booted === void 0 ? [] : selfMadeModules(booted, upFrom),
    ...cold === void 0 ? [] : selfMadeModules(cold, manifest)
  ];
  return [...new Set(both)].sort();
}
async function rehearseNodes(context, packages, { seen, others, isExpired }) {
  const { recorder } = context;
  const unset = await notSet(context);
  if (unset !== void 0) return couldNotBoot(context, unset);
  const main = await Lane.open(context, "main");
  try {
    try {
      await recorder.take("boot", async () => {
        await installRelease(context.upFrom, main.root);
        await bootUpFrom(main, seen);
      });
    } catch (error) {
      if (error instanceof BootError) return couldNotBoot(context, error);
      if (!(error instanceof ActionError)) throw error;
      addFailure(context, "boot", error);
      return void 0;
    }
    const attempt2 = attemptWith(context, isExpired);
    const runMain = () => attempt2(() => upAndDown(main, packages.upgrade, seen));
    const beside = await mayRunBeside(main, seen.booted);
    if (beside) {
      await Promise.all([runMain(), tryBeside(context, packages, others)]);
    } else {
      await runMain();
    }
    const isGone = await hasGone(context, main);
    const isKept2 = mayKeep(context) && (beside || hasFailed(context));
    if (!isKept2) main.close();
    if (!isExpired() && context.remaining() > 1 && !(isKept2 && hasFailed(context)))
      await attempt2(() => runOthers({ context, packages, others }));
    const ended3 = await excuseRestless(context, isGone);
    if (ended3 !== void 0) return cannotStay(context, ended3);
    await compareSteps(context, seen, others);
    await tellSettings(context, seen, others);
    const { relup } = seen;
    if (context.options.cluster === true && relup !== void 0 && !hasFailed(context)) {
      const { upgrade } = packages;
      await attempt2(
        () => rehearseCluster(context, { upgrade, relup }, (cluster) => void (seen.cluster = cluster))
      );
    }
    if (mayKeep(context) && !isExpired()) seen.isKept = await keepNode(main);
  } finally {
    if (seen.isKept !== true) main.close();
  }
  return void 0;
}
function mayKeep({ options }) {
  return options.keep !== void 0;
}
async function hasGone(context, main) {
  const told2 = ["rehearsal-node-died", "rehearsal-node-restarted"];
  if (!hasFailed(context) || context.recorder.findings.some(({ id }) => told2.includes(id))) return false;
  return !await isAlive(main.running.process.pid);
}
function hasFailed({ recorder }) {
  return recorder.findings.some(({ severity }) => severity === "error");
}
async function tryBeside(context, packages, others) {
  try {
    await runOthers({ context, packages, others, suffix: "-beside" });
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    debug(`beside the other node: ${error.message}`);
  }
}
async function runOthers({
  context,
  packages,
  others,
  suffix = ""
}) {
  const { full } = packages;
  const { recorder } = context;
  others.cold ??= await recorder.take("cold boot", () => coldBoot(context, `cold${suffix}`));
  if (full !== void 0) {
    others.byFullPackage ??= await recorder.take(
      "full package",
      () => upgradeByFullPackage(context, full, `full${suffix}`)
    );
  }
}
async function notSet({
  upFrom,
  options,
  identity,
  environment
}) {
  const keepsName = identity.nodeName === "keep";
  const both = [upFrom, options.release].map((one) => unsetVariables(one, environment, keepsName));
  const all = (await Promise.all(both)).flat();
  if (all.length === 0) return void 0;
  const names2 = [...new Set(all.flatMap((one) => one.names))];
  return new BootError(
    `Nothing sets ${names2.join(", ")} on this runner, which ${all.map(({ file }) => file).join(" and ")} would be filled in with.`,
    {
      remedy: `Write a default in the template, \${${names2[0] ?? ""}:-default}, or set it in this step:
env:
${names2.map((name) => `  ${name}: \u2026`).join("\n")}`
    }
  );
}
function couldNotBoot(context, error) {
  return impossible(context, `could not be booted on this runner: ${error.message}`, error);
}
function cannotStay(context, error) {
  context.recorder.withdrawErrors();
  return impossible(context, `does not stay up on this runner: ${error.message}`, error);
}
function impossible({ recorder, upFrom }, why, error) {
  const message = `The up-from release ${upFrom.version} ${why}`;
  const remedy = error.remedy ?? "Give the step what the release needs (`env`, the job's `services`), or set `rehearse: false`; its output is in the details.";
  recorder.add({
    id: "rehearsal-impossible",
    severity: "warning",
    step: "boot",
    check: "done",
    message,
    remedy,
    ...defined({ details: error.details })
  });
  return new BootError(message, { remedy, details: error.details, cause: error });
}
function unique(corrections) {
  return [...new Map(corrections.map((one) => [JSON.stringify(one), one])).values()];
}

// src/rehearsal/rehearse.ts
async function rehearse(options) {
  await mkdir12(options.logFolder, { recursive: true, mode: 448 });
  const [manifest, upgrade, full] = await Promise.all([
    manifestOf2(options),
    describePackage(options.upgrade, join60(options.folder, "upgrade-package")),
    options.full === void 0 ? void 0 : describePackage(options.full, join60(options.folder, "full-package"))
  ]);
  const versions = [];
  for (const [index, upFrom] of options.upFrom.entries()) {
    const packages = index === 0 && full !== void 0 ? { upgrade, full } : { upgrade };
    versions.push(await rehearseVersion(contextOf({ options, upFrom, manifest, index }), packages));
  }
  const outcomes = versions.map(({ outcome }) => outcome);
  return {
    outcome: ["failed", "unproven"].find((one) => outcomes.includes(one)) ?? "passed",
    versions
  };
}
function contextOf({
  options,
  upFrom,
  manifest,
  index
}) {
  const deadline = performance.now() + 1e3 * options.timeoutSeconds;
  return {
    options,
    upFrom,
    manifest,
    environment: options.env ?? releaseEnvironment(process.env),
    identity: {
      id: randomBytes(6).toString("hex"),
      cookie: randomBytes(20).toString("hex"),
      nodeName: options.nodeName
    },
    recorder: new Recorder(upFrom.version),
    folder: join60(options.folder, String(index)),
    remaining: () => Math.max(1, Math.floor((deadline - performance.now()) / 1e3))
  };
}
async function manifestOf2({ erlang, release, upFrom }) {
  const toolchain = await erlang.query("toolchain", []);
  const { name, version, erts, applications } = release;
  return { name, version, erts, toolchain, applications, upFrom };
}

// src/actions/relup/rehearse-made.ts
async function rehearseMade(made, phase) {
  const { inputs, project, release, make, note } = phase;
  if (inputs.rehearse === "false") {
    note({ unproven: "the input `rehearse` is false" });
    return made;
  }
  return prove(made, {
    rehearse: (packages, number) => attempt(phase, packages, number),
    make,
    version: release.version,
    required: inputs.rehearse === "required",
    projectPath: project.path,
    sourceOf: (application2, module) => sourceOf2(phase, application2, module),
    note
  });
}
function sourceOf2({ assembly, project }, application2, module) {
  const dir = sourceDir(assembly.projectDir, application2);
  const file = join61(dir ?? "", `${module}.erl`);
  if (dir === void 0 || !existsSync7(join61(assembly.projectDir, file))) return void 0;
  return { file: join61(project.path, file) };
}
async function attempt(phase, packages, number) {
  const { inputs, project, erlang, workspace, release, assembly, upFrom } = phase;
  if (packages.upgrade === void 0) throw new Error("there is nothing to rehearse");
  const rehearsals = await workspace.folder("rehearsal");
  if (phase.keep !== void 0) endProcessesBelow(rehearsals);
  return rehearse({
    erlang,
    folder: join61(rehearsals, String(number)),
    logFolder: logFolder(workspace),
    release,
    buildDir: join61(assembly.buildDir, "lib"),
    full: packages.full.path,
    upgrade: packages.upgrade.path,
    upFrom,
    check: inputs.check,
    checkFolder: project.dir,
    timeoutSeconds: inputs.rehearseTimeout,
    nodeName: inputs.nodeName,
    cluster: inputs.rehearseCluster,
    keep: phase.keep
  });
}
function logFolder(workspace) {
  return join61(workspace.dir, "rehearsal-logs");
}

// src/actions/relup/result.ts
import { basename as basename11, dirname as dirname7 } from "node:path";

// src/model/proof.ts
function proofOf({ outcome, versions }, corrections) {
  const reason = versions.find((version) => version.outcome === outcome)?.reason;
  return {
    outcome,
    ...reason === void 0 ? {} : { reason },
    upFrom: versions.map((version) => ({
      version: version.upFrom,
      outcome: version.outcome,
      ...version.reason === void 0 ? {} : { reason: version.reason },
      steps: Object.fromEntries(
        [...version.steps].sort(byName3).map(({ name, checks }) => [name, sorted(checks)])
      )
    })),
    corrections
  };
}
function sorted(checks) {
  return Object.fromEntries(Object.entries(checks).sort(([a], [b]) => a < b ? -1 : 1));
}
function byName3(a, b) {
  return a.name < b.name ? -1 : 1;
}

// src/package/package.ts
import { mkdir as mkdir13 } from "node:fs/promises";
import { join as join63 } from "node:path";

// src/package/foreign.ts
function foreignPaths(paths, release, upFromVersions) {
  const context = {
    release,
    versions: /* @__PURE__ */ new Set([...upFromVersions, ...releaseFolders(paths)]),
    applicationFolders: applicationFolders(paths)
  };
  const foreign = /* @__PURE__ */ new Map();
  for (const path of paths) {
    const unit = foreignUnit(path, context);
    if (unit !== void 0) foreign.set(path, unit);
  }
  return foreign;
}
function foreignFindings(foreign, release) {
  return [...new Set(foreign.values())].map((unit) => ({
    id: "foreign-file-left-out",
    severity: "notice",
    message: `${unit} in rebar3's tarball belongs to another version than ${release.version} and was left out of the packages.`,
    remedy: "Build each version in a clean folder, or name the file so that it does not look like another version."
  }));
}
function foreignUnit(path, context) {
  const { release } = context;
  const [top = "", name = "", ...rest] = path.split("/");
  if (top.startsWith("erts-")) return top === `erts-${release.erts}` ? void 0 : `${top}/`;
  if (top === "bin" && rest.length === 0) return isOtherScript(name, context) ? path : void 0;
  if (top === "releases") return foreignInReleases({ path, name, rest, context });
  if (top === "lib" && rest.length > 0) return isOtherApplication(name, context) ? `lib/${name}/` : void 0;
  return void 0;
}
function foreignInReleases({
  path,
  name,
  rest,
  context
}) {
  const { release, versions } = context;
  if (name === release.version) {
    return rest.length === 1 && rest[0] === `${release.name}.tar.gz` ? path : void 0;
  }
  if (rest.length > 0) return versions.has(name) ? `releases/${name}/` : void 0;
  if (name.endsWith(".tar.gz")) return path;
  const relVersion = versionAfter(name, `${release.name}-`, ".rel");
  return relVersion !== void 0 && relVersion !== release.version ? path : void 0;
}
function isOtherScript(name, { release, versions }) {
  const version = versionAfter(name, `${release.name}-`, "");
  if (version === void 0 || version === release.version) return false;
  return versions.has(version) || VERSION2.test(version);
}
var VERSION2 = /^v?\d+(\.\d+)*([-+.~].*)?$/;
function versionAfter(name, prefix, suffix) {
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return void 0;
  const version = name.slice(prefix.length, name.length - suffix.length);
  return version === "" ? void 0 : version;
}
function isOtherApplication(folder, { release, applicationFolders: applicationFolders2 }) {
  if (release.applications.some(({ dir }) => dir === `lib/${folder}`)) return false;
  if (applicationFolders2.has(folder)) return true;
  return release.applications.some(({ name }) => VERSION2.test(versionAfter(folder, `${name}-`, "") ?? ""));
}
function releaseFolders(paths) {
  return paths.flatMap((path) => /^releases\/([^/]+)\/[^/]+\.(?:rel|boot)$/.exec(path)?.[1] ?? []);
}
function applicationFolders(paths) {
  return new Set(paths.flatMap((path) => /^lib\/([^/]+)\/ebin\/[^/]+\.app$/.exec(path)?.[1] ?? []));
}

// src/package/upgrade-files.ts
import { lstat as lstat4, readlink as readlink3, stat as stat7 } from "node:fs/promises";
import { join as join62 } from "node:path";
async function selectUpgradeFiles(entries, release, upFrom) {
  const selected = [];
  const findings = [];
  const keeps = {};
  for (const entry of entries) {
    const rule = upgradeRule(entry.path, release, upFrom);
    if (rule === "leave") continue;
    const states = await Promise.all(upFrom.map((from) => compareEntry(entry, from, release)));
    const changed2 = upFrom.filter((_, index) => states[index] === "changed").map(({ version }) => version);
    if (rule === "add" || states.includes("missing")) {
      selected.push(entry);
      for (const version of changed2) (keeps[version] ??= []).push(entry.path);
    }
    if (rule === "compare" && changed2.length > 0 && !mayDiffer(entry.path, release)) {
      findings.push(keptFinding(entry.path, changed2, release));
    }
  }
  return { entries: selected, findings, keeps };
}
function upgradeRule(path, release, upFrom) {
  const { name, version } = release;
  if (path === "releases/RELEASES" || path === "releases/start_erl.data") return "leave";
  if (path.startsWith("erts-")) return "leave";
  if (path.startsWith(`releases/${version}/`) || path === `bin/${name}-${version}`) return "add";
  if (path === `releases/${name}.rel` || path === `releases/${name}-${version}.rel`) return "add";
  const application2 = applicationOf(path, release);
  if (application2 === void 0) return "compare";
  const everywhere = upFrom.every(
    ({ applications }) => applications.some((other) => other.name === application2.name && other.version === application2.version)
  );
  if (!everywhere) return "add";
  const within = path.slice(application2.dir.length + 1);
  return /^(ebin\/.*\.beam$|(src|include|c_src)(\/|$))/.test(within) ? "leave" : "compare";
}
function applicationOf(path, release) {
  return release.applications.find(({ dir }) => path === dir || path.startsWith(`${dir}/`));
}
function mayDiffer(path, { name }) {
  if (path === `bin/${name}` || path.startsWith("bin/hooks/builtin/")) return true;
  return /^bin\/(nodetool|install_upgrade\.escript|[^/]+\.boot)$/.test(path);
}
function keptFinding(path, versions, release) {
  const where2 = `${path} differs from the one in ${versions.join(", ")}`;
  const application2 = applicationOf(path, release);
  if (application2 === void 0) {
    return {
      id: "unversioned-file-changed",
      severity: "warning",
      message: `${where2}, and an upgrade does not replace it, because release_handler keeps files that exist.`,
      remedy: `Put it below releases/{{release_version}}/ in the overlay, or into an application's priv folder.`
    };
  }
  return {
    id: "application-file-changed",
    severity: "warning",
    application: application2.name,
    message: `${where2}, and an upgrade does not replace it, because ${application2.name} is still version ${application2.version}.`,
    remedy: `Give ${application2.name} a new version (vsn in its .app.src).`
  };
}
async function compareEntry(entry, from, release) {
  const path = join62(from.root, entry.path);
  const stats = await stat7(path).catch(ignoreMissing);
  if (entry.type === "symlink") return compareLink(entry, path);
  if (stats === void 0) return "missing";
  if (entry.type === "directory") return stats.isDirectory() ? "same" : "changed";
  if (!stats.isFile()) return "changed";
  if (stats.size === entry.size && await sha256File(path) === await sha256File(entry.source))
    return "same";
  if (!/^lib\/[^/]+\/priv\//.test(entry.path)) return "changed";
  const [before, after] = await Promise.all([
    nativeDigest(path, foldersOf(from.source)),
    nativeDigest(entry.source, release.source && foldersOf(release.source))
  ]);
  return before === after ? "same" : "changed";
}
async function compareLink(entry, path) {
  const stats = await lstat4(path).catch(ignoreMissing);
  if (stats === void 0) return "missing";
  return stats.isSymbolicLink() && await readlink3(path) === entry.target ? "same" : "changed";
}
function ignoreMissing(error) {
  const code = error.code;
  if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  return void 0;
}

// src/package/package.ts
async function makePackages(options) {
  const { release, upFrom, folder, mtime } = options;
  const { applications, source } = release;
  const buildDir = source?.buildDir;
  const all = await readTree(options.tree);
  const foreign = foreignPaths(
    all.map(({ path }) => path),
    release,
    upFrom.map(({ version }) => version)
  );
  const entries = withVersionedRel(
    all.filter(({ path }) => !foreign.has(path)),
    release
  );
  const selected = options.makeUpgrade && upFrom.length > 0 ? await selectUpgradeFiles(entries, release, upFrom) : void 0;
  await mkdir13(folder, { recursive: true });
  const base = join63(folder, `${release.name}-${release.version}`);
  const [full, upgrade, debug2] = await Promise.all([
    writeTarball(`${base}.tar.gz`, entries, mtime),
    selected && writeTarball(`${base}.upgrade.tar.gz`, selected.entries, mtime),
    writeDebugTarball(`${base}${DEBUG_SUFFIX}`, { root: options.tree, buildDir, applications }, mtime)
  ]);
  const findings = [...foreignFindings(foreign, release), ...selected?.findings ?? []];
  const keeps = selected?.keeps ?? {};
  return {
    full: { kind: "full", ...full },
    ...upgrade === void 0 ? {} : { upgrade: { kind: "upgrade", ...upgrade } },
    ...defined({ debug: debug2 }),
    findings,
    keeps
  };
}
function withVersionedRel(entries, release) {
  const { name, version } = release;
  const path = `releases/${name}-${version}.rel`;
  if (entries.some((entry) => entry.path === path)) return entries;
  const original = entries.find((entry) => entry.path === `releases/${version}/${name}.rel`) ?? entries.find((entry) => entry.path === `releases/${name}.rel`);
  if (original === void 0) {
    throw new ActionError(`The release has no release resource file releases/${version}/${name}.rel.`);
  }
  return [...entries, { ...original, path }];
}

// src/package/verify.ts
async function verifyPackage({
  erlang,
  finished,
  release,
  upFrom
}) {
  const members = await erlang.query("tarball", [finished.path]);
  const problem = findProblem({ members, finished, release, upFrom });
  if (problem === void 0) return;
  throw new ActionError(`The package ${finished.path} is not as it should be: ${problem}.`, {
    details: members.map(({ name, type, size: size2, mode }) => `${mode.toString(8)} ${type} ${size2} ${name}`).join("\n")
  });
}
function findProblem({
  members,
  finished,
  release,
  upFrom
}) {
  const byName4 = new Map(members.map((member) => [member.name, member]));
  return duplicate(members) ?? wrongFile(byName4, finished) ?? unexpectedMember(byName4, finished) ?? missingFile(byName4, release, upFrom) ?? forbiddenFile({ members: byName4, finished, release, upFrom }) ?? notExecutable(byName4, release);
}
function duplicate(members) {
  const seen = /* @__PURE__ */ new Set();
  for (const { name } of members) {
    if (seen.has(name)) return `${name} is in it twice`;
    seen.add(name);
  }
  return void 0;
}
function wrongFile(members, { files }) {
  for (const { path, size: size2, mode } of files) {
    const member = members.get(path);
    if (member?.type !== "file") return `erl_tar does not list the file ${path}`;
    if (member.size !== size2) return `${path} has ${member.size} bytes instead of ${size2}`;
    if (member.mode !== mode)
      return `${path} has mode ${member.mode.toString(8)} instead of ${mode.toString(8)}`;
  }
  return void 0;
}
function unexpectedMember(members, { files }) {
  const expected2 = new Set(files.map(({ path }) => path));
  for (const { name, type } of members.values()) {
    if (type === "directory" || type === "symlink" || type === "file" && expected2.has(name)) continue;
    return `it holds ${name} (${type}), which was not put into it`;
  }
  return void 0;
}
function missingFile(members, { name, version, applications }, upFrom) {
  const changed2 = applications.filter(
    (application2) => upFrom.some(
      (other) => other.applications.some(
        (before) => before.name === application2.name && before.version !== application2.version
      )
    )
  );
  const needed = [
    `releases/${name}-${version}.rel`,
    ...upFrom.length === 0 ? [] : [`releases/${version}/relup`],
    ...changed2.map((application2) => `${application2.dir}/ebin/${application2.name}.appup`)
  ];
  const missing2 = needed.find((path) => !members.has(path));
  return missing2 === void 0 ? void 0 : `${missing2} is missing`;
}
function forbiddenFile({
  members,
  finished,
  release,
  upFrom
}) {
  const { kind } = finished;
  const names2 = [...members.keys()];
  const relup = `releases/${release.version}/relup`;
  if (upFrom.length === 0 && members.has(relup)) return `it holds ${relup} although nothing is upgraded from`;
  if (kind === "upgrade") {
    const own = names2.find((path) => /^(releases\/(RELEASES|start_erl\.data)$|erts-)/.test(path));
    if (own !== void 0) return `it holds ${own}, which an upgrade must not touch`;
  }
  const versions = upFrom.map(({ version }) => version);
  const [foreign] = foreignPaths(names2, release, versions).keys();
  return foreign === void 0 ? void 0 : `${foreign} belongs to another version`;
}
function notExecutable(members, { name, version }) {
  const script2 = [`bin/${name}`, `bin/${name}-${version}`].map((path) => members.get(path)).find((member) => member !== void 0 && (member.mode & 64) === 0);
  return script2 === void 0 ? void 0 : `the start script ${script2.name} is not executable`;
}

// src/package/write-manifest.ts
import { writeFile as writeFile11 } from "node:fs/promises";
import { join as join64 } from "node:path";
async function writeManifest(folder, manifest) {
  const path = join64(folder, `${manifest.name}-${manifest.version}.manifest.json`);
  await writeFile11(path, manifestText(manifest));
  return path;
}

// src/plan/appups/appup-files.ts
import { mkdir as mkdir14, writeFile as writeFile12 } from "node:fs/promises";
import { dirname as dirname6, join as join65 } from "node:path";
function appupFiles(folder, appups) {
  return appups.flatMap(
    ({ application: application2, text: text2 }) => text2 === void 0 ? [] : [{ path: join65(folder, "appups", `${application2}.appup.src`), text: text2 }]
  );
}
async function writeAppupFiles(folder, appups) {
  for (const { path, text: text2 } of appupFiles(folder, appups)) {
    await mkdir14(dirname6(path), { recursive: true });
    await writeFile12(path, text2);
  }
}

// src/actions/relup/result.ts
async function makeCheckedPackages(options, note) {
  try {
    const packages = await makeInFolder(options);
    note({ packages, findings: packages.findings });
    return packages;
  } catch (error) {
    options.workspace.dropResult();
    throw error;
  }
}
async function makeInFolder(options) {
  const { erlang, workspace, release, plan, mtime } = options;
  const upFrom = plan.relup === void 0 ? [] : options.upFrom;
  const packages = await makePackages({
    tree: release.root,
    release,
    upFrom,
    makeUpgrade: plan.relup !== void 0,
    folder: workspace.resultFolder(`relup-${release.name}-${release.version}`),
    mtime
  });
  const made = [packages.full, packages.upgrade].filter((one) => one !== void 0);
  await Promise.all(made.map((one) => verifyPackage({ erlang, finished: one, release, upFrom })));
  for (const one of made) logPackage(one);
  return packages;
}
async function writeResult({ plan, packages }, record, note) {
  const { refs, release, toolchain, verdict, upFrom = [], findings, rehearsal } = record;
  if (refs === void 0 || release === void 0 || toolchain === void 0 || verdict === void 0) {
    throw new Error("there is nothing to write a manifest of");
  }
  const folder = dirname7(packages.full.path);
  const manifest = manifestOf({
    release,
    ref: refs.newRef,
    commit: refs.newCommit,
    projectPath: record.build?.projectPath ?? "",
    toolchain,
    upgradeKind: plan.upgradeKind,
    verdict,
    upFrom,
    appups: plan.appups,
    relup: plan.relup,
    full: packages.full,
    upgrade: packages.upgrade,
    debug: packages.debug,
    findings,
    keeps: packages.keeps,
    selfMade: [...new Set(rehearsal?.versions.flatMap((one) => one.selfMade))].sort(),
    proof: proof(record)
  });
  note({ manifest: await writeManifest(folder, manifest) });
  await writeAppupFiles(folder, plan.appups);
  note({ report: await writeReport(folder, record) });
}
function proof({ rehearsal, unproven, upgradeKind }) {
  if (rehearsal !== void 0) return proofOf(rehearsal, rehearsal.corrections);
  return upgradeKind === "hot" ? { outcome: "unproven", reason: unproven ?? "", upFrom: [], corrections: [] } : void 0;
}
function logPackage({ path, size: bytes, sha256: sha2562, files }) {
  info(`${basename11(path)}: ${size(bytes)}, ${files.length} files, SHA-256 ${sha2562}`);
}
function artifactNameOf({ artifactName }, { release }) {
  return artifactName ?? `${release?.name}-${release?.version}-relup`;
}
async function upload(inputs, run2, note) {
  const { packages, manifest = "", report, appups = [] } = run2.record;
  const rootDir = dirname7(manifest);
  const adoptable = appupFiles(rootDir, appups).map(({ path }) => path);
  const made = [packages?.full, packages?.upgrade, packages?.debug].map((one) => one?.path);
  const reports = report === void 0 ? [] : [report, reportPage(report)];
  const files = [...made, manifest, ...reports, ...adoptable].filter((file) => file !== void 0);
  const artifact = await uploadArtifact({
    name: artifactNameOf(inputs, run2.record),
    rootDir,
    files,
    overwrite: inputs.overwrite,
    workFolder: await run2.workspace.folder("artifact"),
    ...defined({ retentionDays: inputs.retentionDays, manifest })
  });
  note({ artifact });
  info(
    `${artifact.reused ? "Found again" : "Uploaded"}: artifact ${artifact.name} (${artifact.url ?? artifact.id})`
  );
}

// src/actions/relup/prove-upgrade.ts
async function proveUpgrade(inputs, run2, { modified = "refuse", keep } = {}) {
  const { workspace } = run2;
  const { probing } = await startProbing(workspace);
  const project = await openProject(inputs.workingDirectory, await workspace.folder("git"), modified);
  const leftOut = modified === "leave-out" ? await modifiedFindings(project) : [];
  run2.note("Project", { findings: [...leftOut, ...await treeFindings(project)] });
  const chosen = await run2.phase("Refs", (note) => chooseVersions(inputs, project, note));
  const refs = await takePublishedPackages(chosen, { inputs, project, run: run2 });
  const checkouts = startCheckouts({ git: project.git, workspace }, refs);
  const { toolchain, erlang } = await run2.phase("Toolchain", (note) => tellProbed(probing, note));
  const { profile, prepare: prepare2, release: name, allowRestart, appups, purge } = inputs;
  const { git, path: projectPath } = project;
  const check = inputs.mode === "check";
  const context = {
    git,
    erlang,
    workspace,
    profile,
    prepare: prepare2,
    projectPath,
    check,
    checkouts,
    ...defined({ release: name })
  };
  const builds = await run2.phase("Build", async (note) => {
    const cache = check && inputs.cache === "release" ? "auto" : inputs.cache;
    const all = await buildAll({ context, toolchain, cache }, refs);
    const built = check ? await raiseVersions(all, context, note) : all;
    note({ release: built.release, upFrom: built.upFrom, findings: built.findings });
    return built;
  });
  const { release, assembly, upFrom, unused } = builds;
  discard(workspace, unused.now);
  const mtime = await git.commitTime(refs.newCommit);
  const make = async (corrections = []) => {
    const options = { ...context, allowRestart, appups, purge, release, assembly, upFrom, corrections };
    const plan = await run2.phase("Appups and relup", (note) => planUpgrade(options, note));
    if (inputs.rehearse === "false") discard(workspace, unused.planned);
    const packages = await run2.phase(
      "Package",
      (note) => makeCheckedPackages({ erlang, workspace, release, upFrom, plan, mtime }, note)
    );
    return { plan, packages };
  };
  const first = await make();
  const made = first.plan.upgradeKind === "hot" ? await run2.phase(
    "Rehearsal",
    (note) => rehearseMade(first, {
      inputs,
      project,
      erlang,
      workspace,
      release,
      assembly,
      upFrom,
      make,
      note,
      keep
    })
  ) : first;
  return { made, builds, project, erlang };
}

// src/actions/relup/check.ts
var ANSWER = "Answer";
async function fromChangeToAnswer(inputs, run2, desk) {
  requireOwnRights(process.env);
  try {
    const { made } = await proveUpgrade(inputs, run2, desk);
    const { full, upgrade, debug: debug2 } = made.packages;
    await Promise.all([full, upgrade, debug2].map(async (one) => one && rm8(one.path, { force: true })));
    run2.note(ANSWER, { answer: answerOf(run2.record) });
    run2.note(ANSWER, { report: await writeReport(dirname8(full.path), run2.record) });
  } catch (error) {
    throw error instanceof RefusedError ? inWords2(error, run2.record) : error;
  }
}
function requireOwnRights(env) {
  const reason = untrustedCheck(env.GITHUB_EVENT_NAME ?? "", eventPayload(env));
  if (reason === void 0) return;
  throw new ActionError(`A check does not run here: ${reason}.`, {
    remedy: "Start the workflow by `on: pull_request`, which has neither secrets nor the right to write for forks."
  });
}
function inWords2(error, record) {
  const [first, ...others] = distinct(record.findings.filter(isError));
  const cause = first ?? error;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const { remedy, location = changedFile(record) } = cause;
  return new RefusedError(`No hot upgrade${more}: ${cause.message}`, {
    cause: error,
    ...defined({ remedy, location, details: error.details })
  });
}

// src/actions/relup/deploy-here.ts
async function deployHere(inputs, run2, erlang) {
  const { packages, manifest: manifestPath } = run2.record;
  run2.note(DEPLOY, { nodeState: "untouched" });
  if (packages === void 0 || manifestPath === void 0) throw new Error("there are no packages");
  const paths = { upgradePath: packages.upgrade?.path, fullPath: packages.full.path };
  await deployNode({ inputs, ...paths, manifestPath }, run2, erlang);
}

// src/actions/relup/failed-result.ts
import { copyFile as copyFile6, cp as cp2, mkdir as mkdir15, readdir as readdir12 } from "node:fs/promises";
import { dirname as dirname9, join as join66 } from "node:path";
var FAILURE = "Failure";
async function keepFailure(inputs, run2) {
  const { relup, release, manifest } = run2.record;
  if (relup === void 0 || release === void 0 || manifest !== void 0) return;
  const { workspace } = run2;
  run2.forget("Package");
  try {
    workspace.dropResult();
    const folder = workspace.resultFolder(`relup-${release.name}-${release.version}-failed`);
    run2.note(FAILURE, { report: join66(folder, "report.json") });
    await copyExplanations({ record: run2.record, relup, workspace, folder });
    await writeReport(folder, run2.record);
    if (!inputs.upload) return;
    await uploadFailure(inputs, run2, folder).catch((error) => {
      warning(`What explains the failure could not be uploaded: ${errorMessage(error)}`);
    });
  } catch (error) {
    run2.forget(FAILURE);
    workspace.dropResult();
    warning(`What explains the failure could not be kept: ${errorMessage(error)}`);
  }
}
async function copyExplanations({
  record,
  relup,
  workspace,
  folder
}) {
  const { appups = [] } = record;
  await copyFile6(relup.file, join66(folder, "relup"));
  const root = dirname9(dirname9(dirname9(relup.file)));
  const target2 = join66(folder, "appups");
  await mkdir15(target2);
  for (const { application: application2, version } of appups) {
    const file = `${application2}.appup`;
    await copyFile6(join66(root, "lib", `${application2}-${version}`, "ebin", file), join66(target2, file));
  }
  await writeAppupFiles(folder, appups);
  await cp2(logFolder(workspace), join66(folder, "logs"), { recursive: true }).catch(
    (error) => {
      if (error.code !== "ENOENT") throw error;
    }
  );
}
async function uploadFailure(inputs, run2, folder) {
  const entries = await readdir12(folder, { recursive: true, withFileTypes: true });
  const artifact = await uploadArtifact({
    name: `${artifactNameOf(inputs, run2.record)}-failed`,
    rootDir: folder,
    files: entries.filter((entry) => entry.isFile()).map(({ parentPath: parentPath2, name }) => join66(parentPath2, name)),
    // An earlier attempt of this run explains nothing any more.
    overwrite: true,
    workFolder: await run2.workspace.folder("artifact"),
    ...defined({ retentionDays: inputs.retentionDays })
  });
  run2.note(FAILURE, { failedArtifact: artifact });
  info(`What explains the failure: artifact ${artifact.name} (${artifact.url ?? artifact.id})`);
}

// src/published/publish.ts
import { basename as basename12, join as join68 } from "node:path";

// src/published/put-checksums.ts
import { readFile as readFile17, writeFile as writeFile13 } from "node:fs/promises";
import { join as join67 } from "node:path";
async function putChecksums(place, own) {
  const { repository, release, workFolder } = place;
  const path = join67(workFolder, CHECKSUMS);
  const what = `The file ${CHECKSUMS} could not be attached to the GitHub release ${release.tag}`;
  await askGithub(what, "contents: write", async () => {
    const there = (await listAssets(repository, release)).find(({ name }) => name === CHECKSUMS);
    const before = await textOf(repository, there, path);
    const text2 = checksumsText(new Map([...readChecksums(before), ...own]));
    if (text2 === before) return;
    if (there !== void 0) await deleteAsset(repository, there);
    await writeFile13(path, text2);
    await uploadAsset(repository, release, { name: CHECKSUMS, path });
  });
}
async function textOf(repository, asset, path) {
  if (asset?.complete !== true) return "";
  await downloadAsset(repository, asset, path);
  return readFile17(path, "utf8");
}

// src/published/publish.ts
var INCOMPLETE = "<!-- relup-action: not all files are attached yet -->";
async function publishFiles(options) {
  const { tag, commit, preRelease, overwrite, workFolder } = options;
  const repository = await openRepository(options.token);
  checkTag2(tag, commit, await remoteCommit(repository, tag));
  const notes = `${options.notes}

${INCOMPLETE}`;
  const release = await releaseToFill(repository, { tag, commit, preRelease, notes });
  const place = { repository, release, workFolder };
  const files = await Promise.all(options.files.map(ownFile));
  if (!overwrite) await refuseOthers(place, files);
  const manifest = files.at(-1);
  for (const file of files.slice(0, -1)) await put(place, file);
  await putChecksums(place, new Map(files.map(({ name, sha256: sha2562 }) => [name, sha2562])));
  if (manifest !== void 0) await put(place, manifest);
  const done = release.draft && release.notes.includes(INCOMPLETE);
  return done ? publishDraft(repository, release, release.notes.replace(INCOMPLETE, "").trim()) : release;
}
async function ownFile(path) {
  return { name: basename12(path), path, sha256: await sha256File(path) };
}
function checkTag2(tag, commit, remote) {
  if (remote === commit) return;
  const now = remote === void 0 ? "deleted" : `moved to ${remote.slice(0, 7)}`;
  throw new ActionError(
    `Nothing is published: the tag ${tag} was ${now}, and the packages were made of ${commit.slice(0, 7)}.`,
    {
      remedy: "Push the tag again to publish what it leads to; a released version should get a new tag instead."
    }
  );
}
async function refuseOthers(place, files) {
  const assets = await listAssets(place.repository, place.release);
  for (const file of files) {
    const there = findAsset(assets, file);
    if (there === void 0 || !there.complete || await isSame3(place, there, file)) continue;
    throw new ActionError(
      `The GitHub release ${place.release.tag} already has a file ${file.name} with other contents.`,
      {
        remedy: "A published version should stay as it is: make a new version, or set `overwrite: true` to replace its files.",
        details: `there: SHA-256 ${there.digest ?? "unknown"}
here: SHA-256 ${file.sha256}`
      }
    );
  }
}
async function isSame3({ repository, workFolder }, asset, file) {
  const digest = asset.digest ?? await downloadAsset(repository, asset, join68(workFolder, "published"));
  return digest === file.sha256;
}
async function put(place, file) {
  const { repository, release } = place;
  const what = `The file ${file.name} could not be attached to the GitHub release ${release.tag}`;
  await askGithub(what, "contents: write", async () => {
    const there = findAsset(await listAssets(repository, release), file);
    if (there?.complete === true && await isSame3(place, there, file)) {
      info(`${file.name}: attached, SHA-256 ${file.sha256}`);
      return;
    }
    if (there !== void 0) await deleteAsset(repository, there);
    await uploadAsset(repository, release, file);
    info(`${file.name}: uploaded, SHA-256 ${file.sha256}`);
  });
}

// src/actions/relup/publish-release.ts
async function publishRelease(inputs, run2, note) {
  const { refs, packages, manifest } = run2.record;
  if (refs === void 0 || packages === void 0 || manifest === void 0) {
    throw new Error("there is nothing to publish");
  }
  const { GITHUB_REF_TYPE: type, GITHUB_REF_NAME: name } = process.env;
  if (type !== "tag" || name === void 0 || name !== refs.newTag) {
    notice(
      `Nothing is published: this workflow run is not for the tag of the new release (${type ?? "run"} ${name ?? "without a ref"}).`
    );
    return;
  }
  const made = [packages.full, packages.upgrade, packages.debug].flatMap((one) => one?.path ?? []);
  const published2 = await publishFiles({
    token: inputs.githubToken,
    tag: name,
    commit: refs.newCommit,
    preRelease: refs.preRelease === true,
    notes: notesOf(run2.record),
    files: [...made, manifest],
    overwrite: inputs.overwrite,
    workFolder: await run2.workspace.folder("published")
  });
  const { tag, url, draft } = published2;
  note({ published: { tag, url, draft } });
  info(`Published: GitHub release ${tag}${draft ? ", still a draft" : ""} (${url})`);
}
function notesOf({ release, upFrom = [], verdict }) {
  const from = upFrom.map(({ version }) => version).join(", ");
  const what = `${release?.name} ${release?.version}`;
  const how = from === "" ? "for fresh installations" : `upgrade from ${from}, verdict \`${verdict}\``;
  return `${what}: ${how}. \`sha256sum --check --ignore-missing SHA256SUMS\` checks the files.`;
}

// src/actions/relup/relup-action.ts
async function relupAction(inputs, attendant) {
  const story = inputs.mode === "check" ? fromChangeToAnswer : fromTagToArtifact;
  const desk = attendant === void 0 ? {} : { modified: "leave-out", keep: attendant.keep };
  await runAction(
    async (run2) => {
      checkPlatform(process.platform);
      await story(inputs, run2, desk);
    },
    { onFailure: (run2) => keepFailure(inputs, run2), attendant }
  );
}
async function fromTagToArtifact(inputs, run2, { keep }) {
  requireAll(inputs);
  const { made, builds, erlang } = await proveUpgrade(inputs, run2, { keep });
  discard(run2.workspace, [...builds.unused.planned, ...builds.unused.packed]);
  await run2.phase("Manifest", (note) => writeResult(made, run2.record, note));
  if (inputs.attest) await run2.phase("Attestation", (note) => attestResult(inputs, run2, note));
  if (inputs.upload) await run2.phase("Artifact", (note) => upload(inputs, run2, note));
  if (inputs.publish === "release") {
    await run2.phase("Release", (note) => publishRelease(inputs, run2, note));
  }
  if (inputs.cache !== "off") await builds.saveToCache();
  if (inputs.deploy !== void 0) await deployHere(inputs.deploy, run2, erlang);
}
function requireAll(inputs) {
  if (inputs.upload) requireArtifactService(process.env);
  if (inputs.publish === "release") requireGithub(inputs.githubToken, process.env);
  if (inputs.attest) requireAttesting(inputs.githubToken, process.env);
  if (inputs.deploy !== void 0) requireTrustedRun(process.env);
}
export {
  relupAction
};
