import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  endDescendants,
  endProcessesBelow
} from "./chunk-NW3NNBAX.mjs";
import {
  annotate,
  isApplicationName,
  isPathComponent,
  isReleaseName,
  isVersion,
  neutralise
} from "./chunk-JIXQ5GXC.mjs";
import {
  ActionError,
  BadInputError,
  CommandFailedError,
  NodeRefusedError,
  RefusedError,
  errorMessage
} from "./chunk-G6Z7PSQF.mjs";
import {
  require_tar_stream
} from "./chunk-LIFKGMHP.mjs";
import {
  exec
} from "./chunk-NHTI2HNZ.mjs";
import {
  __toESM,
  debug,
  group,
  info,
  saveState,
  setOutput,
  setSecret,
  summary,
  warning
} from "./chunk-IH5JPHE7.mjs";

// src/phases/artifact.ts
import { access, constants } from "node:fs/promises";

// src/shared/optional.ts
function defined(values) {
  const entries = Object.entries(values).filter(([, value]) => value !== void 0);
  return Object.fromEntries(entries);
}

// src/phases/existing-artifact.ts
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
async function sameArtifact(client, name, own, conflict) {
  const existing = own.overwrite ? void 0 : await findExisting(client, name);
  if (existing === void 0) throw takenByAnotherUpload(name, conflict);
  if (own.manifest === void 0 || !await holdsManifest(client, existing, own, own.manifest)) {
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
async function holdsManifest(client, artifact, { rootDir, workFolder }, manifest) {
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

// src/phases/artifact.ts
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
  const missing2 = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_RESULTS_URL"].filter((name) => !env[name]);
  if (missing2.length > 0) {
    throw new ActionError(
      `An artifact can only be uploaded in a workflow run: ${missing2.join(" and ")} must be set by the runner.`,
      { remedy: "Set `upload: false` to run without an upload." }
    );
  }
}
async function uploadArtifact(options) {
  requireArtifactService(process.env);
  await requireReadable(options.files);
  const name = safeArtifactName(options.name);
  const { DefaultArtifactClient } = await import("./artifact-LFBSW6DY.mjs");
  const client = new DefaultArtifactClient();
  try {
    if (options.overwrite) await deleteExisting(client, name);
    const uploaded = await client.uploadArtifact(name, [...options.files], options.rootDir, {
      compressionLevel: 0,
      ...defined({ retentionDays: options.retentionDays })
    });
    if (uploaded.id === void 0) throw new Error("the service gave no artifact id");
    return described(name, uploaded.id, uploaded.digest, false);
  } catch (error) {
    if (!isNameConflict(error)) throw serviceFailure(`The artifact "${name}" could not be uploaded`, error);
    const existing = await sameArtifact(client, name, options, error);
    return described(name, existing.id, existing.digest, true);
  }
}
async function requireReadable(files) {
  for (const file of files) {
    await access(file, constants.R_OK).catch((cause) => {
      throw new ActionError(`The file ${file} cannot be read and so not be uploaded.`, { cause });
    });
  }
}
function described(name, id, digest, reused) {
  const optional = { url: artifactUrl(id, process.env), digest: digest?.replace(/^sha256:/, "") };
  return { name, id, ...defined(optional), reused };
}

// src/phases/builds.ts
import { basename as basename4 } from "node:path";

// src/phases/build.ts
import { access as access2, readFile as readFile3, readdir as readdir2 } from "node:fs/promises";
import { basename, join as join6 } from "node:path";

// src/programs/user-command.ts
import { writeFile } from "node:fs/promises";

// src/programs/exec.ts
import { StringDecoder } from "node:string_decoder";
var TIMED_OUT = 124;
var SIGNALS = {
  134: "SIGABRT",
  135: "SIGBUS",
  137: "SIGKILL",
  139: "SIGSEGV",
  143: "SIGTERM"
};
var OUT_OF_MEMORY = "Most often memory ran out and the system ended it: use a runner with more memory, or let fewer programs run at once.";
async function run(program, args, options = {}) {
  const keep = options.keepOutput ?? true;
  const out = new LineCollector(keep, options.onLine);
  const err = new LineCollector(keep, options.onLine);
  const limit = options.timeoutSeconds;
  const argv = limit === void 0 ? [program, ...args] : ["timeout", "-k", "10", String(limit), program, ...args];
  debug(`run: ${JSON.stringify(argv)} in ${options.cwd ?? "."}`);
  const started = performance.now();
  const exitCode = await start(argv, options, out, err, program);
  const seconds = (performance.now() - started) / 1e3;
  const stdout = out.finish();
  const stderr = err.finish();
  if (exitCode !== null && (options.okCodes ?? [0]).includes(exitCode)) return { exitCode, stdout, stderr };
  const details = [stdout, stderr].filter((text) => text.trim() !== "").join("\n");
  throw failure([program, ...args].join(" "), exitCode, details, { limit, seconds });
}
async function start(argv, options, out, err, program) {
  const [tool, ...rest] = argv;
  try {
    return await exec(quoteTool(tool), rest, {
      ...options.cwd === void 0 ? {} : { cwd: options.cwd },
      env: programEnvironment(options.env),
      silent: true,
      ignoreReturnCode: true,
      ...options.input === void 0 ? {} : { input: Buffer.from(options.input) },
      listeners: { stdout: (data) => out.add(data), stderr: (data) => err.add(data) }
    });
  } catch (error) {
    throw new CommandFailedError(`${program} could not be started: ${errorMessage(error)}`, void 0, {
      cause: error
    });
  }
}
function quoteTool(tool) {
  return `"${tool.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
function programEnvironment(changes) {
  const merged = { ...process.env, ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry) => entry[1] !== void 0)
  );
}
function failure(command, exitCode, details, { limit, seconds }) {
  const end = endOf(exitCode, limit, seconds);
  return new CommandFailedError(
    `${command} ${end.text}.`,
    end.kind === "exited" && exitCode !== null ? exitCode : void 0,
    { details, remedy: end.kind === "killed" ? OUT_OF_MEMORY : void 0 },
    end
  );
}
function endOf(exitCode, limit, seconds) {
  const signal = exitCode === null ? "a signal" : SIGNALS[exitCode];
  const late = limit !== void 0 && seconds >= limit;
  if (limit !== void 0 && (exitCode === TIMED_OUT || late && signal !== void 0)) {
    return { kind: "timed-out", text: `did not end within ${limit} seconds` };
  }
  if (signal !== void 0) return { kind: "killed", text: `was killed by ${signal}` };
  return { kind: "exited", text: `failed with exit status ${exitCode}` };
}
var LineCollector = class {
  constructor(keep, onLine) {
    this.keep = keep;
    this.onLine = onLine;
  }
  keep;
  onLine;
  decoder = new StringDecoder("utf8");
  kept = [];
  rest = "";
  add(data) {
    const text = this.decoder.write(data);
    if (this.keep) this.kept.push(text);
    if (this.onLine === void 0) return;
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.onLine(line);
  }
  finish() {
    if (this.rest !== "") this.onLine?.(this.rest.replace(/\r$/, ""));
    this.rest = "";
    return this.kept.join("");
  }
};

// src/programs/user-command.ts
async function runUserCommand({ command, scriptFile, ...options }) {
  await writeFile(scriptFile, command, { mode: 384 });
  await run("bash", ["--noprofile", "--norc", "-eo", "pipefail", scriptFile], options);
}

// src/phases/prepare.ts
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

// src/phases/release-checks.ts
import { lstat, readdir } from "node:fs/promises";
import { join as join2 } from "node:path";
var MADE_UP_VERSION = /^0\.0\.0\+build\./;
function checkRelease(release, at2, tag) {
  checkVersions(release, at2);
  if (tag !== void 0) checkTag(release.version, tag, at2);
  checkSystemLibraries(release, at2);
  if (!release.applications.some((application) => application.name === "sasl")) {
    throw new RefusedError(
      `The release ${release.name} ${release.version} (${at2}) does not contain sasl, so its node has no release_handler.`,
      {
        remedy: `Add sasl to the release in rebar.config: {release, {${release.name}, "${release.version}"}, [${release.name}, sasl]}.`,
        location: { file: "rebar.config" }
      }
    );
  }
}
function checkVersions(release, at2) {
  if (!isReleaseName(release.name)) throw badName("release", release.name, at2);
  for (const { name } of release.applications) {
    if (!isApplicationName(name)) throw badName("application", name, at2);
  }
  const named2 = [
    { what: `release ${release.name}`, version: release.version },
    ...release.applications.map(({ name, version }) => ({ what: `application ${name}`, version }))
  ];
  for (const { what, version } of named2) {
    if (MADE_UP_VERSION.test(version)) {
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
function checkNames(names, at2) {
  for (const { kind, name, version } of names) {
    if (!isPathComponent(name)) throw badName(kind, name, at2);
    if (version !== null && !isPathComponent(version)) throw badVersion(`${kind} ${name}`, version, at2);
  }
}
function tagNamesVersion(tag, version) {
  return tag.endsWith(version) && /^(?:[A-Za-z][\w.-]*[-_/])?v?$/.test(tag.slice(0, tag.length - version.length));
}
function checkTag(version, tag, at2) {
  if (tagNamesVersion(tag, version)) return;
  throw new RefusedError(`The git tag is ${tag} but the release version built at ${at2} is ${version}.`, {
    remedy: `Set the release version in rebar.config's {release, {Name, Vsn}, \u2026} to the tag's, or tag the commit as ${version}.`,
    location: { file: "rebar.config" }
  });
}
function checkSystemLibraries(release, at2) {
  const missing2 = release.applications.filter((application) => !application.present).map(({ name }) => name);
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
  const lib = join2(root, "lib");
  for (const entry of await readdir(lib)) {
    if (!(await lstat(join2(lib, entry))).isSymbolicLink()) continue;
    throw new RefusedError(
      `The release at ${at2} was assembled in dev_mode: lib/${entry} is a link, not a folder.`,
      {
        remedy: `Write {profiles, [{${profile}, [{relx, [{dev_mode, false}, {include_erts, true}]}]}]}. in rebar.config (with dev_mode, relx makes links that release_handler rejects as "unsafe path").`,
        location: { file: "rebar.config" }
      }
    );
  }
}

// src/phases/rebar3-build.ts
import { readFile as readFile2 } from "node:fs/promises";
import { join as join5 } from "node:path";

// src/programs/rebar3.ts
import { cp, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join as join3 } from "node:path";
function cacheFolder() {
  return process.env.REBAR_CACHE_DIR ?? join3(homedir(), ".cache", "rebar3");
}
async function rebar3Version(folder) {
  try {
    const { stdout } = await run("rebar3", ["version"], {
      cwd: folder,
      timeoutSeconds: 60,
      env: { REBAR_BASE_DIR: void 0 }
    });
    const version = /rebar (\S+) on Erlang/.exec(stdout)?.[1];
    if (version !== void 0) return version;
    throw new ActionError("`rebar3 version` printed no version.", { details: stdout });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const { end, exitCode } = error;
    const missing2 = end.kind === "not-started" || exitCode === 127;
    throw new ActionError(
      missing2 ? "rebar3 was not found on the PATH." : `rebar3 is installed but does not run on this Erlang/OTP: \`rebar3 version\` ${end.text}.`,
      {
        remedy: error.remedy ?? "Set `rebar3-version` in the erlef/setup-beam step before this one, to a version that supports the OTP you use.",
        details: error.details ?? error.message,
        cause: error
      }
    );
  }
}
async function rebar3(task, options) {
  const name = options.release === void 0 ? [] : ["-n", options.release];
  const result = await run("rebar3", ["as", options.profile, task, ...name], {
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

// src/phases/build-failure.ts
var APPUP_PLUGIN = /rebar3_appup_plugin[^\n]*(?:failed|error)|(?:failed|errors?)[^\n]*rebar3_appup_plugin|Uncaught error[\s\S]*rebar3_appup_/i;
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
    pattern: /Application needed for release not found: (\S+)/,
    reason: (match) => `the release lists the application ${match[1]}, which neither the project, its dependencies nor OTP have`,
    remedy: "Mend the name in the `{release, \u2026}` entry of rebar.config, or add the dependency (a split OTP installation may lack it)."
  },
  {
    pattern: /Failed to fetch and copy dep: (.+)/,
    reason: (match) => `a dependency could not be fetched: ${match[1]}`,
    remedy: "Check that the dependency still exists and that this job may read it (a token for private repositories)."
  },
  {
    pattern: /Package not found in any repo: (.+)/,
    reason: (match) => `a dependency could not be fetched: ${match[1]}`,
    remedy: "Check its name and version on hex.pm, and that this runner can reach hex.pm (HTTPS_PROXY, HEX_CDN)."
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
    remedy: "Mend the syntax at that line."
  }
];
var CRASH_DUMP_LIMIT = 4e3;
function isAppupPluginFailure(failure3) {
  return APPUP_PLUGIN.test(outputOf(failure3));
}
function explainBuildFailure(failure3, at2) {
  const { error } = failure3;
  const output = outputOf(failure3);
  for (const known of KNOWN) {
    const match = known.pattern.exec(output);
    if (match === null) continue;
    return new ActionError(`The release could not be built at ${at2}: ${known.reason(match)}.`, {
      remedy: known.remedy,
      details: output,
      cause: error
    });
  }
  return new ActionError(`The release could not be built at ${at2}: ${error.message}`, {
    remedy: error.remedy ?? `The end of rebar3's output:
${lastWords(printedBy(failure3))}`,
    details: output,
    cause: error
  });
}
function outputOf(failure3) {
  const printed = printedBy(failure3);
  return failure3.crashDump === "" ? printed : `${printed}
${failure3.crashDump.slice(0, CRASH_DUMP_LIMIT)}`;
}
function printedBy({ error }) {
  return (error.details ?? "").replace(/\x1b\[[0-9;]*m/g, "");
}
function lastWords(output) {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const start2 = lines.findLastIndex((line) => line.startsWith("===>"));
  return lines.slice(Math.max(start2, lines.length - 12)).join("\n") || "(no output)";
}

// src/phases/rebar-configuration.ts
import { writeFile as writeFile2 } from "node:fs/promises";
import { join as join4 } from "node:path";
var script = (own, changes) => `IsPlugin = fun
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
WithoutCheck = fun
    ({relx, Relx}) when is_list(Relx) -> {relx, Relx ++ [{check_for_undefined_functions, false}]};
    (Option) -> Option
end,
Changes = [Change || {Change, true} <- [
    {WithoutPlugin, ${String(changes.withoutAppupPlugin)}},
    {WithoutCheck, ${String(changes.withoutUndefinedCheck)}}
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
    rebar_config:consult_file(${JSON.stringify([...own].map((char) => char.codePointAt(0)))})
catch
    throw:{error, {Module, Reason}} ->
        rebar_log:log(error, "~ts", [Module:format_error(Reason)]),
        throw({error, {Module, Reason}})
end,
[Apply(Option) || Option <- Options].
`;
async function changedConfiguration(folder, changes) {
  const path = join4(folder, "rebar.config");
  await writeFile2(`${path}.script`, script(process.env.REBAR_CONFIG ?? "rebar.config", changes));
  return path;
}

// src/phases/rebar3-build.ts
async function buildWithRebar3(context, version, cwd, task, at2, onLine) {
  const cacheDir = version.role === "new" ? void 0 : await copyCache(await context.workspace.folder("rebar3-cache", version.commit.slice(0, 12)));
  const options = {
    cwd,
    profile: context.profile,
    ...defined({ release: context.release, cacheDir, onLine })
  };
  const attempt2 = async (withoutAppupPlugin) => {
    const configFile = await configurationFor(context, version, withoutAppupPlugin);
    try {
      await rebar3(task, { ...options, ...defined({ configFile }) });
      return void 0;
    } catch (error) {
      if (error instanceof CommandFailedError) return { error, crashDump: await crashDump(cwd) };
      throw error;
    }
  };
  const first = await attempt2(false);
  if (first === void 0) return [];
  if (!isAppupPluginFailure(first)) throw explainBuildFailure(first, at2);
  const second = await attempt2(true);
  if (second !== void 0) throw explainBuildFailure(second, at2);
  return [pluginFinding(context, version, at2)];
}
async function configurationFor({ workspace }, { commit, role }, withoutAppupPlugin) {
  const withoutUndefinedCheck = role === "up-from";
  if (!withoutAppupPlugin && !withoutUndefinedCheck) return void 0;
  const kind = withoutAppupPlugin ? "without-appup-plugin" : "own";
  const folder = await workspace.folder("rebar-config", commit.slice(0, 12), kind);
  return changedConfiguration(folder, { withoutAppupPlugin, withoutUndefinedCheck });
}
function pluginFinding(context, version, at2) {
  return {
    id: "appup-plugin-left-out",
    severity: "warning",
    message: `rebar3_appup_plugin does not build or crashes on this Erlang/OTP, so ${at2} was built without it.`,
    remedy: "Remove it and its provider_hooks from rebar.config: relup-action compiles .appup.src files and packs appups itself.",
    ...version.role === "new" ? { location: { file: join5(context.projectPath, "rebar.config") } } : {}
  };
}
async function crashDump(projectDir) {
  return readFile2(join5(projectDir, "rebar3.crashdump"), "utf8").catch(() => "");
}

// src/phases/build.ts
async function addWorktree(context, version) {
  const dir = join6(await context.workspace.folder("build"), version.commit.slice(0, 12));
  await context.git.addWorktree(dir, version.commit);
  const projectDir = join6(dir, context.projectPath);
  const found = await Promise.all(
    ["rebar.config", "rebar.config.script"].map((name) => exists(join6(projectDir, name)))
  );
  if (!found.includes(true)) {
    const folder = context.projectPath === "" ? "the top folder of the repository" : `the folder ${context.projectPath}`;
    throw new BadInputError(`There is no rebar.config in ${folder} at ${version.ref}.`, {
      remedy: "Set the input `working-directory` to the folder where rebar.config is."
    });
  }
  return projectDir;
}
function placeOf({ tag, ref }) {
  return tag === void 0 ? ref : `tag ${tag}`;
}
async function assemble(context, version, projectDir, task) {
  const at2 = placeOf(version);
  const onLine = version.role === "new" ? (line) => info(neutralise(line)) : void 0;
  await prepare(context, version, projectDir, onLine);
  const lock = await lockFile(projectDir);
  const leftOut = await buildWithRebar3(context, version, projectDir, task, at2, onLine);
  const root = await assembledFolder(context, projectDir, at2);
  await checkAssembled(root, at2, context.profile);
  return {
    projectDir,
    root,
    findings: [
      ...leftOut,
      ...lock === await lockFile(projectDir) ? [] : lockFindings(context, version, at2)
    ],
    ...task === "tar" ? { tarball: await tarballIn(root, at2) } : {}
  };
}
async function prepare(context, version, cwd, onLine) {
  if (context.prepare.trim() === "") return;
  const scriptFile = join6(await context.workspace.folder("prepare"), `${version.commit.slice(0, 12)}.sh`);
  const env = { RELUP_REF: version.ref, RELUP_COMMIT: version.commit, RELUP_ROLE: version.role };
  const at2 = placeOf(version);
  await prepareWorktree({ command: context.prepare, cwd, scriptFile, env, at: at2, ...defined({ onLine }) });
}
async function assembledFolder(context, projectDir, at2) {
  const rel = join6(projectDir, "_build", context.profile.replaceAll(",", "+"), "rel");
  const names = await exists(rel) ? await readdir2(rel) : [];
  const assembled = [];
  for (const name2 of names) {
    if (await exists(join6(rel, name2, "releases", "start_erl.data"))) assembled.push(name2);
  }
  const [name, ...others] = assembled;
  if (name === void 0 || others.length > 0) {
    const found = name === void 0 ? "there is no release" : `there are several releases (${assembled.join(", ")})`;
    throw new BadInputError(`rebar3 succeeded at ${at2}, but ${found} below _build/${context.profile}/rel.`, {
      remedy: "Leave relx's output_dir at its default, and set the input `release` when several are assembled."
    });
  }
  return join6(rel, name);
}
async function tarballIn(root, at2) {
  const [tarball] = (await readdir2(root)).filter((name) => name.endsWith(".tar.gz"));
  if (tarball !== void 0) return join6(root, tarball);
  throw new BadInputError(`rebar3 succeeded at ${at2}, but made no release package below ${basename(root)}.`, {
    remedy: "Remove hooks and options of `rebar3 tar` that move the package."
  });
}
async function lockFile(projectDir) {
  return readFile3(join6(projectDir, "rebar.lock"), "utf8").catch(() => "");
}
function lockFindings(context, version, at2) {
  const file = join6(context.projectPath, "rebar.lock");
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
async function exists(path) {
  return access2(path).then(
    () => true,
    () => false
  );
}

// src/phases/cache.ts
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, link, mkdir as mkdir2, mkdtemp as mkdtemp2, readdir as readdir3, rename, rm as rm2 } from "node:fs/promises";
import { dirname, isAbsolute, join as join7, relative as relative2, resolve } from "node:path";
var ENTRY = "packaged-release";
var TRUSTED_EVENTS = ["push", "schedule", "workflow_dispatch", "repository_dispatch"];
function cacheKey(parts) {
  const { os, arch, otp, release, commit } = parts;
  const readable = [os, arch, `otp${otp}`, release, commit.slice(0, 12)].map((part) => part.replaceAll(/[^\w.+]/g, "_").slice(0, 40)).join("-");
  const all = Object.entries(parts).sort(([a], [b]) => a < b ? -1 : 1);
  return `relup-v1-${readable}-${createHash("sha256").update(JSON.stringify(all)).digest("hex")}`;
}
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
async function restoreRelease(key, folder) {
  const target2 = resolve(folder);
  return await withCache("restore a packaged release from", target2, void 0, async (cache, work) => {
    const found = await cache.restoreCache([ENTRY], key);
    if (found?.toLowerCase() !== key.toLowerCase()) return void 0;
    const names = await filesIn(join7(work, ENTRY));
    for (const name of names) {
      await mkdir2(dirname(join7(target2, name)), { recursive: true });
      await rename(join7(work, ENTRY, name), join7(target2, name));
    }
    return names.map((name) => join7(target2, name));
  });
}
async function saveRelease(key, folder, files) {
  const source = resolve(folder);
  return await withCache("save a packaged release in", source, false, async (cache, work) => {
    for (const file of files) {
      const name = relative2(source, resolve(source, file));
      if (name === "" || name.startsWith("..") || isAbsolute(name)) {
        throw new Error(`${file} does not lie in ${source}`);
      }
      const staged = join7(work, ENTRY, name);
      await mkdir2(dirname(staged), { recursive: true });
      await link(join7(source, name), staged).catch(() => copyFile(join7(source, name), staged));
    }
    return await cache.saveCache([ENTRY], key) !== -1;
  });
}
var last = Promise.resolve();
async function withCache(purpose, folder, otherwise, work) {
  const attempt2 = last.then(async () => {
    try {
      const cache = await availableCache();
      return cache === void 0 ? otherwise : await inPrivateFolder(folder, work.bind(void 0, cache));
    } catch (error) {
      warning(`Could not ${purpose} the cache: ${errorMessage(error)}`);
      return otherwise;
    }
  });
  last = attempt2;
  return await attempt2;
}
async function availableCache() {
  const cache = process.env.ACTIONS_RUNTIME_TOKEN ? await import("./cache-KS426X2E.mjs") : void 0;
  if (cache?.isFeatureAvailable()) return cache;
  info("There is no cache service here; the release is neither looked up nor saved.");
  return void 0;
}
async function inPrivateFolder(folder, work) {
  await mkdir2(folder, { recursive: true });
  const privateFolder = await mkdtemp2(join7(folder, ".cache-"));
  const before = process.cwd();
  const { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temp } = process.env;
  try {
    process.chdir(privateFolder);
    Object.assign(process.env, { GITHUB_WORKSPACE: privateFolder, RUNNER_TEMP: privateFolder });
    return await work(privateFolder);
  } finally {
    process.chdir(before);
    setVariable("GITHUB_WORKSPACE", workspace);
    setVariable("RUNNER_TEMP", temp);
    await rm2(privateFolder, { recursive: true, force: true });
  }
}
function setVariable(name, value) {
  if (value === void 0) delete process.env[name];
  else process.env[name] = value;
}
async function filesIn(folder) {
  const entries = await readdir3(folder, { recursive: true, withFileTypes: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd !== void 0) throw new Error(`the entry holds ${odd.name}, which is no regular file`);
  return entries.filter((entry) => entry.isFile()).map((entry) => relative2(folder, join7(entry.parentPath, entry.name))).sort();
}

// src/phases/machine.ts
import { glob, open } from "node:fs/promises";
import { join as join8 } from "node:path";
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
      const machine = elfMachine(await firstBytes(join8(root, file)));
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

// src/phases/project.ts
async function openVersion(context, version) {
  const dir = await addWorktree(context, version);
  const { named: named2, dependencies } = await context.erlang.query("project", [dir, context.profile]);
  checkNames(named2, placeOf(version));
  return dependencies === null || context.prepare.trim() !== "" ? { dir } : { dir, dependencies };
}

// src/phases/release-cache.ts
import { copyFile as copyFile2, readFile as readFile5, writeFile as writeFile3 } from "node:fs/promises";
import { basename as basename3, join as join10 } from "node:path";

// src/shared/sha256.ts
import { createHash as createHash2 } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
function sha256(text) {
  return createHash2("sha256").update(text).digest("hex");
}
async function sha256File(path) {
  const hash = createHash2("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

// src/phases/release-description.ts
import { basename as basename2 } from "node:path";

// src/programs/erlang.ts
import { readFile as readFile4, mkdir as mkdir3, readdir as readdir4, rm as rm3 } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join as join9 } from "node:path";
import { fileURLToPath } from "node:url";

// src/programs/resident-program.ts
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
function startResident(program, args, options) {
  debug(`start: ${JSON.stringify([program, ...args])} in ${options.cwd ?? "."}`);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: programEnvironment(options.env),
    stdio: ["pipe", "pipe", "ignore"]
  });
  const { stdin, stdout } = child;
  let ended = false;
  const end = (how) => {
    if (!ended) options.onEnd(how);
    ended = true;
  };
  child.once("error", (error) => end(`could not be started: ${error.message}`));
  child.once(
    "close",
    (code2, signal) => end(signal === null ? `ended with ${code2}` : `was ended by ${signal}`)
  );
  stdin.on("error", () => child.kill("SIGKILL"));
  createInterface({ input: stdout, crlfDelay: Infinity }).on("line", options.onLine);
  for (const handle of [child, stdin, stdout]) handle.unref?.();
  return {
    send: (line) => void stdin.write(`${line}
`),
    close: () => void stdin.end(),
    kill: () => void child.kill("SIGKILL")
  };
}

// src/programs/erlang.ts
var SOURCES = fileURLToPath(new URL("../erlang/", import.meta.url));
var CLEAN_ENVIRONMENT = {
  ERL_FLAGS: void 0,
  ERL_AFLAGS: void 0,
  ERL_ZFLAGS: void 0,
  ERL_CRASH_DUMP_BYTES: "0"
};
var QUICK_COMPILER = ["+no_ssa_opt", "+no_bool_opt", "+no_type_opt"];
var ErlangError = class extends ActionError {
  constructor(reason, text, term) {
    super(text, { details: term });
    this.reason = reason;
  }
  reason;
};
async function compileErlang(folder) {
  const ebin = join9(folder, "ebin");
  const answers = join9(folder, "answers");
  await mkdir3(ebin, { recursive: true });
  await mkdir3(answers, { recursive: true, mode: 448 });
  const sources = (await readdir4(SOURCES)).filter((file) => file.endsWith(".erl")).sort();
  await run("erlc", [...QUICK_COMPILER, "-o", ebin, ...sources.map((file) => join9(SOURCES, file))], {
    env: { ...CLEAN_ENVIRONMENT, ERL_COMPILER_OPTIONS: void 0 },
    timeoutSeconds: 120
  });
  return {
    ebin,
    query: (command, args, options) => query(ebin, answers, command, args, options),
    start: (module, args, { flags, erl, ...options }) => startResident(erl ?? "erl", [...emulatorFlags(ebin, flags), "-s", module, "main", "-extra", ...args], {
      ...options,
      env: { ...CLEAN_ENVIRONMENT, ...options.env }
    })
  };
}
function emulatorFlags(ebin, flags = []) {
  return ["-noinput", "+fnu", "-boot", "no_dot_erlang", ...flags, "-pa", ebin];
}
async function query(ebin, answers, command, args, options = {}) {
  const answerFile = join9(answers, randomUUID());
  const flags = emulatorFlags(ebin, options.flags);
  try {
    await run(
      options.erl ?? "erl",
      [...flags, "-s", "relup_cli", "main", "-extra", answerFile, command, ...args],
      {
        ...options.cwd === void 0 ? {} : { cwd: options.cwd },
        env: { ...CLEAN_ENVIRONMENT, ...options.env },
        timeoutSeconds: options.timeoutSeconds ?? 300
      }
    );
    const answer = JSON.parse(await readFile4(answerFile, "utf8"));
    if ("error" in answer) {
      throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
    }
    return answer.ok;
  } catch (error) {
    if (error instanceof CommandFailedError) throw helperFailure(command, error);
    throw error;
  } finally {
    await rm3(answerFile, { force: true });
  }
}
function helperFailure(command, error) {
  const { exitCode, remedy, end } = error;
  const details = [error.message, error.details ?? ""].join("\n");
  const message = `Erlang, asked for "${command}", ${end.text}.`;
  return new CommandFailedError(message, exitCode, { remedy, details, cause: error }, end);
}

// src/phases/release-description.ts
async function describeRelease(erlang, root, origin) {
  const description = await inWords(
    () => erlang.query("describe", [root]),
    (reason, options) => new ActionError(`The release at ${origin.at} cannot be read: ${reason}.`, options)
  );
  return toRelease(description, root, origin);
}
async function unpackRelease(place, path, origin) {
  const root = await place.workspace.folder("unpacked", sha256(path).slice(0, 12));
  const description = await inWords(
    () => place.erlang.query("describe-package", [path, root]),
    (reason, options) => new BadInputError(`${basename2(path)} cannot be used as a release package: ${reason}.`, {
      remedy: "Give the .tar.gz that `rebar3 tar` or relup-action made, unchanged.",
      ...options
    })
  );
  return { ...toRelease(description, root, origin), tarball: path };
}
async function inWords(ask2, explain2) {
  try {
    return await ask2();
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw explain2(error.message.replace(/\.$/, ""), { details: error.details, cause: error });
  }
}
function toRelease(description, root, origin) {
  checkRelease(description, origin.at, origin.tag);
  const { name, version, erts, includesErts } = description;
  const applications2 = description.applications.map(({ name: name2, version: version2, dir, modules }) => ({
    name: name2,
    version: version2,
    dir,
    modules
  }));
  return { root, name, version, erts, includesErts, applications: applications2, source: origin.source };
}

// src/phases/release-cache.ts
function versionCacheKey(context, toolchain, version) {
  return cacheKey({
    os: toolchain.libc,
    arch: toolchain.architecture,
    otp: toolchain.otpVersion,
    erts: toolchain.erts,
    rebar3: toolchain.rebar3,
    profile: context.profile,
    release: context.release ?? "",
    commit: version.commit,
    prepareHash: sha256(context.prepare),
    projectDir: context.projectPath
  });
}
var ENTRY_FILE = "entry.json";
async function fetchVersion(context, key, version) {
  const folder = await cacheFolder2(context.workspace, version);
  return await restoreRelease(key, folder) === void 0 ? void 0 : folder;
}
async function restoreVersion(context, folder, version) {
  try {
    const entry = JSON.parse(await readFile5(join10(folder, ENTRY_FILE), "utf8"));
    const path = join10(folder, basename3(entry.file));
    if (entry.commit !== version.commit || entry.sha256 !== await sha256File(path)) {
      throw new Error("its tarball is not the one that was saved");
    }
    const source = { kind: "cache", ref: version.ref, commit: version.commit };
    const release = await unpackRelease(context, path, { source, at: placeOf(version), tag: version.tag });
    info(`${version.ref}: ${release.name} ${release.version} restored from the cache.`);
    return release;
  } catch (error) {
    info(
      neutralise(`The cache entry of ${version.ref} is not used (${String(error)}); it is built instead.`)
    );
    return void 0;
  }
}
async function saveVersion(context, key, version, tarball) {
  const folder = await cacheFolder2(context.workspace, version);
  const file = basename3(tarball);
  await copyFile2(tarball, join10(folder, file));
  const entry = { file, sha256: await sha256File(tarball), commit: version.commit };
  await writeFile3(join10(folder, ENTRY_FILE), JSON.stringify(entry));
  await saveRelease(key, folder, [file, ENTRY_FILE]);
}
async function cacheFolder2(workspace, version) {
  return workspace.folder("cache", version.commit.slice(0, 12));
}

// src/phases/shared-dependencies.ts
import { access as access3, mkdir as mkdir4, readdir as readdir5, rm as rm4 } from "node:fs/promises";
import { join as join11 } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
var INTERVAL = 50;
async function takeDependencies({ dir, dependencies }, from, ref, profile) {
  if (dependencies === void 0 || process.env.REBAR_CONFIG !== void 0) return false;
  const other = await from.project;
  if (other.dependencies?.digest !== dependencies.digest) return false;
  await untilCompiled(other.dir, dependencies, from.built, profile);
  if (!await areComplete(other.dir, dependencies)) return false;
  const target2 = libraries(dir);
  try {
    await mkdir4(target2, { recursive: true });
    const sources = dependencies.names.map((name) => join11(libraries(other.dir), name));
    await run("cp", ["-a", "--", ...sources, target2]);
    const names = dependencies.names.join(", ");
    info(neutralise(`${ref}: the same dependencies as the new version, compiled once for both: ${names}`));
    return true;
  } catch (error) {
    info(neutralise(`${ref}: its dependencies are compiled anew (${errorMessage(error)}).`));
    await rm4(join11(dir, "_build"), { recursive: true, force: true });
    return false;
  }
}
function libraries(dir) {
  return join11(dir, "_build", "default", "lib");
}
async function untilCompiled(dir, { names }, built, profile) {
  const lib = join11(dir, "_build", profile.replaceAll(",", "+"), "lib");
  let ended = false;
  const end = () => {
    ended = true;
  };
  built.then(end, end);
  while (!ended) {
    const found = await readdir5(lib).catch(() => []);
    if (found.some((name) => !name.startsWith(".") && !names.includes(name))) return;
    await wait(INTERVAL);
  }
  await built;
}
async function areComplete(dir, { names }) {
  const found = await Promise.all(
    names.map(
      (name) => access3(join11(libraries(dir), name, "ebin", `${name}.app`)).then(
        () => true,
        () => false
      )
    )
  );
  return !found.includes(false);
}

// src/phases/builds.ts
async function buildAll(context, refs, toolchain, cache) {
  const keyOf = (version) => versionCacheKey(context, toolchain, version);
  const save = cache === "auto" && maySaveCache(process.env);
  const fetched = /* @__PURE__ */ new Map();
  for (const version of cache === "off" ? [] : upFromVersions(refs)) {
    const folder = await fetchVersion(context, keyOf(version), version);
    if (folder !== void 0) fetched.set(version.commit, folder);
  }
  const all = [];
  const build = (version, task, other) => {
    const project = openVersion(context, version);
    const built = project.then(async (opened) => {
      if (other !== void 0) await takeDependencies(opened, other, version.ref, context.profile);
      const assembly2 = await assemble(context, version, opened.dir, task);
      all.push({ version, assembly: assembly2 });
      return assembly2;
    });
    return { project, built };
  };
  const newBuild = build(newVersion(refs), "tar");
  const [[release, assembly], ...upFrom] = await allOrFirstFailure([
    unpackNew(context, newVersion(refs), newBuild),
    ...refs.upFrom.map(
      (choice) => obtain(
        context,
        choice,
        refs,
        fetched,
        (version) => build(version, save ? "tar" : "release", newBuild).built
      )
    )
  ]);
  for (const one of upFrom) {
    checkPair(one, release);
    await checkMachine(one, release);
  }
  checkDistinct(upFrom);
  const saveToCache = async () => {
    for (const { version, assembly: assembly2 } of save ? all : []) {
      if (assembly2.tarball !== void 0)
        await saveVersion(context, keyOf(version), version, assembly2.tarball);
    }
  };
  return {
    release,
    assembly,
    upFrom,
    findings: all.flatMap(({ assembly: assembly2 }) => assembly2.findings),
    unused: save ? [] : [assembly.projectDir],
    saveToCache
  };
}
async function unpackNew(context, version, { built }) {
  const assembly = await built;
  const release = await unpackRelease(context, assembly.tarball, originOf(version, assembly));
  return [release, assembly];
}
async function obtain(context, choice, refs, fetched, build) {
  if (choice.kind === "tarball") {
    const { path } = choice;
    return unpackRelease(context, path, { source: { kind: "tarball", path }, at: basename4(path) });
  }
  const version = upFromVersion(choice, refs);
  const folder = fetched.get(choice.commit);
  const known = folder === void 0 ? void 0 : await restoreVersion(context, folder, version);
  if (known !== void 0) return known;
  const assembly = await build(version);
  return describeRelease(context.erlang, assembly.root, originOf(version, assembly));
}
function originOf(version, { projectDir }) {
  const { ref, commit, tag } = version;
  return { source: { kind: "ref", ref, commit, projectDir }, at: placeOf(version), tag };
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
function upFromVersions(refs) {
  return refs.upFrom.flatMap((choice) => choice.kind === "ref" ? [upFromVersion(choice, refs)] : []);
}
function checkPair(upFrom, release) {
  if (upFrom.name !== release.name) {
    throw new RefusedError(
      `The up-from release is ${upFrom.name} ${upFrom.version}, but the new one is ${release.name} ${release.version}.`,
      {
        remedy: "A node is upgraded within one release name: set the input `release`, or upgrade-from another version."
      }
    );
  }
  if (upFrom.version !== release.version) return;
  throw new RefusedError(
    `Both releases are ${release.name} ${release.version}: the release version was not raised.`,
    {
      remedy: `Raise it in rebar.config: {release, {${release.name}, "<new version>"}, \u2026}.`,
      location: { file: "rebar.config" }
    }
  );
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

// src/phases/cookie-findings.ts
import { readFile as readFile6, glob as glob2 } from "node:fs/promises";
import { join as join12 } from "node:path";
var LITERAL_COOKIE = /^\s*-setcookie\s+(?!\$\{)\S+/m;
async function cookieFindings(release, projectDir, projectPath) {
  for (const name of ["vm.args", "vm.args.src"]) {
    const packed = `releases/${release.version}/${name}`;
    const text = await readFile6(join12(release.root, packed), "utf8").catch(() => "");
    if (!LITERAL_COOKIE.test(text)) continue;
    const location = await locate(projectDir, projectPath);
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
async function locate(projectDir, projectPath) {
  const files = glob2("**/vm*.args*", {
    cwd: projectDir,
    exclude: (name) => name === "_build" || name === "node_modules"
  });
  for await (const file of files) {
    const lines = (await readFile6(join12(projectDir, file), "utf8").catch(() => "")).split("\n");
    const line = lines.findIndex((text) => LITERAL_COOKIE.test(text)) + 1;
    if (line > 0) return { file: join12(projectPath, file), line };
  }
  return void 0;
}

// src/shared/release-version.ts
var VERSION = /^(?<numbers>\d+(?:\.\d+){1,3})(?:-(?<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+(?<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
var PREFIX = /^(?:(?:release|rel|version|ver)[-_/.]?)?v?/i;
function parseReleaseVersion(tag) {
  const text = tag.replace(PREFIX, "");
  const groups = VERSION.exec(text)?.groups;
  if (groups === void 0) return void 0;
  return {
    text,
    numbers: (groups["numbers"] ?? "").split(".").map(withoutZeros),
    preRelease: groups["pre"]?.split(".") ?? [],
    build: groups["build"]?.split(".") ?? []
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

// src/phases/refs/candidates.ts
function judgeCandidates(tags, situation) {
  const judged = tags.map((tag) => judge(tag, situation)).sort(byVersion);
  const earlier = judged.filter((one) => one.dropped === void 0);
  const ancestor = earlier.find(({ tag }) => situation.ancestors.has(tag.name));
  const taken = ancestor ?? earlier[0];
  return judged.map((one) => ({
    ...describe(one.tag, one.version),
    taken: one === taken,
    why: one.dropped ?? (taken === one ? whyTaken(ancestor !== void 0) : whyNot(one, taken))
  }));
}
function listNamed(tags, named2, pattern) {
  return tags.map((tag) => {
    const taken = named2.has(tag.name);
    const why = taken ? "named in upgrade-from" : "not named in upgrade-from";
    return { ...describe(tag, pattern.version(tag.name)), taken, why };
  });
}
function describe({ name, commit }, version) {
  return { tag: name, commit, ...version === void 0 ? {} : { version: version.text } };
}
function judge(tag, { newCommit, newTag, pattern }) {
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
    return Number(a.version === void 0) - Number(b.version === void 0) || byName(a, b);
  }
  return compareReleaseVersions(b.version, a.version) || b.tag.created - a.tag.created || byName(a, b);
}
function byName(a, b) {
  return a.tag.name < b.tag.name ? -1 : 1;
}

// src/phases/refs/history.ts
var WHOLE_HISTORY = `Give actions/checkout the whole history and all tags:

- uses: actions/checkout@v5
  with:
    fetch-depth: 0

For the very first release, \`upgrade-from: none\` needs neither.`;
var History = class {
  constructor(git) {
    this.git = git;
  }
  git;
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
      if (shallow || tags.length === 0) {
        const { message, details } = error;
        throw new ActionError(`${missing2}, and its ${what}: ${message}`, {
          remedy: WHOLE_HISTORY,
          details,
          cause: error
        });
      }
      this.notes.push(`Only tags of the checked-out commit are here, and ${what}: ${error.message}`);
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

// src/phases/refs/named.ts
import { stat as stat3 } from "node:fs/promises";
import { resolve as resolve4 } from "node:path";

// src/programs/git.ts
import { join as join16 } from "node:path";

// src/programs/git/command.ts
import { homedir as homedir2 } from "node:os";
import { join as join13, resolve as resolve2 } from "node:path";

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
function formatEntry({ key, value }) {
  const first = key.indexOf(".");
  const last2 = key.lastIndexOf(".");
  const section = key.slice(0, first);
  const subsection = first === last2 ? "" : ` "${key.slice(first + 1, last2).replaceAll(/["\\]/g, "\\$&")}"`;
  const text = value.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("	", "\\t");
  return `[${section}${subsection}]
	${key.slice(last2 + 1)} = "${text}"
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
  if (chosen !== void 0) return chosen === "" ? [] : [resolve2(chosen)];
  const home = process.env["HOME"] ?? homedir2();
  const xdg = process.env["XDG_CONFIG_HOME"];
  return [
    join13(xdg === void 0 || xdg === "" ? join13(home, ".config") : xdg, "git/config"),
    join13(home, ".gitconfig")
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
    { remedy: error.remedy, details, cause: error },
    end
  );
}

// src/programs/git/scratch.ts
import { appendFile, copyFile as copyFile3, mkdir as mkdir5, realpath, stat, writeFile as writeFile4 } from "node:fs/promises";
import { dirname as dirname2, join as join14, resolve as resolve3 } from "node:path";
var NOT_COPIED = /^(core\.(bare|worktree|repositoryformatversion|hookspath|sparsecheckout.*|fsmonitor|untrackedcache|splitindex|logallrefupdates)|(extensions|include|includeif|branch|submodule|gc|maintenance)\..*)$/;
async function createScratch(inside, folder) {
  const root = await findTopLevel(inside);
  await mkdir5(folder, { recursive: true, mode: 448 });
  const config = join14(folder, "gitconfig");
  await writeFile4(config, globalConfig(root), { mode: 384 });
  const user = new GitCommand({ cwd: root, globalConfig: config });
  const topLevel = await user.text(["rev-parse", "--show-toplevel"]);
  const usersGitDir = await user.text(["rev-parse", "--absolute-git-dir"]);
  const head = await headCommit(user, topLevel);
  const branch = await user.text(["symbolic-ref", "--quiet", "--short", "HEAD"], { okCodes: [0, 1] });
  const gitDir = join14(folder, "repository.git");
  const scratch = new GitCommand({ cwd: folder, gitDir, globalConfig: config });
  await initialize(scratch, user, topLevel, gitDir);
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
  let start2;
  try {
    start2 = await realpath(inside);
  } catch (error) {
    throw new ActionError(`The folder ${inside} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  for (let folder = start2; ; folder = dirname2(folder)) {
    if (await exists2(join14(folder, ".git"))) return folder;
    if (folder === dirname2(folder)) {
      throw new ActionError(`${inside} is not inside a git repository.`, {
        remedy: "Run actions/checkout before this step, in a container that has git: without git it downloads an archive."
      });
    }
  }
}
async function headCommit(user, topLevel) {
  const head = await user.text(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { okCodes: [0, 1] });
  if (head === "") throw new ActionError(`The git repository ${topLevel} has no commit checked out.`);
  return head;
}
async function initialize(scratch, user, topLevel, gitDir) {
  const format = await user.text(["rev-parse", "--show-object-format"]);
  await scratch.run(["init", "--quiet", "--bare", "--template=", `--object-format=${format}`, gitDir]);
  const path = async (name) => resolve3(topLevel, await user.text(["rev-parse", "--git-path", name]));
  await mkdir5(join14(gitDir, "objects/info"), { recursive: true });
  await writeFile4(join14(gitDir, "objects/info/alternates"), `${await path("objects")}
`);
  const shallow = await path("shallow");
  if (await exists2(shallow)) await copyFile3(shallow, join14(gitDir, "shallow"));
  const settings = (await localConfig(user)).filter(({ key }) => !NOT_COPIED.test(key)).map((entry) => fromTopLevel(entry, topLevel));
  await appendFile(join14(gitDir, "config"), formatConfig(settings));
}
function fromTopLevel({ key, value }, topLevel) {
  return /^remote\..*\.url$/.test(key) && /^\.{1,2}\//.test(value) ? { key, value: resolve3(topLevel, value) } : { key, value };
}
async function copyRefs(scratch, user, head) {
  const format = "--format=create %(refname) %(objectname)";
  const creates = await user.lines(["for-each-ref", format, "refs/heads", "refs/remotes", "refs/tags"]);
  const input = [...creates, "option no-deref", `update HEAD ${head}`, ""].join("\n");
  await scratch.run(["update-ref", "--stdin"], { input });
}
async function exists2(path) {
  return await stat(path).then(
    () => true,
    () => false
  );
}

// src/programs/git/submodules.ts
import { readdir as readdir6, stat as stat2, writeFile as writeFile5 } from "node:fs/promises";
import { join as join15 } from "node:path";
var ACCESS = /^(?:(?:http|url|credential)\..*|core\.sshcommand)$/;
var GIT_DIR_ENTRIES = ["config", "HEAD", "objects"];
async function checkOutSubmodules(repository, worktree, folder) {
  const config = join15(folder, "gitconfig-submodules");
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
  const config = join15(folder, "gitconfig");
  const modules = await findModules(join15(repository.usersGitDir, "modules"));
  const sources = [
    repository.user,
    ...modules.map((gitDir) => new GitCommand({ cwd: gitDir, gitDir, globalConfig: config }))
  ];
  const entries = [];
  for (const source of sources) {
    const found = (await localConfig(source)).filter(({ key }) => ACCESS.test(key));
    entries.push(...newEntries(entries, found));
  }
  return entries;
}
function newEntries(known, found) {
  const isHeader = (key) => key.endsWith(".extraheader");
  const fresh = found.filter(
    ({ key, value }) => isHeader(key) ? !known.some((entry) => entry.key === key) : !known.some((entry) => entry.key === key && entry.value === value)
  );
  const headers = [...new Set(fresh.map(({ key }) => key).filter(isHeader))];
  return [...headers.map((key) => ({ key, value: "" })), ...fresh];
}
async function findModules(folder) {
  const entries = await readdir6(folder).catch(() => []);
  if (GIT_DIR_ENTRIES.every((name) => entries.includes(name))) {
    return [folder, ...await findModules(join15(folder, "modules"))];
  }
  const found = [];
  for (const entry of entries.sort()) {
    const path = join15(folder, entry);
    if ((await stat2(path)).isDirectory()) found.push(...await findModules(path));
  }
  return found;
}

// src/programs/git/work-tree.ts
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
  lastWorktree = Promise.resolve();
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
    const names = await this.repository.scratch.lines(["remote"]);
    const name = names.includes("origin") ? "origin" : names[0];
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
    const added = this.lastWorktree.then(() => this.checkOut(dir, commit));
    this.lastWorktree = added.catch(() => void 0);
    await added;
  }
  async checkOut(dir, commit) {
    await this.repository.scratch.run(["worktree", "add", "--quiet", "--detach", "--", dir, commit]);
    if (await exists2(join16(dir, ".gitmodules"))) await checkOutSubmodules(this.repository, dir, this.folder);
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

// src/phases/refs/nearest-names.ts
function nearestNames(wanted, names, count2 = 3) {
  return names.map((name) => ({ name, edits: editDistance(wanted, name) })).sort((a, b) => a.edits - b.edits).slice(0, count2).map(({ name }) => name);
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

// src/phases/refs/named.ts
async function findNamed(git, history, item, baseDir) {
  if (item.endsWith(".tar.gz")) return { kind: "tarball", path: await findTarball(item, baseDir) };
  if (!isRefLike(item)) {
    throw new BadInputError(
      `upgrade-from: ${JSON.stringify(item)} cannot be the name of a tag, branch or commit.`,
      {
        remedy: "Write auto, none, or tags, branches, commits and paths that end in .tar.gz, separated by commas."
      }
    );
  }
  const commit = await git.resolve(item) ?? await fetchRef(git, history, item);
  if (commit === void 0) throw await unknownRef(git, item);
  if (commit === git.head) {
    throw new BadInputError(`upgrade-from: ${item} is the checked-out commit itself, the new release.`, {
      remedy: "Name an earlier release, or write auto."
    });
  }
  return { kind: "ref", ref: item, commit };
}
async function findTarball(item, baseDir) {
  const path = resolve4(baseDir, item);
  const isFile = await stat3(path).then(
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
  const names = await git.refNames();
  const nearest = nearestNames(ref, names);
  const exists5 = nearest.length === 0 ? "there are no tags and branches at all" : `nearest: ${nearest.join(", ")}`;
  return new BadInputError(
    `upgrade-from: there is no tag, branch or commit ${ref} in the repository; ${exists5}.`,
    {
      remedy: "Name an existing one in `upgrade-from`, or write auto."
    }
  );
}

// src/phases/refs/new-release.ts
async function findNewRelease(git, tagNames, pattern, event) {
  const pushed = event.refType === "tag" ? event.refName : void 0;
  const tag = newReleaseTag(tagNames, pushed, pattern);
  return {
    ref: tag?.name ?? await otherName(git, tagNames, event),
    tag,
    notes: pushed === void 0 || pushed === tag?.name ? [] : [whyNotPushed(pushed, tagNames, tag, pattern)]
  };
}
function newReleaseTag(tagNames, pushed, pattern) {
  const releases = tagNames.flatMap((name) => {
    const version = pattern.version(name);
    return version === void 0 ? [] : [{ name, version }];
  }).sort((a, b) => compareReleaseVersions(b.version, a.version) || (a.name < b.name ? -1 : 1));
  return releases.find(({ name }) => name === pushed) ?? releases[0];
}
function whyNotPushed(pushed, tagNames, tag, pattern) {
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

// src/phases/refs/tag-pattern.ts
var TagPattern = class {
  /**
   * @param globs `*` any text without `/`, `**` any text, `?` one character, `[a-z]` and `[!a-z]` one of a set
   * @throws {BadInputError} for a set that is not closed, or no pattern at all
   */
  constructor(globs) {
    this.globs = globs;
    if (globs.length === 0) {
      throw new BadInputError("The input tag-pattern is empty.", { remedy: "The default is v*,[0-9]*." });
    }
    this.patterns = globs.map((glob4) => ({ expression: toExpression(glob4), prefix: literalPrefix(glob4) }));
  }
  globs;
  patterns;
  matches(tag) {
    return this.patterns.some(({ expression }) => expression.test(tag));
  }
  /** The version of a release tag; undefined when the tag does not match or what follows the prefix is no version. */
  version(tag) {
    for (const { expression, prefix } of this.patterns) {
      if (!expression.test(tag)) continue;
      const version = parseReleaseVersion(tag.slice(prefix.length)) ?? parseReleaseVersion(tag);
      if (version !== void 0) return version;
    }
    return void 0;
  }
  toString() {
    return this.globs.join(", ");
  }
};
function literalPrefix(glob4) {
  return (/^[^*?[]*/.exec(glob4)?.[0] ?? "").replace(/[\d.]+$/, "");
}
function toExpression(glob4) {
  const parts = glob4.match(/\*+|\?|\[[^\]]+\]|[^*?[]+|\[/g) ?? [];
  return new RegExp(`^${parts.map((part) => toSource(part, glob4)).join("")}$`, "us");
}
function toSource(part, glob4) {
  if (part === "[") {
    throw new BadInputError(`The pattern "${glob4}" in tag-pattern has a [ that is not closed.`, {
      remedy: "Write a set of characters as in [0-9]*."
    });
  }
  if (part.startsWith("**")) return ".*";
  if (part === "*") return "[^/]*";
  if (part === "?") return "[^/]";
  if (part.startsWith("[")) return toSet(part, glob4);
  return part.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
}
function toSet(part, glob4) {
  const not = /^\[[!^]/.test(part);
  const members = part.slice(not ? 2 : 1, -1).replaceAll(/[\\^[]/g, "\\$&");
  try {
    const source = `[${not ? "^" : ""}${members}]`;
    new RegExp(source, "us");
    return source;
  } catch (error) {
    throw new BadInputError(`The pattern "${glob4}" in tag-pattern has a set that cannot be read: ${part}.`, {
      remedy: "Write a set of characters as in [0-9]*.",
      cause: error
    });
  }
}

// src/phases/refs.ts
async function chooseRefs(git, input) {
  const { upgradeFrom, event } = input;
  checkCombination(upgradeFrom);
  const pattern = new TagPattern(input.tagPattern);
  const history = new History(git);
  const before = await git.tags();
  if (upgradeFrom.includes("auto")) await history.complete();
  const named2 = /* @__PURE__ */ new Map();
  for (const item of upgradeFrom.filter((item2) => item2 !== "auto" && item2 !== "none")) {
    named2.set(item, await findNamed(git, history, item, input.baseDir));
  }
  const tags = await git.tags();
  const release = await findNewRelease(git, namesOn(git.head, [...before, ...tags]), pattern, event);
  const candidates = await listCandidates(git, tags, release, pattern, upgradeFrom);
  const automatic = candidates.find(({ taken }) => taken);
  const choices = upgradeFrom.map(
    (item) => item === "auto" ? { item: `auto (${automatic?.tag ?? ""})`, upFrom: automatic && toChoice(automatic) } : { item, upFrom: named2.get(item) }
  );
  const { upFrom, notes } = collapse(choices);
  return {
    newRef: release.ref,
    newCommit: git.head,
    ...release.tag === void 0 ? {} : { newTag: release.tag.name },
    upFrom,
    candidates: upgradeFrom.includes("auto") ? markNamed(candidates, named2) : candidates,
    reason: explain(upgradeFrom, release, candidates, pattern),
    notes: [...history.notes, ...release.notes, ...movedNotes(history.moved, pattern, git.head), ...notes]
  };
}
function checkCombination(upgradeFrom) {
  if (upgradeFrom.length === 0) {
    throw new BadInputError("The input upgrade-from is empty.", {
      remedy: "Write auto, none, or a list of refs."
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
async function listCandidates(git, tags, { tag: newTag }, pattern, upgradeFrom) {
  if (upgradeFrom.includes("none")) return [];
  if (!upgradeFrom.includes("auto")) return listNamed(tags, new Set(upgradeFrom), pattern);
  const ancestors = await git.tagsMergedInto(git.head);
  return judgeCandidates(tags, { newCommit: git.head, newTag, pattern, ancestors });
}
function toChoice({ tag, commit }) {
  return { kind: "ref", ref: tag, commit };
}
function markNamed(candidates, named2) {
  return candidates.map(
    (one) => named2.has(one.tag) && !one.taken ? { ...one, taken: true, why: "named in upgrade-from" } : one
  );
}
function collapse(choices) {
  const first = /* @__PURE__ */ new Map();
  const notes = [];
  for (const { item, upFrom } of choices) {
    if (upFrom === void 0) continue;
    const key = upFrom.kind === "ref" ? upFrom.commit : upFrom.path;
    const known = first.get(key);
    if (known === void 0) first.set(key, { item, upFrom });
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
function explain(upgradeFrom, release, candidates, pattern) {
  if (upgradeFrom.includes("none"))
    return `upgrade-from is none: ${release.ref} is not upgraded from any release.`;
  const named2 = upgradeFrom.filter((item) => item !== "auto").join(", ");
  const sentences = named2 === "" ? [] : [`upgrade-from names ${named2}.`];
  if (upgradeFrom.includes("auto")) sentences.unshift(explainAutomatic(release, candidates, pattern));
  return sentences.join(" ");
}
function explainAutomatic({ ref, tag }, candidates, pattern) {
  const taken = candidates.find((one) => one.taken);
  if (taken !== void 0) return `${ref} is upgraded from ${taken.tag}: ${taken.why}.`;
  const others = candidates.filter((one) => one.version !== void 0 && one.tag !== tag?.name);
  return others.length === 0 ? `${ref} is the first release: no other tag that matches tag-pattern (${pattern.toString()}) is a release version.` : `${ref} has no earlier release: none of the other release tags (${others.length}) comes before it.`;
}

// src/phases/toolchain.ts
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

// src/phases/upgrade.ts
import { basename as basename5, join as join30 } from "node:path";

// src/shared/release-difference.ts
function compareReleases(upFrom, to) {
  const before = byName2(upFrom);
  const after = byName2(to);
  const pairs = [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].sort().map((name) => change(name, before.get(name), after.get(name)));
  return {
    upFrom,
    changed: pairs.filter(({ from, to: to2 }) => from !== void 0 && to2 !== void 0 && from !== to2),
    added: pairs.filter(({ from }) => from === void 0),
    removed: pairs.filter(({ to: to2 }) => to2 === void 0),
    unbumped: pairs.filter(({ from, to: to2, modules }) => from === to2 && hasChanges(modules))
  };
}
function byName2(release) {
  return new Map(release.applications.map((application) => [application.name, application]));
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
function hasChanges({ added, changed, removed }) {
  return added.length + changed.length + removed.length > 0;
}

// src/shared/version-location.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { join as join18 } from "node:path";

// src/shared/project-files.ts
import { existsSync } from "node:fs";
import { join as join17 } from "node:path";
function sourceDir(projectDir, application) {
  return ["src", `apps/${application}/src`, `lib/${application}/src`].find(
    (dir) => existsSync(join17(projectDir, dir, `${application}.app.src`))
  );
}
function versionFile(projectDir, projectPath, application) {
  const dir = sourceDir(projectDir, application);
  return join17(projectPath, dir === void 0 ? "rebar.config" : `${dir}/${application}.app.src`);
}

// src/shared/version-location.ts
function versionLocation(projectDir, projectPath, application) {
  const file = versionFile(projectDir, projectPath, application);
  const dir = sourceDir(projectDir, application);
  const path = join18(projectDir, dir === void 0 ? "rebar.config" : `${dir}/${application}.app.src`);
  const pattern = dir === void 0 ? new RegExp(`\\{\\s*'?${escaped(application)}'?\\s*,`) : /\{\s*vsn\s*,/;
  const line = lineOf(path, pattern);
  return { file, ...line === void 0 ? {} : { line } };
}
function lineOf(path, pattern) {
  let text;
  try {
    text = readFileSync2(path, "utf8");
  } catch {
    return void 0;
  }
  const found = pattern.exec(text.replaceAll(/%[^\n]*/g, ""));
  return found === null ? void 0 : text.replaceAll(/%[^\n]*/g, "").slice(0, found.index).split("\n").length;
}
function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

// src/shared/application-version.ts
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

// src/phases/appup-checks/places.ts
import { existsSync as existsSync2, realpathSync } from "node:fs";
import { isAbsolute as isAbsolute2, join as join19, relative as relative3 } from "node:path";
function instructionPlace(places, { appup }, instruction) {
  if (appup.origin !== "hand-written") return applicationPlace(places, appup.application);
  const line = instruction?.line ?? void 0;
  return { file: join19(places.projectPath, appup.file), ...line === void 0 ? {} : { line } };
}
function applicationPlace({ projectDir, projectPath }, application) {
  return { file: versionFile(projectDir, projectPath, application) };
}
function sourceLocation(places, place) {
  if (place === null) return void 0;
  const projectDir = realpathSync(places.projectDir);
  const path = isAbsolute2(place.file) ? place.file : join19(projectDir, place.file);
  if (!existsSync2(path)) return void 0;
  const name = relative3(projectDir, realpathSync(path));
  if (name.startsWith("..") || name.startsWith("_build/")) return void 0;
  return { file: join19(places.projectPath, name), line: place.line };
}

// src/phases/appup-checks/applications.ts
function checkDuplicates(releases, places) {
  return releases.flatMap((release) => {
    const owners = /* @__PURE__ */ new Map();
    for (const { name, modules } of release.applications) {
      for (const module of Object.keys(modules)) owners.set(module, [...owners.get(module) ?? [], name]);
    }
    return [...owners].flatMap(
      ([module, applications2]) => applications2.length < 2 ? [] : [
        {
          id: "duplicate-module",
          severity: "error",
          application: applications2[0],
          module,
          message: `Release ${release.version} has the module ${module} in ${applications2.join(" and in ")}.`,
          remedy: "Keep it in one application, and let the others depend on that.",
          location: applicationPlace(places, applications2.at(-1))
        }
      ]
    );
  });
}
function checkVersionOrder(differences2, places) {
  return differences2.flatMap(
    ({ upFrom, changed }) => changed.filter(({ from, to }) => compareApplicationVersions(to, from) < 0).map(({ name, from, to }) => ({
      id: "application-version-down",
      severity: "warning",
      application: name,
      message: `The version of application ${name} goes down, from ${from ?? ""} in release ${upFrom.version} to ${to ?? ""}.`,
      remedy: "Give it a higher version, unless you mean to go back to older code.",
      location: versionLocation(places.projectDir, places.projectPath, name)
    }))
  );
}

// src/phases/appup-checks/steps.ts
function targetOf(step, direction) {
  return direction === "up" ? step.release : step.upFrom;
}
function sourceOf(step, direction) {
  return direction === "up" ? step.upFrom : step.release;
}
function stepName({ change: change2 }, direction) {
  return `${direction === "up" ? "up from" : "down to"} ${change2.from ?? ""}`;
}
function allInstructions(steps2, step, direction) {
  return steps2.filter(({ upFrom }) => upFrom === step.upFrom).flatMap((one) => one[direction]);
}
function restartsEmulator(instructions) {
  return instructions.some(({ what }) => what === "emulator");
}
function restartsProcess(instructions, application, module) {
  return instructions.some(
    ({ what, modules, restarted }) => what === "restart" && modules.includes(application) || what === "stop" && modules.includes(module) || restarted.includes(module)
  );
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

// src/phases/appup-checks/code-change.ts
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
function checkCodeChange(steps2, places) {
  return steps2.flatMap(
    (step) => step.modules.flatMap((module) => [
      ...missing(steps2, step, module, places),
      ...notCalled(step, module, places)
    ])
  );
}
function missing(steps2, step, { module, new: side }, places) {
  if (side === null || !(side.kind in CALLBACKS) || exportsCallback(side)) return [];
  const { kind } = side;
  const directions = ["up", "down"].filter(
    (direction) => callsCodeChange(changeOf(step[direction], module)) && !restartsEmulator(allInstructions(steps2, step, direction))
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
      remedy: `Export ${callbackOf(kind)} from ${module}, or write {update, ${module}} if the state stays as it is.`,
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
      message: `${callbackOf(state.kind)} of ${module} was edited and converts the state, but the appup of ${step.change.name}, ${namesOf(step, directions)}, does not have it called: ${instruction?.text ?? ""}.`,
      remedy: `Write {update, ${module}, {advanced, []}} if the conversion is meant for this upgrade.`,
      location: instruction?.line == null ? sourceLocation(places, state.codeChange) ?? instructionPlace(places, step) : instructionPlace(places, step, instruction)
    }
  ];
}
function namesOf(step, directions) {
  return directions.map((direction) => stepName(step, direction)).join(" and ");
}

// src/phases/appup-checks/facts.ts
import { writeFile as writeFile7 } from "node:fs/promises";
import { join as join21 } from "node:path";

// src/phases/appup-generator.ts
import { writeFile as writeFile6 } from "node:fs/promises";
import { join as join20 } from "node:path";
async function generateAppups(options, applications2) {
  if (applications2.size === 0) return { appups: [], notices: [] };
  const { release, buildDir, differences: differences2, purge } = options;
  const request = [
    purge,
    options.configFile,
    [release.root, buildDir],
    differences2.map((difference) => [
      difference.upFrom.root,
      upFromBuildDir(difference.upFrom, options.profileDir),
      [...difference.changed, ...difference.added, ...difference.removed].map((change2) => [
        change2.name,
        change2.from ?? "",
        change2.to ?? "",
        ...moduleLists(change2),
        String(applications2.has(change2.name))
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
  const file = join20(options.outFolder, "generate.request");
  await writeFile6(file, encodeRequest(request).join("\0"));
  return options.erlang.query("generate", [file]);
}
function moduleLists({ modules }) {
  return [modules.added, modules.changed, modules.removed];
}
function upFromBuildDir({ source }, profileDir) {
  return source.kind === "ref" ? join20(source.projectDir, "_build", profileDir) : "";
}
function encodeRequest(request) {
  return typeof request === "string" ? [`s${request}`] : ["[", ...request.flatMap(encodeRequest), "]"];
}

// src/phases/appup-checks/facts.ts
async function readSteps(options) {
  const { release, differences: differences2, appups } = options;
  const pairs = differences2.flatMap(
    ({ upFrom, changed }) => changed.flatMap((change2) => {
      const appup = appups.find(({ application }) => application === change2.name);
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
      appup.origin === "hand-written" ? join21(options.projectDir, appup.file) : "",
      [...change2.modules.changed, ...change2.modules.added].flatMap(
        (module) => ownerOf(upFrom, change2.name, module).map(({ name, version }) => [module, name, version])
      )
    ])
  ];
  const file = join21(options.outFolder, "check.request");
  await writeFile7(file, encodeRequest(request).join("\0"));
  const answers = await options.erlang.query("check", [file]);
  return pairs.map((pair, index) => ({ ...pair, ...answers[index] }));
}
function ownerOf(upFrom, application, module) {
  const owners = upFrom.applications.filter(({ modules }) => Object.hasOwn(modules, module));
  return [owners.find(({ name }) => name === application) ?? owners[0]].filter((one) => one !== void 0);
}
function buildDirOf({ root, source }) {
  return source.kind === "ref" ? join21(root, "..", "..", "lib") : "";
}

// src/phases/appup-checks/instructions.ts
function checkInstructions(steps2, places) {
  return steps2.flatMap(
    (step) => ["up", "down"].flatMap(
      (direction) => step[direction].flatMap((instruction) => {
        const context = { step, direction, instruction, places, loaded: loadedBy(steps2, step, direction) };
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
function loadedBy(steps2, { upFrom }, direction) {
  const instructions = steps2.filter((step) => step.upFrom === upFrom).flatMap((step) => step[direction]);
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
  const { applies, text } = context.instruction;
  if (applies === null || applies.exported) return [];
  return [
    {
      id: "appup-unknown-function",
      severity: "error",
      ...named(context),
      message: `${where(context)}: ${text} calls ${applies.text}, which neither release exports.`,
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

// src/phases/appup-checks/native.ts
import { readdir as readdir7 } from "node:fs/promises";
import { join as join22 } from "node:path";
var SHARED_OBJECT = /\.so(?:\.[0-9.]+)?$/;
async function checkNativeCode(steps2, places) {
  const found = await Promise.all(
    steps2.map(async (step) => {
      const directions = ["up", "down"].filter(
        (direction) => !restartsEmulator(allInstructions(steps2, step, direction))
      );
      if (directions.length === 0) return [];
      return nativeFindings(
        step,
        { modules: nativeModules(step), files: await changedObjects(step) },
        places
      );
    })
  );
  return found.flat();
}
function nativeFindings(step, { modules, files }, places) {
  const parts = [
    ...modules.length > 0 ? [`modules that load it: ${modules.join(", ")}`] : [],
    ...files.length > 0 ? [`files: ${files.join(", ")}`] : []
  ];
  if (parts.length === 0) return [];
  const { name, from, to } = step.change;
  return [
    {
      id: "native-code-changed",
      severity: "error",
      application: name,
      message: `Native code of ${name} differs between ${from ?? ""} and ${to ?? ""} (${parts.join("; ")}), and a running emulator cannot be relied on to exchange it.`,
      remedy: `Write restart_new_emulator in the appup of ${name}, in both directions, and set \`allow-restart: true\`; or ship the release without an upgrade from ${step.upFrom.version}.`,
      location: applicationPlace(places, name)
    }
  ];
}
function nativeModules(step) {
  return step.modules.filter(({ old, new: now }) => old !== null && now !== null && (old.native || now.native)).map(({ module }) => module).filter((module) => step.change.modules.changed.includes(module));
}
async function changedObjects({ change: change2, upFrom, release }) {
  const [before, after] = await Promise.all([
    sharedObjects(upFrom, change2.name),
    sharedObjects(release, change2.name)
  ]);
  return [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file)).sort();
}
async function sharedObjects(release, application) {
  const dir = release.applications.find(({ name }) => name === application)?.dir;
  if (dir === void 0) return /* @__PURE__ */ new Map();
  const priv = join22(release.root, dir, "priv");
  const files = await readdir7(priv, { recursive: true }).catch(() => []);
  const objects = files.filter((file) => SHARED_OBJECT.test(file)).sort();
  return new Map(
    await Promise.all(
      objects.map(async (file) => [
        join22("priv", file),
        await sha256File(join22(priv, file))
      ])
    )
  );
}

// src/phases/appup-checks/state.ts
function checkStates(steps2, places) {
  return steps2.flatMap((step) => [
    ...step.modules.flatMap((module) => changedState(steps2, step, module, places)),
    ...unseenStates(step, places)
  ]);
}
function changedState(steps2, step, { module, state }, places) {
  if (state === null || "unseen" in state) return [];
  const reasons = ["up", "down"].flatMap((direction) => {
    const instructions = allInstructions(steps2, step, direction);
    if (restartsEmulator(instructions) || restartsProcess(instructions, step.change.name, module)) return [];
    const why = whyNotConverted(step, direction, module, state);
    return why === void 0 ? [] : [`${stepName(step, direction)}: ${why}`];
  });
  if (reasons.length === 0) return [];
  const { name, from, to } = step.change;
  const callback = callbackOf(state.kind);
  return [
    {
      id: "state-changed",
      severity: step.appup.origin === "hand-written" || step.appup.origin === "shipped" ? "warning" : "error",
      application: name,
      module,
      message: `The state of ${module} (${state.kind}) has another shape in ${name} ${to ?? ""} than in ${from ?? ""}, and is not converted (${reasons.join("; ")}). It was ${state.old.join(" ")} and is ${state.new.join(" ")}`,
      remedy: `Let ${callback} of ${module} make the new state from the old one, and with {down, Vsn} the old one from the new, and write {update, ${module}, {advanced, []}} in both directions of the appup.`,
      location: locationOf(places, step, module, state)
    }
  ];
}
function whyNotConverted(step, direction, module, state) {
  const { changed, conversion } = state[direction];
  const callback = callbackOf(state.kind);
  if (!changed) return void 0;
  if (conversion === "missing") return `there is no ${callback}`;
  if (conversion === "passes") return `${callback} returns the state as it is`;
  if (conversion === "no_clause") return `no clause of ${callback} takes the state`;
  const instruction = changeOf(step[direction], module);
  return callsCodeChange(instruction) ? void 0 : `${callback} is not called by ${instruction?.text ?? "the appup"}`;
}
function locationOf(places, step, module, state) {
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
      severity: "notice",
      application: step.change.name,
      message: `Whether the state of ${unseen.map(({ module }) => module).join(", ")} changed its shape between ${step.change.name} ${step.change.from ?? ""} and ${step.change.to ?? ""} cannot be seen: the modules have no debug information in ${where2.join(" and ")}.`,
      remedy: "Build both from git refs with debug_info, or look at the state records yourself.",
      location: applicationPlace(places, step.change.name)
    }
  ];
}
function whereUnseen({ version, source }) {
  if (source.kind === "tarball") return `release ${version}, which was given as a package`;
  return `release ${version}${source.kind === "cache" ? ", which came from the cache" : ""}`;
}

// src/phases/appup-checks.ts
async function checkAppups(options) {
  const { release, differences: differences2 } = options;
  logUnchanged(differences2);
  const steps2 = await readSteps(options);
  return [
    ...checkDuplicates([release, ...differences2.map(({ upFrom }) => upFrom)], options),
    ...checkVersionOrder(differences2, options),
    ...checkInstructions(steps2, options),
    ...checkCodeChange(steps2, options),
    ...checkStates(steps2, options),
    ...await checkNativeCode(steps2, options)
  ];
}
function refuseErrors(findings2) {
  const errors = findings2.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  const sentences = [...new Set(errors.map(({ message }) => message))];
  const remedies = [...new Set(errors.map(({ remedy }) => remedy))].filter((remedy) => remedy !== void 0);
  throw new RefusedError(`The upgrade would go wrong on a node. ${sentences.join(" ")}`, {
    remedy: remedies.join("\n")
    // Each finding is annotated on its own line.
  });
}
function logUnchanged(differences2) {
  for (const { changed } of differences2) {
    for (const { name, from, to, modules } of changed) {
      const count2 = modules.added.length + modules.changed.length + modules.removed.length;
      if (count2 === 0) info(`${name} ${from ?? ""} \u2192 ${to ?? ""}: another version of the same code.`);
    }
  }
}

// src/phases/appup-application-findings.ts
function applicationFindings(differences2, relup2) {
  return [
    ...differences2.flatMap(({ upFrom, added, removed }) => [
      ...added.map(({ name }) => applicationAdded(name, upFrom.version)),
      ...removed.map(({ name }) => applicationRemoved(name, upFrom.version))
    ]),
    ...differences2.flatMap(movedModules),
    ...relup2.startPhases.map(startPhaseAdded)
  ];
}
function applicationAdded(application, version) {
  return {
    id: "application-added",
    severity: "notice",
    application,
    message: `${application} is not in ${version}: the upgrade loads and starts it after the applications it needs, the downgrade stops and removes it.`
  };
}
function applicationRemoved(application, version) {
  return {
    id: "application-removed",
    severity: "notice",
    application,
    message: `${application} is in ${version} only: the upgrade stops and removes it, the downgrade loads and starts it.`
  };
}
function movedModules({ upFrom, changed, added, removed }) {
  const all = [...changed, ...added, ...removed];
  const gone = new Map(all.flatMap(({ name, modules }) => modules.removed.map((module) => [module, name])));
  return all.flatMap(
    ({ name, modules }) => modules.added.flatMap((module) => {
      const from = gone.get(module);
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
function startPhaseAdded({ application, phases: phases2 }) {
  return {
    id: "start-phase-added",
    severity: "notice",
    application,
    message: `${application} has new start phases (${phases2.join(", ")}), which run when it is started, and not in an upgrade.`,
    remedy: "If a running node needs what they do, call it in the appup: {apply, {Module, start_phase, [Phase, normal, Arguments]}}."
  };
}

// src/phases/appup-config.ts
import { existsSync as existsSync3 } from "node:fs";
import { join as join23 } from "node:path";
var FILE = "relup.config";
async function readAppupConfig(erlang, { projectDir, projectPath }, releases) {
  const file = join23(projectDir, FILE);
  if (!existsSync3(file)) return { file: "", strategyOf: () => void 0 };
  const location = { file: join23(projectPath, FILE) };
  try {
    const entries = await erlang.query("config", [
      file
    ]);
    const known = new Set(releases.flatMap(({ applications: applications2 }) => applications2.map(({ name }) => name)));
    const unknown = entries.find(({ application }) => !known.has(application));
    if (unknown !== void 0) {
      throw new BadInputError(
        `relup.config names ${unknown.application}, which is in none of the releases.`,
        {
          remedy: "Write the name of an application of the release, or remove the entry.",
          location
        }
      );
    }
    const strategies = new Map(entries.map(({ application, strategy }) => [application, strategy]));
    return { file, strategyOf: (application) => strategies.get(application) ?? void 0 };
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new BadInputError(`relup.config cannot be used: ${error.message}.`, {
      remedy: "Write it as docs/appups.md shows.",
      location,
      cause: error
    });
  }
}
function releasesOf(release, differences2) {
  return [release, ...differences2.map(({ upFrom }) => upFrom)];
}
function refusedByConfig(needs, projectPath) {
  const list = needs.map(
    ({ application, version, upFrom }) => `${application} ${upFrom.join(", ")} \u2192 ${version}`
  );
  return new RefusedError(`relup.config refuses hot upgrades of ${list.join("; ")}.`, {
    remedy: "Restart the node into the full package, or change the strategy in relup.config.",
    location: { file: join23(projectPath, FILE) }
  });
}

// src/phases/appups.ts
import { chmod, copyFile as copyFile4, mkdir as mkdir6, writeFile as writeFile8 } from "node:fs/promises";
import { join as join27 } from "node:path";

// src/phases/appup-findings.ts
var WORDS = {
  "call-cycle": (modules, application) => ({
    id: "call-cycle",
    severity: "notice",
    message: `Changed modules of ${application} call each other in a circle (${modules}), so no order of loading is right for all; they are loaded in the order of their names.`,
    remedy: "If one of them calls a function that is new in another, write an appup by hand, or ship the new function one version before its callers."
  }),
  "process-replaced": (modules, application) => ({
    id: "process-replaced",
    severity: "notice",
    message: `The processes of ${modules} (${application}) are stopped and started anew by the upgrade: the module is the callback of another kind of process now, so their state cannot be kept.`,
    remedy: "Write an appup by hand if the state must survive."
  }),
  "supervisor-children-unknown": (modules, application) => ({
    id: "supervisor-children-unknown",
    severity: "notice",
    message: `What children the changed supervisor ${modules} (${application}) has cannot be read from its code alone, so the generated appup starts and stops none of them.`,
    remedy: "A rehearsal shows whether any are missing. Known are the children of a supervisor with debug information, a registered name and an init/1 that depends on nothing but its own application."
  })
};
function generatorFindings(notices, projectDir, projectPath) {
  return notices.map(({ id, application, modules }) => ({
    ...WORDS[id](modules.join(", "), application),
    application,
    ...modules.length === 1 ? { module: modules[0] } : {},
    location: versionLocation(projectDir, projectPath, application)
  }));
}

// src/phases/appup-needs.ts
function collectNeeds(differences2) {
  const needs = /* @__PURE__ */ new Map();
  for (const change2 of differences2.flatMap((difference) => difference.changed)) {
    const need = needs.get(change2.name);
    const from = change2.from;
    const upFrom = need === void 0 ? [from] : [.../* @__PURE__ */ new Set([...need.upFrom, from])];
    const changes = [...need?.changes ?? [], change2];
    needs.set(change2.name, { application: change2.name, version: change2.to, upFrom, changes });
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

// src/phases/appup-places.ts
import { existsSync as existsSync4 } from "node:fs";
import { join as join24 } from "node:path";
function appupPlace(application, projectDir, projectPath) {
  const file = `${sourceDir(projectDir, application) ?? "appups"}/${application}.appup.src`;
  const annotate2 = existsSync4(join24(projectDir, file)) ? join24(projectPath, file) : versionFile(projectDir, projectPath, application);
  return { file, annotate: annotate2 };
}

// src/phases/appup-refusals.ts
import { join as join26 } from "node:path";

// src/phases/appup-sources.ts
import { access as access4, glob as glob3 } from "node:fs/promises";
import { join as join25, relative as relative4 } from "node:path";
async function findSources(places, request) {
  const { application, version } = request;
  const { projectDir, buildDir, root } = places;
  const own = await ownApplicationSources(projectDir, application);
  const inProject = [...own, join25(projectDir, "appups", `${application}.appup.src`)];
  const finished = [
    join25(root, "lib", `${application}-${version}`, "ebin", `${application}.appup`),
    join25(buildDir, "lib", application, "ebin", `${application}.appup`)
  ];
  const candidates = [
    ...inProject.map((file) => ({ origin: "hand-written", kind: "source", file })),
    ...finished.map((file) => ({ origin: "shipped", kind: "appup", file })),
    {
      origin: "shipped",
      kind: "source",
      file: join25(buildDir, "lib", application, "src", `${application}.appup.src`)
    }
  ];
  const found = await Promise.all(
    candidates.map(
      ({ file }) => access4(file).then(
        () => true,
        () => false
      )
    )
  );
  return candidates.filter((_, index) => found[index]);
}
async function ownApplicationSources(projectDir, application) {
  const found = [];
  for (const pattern of [`src/${application}.appup.src`, `*/${application}/src/${application}.appup.src`]) {
    for await (const file of glob3(pattern, { cwd: projectDir, exclude: ["_build/**", "_checkouts/**"] })) {
      found.push(join25(projectDir, file));
    }
  }
  return found.sort();
}
async function readSources(erlang, places, outFolder, requests) {
  const flat = requests.flatMap(({ application, version, upFrom, sources }) => [
    application,
    version,
    String(upFrom.length),
    ...upFrom,
    String(sources.length),
    ...sources.flatMap(({ kind, file }) => [kind, file])
  ]);
  const answers = await erlang.query("appups", [places.root, outFolder, ...flat], {
    cwd: places.projectDir
  });
  return requests.map(
    ({ sources }, request) => sources.map((source, index) => ({ ...source, ...answers[request]?.sources[index] }))
  );
}
function projectName(places, file) {
  return relative4(places.projectDir, file);
}

// src/phases/appup-refusals.ts
async function missingAppups(options, missing2) {
  const { places, projectPath } = options;
  const { appups } = await generateAppups(options, new Set(missing2.map(({ need }) => need.application)));
  const templates = missing2.map(({ need: { application } }) => ({
    ...appupPlace(application, places.projectDir, projectPath),
    text: appups.find((appup) => appup.application === application)?.text ?? ""
  }));
  const first = templates[0];
  return new RefusedError(`No valid appup for ${missing2.map((one) => describe2(options, one)).join("; ")}.`, {
    remedy: `Write ${templates.map(({ file, text }) => `${file}:
${text}`).join("\n")}`,
    ...first === void 0 ? {} : { location: { file: first.annotate } }
  });
}
function describe2({ places }, { need, sources }) {
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
  return new RefusedError(`The appup ${file} cannot be used: ${source.problem.replace(/\.$/, "")}.`, {
    remedy: "Mend it, or remove it to have one generated; docs/appups.md shows the form.",
    location: locate2(options, file)
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
        location: locate2(options, file)
      } : {}
    };
  });
}
function locate2({ projectPath }, file) {
  return { file: join26(projectPath, file) };
}

// src/phases/appups.ts
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
    if (typeof use !== "string") await copyFile4(use.written, await target(options, need));
  }
  for (const appup of appups) await writeFile8(await target(options, appup), appup.text);
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
  const refused = decided.filter(({ use }) => use === "refuse");
  if (refused.length > 0) {
    throw refusedByConfig(
      refused.map(({ need }) => need),
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
  const { erlang, places, outFolder, differences: differences2 } = options;
  const needs = collectNeeds(differences2);
  const requests = await Promise.all(
    needs.map(async (need) => ({ ...need, sources: await findSources(places, need) }))
  );
  const read = await readSources(erlang, places, outFolder, requests);
  return needs.map((need, index) => ({ need, sources: read[index] ?? [] }));
}
async function target({ release }, { application, version }) {
  const ebin = join27(release.root, "lib", `${application}-${version}`, "ebin");
  await mkdir6(ebin, { recursive: true });
  return join27(ebin, `${application}.appup`);
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

// src/phases/coverage.ts
import { join as join28 } from "node:path";
function checkCoverage(relup2, differences2, appups, projectPath) {
  const steps2 = differences2.flatMap((difference) => stepsOf(relup2, difference));
  const gaps2 = steps2.flatMap((step) => notLoaded(step));
  const [first] = gaps2;
  if (first !== void 0) throw refusal(gaps2, locate3(first.application, appups, projectPath));
  return steps2.flatMap((step) => notRemoved(step)).map((gap) => leftover(gap, appups, projectPath));
}
function stepsOf(relup2, difference) {
  const { version } = difference.upFrom;
  const changes = [...difference.changed, ...difference.added, ...difference.removed];
  const up = relup2.up.find((script2) => script2.version === version);
  const down = relup2.down.find((script2) => script2.version === version);
  return [
    ...up === void 0 ? [] : [{ name: `up from ${version}`, script: up, changes }],
    ...down === void 0 ? [] : [{ name: `down to ${version}`, script: down, changes: changes.map(reversed) }]
    // A restarted emulator boots the release as a whole.
  ].filter(({ script: script2 }) => !script2.restartsEmulator);
}
function reversed(change2) {
  const { added, changed, removed } = change2.modules;
  return { ...change2, modules: { added: removed, changed, removed: added } };
}
function notLoaded({ name, script: script2, changes }) {
  const loads = new Set(script2.loads);
  return gaps(
    name,
    changes,
    ({ changed, added }) => [...changed, ...added].filter((module) => !loads.has(module))
  );
}
function notRemoved({ name, script: script2, changes }) {
  const handled = /* @__PURE__ */ new Set([...script2.removes, ...script2.loads]);
  return gaps(name, changes, ({ removed }) => removed.filter((module) => !handled.has(module)));
}
function gaps(step, changes, missing2) {
  return changes.map(({ name, modules }) => ({ application: name, step, modules: missing2(modules) })).filter(({ modules }) => modules.length > 0);
}
function refusal(found, location) {
  const list = found.map(
    ({ application, step, modules }) => `${application}, ${step}: ${modules.join(", ")}`
  );
  const instructions = [...new Set(found.flatMap(({ modules }) => modules))].map(
    (name) => `{load_module, ${name}}`
  );
  return new RefusedError(`The relup does not load all code that differs (${list.join("; ")}).`, {
    remedy: `Add an instruction for each module to the appup, in the direction named; the simplest are ${instructions.join(", ")}, and {add_module, Module} where the module is new.`,
    location
  });
}
function leftover(gap, appups, projectPath) {
  const { application, step, modules } = gap;
  const location = locate3(application, appups, projectPath);
  return {
    id: "module-not-removed",
    severity: "warning",
    application,
    message: `The relup does not remove modules of ${application} that the release no longer has (${step}: ${modules.join(", ")}), so they stay loaded.`,
    remedy: `Add ${modules.map((name) => `{delete_module, ${name}}`).join(", ")} to its appup.`,
    ...location === void 0 ? {} : { location }
  };
}
function locate3(application, appups, projectPath) {
  const appup = appups.find((one) => one.application === application && one.origin === "hand-written");
  return appup === void 0 ? void 0 : { file: join28(projectPath, appup.file) };
}

// src/phases/relup.ts
import { chmod as chmod2, mkdir as mkdir7 } from "node:fs/promises";
import { join as join29 } from "node:path";
function runtimeChanges(upFrom, to) {
  const changes = upFrom.erts === to.erts ? [] : [`erts ${upFrom.erts} \u2192 ${to.erts}`];
  for (const name of ["kernel", "stdlib", "sasl"]) {
    const [before, after] = [upFrom, to].map(
      (release) => release.applications.find((application) => application.name === name)?.version
    );
    if (before !== after) changes.push(`${name} ${before ?? "none"} \u2192 ${after ?? "none"}`);
  }
  return changes;
}
async function makeRelup(erlang, tree, release, upFrom) {
  const outFolder = join29(tree, "releases", release.version);
  await mkdir7(outFolder, { recursive: true });
  const rels = upFrom.map((from) => relFile(from.root, from));
  try {
    const relup2 = await erlang.query("relup", [
      outFolder,
      relFile(tree, release),
      ...rels
    ]);
    checkVersions2(relup2, release, upFrom);
    await chmod2(relup2.file, 420);
    return relup2;
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new RefusedError(
      `No relup can be made for ${release.name} ${release.version}: ${error.message.trim()}`,
      {
        remedy: "Mend the appup that systools names; docs/appups.md shows what each instruction needs.",
        details: error.details,
        cause: error
      }
    );
  }
}
function relFile(root, release) {
  return join29(root, "releases", release.version, `${release.name}.rel`);
}
function checkVersions2(relup2, release, upFrom) {
  const intended = upFrom.map(({ version }) => version).sort();
  for (const [direction, scripts] of [
    ["up", relup2.up],
    ["down", relup2.down]
  ]) {
    const found = scripts.map(({ version }) => version).sort();
    if (relup2.version === release.version && found.join() === intended.join()) continue;
    throw new RefusedError(
      `The relup for ${relup2.version} holds the ${direction} versions ${found.join(", ")} instead of ${intended.join(", ")}.`,
      {
        remedy: "Check that the releases built are the ones you tagged; versions must not be made up at build time."
      }
    );
  }
}

// src/phases/upgrade-kind.ts
function checkVersionsRaised(differences2, locate4) {
  const unbumped = differences2.flatMap(({ unbumped: unbumped2 }) => unbumped2);
  const [first] = unbumped;
  if (first === void 0) return;
  const named2 = [...new Map(unbumped.map((change2) => [change2.name, change2])).values()];
  const list = named2.map(({ name, to, modules }) => {
    const all = [...modules.changed, ...modules.added, ...modules.removed];
    return `${name} ${to ?? ""} (${all.join(", ")})`;
  });
  const location = locate4(first.name);
  throw new RefusedError(`Code changed but the application version did not: ${list.join("; ")}.`, {
    remedy: `Raise {vsn, "${first.to ?? ""}"} in ${location.file}${location.line === void 0 ? "" : ` (line ${location.line})`}; release_handler loads only applications whose version changed.`,
    location
  });
}
function checkRuntime(release, upFrom, allowRestart) {
  const changes = upFrom.flatMap((from) => {
    const differing = runtimeChanges(from, release);
    return differing.length === 0 ? [] : [`from ${from.version}: ${differing.join(", ")}`];
  });
  if (changes.length === 0 || allowRestart) return changes;
  throw new RefusedError(
    `The releases were built with different Erlang/OTP (${changes.join("; ")}), so the emulator must be restarted.`,
    {
      remedy: "Build with the OTP of the up-from release (`otp-version` in the erlef/setup-beam step, exact), or set `allow-restart: true` to ship a release that is restarted into."
    }
  );
}
function checkRestart(relup2, allowRestart) {
  const scripts = [
    ...relup2.up.map((script2) => ({ ...script2, to: `up from ${script2.version}` })),
    ...relup2.down.map((script2) => ({ ...script2, to: `down to ${script2.version}` }))
  ].filter(({ restartsEmulator: restartsEmulator2 }) => restartsEmulator2);
  if (scripts.length === 0) return "hot";
  if (allowRestart) return "restart";
  throw new RefusedError(
    `The relup restarts the emulator (${scripts.map(({ to }) => to).join(", ")}); that is no hot upgrade.`,
    {
      remedy: "Remove restart_new_emulator and restart_emulator from the appups, or set `allow-restart: true`."
    }
  );
}

// src/phases/upgrade.ts
async function planUpgrade(options, upgrade2) {
  const { release, upFrom } = options;
  forgetFindings(upgrade2);
  if (upFrom.length === 0) {
    info("There is no release to upgrade from: a plain release package, no relup.");
    upgrade2.upgradeKind = "none";
    return;
  }
  upgrade2.differences = upFrom.map((from) => compareReleases(from, release));
  const { projectDir } = options.assembly;
  const restart = checkRuntime(release, upFrom, options.allowRestart);
  if (restart.length > 0) {
    info(`OTP differs (${restart.join("; ")}): no relup is made, the full package is restarted into.`);
    upgrade2.upgradeKind = "restart";
    return;
  }
  checkVersionsRaised(
    upgrade2.differences,
    (application) => versionLocation(projectDir, options.projectPath, application)
  );
  const { differences: differences2 } = upgrade2;
  const { appups, findings: findings2 } = await choose(options, differences2);
  upgrade2.appups = appups;
  note(upgrade2, findings2);
  for (const { application, version, origin, file } of appups) {
    info(`${application} ${version}: ${origin} appup${origin === "generated" ? "" : ` ${file}`}`);
  }
  const buildDir = join30(options.assembly.root, "..", "..", "lib");
  const { projectPath } = options;
  const outFolder = await options.workspace.folder("appups");
  const checked = await checkAppups({ ...options, outFolder, buildDir, projectDir, differences: differences2, appups });
  note(upgrade2, checked);
  refuseErrors(checked);
  upgrade2.relup = await makeRelup(options.erlang, release.root, release, upFrom);
  for (const warning2 of upgrade2.relup.warnings) info(neutralise(`systools: ${warning2.trim()}`));
  upgrade2.upgradeKind = checkRestart(upgrade2.relup, options.allowRestart);
  note(upgrade2, applicationFindings(differences2, upgrade2.relup));
  note(upgrade2, checkCoverage(upgrade2.relup, differences2, appups, projectPath));
}
var planned = /* @__PURE__ */ new WeakMap();
function forgetFindings(upgrade2) {
  const earlier = planned.get(upgrade2);
  const kept = upgrade2.findings.filter((finding) => earlier?.has(finding) !== true);
  upgrade2.findings.splice(0, upgrade2.findings.length, ...kept);
  planned.set(upgrade2, /* @__PURE__ */ new Set());
}
function note(upgrade2, found) {
  upgrade2.findings.push(...found);
  for (const finding of found) planned.get(upgrade2)?.add(finding);
}
async function choose(options, differences2) {
  const { erlang, release, assembly, purge, projectPath } = options;
  const { projectDir, root } = assembly;
  const buildDir = join30(root, "..", "..");
  const config = await readAppupConfig(erlang, { projectDir, projectPath }, releasesOf(release, differences2));
  return chooseAppups({
    erlang,
    release,
    differences: differences2,
    purge,
    projectPath,
    mode: options.appups,
    strategyOf: config.strategyOf,
    configFile: config.file,
    corrections: options.corrections ?? [],
    buildDir,
    profileDir: basename5(buildDir),
    places: { projectDir, root, buildDir },
    outFolder: await options.workspace.folder("appups")
  });
}

// src/report/facts.ts
function emptyFacts() {
  return { findings: [], phases: [] };
}

// src/report/finish.ts
import { dirname as dirname3 } from "node:path";

// src/report/outputs.ts
function outputsOf(facts) {
  const { release, packages: packages2, artifact, deployed: deployed2 } = facts;
  const outputs = {
    "release-name": release?.name,
    version: release?.version,
    "up-from": facts.upFrom === void 0 ? void 0 : JSON.stringify(facts.upFrom.map(({ version }) => version)),
    "upgrade-kind": facts.upgradeKind,
    verdict: facts.verdict,
    tarball: packages2?.full.path,
    "tarball-sha256": packages2?.full.sha256,
    "upgrade-tarball": packages2?.upgrade?.path,
    "upgrade-tarball-sha256": packages2?.upgrade?.sha256,
    manifest: facts.manifest,
    report: facts.report,
    "artifact-id": artifact === void 0 ? void 0 : String(artifact.id),
    "artifact-url": artifact?.url,
    "artifact-digest": artifact?.digest,
    "deployed-version": deployed2?.deployedVersion,
    "node-state": facts.nodeState
  };
  return Object.fromEntries(
    Object.entries(outputs).filter((entry) => entry[1] !== void 0)
  );
}
function setOutputs(facts) {
  for (const [name, value] of Object.entries(outputsOf(facts))) setOutput(name, value);
}

// src/report/report-file.ts
import { writeFile as writeFile9 } from "node:fs/promises";
import { join as join31 } from "node:path";
async function writeReport(folder, facts) {
  const path = join31(folder, "report.json");
  await writeFile9(path, `${JSON.stringify(facts, withoutModules, 1)}
`);
  return path;
}
function withoutModules(key, value) {
  return key === "applications" && Array.isArray(value) ? value.map(({ name, version }) => `${name}-${version}`) : value;
}

// src/report/summary.ts
import { basename as basename7 } from "node:path";

// src/node/node-state.ts
function readNodeState(control, timeoutSeconds) {
  return control.call("state", [], timeoutSeconds);
}
function runningRelease(releases) {
  return releases.find(({ status }) => status === "current") ?? releases.find(({ status }) => status === "permanent");
}
function releasesText(releases) {
  return (releases ?? []).map(({ version, status }) => `${version} ${status}`).join(", ");
}

// src/report/markdown.ts
var SPECIAL = /[!"#$%&'*:;<=>?@[\\\]^_`{|}~]/g;
var START = /^(?:[-+](?=[- ]|$)|\d+[.)](?= |$))/;
var WWW = /www\./gi;
var INVISIBLE = /[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;
function plain(text) {
  return text.replace(INVISIBLE, " ").trim().replace(SPECIAL, escaped2).replace(START, (marker) => `${marker.slice(0, -1)}${reference(marker.slice(-1))}`).replace(WWW, (start2) => `${start2.slice(0, -1)}<span>${reference(".")}</span>`);
}
function code(text) {
  return `<code>${plain(text)}</code>`;
}
function escaped2(char) {
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

// src/report/reproduce.ts
import { basename as basename6 } from "node:path";
function reproduction(facts) {
  const { release, upFrom, relup: relup2, refs, packages: packages2, build } = facts;
  if (!release || !upFrom || !relup2 || !refs || !packages2 || !build) return void 0;
  const { name, version } = release;
  const steps2 = [
    "# in a clone of the repository, with the OTP and rebar3 named below, and the full package there",
    ...upFrom.flatMap((one) => upFromSteps(one, build, name)),
    "# the new release with the appups that were chosen, and the relup from both",
    `mkdir new && tar -xzf ${quoted(basename6(packages2.full.path))} -C new`,
    `erl -noinput -eval ${quoted(relupCall(name, version, upFrom))}`,
    `cmp relup new/releases/${version}/relup`,
    "# the new release from its sources",
    ...buildSteps("build-new", refs.newCommit, build, "tar")
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
    return [
      `# ${version}: the package that was given`,
      `mkdir ${old} && tar -xzf ${quoted(basename6(source.path))} -C ${old}`
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
  return [...buildSteps(folder, source.commit, build, "release"), `ln -s ${quoted(assembled)} ${old}`];
}
function buildSteps(folder, commit, build, task) {
  const name = build.release === void 0 ? "" : ` -n ${build.release}`;
  const project = quoted(joined(folder, build.projectPath));
  return [
    `git worktree add --detach ${folder} ${commit}`,
    ...build.prepared ? [`# in ${project}, the command of the input prepare`] : [],
    `(cd ${project} && rebar3 as ${build.profile} ${task}${name})`
  ];
}
function joined(...parts) {
  return parts.filter((part) => part !== "").join("/");
}
function quoted(text) {
  return /^[\w./+~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

// src/report/summary.ts
function summaryOf(facts) {
  const sections = [
    title2(facts),
    verdict(facts),
    failure2(facts),
    deployed(facts),
    findings(facts),
    applications(facts),
    generatedAppups(facts),
    relup(facts),
    packages(facts),
    byHand(facts),
    elsewhere(facts),
    versions(facts),
    phases(facts)
  ];
  const text = `${sections.filter((section) => section !== "").join("\n\n")}
`;
  if (Buffer.byteLength(text) <= LIMIT) return text;
  return `${[title2(facts), verdict(facts), failure2(facts), TOO_LONG].filter((one) => one !== "").join("\n\n")}
`;
}
var LIMIT = 1e6;
var TOO_LONG = "The rest is too long for a job summary. It is in the log, and in `report.json` if there is one.";
var ROWS2 = 300;
function title2({ release, upFrom }) {
  if (release === void 0) return "# relup-action";
  const from = upFrom === void 0 || upFrom.length === 0 ? "" : ` from ${upFrom.map((one) => plain(one.version)).join(", ")}`;
  return `# ${plain(release.name)} ${plain(release.version)}${from === "" ? "" : `: upgrade${from}`}`;
}
var VERDICTS = {
  hot: "proven on a node; the emulator keeps running.",
  restart: "the emulator must be restarted into the new release; this is no hot upgrade.",
  none: "there is no earlier release to upgrade from; the package is for fresh installations.",
  refused: "these two releases cannot be upgraded into each other as they are.",
  unproven: "the relup is made and checked, and has not been rehearsed on a node."
};
function verdict(facts) {
  if (facts.verdict === void 0) return "";
  return `**Verdict: ${facts.verdict}** \u2013 ${VERDICTS[facts.verdict] ?? ""}`;
}
function failure2({ failure: failure3 }) {
  if (failure3 === void 0) return "";
  const remedy = failure3.remedy === void 0 ? "" : `

${codeBlock(failure3.remedy)}`;
  const details = failure3.details === void 0 ? "" : `

${fold("Details", codeBlock(lastPart(failure3.details)))}`;
  return `## Failed

${plain(failure3.message)}${remedy}${details}`;
}
function lastPart(text) {
  const limit = 2e4;
  return text.length <= limit ? text : `\u2026
${text.slice(-limit)}`;
}
function deployed({ deployed: deployed2, nodeState }) {
  if (nodeState === void 0) return "";
  if (deployed2 === void 0) return `## Deploy

The node is ${code(nodeState)}.`;
  const { deployedVersion, before, after } = deployed2;
  const row = (when, node) => [
    when,
    code(releasesText(node.releases)),
    code(node.osPid),
    new Date(node.startedAt).toISOString()
  ];
  const rows = [row("before", before), row("after", after)];
  return `## Deploy

The node ${code(after.node)} is ${code(nodeState)} and runs ${code(deployedVersion)}.

${table(
    ["", "releases", "process id", "emulator started"],
    rows
  )}`;
}
function findings({ findings: findings2 }) {
  if (findings2.length === 0) return "";
  const rows = findings2.map((finding) => [
    finding.severity,
    code(finding.id),
    plain(finding.message),
    plain(finding.remedy ?? "")
  ]);
  return `## Findings

${table(["", "id", "what", "what to do"], rows)}`;
}
function applications(facts) {
  return (facts.differences ?? []).map(({ upFrom, changed, added, removed }) => {
    const rows = [...changed, ...added, ...removed].map((change2) => applicationRow(facts, change2));
    const head = ["application", "from", "to", "modules", "appup"];
    const body2 = rows.length === 0 ? "No application differs." : table(head, rows);
    return `## Applications, ${plain(upFrom.version)} \u2192 ${plain(facts.release?.version ?? "")}

${body2}`;
  }).join("\n\n");
}
function applicationRow(facts, change2) {
  const { added, changed, removed } = change2.modules;
  const appup = facts.appups?.find(({ application }) => application === change2.name);
  const counts = [
    added.length > 0 ? `${added.length} added` : "",
    changed.length > 0 ? `${changed.length} changed` : "",
    removed.length > 0 ? `${removed.length} removed` : ""
  ].filter((text) => text !== "");
  const entry = appup?.up.find(({ upFrom }) => upFrom === change2.from);
  return [
    code(change2.name),
    plain(change2.from ?? "\u2013"),
    plain(change2.to ?? "\u2013"),
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
    ...relup2.up.map((script2) => fold(`up from ${plain(script2.version)}`, scriptText(script2))),
    ...relup2.down.map((script2) => fold(`down to ${plain(script2.version)}`, scriptText(script2)))
  ];
  return `## Relup

${parts.join("\n")}`;
}
function scriptText({ instructions }) {
  return codeBlock(instructions.join(",\n"), "erlang");
}
function packages({ packages: packages2, artifact }) {
  if (packages2 === void 0) return "";
  const row = (use, one) => [
    code(basename7(one.path)),
    size(one.size),
    code(one.sha256),
    use
  ];
  const rows = [row("fresh installations", packages2.full)];
  if (packages2.upgrade !== void 0) rows.push(row("running nodes", packages2.upgrade));
  const link3 = artifact === void 0 ? "" : `

Artifact: ${artifact.url === void 0 ? code(artifact.name) : `[${plain(artifact.name)}](${artifact.url})`}`;
  return `## Packages

${table(["file", "size", "SHA-256", "for"], rows)}${link3}`;
}
function byHand({ release, packages: packages2, upgradeKind }) {
  if (release === void 0 || packages2?.upgrade === void 0 || upgradeKind !== "hot") return "";
  const { name, version } = release;
  const lines = [
    "# in the folder where the running release is installed, as its user and with its environment",
    `cp ${basename7(packages2.upgrade.path)} releases/${name}-${version}.tar.gz`,
    `bin/${name} upgrade ${version}`,
    `bin/${name} versions`
  ];
  return fold("How to apply it by hand", codeBlock(lines.join("\n"), "sh"));
}
function elsewhere(facts) {
  const commands = reproduction(facts);
  return commands === void 0 ? "" : fold("How to make it elsewhere", codeBlock(commands, "sh"));
}
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
  if (source.kind === "tarball") return [code(basename7(source.path)), "\u2013"];
  return [
    plain(source.kind === "cache" ? `${source.ref} (cached)` : source.ref),
    code(source.commit.slice(0, 12))
  ];
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

// src/report/finish.ts
function noteFailure(facts, error) {
  const { remedy, details } = error instanceof ActionError ? error : {};
  facts.failure = { message: errorMessage(error), remedy, details };
  if (error instanceof RefusedError) facts.verdict = "refused";
}
async function finish(facts) {
  for (const finding of facts.findings) annotate(finding);
  const { report } = facts;
  if (report !== void 0) await attempt("The report", () => writeReport(dirname3(report), facts));
  if (process.env.GITHUB_STEP_SUMMARY) {
    await attempt("The job summary", () => summary.addRaw(summaryOf(facts)).write());
  }
  if (facts.failure === void 0) setOutputs(facts);
  else await attempt("The outputs", () => Promise.resolve(setOutputs(facts)));
}
async function attempt(what, write) {
  try {
    await write();
  } catch (error) {
    warning(`${what} could not be written: ${errorMessage(error)}`);
  }
}

// src/report/log.ts
import { basename as basename8 } from "node:path";
function logRefs(refs) {
  const upFrom = refs.upFrom.map((choice) => choice.kind === "ref" ? choice.ref : basename8(choice.path));
  const lines = [
    `New release: ${refs.newRef} (${refs.newCommit.slice(0, 12)})`,
    ...refs.candidates.map(({ tag, taken, why }) => `  ${taken ? "taken  " : "dropped"} ${tag}: ${why}`),
    refs.reason,
    `Up-from: ${upFrom.length === 0 ? "none" : upFrom.join(", ")}`
  ];
  for (const line of lines) info(neutralise(line));
  for (const note2 of refs.notes) warning(note2);
}

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
  return new ActionError(`The runner's system does not let us go on: ${errorMessage(error)}.`, {
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

// src/node/control.ts
import { randomBytes, randomUUID as randomUUID2 } from "node:crypto";
import { mkdir as mkdir8, readdir as readdir8, writeFile as writeFile10 } from "node:fs/promises";
import { join as join32 } from "node:path";

// src/node/control-session.ts
var ANSWER = /^relup-answer (\d+) (.*)$/;
var ControlSession = class {
  waiting = /* @__PURE__ */ new Map();
  lastId = 0;
  /** How it ended; undefined while it runs. */
  end;
  program;
  constructor(start2) {
    this.program = start2({ onLine: (line) => this.take(line), onEnd: (how) => this.lose(how) });
  }
  get isOpen() {
    return this.end === void 0;
  }
  /**
   * Asks, and waits for the answer.
   *
   * @param seconds after which the control process itself is taken for hung, and ended
   * @throws {ErlangError} the node's own answer
   * @throws {CommandFailedError} when the control process ended or hung
   */
  async ask(request, seconds) {
    const id = String(++this.lastId);
    const encoded = request.map((text) => Buffer.from(text).toString("base64"));
    const hung = setTimeout(() => this.program.kill(), 1e3 * seconds);
    try {
      const answer = await new Promise((resolve7, reject) => {
        if (this.end !== void 0) reject(lost(this.end));
        this.waiting.set(id, { resolve: resolve7, reject });
        this.program.send([id, ...encoded].join(" "));
      });
      if ("error" in answer) {
        throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
      }
      return answer.ok;
    } finally {
      clearTimeout(hung);
      this.waiting.delete(id);
    }
  }
  /** Ends it; requests that still wait fail. */
  close() {
    this.end ??= "was closed";
    this.program.close();
  }
  take(line) {
    const [, id, json] = ANSWER.exec(line) ?? [];
    if (id !== void 0 && json !== void 0) this.waiting.get(id)?.resolve(JSON.parse(json));
  }
  lose(how) {
    this.end = how;
    for (const { reject } of this.waiting.values()) reject(lost(how));
  }
};
function lost(how) {
  return new CommandFailedError(`The control process, which asks the node, ${how}.`, void 0);
}

// src/node/control.ts
var ControlError = class extends NodeRefusedError {
  constructor(reason, error) {
    const remedy = REMEDIES[reason];
    super(error.message, {
      ...remedy === void 0 ? {} : { remedy },
      ...error.details === void 0 ? {} : { details: error.details },
      cause: error
    });
    this.reason = reason;
  }
  reason;
  /** Whether the node may go on with what it was asked: the answer was not waited for, or the way to it broke. */
  get leftUnknown() {
    return this.reason === "timeout" || UNREACHABLE.includes(this.reason);
  }
};
var UNREACHABLE = [
  "connection_lost",
  "not_registered",
  "not_reachable",
  "no_answer",
  "epmd_gone",
  "wrong_cookie"
];
var REMEDIES = {
  wrong_cookie: "Make vm.args (or the .erlang.cookie file of the user that the node runs as) hold the cookie it uses.",
  epmd_gone: "Start it again as the user that the node runs as: epmd -daemon. The node registers again by itself.",
  not_registered: "Check that the node is up; restart it if epmd was restarted and the node did not register again.",
  no_answer: "See the log of the node, and how loaded it is; nothing can be upgraded while it does not answer.",
  not_reachable: "Check that the -proto_dist, -epmd_module and TLS flags of vm.args allow connections from this host.",
  old_processes: "Wait until they are done, or make the appup purge them (purge: brutal)."
};
var START_SECONDS = 30;
function controlNode(erlang, node, privateFolder) {
  maskCookie(node);
  let session;
  const opened = async () => {
    if (session !== void 0 && (await session).isOpen) return session;
    session = openSession(erlang, node, privateFolder);
    return session;
  };
  return {
    call: async (operation, args = [], seconds = 60) => ask(await opened(), [String(seconds), operation, ...args], seconds + START_SECONDS),
    close: () => void session?.then((open4) => open4.close(), ignore)
  };
}
function ignore() {
}
function maskCookie({ cookie, environment: environment2 }) {
  const publicNames = [environment2["RELEASE_NAME"], environment2["REL_NAME"]];
  if (publicNames.includes(cookie)) {
    warning("The node's cookie is the name of its release, so whoever reaches its port controls it.");
  } else {
    setSecret(cookie);
  }
}
async function ask(session, request, seconds) {
  try {
    return await session.ask(request, seconds);
  } catch (error) {
    if (error instanceof ErlangError) throw new ControlError(error.reason, error);
    throw error;
  }
}
async function openSession(erlang, node, privateFolder) {
  const home = join32(privateFolder, "control");
  await mkdir8(home, { recursive: true, mode: 448 });
  const peer = join32(home, randomUUID2());
  await writeFile10(peer, `${node.nodeName}
${node.cookie}
`, { mode: 384 });
  const flags = await distributionFlags(node);
  return new ControlSession(
    (on) => erlang.start("relup_session", [peer], { flags, env: environment(node, home), cwd: home, ...on })
  );
}
async function distributionFlags(node) {
  const host = /@.*$/.exec(node.nodeName)?.[0] ?? "";
  const name = `ctl_${randomBytes(6).toString("hex")}${host}`;
  const startEpmd = node.distribution.includes("-start_epmd") ? [] : ["-start_epmd", "false"];
  return [
    ...["-hidden", "-dist_listen", "false", "-setcookie", "none", node.nameFlag, name],
    ...startEpmd,
    ...node.distribution,
    ...await releaseCode(node)
  ];
}
async function releaseCode(node) {
  if (!node.distribution.some((flag) => flag === "-epmd_module" || flag === "-proto_dist")) return [];
  const lib = join32(node.deployRoot, "lib");
  const applications2 = await readdir8(lib);
  return ["-pz", ...applications2.map((application) => join32(lib, application, "ebin"))];
}
function environment(node, home) {
  return {
    HOME: home,
    XDG_CONFIG_HOME: void 0,
    ERL_EPMD_PORT: node.environment["ERL_EPMD_PORT"],
    ERL_EPMD_ADDRESS: node.environment["ERL_EPMD_ADDRESS"]
  };
}

// src/node/deploy-error.ts
var DeployError = class extends NodeRefusedError {
  constructor(message, nodeState, options = {}) {
    super(message, options);
    this.nodeState = nodeState;
  }
  nodeState;
  /** Set when the deploy ends. */
  record;
};

// src/node/deploy-session.ts
import { rm as rm8 } from "node:fs/promises";
import { join as join38 } from "node:path";

// src/node/deploy-folder.ts
import { constants as constants3 } from "node:fs";
import { chown as chown2, lstat as lstat2, mkdir as mkdir9, open as open3 } from "node:fs/promises";
import { join as join34 } from "node:path";

// src/node/durable-file.ts
import { constants as constants2 } from "node:fs";
import { chmod as chmod3, chown, copyFile as copyFile5, open as open2, rename as rename2, rm as rm5 } from "node:fs/promises";
import { basename as basename9, dirname as dirname4, join as join33 } from "node:path";
async function replaceFile(target2, source, owner) {
  const temporary = temporaryOf(target2);
  try {
    await rm5(temporary, { force: true });
    await copyFile5(source, temporary, constants2.COPYFILE_EXCL);
    if (process.getuid?.() === 0) await chown(temporary, owner.uid, owner.gid);
    await chmod3(temporary, owner.mode);
    await sync(temporary);
    await rename2(temporary, target2);
    await sync(dirname4(target2));
  } finally {
    await rm5(temporary, { force: true });
  }
}
function temporaryOf(target2) {
  return join33(dirname4(target2), `.${basename9(target2)}.relup-action`);
}
async function sync(path) {
  const handle = await open2(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
async function syncAll(paths) {
  for (const path of /* @__PURE__ */ new Set([...paths, ...paths.map((path2) => dirname4(path2))])) {
    await sync(path).catch((error) => {
      if (!["ENOENT", "ENOTDIR"].includes(error.code ?? "")) throw error;
    });
  }
}

// src/node/deploy-folder.ts
var DEPLOY_FOLDER = ".relup-action";
async function openDeployFolder(root, owner) {
  const dir = join34(root, DEPLOY_FOLDER);
  try {
    await makeOwned(dir, owner);
    await sync(root);
  } catch (error) {
    if (error.code !== "EEXIST") throw notWritable(root, error);
    await refuseForeign(dir, owner.uid);
  }
  return {
    dir,
    openFile: (name, flags) => openOwned(join34(dir, name), flags, owner),
    makeFolder: (name) => makeOwned(join34(dir, name), owner),
    sync: () => sync(dir)
  };
}
async function makeOwned(dir, { uid, gid }) {
  await mkdir9(dir, { mode: 448 });
  if (process.getuid?.() === 0) await chown2(dir, uid, gid);
  return dir;
}
async function openOwned(path, flags, { uid, gid }) {
  const handle = await open3(path, flags | constants3.O_NOFOLLOW, 384);
  if (process.getuid?.() === 0) await handle.chown(uid, gid);
  return handle;
}
async function refuseForeign(dir, uid) {
  const stats = await lstat2(dir);
  if (stats.isDirectory() && [0, uid, process.getuid?.()].includes(stats.uid)) return;
  throw new NodeRefusedError(`${dir} is not a folder of the node's user, so no journal can be kept in it.`, {
    remedy: "Look at what it is, and remove it; relup-action makes it again."
  });
}
function notWritable(root, cause) {
  return new NodeRefusedError(`${root} cannot be written to: ${errorMessage(cause)}.`, {
    remedy: "Give the user that this step runs as write access, and free some space if the disk is full.",
    cause
  });
}

// src/node/deploy-lock.ts
import { randomUUID as randomUUID3 } from "node:crypto";
import { constants as constants4 } from "node:fs";
import { link as link2, readFile as readFile8, rm as rm6 } from "node:fs/promises";
import { basename as basename10, join as join35 } from "node:path";
import { setTimeout as setTimeout2 } from "node:timers/promises";

// src/node/process-identity.ts
import { readFile as readFile7, readlink } from "node:fs/promises";
async function identityOf(pid) {
  const stat12 = await readFile7(`/proc/${pid}/stat`, "utf8").catch(() => void 0);
  if (stat12 === void 0) return void 0;
  const fields = stat12.slice(stat12.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return void 0;
  return { pid, started: fields[19] ?? "", boot: await bootId(), namespace: await namespace() };
}
async function whetherRuns(identity) {
  if (identity.boot !== await bootId()) return "gone";
  if (identity.namespace !== await namespace()) return "unknown";
  return (await identityOf(identity.pid))?.started === identity.started ? "runs" : "gone";
}
async function bootId() {
  return (await readFile7("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim();
}
function namespace() {
  return readlink("/proc/self/ns/pid").catch(() => "");
}

// src/node/deploy-lock.ts
var FILE2 = "lock";
var DeployLock = class _DeployLock {
  constructor(folder, id) {
    this.folder = folder;
    this.id = id;
  }
  folder;
  id;
  /**
   * Takes the lock; one whose holder's process is gone does not count.
   *
   * @param waitSeconds how long another holder is waited for
   * @throws {NodeRefusedError} naming the holder
   */
  static async take(folder, what, waitSeconds) {
    const deadline = Date.now() + 1e3 * waitSeconds;
    const id = randomUUID3();
    let waiting = false;
    for (; ; ) {
      const holder = await takeFile(folder, join35(folder.dir, FILE2), { id, what });
      if (holder === void 0) return new _DeployLock(folder, id);
      if (Date.now() >= deadline) throw held(folder, holder);
      if (!waiting) info(`Waiting, as ${holderText(holder)}.`);
      waiting = true;
      await setTimeout2(500);
    }
  }
  /** Who is at work on the installed release now, without taking the lock. */
  static async holder(root) {
    const holder = await readHolder(join35(root, DEPLOY_FOLDER, FILE2));
    return holder !== void 0 && await isHeld(holder) ? holderText(holder) : void 0;
  }
  /** @throws {NodeRefusedError} when somebody has taken it from us meanwhile, which only happens by hand. */
  async check() {
    const file = join35(this.folder.dir, FILE2);
    if ((await readHolder(file))?.id === this.id) return;
    throw new NodeRefusedError(`The lock ${file} was removed while this deploy was at work.`, {
      remedy: "Do not remove it while a deploy runs. Run this step again: it goes on from the journal."
    });
  }
  /** Gives the lock back. */
  async release() {
    const file = join35(this.folder.dir, FILE2);
    if ((await readHolder(file))?.id === this.id) await rm6(file, { force: true });
  }
};
async function takeFile(folder, file, us) {
  for (; ; ) {
    if (await linkNew(folder, file, us)) return void 0;
    const holder = await readHolder(file);
    if (holder === void 0) continue;
    if (await isHeld(holder)) return holder;
    const guard = `${file}.${holder.id}`;
    if (await takeFile(folder, guard, us) !== void 0) {
      await setTimeout2(5);
      continue;
    }
    if ((await readHolder(file))?.id === holder.id) await rm6(file, { force: true });
    await rm6(guard, { force: true });
  }
}
async function linkNew(folder, file, { id, what }) {
  const name = `${basename10(file)}.${id}.new`;
  const handle = await folder.openFile(name, constants4.O_WRONLY | constants4.O_CREAT | constants4.O_EXCL);
  try {
    await handle.writeFile(JSON.stringify(await ourselves(id, what)));
    await link2(join35(folder.dir, name), file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    await handle.close();
    await rm6(join35(folder.dir, name), { force: true });
  }
}
async function ourselves(id, what) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run2 } = process.env;
  const ours = await identityOf(process.pid);
  const since = (/* @__PURE__ */ new Date()).toISOString();
  const url = server && repository && run2 ? { run: `${server}/${repository}/actions/runs/${run2}` } : {};
  return { id, process: ours, since, what, ...url };
}
async function readHolder(file) {
  const text = await readFile8(file, "utf8").catch((error) => {
    if (error.code !== "ENOENT") throw error;
    return void 0;
  });
  if (text === void 0) return void 0;
  try {
    const holder = JSON.parse(text);
    if (holder?.process?.boot !== void 0) return holder;
  } catch {
  }
  return { id: "damaged", since: "", what: "", process: { pid: 0, started: "", boot: "", namespace: "" } };
}
async function isHeld({ process: holder }) {
  return await whetherRuns(holder) !== "gone";
}
function holderText({ process: { pid }, since, what, run: run2 }) {
  const where2 = run2 === void 0 ? "" : `, ${run2}`;
  return `another deploy (${what}, process id ${pid}, since ${since}${where2}) is at work`;
}
function held(folder, holder) {
  const text = holderText(holder);
  return new NodeRefusedError(`${text.charAt(0).toUpperCase()}${text.slice(1)} on this node.`, {
    remedy: `Wait until it has ended, then run this step again. If it has ended without giving the lock back (it ran in another container), remove ${join35(folder.dir, FILE2)}.`
  });
}

// src/node/footprint.ts
import { randomUUID as randomUUID4 } from "node:crypto";
import { copyFile as copyFile6, lstat as lstat3, mkdir as mkdir10, rm as rm7, rmdir, stat as stat4 } from "node:fs/promises";
import { dirname as dirname5, join as join36, relative as relative5 } from "node:path";
async function recordFootprint(root, members, changed, folder) {
  await rm7(folder, { recursive: true, force: true });
  await mkdir10(folder, { mode: 448 });
  const added = [...members, ...changed, ...changed.map(temporaryOf)];
  const paths = new Set(added.flatMap((path) => [path, ...foldersAbove(path)]));
  const absent = [];
  for (const path of paths) if (!await exists3(join36(root, path))) absent.push(path);
  const saved = [];
  for (const path of changed) {
    if (absent.includes(path)) continue;
    const copy2 = join36(folder, randomUUID4());
    await copyFile6(join36(root, path), copy2);
    await sync(copy2);
    const { uid, gid, mode } = await stat4(join36(root, path));
    saved.push({ path, copy: relative5(root, copy2), uid, gid, mode: mode & 4095 });
  }
  await syncAll([folder]);
  return { absent, saved };
}
async function removeAdded(root, { absent }) {
  const left = [];
  for (const path of [...absent].sort((a, b) => b.split("/").length - a.split("/").length)) {
    if (!await remove(join36(root, path))) left.push(path);
  }
  await syncAll(absent.map((path) => join36(root, path)));
  return left;
}
async function putBack(root, { saved }) {
  for (const file of saved) {
    const target2 = join36(root, file.path);
    const copy2 = join36(root, file.copy);
    const same = await exists3(target2) && await sha256File(target2) === await sha256File(copy2);
    if (!same) await replaceFile(target2, copy2, file);
  }
}
async function remove(path) {
  const stats = await lstat3(path).catch(ignoreMissing);
  if (stats === void 0) return true;
  if (!stats.isDirectory()) {
    await rm7(path);
    return true;
  }
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    if (error.code === "ENOTEMPTY") return false;
    throw error;
  }
}
function foldersAbove(path) {
  const folder = dirname5(path);
  return folder === "." ? [] : [folder, ...foldersAbove(folder)];
}
async function exists3(path) {
  return await lstat3(path).catch(ignoreMissing) !== void 0;
}
function ignoreMissing(error) {
  const code2 = error.code;
  if (code2 !== "ENOENT" && code2 !== "ENOTDIR") throw error;
  return void 0;
}

// src/node/journal.ts
import { constants as constants5 } from "node:fs";
import { readFile as readFile9, rename as rename3 } from "node:fs/promises";
import { join as join37 } from "node:path";

// src/node/journal-entry.ts
function parseEntry(line) {
  try {
    const entry = JSON.parse(line);
    return typeof entry?.step === "string" && typeof entry.at === "string" ? entry : void 0;
  } catch {
    return void 0;
  }
}
function entryText(entry) {
  const what = entry.step === "begin" ? `begin: ${entry.attempt.name} ${entry.attempt.from} \u2192 ${entry.attempt.version}` : entry.step === "undo" || entry.step === "downgrade" ? `${entry.step}: ${entry.reason}` : entry.step === "remove-release" ? `${entry.step} ${entry.version}` : entry.step === "end" ? `end: ${entry.nodeState}` : entry.step;
  return `${entry.at.slice(11, 19)} ${what}`;
}

// src/node/journal.ts
var FILE3 = "journal.jsonl";
var PREVIOUS = "journal.previous.jsonl";
var DiskFullError = class extends NodeRefusedError {
};
var Journal = class _Journal {
  constructor(folder, written, length) {
    this.folder = folder;
    this.written = written;
    this.length = length;
  }
  folder;
  written;
  length;
  /**
   * Opens the journal that lies in the folder. An entry that was cut off by a power cut is left out: what it names was not
   * begun.
   *
   * @throws {NodeRefusedError} when it is damaged in another way, or of a format that this code does not know.
   */
  static async open(folder) {
    const file = join37(folder.dir, FILE3);
    const text = await readFile9(file, "utf8").catch((error) => {
      if (error.code !== "ENOENT") throw error;
      return "";
    });
    const lines = text.split("\n").slice(0, -1);
    const entries = lines.map(parseEntry);
    const bad = entries.indexOf(void 0);
    const good = bad === -1 ? entries : entries.slice(0, bad);
    if (bad !== -1 && entries.slice(bad).some((entry) => entry !== void 0)) throw damaged(file);
    if (good[0] !== void 0) checkBegin(file, good[0]);
    const whole = lines.slice(0, good.length).map((line) => `${line}
`);
    return new _Journal(folder, good, Buffer.byteLength(whole.join("")));
  }
  /** All of the latest deploy, in order. */
  get entries() {
    return this.written;
  }
  get last() {
    return this.written.at(-1);
  }
  /** The deploy that was begun and has not come to its end. */
  get unfinished() {
    const [first] = this.written;
    return first?.step === "begin" && this.last?.step !== "end" ? first.attempt : void 0;
  }
  has(step) {
    return this.written.some((entry) => entry.step === step);
  }
  /** The latest entry of a step. */
  find(step) {
    return this.written.findLast((entry) => entry.step === step);
  }
  /** Begins the journal of another deploy. */
  async begin(attempt2) {
    const { dir } = this.folder;
    await rename3(join37(dir, FILE3), join37(dir, PREVIOUS)).catch((error) => {
      if (error.code !== "ENOENT") throw error;
    });
    this.written = [];
    this.length = 0;
    await this.write({ step: "begin", format: 1, attempt: attempt2 });
    await this.folder.sync();
  }
  /** Writes what is about to be done; it is on the disk when this returns. */
  async write(step) {
    const entry = { at: (/* @__PURE__ */ new Date()).toISOString(), ...step };
    const line = Buffer.from(`${JSON.stringify(entry)}
`);
    const handle = await this.folder.openFile(FILE3, constants5.O_WRONLY | constants5.O_CREAT);
    try {
      await handle.truncate(this.length);
      const { bytesWritten } = await handle.write(line, 0, line.length, this.length);
      if (bytesWritten < line.length) throw diskFull(this.folder.dir);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.length += line.length;
    this.written = [...this.written, entry];
  }
};
function checkBegin(file, entry) {
  if (entry.step !== "begin") throw damaged(file);
  if (entry.format !== 1) {
    throw new NodeRefusedError(`The journal ${file} was written by another version of relup-action.`, {
      remedy: "Use the same version of relup-action to go on with a deploy as to begin it."
    });
  }
  const { absent, saved } = entry.attempt.footprint;
  const paths = [...absent, ...saved.flatMap(({ path, copy: copy2 }) => [path, copy2])];
  const inside = (path) => !path.startsWith("/") && !path.split("/").includes("..");
  if (!paths.every(inside)) throw damaged(file);
}
function damaged(file) {
  return new NodeRefusedError(
    `The journal ${file} is damaged, so it is not known what an earlier deploy did.`,
    {
      remedy: "Check what the node runs and what it boots (releases/RELEASES, bin/<name>). When it is as it should be, remove the journal."
    }
  );
}
function diskFull(dir) {
  return new DiskFullError(`There is no space left on the disk of ${dir}, so no step can be noted.`, {
    remedy: "Free some space, then run this step again."
  });
}

// src/node/deploy-session.ts
var CancelledError = class extends ActionError {
};
var DeploySession = class _DeploySession {
  constructor(journal, lock, options) {
    this.journal = journal;
    this.lock = lock;
    this.options = options;
  }
  journal;
  lock;
  options;
  /** What people should know although it is no obstacle; added to. */
  findings = [];
  /** @throws {NodeRefusedError} when another deploy is at work, or the installed root cannot be written to. */
  static async open(options) {
    const folder = await openDeployFolder(options.deployRoot, options.owner);
    const lock = await DeployLock.take(folder, options.what, options.waitSeconds);
    try {
      return new _DeploySession(await Journal.open(folder), lock, options);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }
  /** Records what is there, to be put back when the deploy is undone. */
  recordFootprint(members, changed) {
    return recordFootprint(this.options.deployRoot, members, changed, this.copies);
  }
  /** Begins the journal of a deploy. */
  async begin(attempt2) {
    await this.lock.check();
    await this.journal.begin(attempt2);
    this.log();
  }
  /** Writes what is about to be done into the journal. */
  async note(step) {
    await this.lock.check();
    await this.journal.write(step);
    this.log();
  }
  /** Closes the journal: nothing is left to go on with or to undo. */
  async end(nodeState) {
    await this.note({ step: "end", nodeState });
    await rm8(this.copies, { recursive: true, force: true });
  }
  /** @throws {CancelledError} between two steps, when the job was cancelled. */
  stopIfCancelled() {
    const { cancel } = this.options;
    if (cancel?.aborted !== true) return;
    throw new CancelledError(`The deploy was cancelled (${String(cancel.reason)}).`);
  }
  async close() {
    await this.lock.release();
  }
  get copies() {
    return join38(this.options.deployRoot, DEPLOY_FOLDER, "before");
  }
  log() {
    const { last: last2 } = this.journal;
    if (last2 !== void 0) info(`Journal: ${entryText(last2)}`);
  }
};

// src/node/node-check.ts
import { stat as stat6, statfs as statfs2 } from "node:fs/promises";
import { join as join40, resolve as resolve5 } from "node:path";

// src/node/node-code.ts
function codeDifferences(snapshot, release) {
  const expected = new Map(release.applications.flatMap(({ modules }) => Object.entries(modules)));
  return snapshot.modules.flatMap((loaded) => {
    if (loaded.file === "preloaded") return [];
    const md5 = expected.get(loaded.name);
    if (md5 === loaded.md5) return [];
    if (md5 === void 0 && !isInstalled(snapshot, loaded.file)) return [];
    return [{ module: loaded.name, kind: md5 === void 0 ? "unknown" : "differs", file: loaded.file }];
  });
}
function foreignModules(snapshot, release) {
  const known = new Set(release.applications.flatMap(({ modules }) => Object.keys(modules)));
  return snapshot.modules.filter(
    ({ name, file }) => file !== "preloaded" && !known.has(name) && !isInstalled(snapshot, file)
  );
}
function stalePaths(snapshot, release) {
  const current = new Set(release.applications.map(({ dir }) => `${snapshot.root}/${dir}/ebin`));
  const names = new Set(release.applications.map(({ name }) => name));
  return snapshot.path.filter((entry) => {
    if (!isInstalled(snapshot, entry) || current.has(entry)) return false;
    const folder = entry.slice(`${snapshot.root}/lib/`.length).split("/")[0] ?? "";
    const version = folder.indexOf("-");
    return version > 0 && names.has(folder.slice(0, version));
  });
}
function isInstalled(snapshot, path) {
  return path.startsWith(`${snapshot.root}/lib/`);
}
function releaseByCode(snapshot, candidates, preferredVersion) {
  const matching = candidates.filter((candidate) => codeDifferences(snapshot, candidate).length === 0);
  return matching.find(({ version }) => version === preferredVersion) ?? matching[0];
}
function moduleList(differences2) {
  const names = differences2.map(({ module }) => module).sort();
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

// src/node/package-files.ts
import { randomUUID as randomUUID5 } from "node:crypto";
import { rm as rm9, stat as stat5, writeFile as writeFile11 } from "node:fs/promises";
import { join as join39 } from "node:path";
async function compareWithPackage(input) {
  const { manifest, upgradePackage } = input;
  const missing2 = [];
  const changed = [];
  for (const file of upgradePackage.files) {
    if (!isCompared(file.path, manifest, upgradePackage.files)) continue;
    const state = await compareFile(join39(input.deployRoot, installedPath(file.path, manifest)), file);
    if (state === "missing") missing2.push(file.path);
    if (state === "changed") changed.push(file.path);
  }
  const sameCode = await beamsWithSameCode(input, changed);
  return { missing: missing2, differing: changed.filter((path) => !sameCode.has(path)) };
}
function installedPath(path, { name, version }) {
  return path === `releases/${name}-${version}.rel` ? `releases/${version}/${name}-${version}.rel` : path;
}
function isCompared(path, { name, version }, files) {
  const kept = ["releases/RELEASES", "releases/start_erl.data", `releases/${name}.rel`, `bin/${name}`];
  const tools = /^bin\/(nodetool|install_upgrade\.escript|[^/]+\.boot|hooks\/builtin\/.*)$/;
  if (kept.includes(path) || tools.test(path)) return false;
  const rendered = [`releases/${version}/sys.config`, `releases/${version}/vm.args`];
  return !(rendered.includes(path) && files.some((file) => file.path === `${path}.src`));
}
async function compareFile(path, file) {
  try {
    const stats = await stat5(path);
    if (!stats.isFile() || stats.size !== file.size) return "changed";
    return await sha256File(path) === file.sha256 ? "same" : "changed";
  } catch (error) {
    const code2 = error.code;
    if (code2 === "ENOENT") return "missing";
    if (code2 === "ENOTDIR") return "changed";
    throw error;
  }
}
async function beamsWithSameCode(input, paths) {
  const beams = paths.flatMap((path) => {
    const md5 = expectedMd5(path, input.manifest);
    return md5 === void 0 ? [] : [{ path, md5, file: join39(input.deployRoot, path) }];
  });
  if (beams.length === 0) return /* @__PURE__ */ new Set();
  const list = join39(input.privateFolder, `beams-${randomUUID5()}`);
  await writeFile11(list, beams.map(({ file }) => `${file}
`).join(""));
  try {
    const found = await input.erlang.query("control", ["module-md5", list]);
    return new Set(beams.filter(({ file, md5 }) => found[file] === md5).map(({ path }) => path));
  } finally {
    await rm9(list, { force: true });
  }
}
function expectedMd5(path, manifest) {
  const [, dir, module] = /^(lib\/[^/]+)\/ebin\/([^/]+)\.beam$/.exec(path) ?? [];
  if (module === void 0) return void 0;
  return manifest.applications.find((application) => application.dir === dir)?.modules[module];
}

// src/node/node-check.ts
async function checkNode(input, snapshot) {
  const { manifest, upgradePackage, deployRoot } = input;
  checkVersionText(manifest);
  checkSystem(manifest, snapshot);
  const check = checkRunningRelease(manifest, snapshot);
  if (check.runs === manifest.version) return check;
  await checkPackageFile(upgradePackage);
  await checkSpace(deployRoot, upgradePackage);
  await checkFilesInTheWay(input);
  return check;
}
function checkVersionText({ name, version }) {
  for (const text of [name, version]) {
    if (/^[\w.+~-]+$/.test(text) && !text.startsWith(".")) continue;
    throw new NodeRefusedError(
      `The manifest's release name or version is not usable as a file name: ${text}.`
    );
  }
}
function checkSystem(manifest, snapshot) {
  const { toolchain } = manifest;
  if (snapshot.status !== "started") {
    throw new NodeRefusedError(
      `The node ${snapshot.node} is ${snapshot.status}, so it cannot be upgraded now.`,
      {
        remedy: "Wait until all its applications were started."
      }
    );
  }
  if (snapshot.erts !== manifest.erts || snapshot.otp !== toolchain.otpRelease) {
    throw new NodeRefusedError(
      `The node runs OTP ${snapshot.otp} (ERTS ${snapshot.erts}), the package is for OTP ${toolchain.otpRelease} (ERTS ${manifest.erts}).`,
      { remedy: "Build with exactly the OTP that the node runs, or restart the node into the new release." }
    );
  }
  if (platformOf(snapshot.architecture) !== platformOf(toolchain.architecture)) {
    throw new NodeRefusedError(
      `The node runs on ${snapshot.architecture}, the package was built on ${toolchain.architecture}.`,
      { remedy: "Build on the architecture that the node runs on." }
    );
  }
  checkHandler(snapshot);
}
function platformOf(architecture) {
  const [cpu, , ...system] = architecture.split("-");
  return [cpu, ...system].join("-");
}
function checkHandler({ releases, root, releasesDir }) {
  if (releases === null) {
    throw new NodeRefusedError(
      "sasl does not run on the node, so there is no release_handler to upgrade it.",
      {
        remedy: "Add sasl to the applications of the release, and restart the node into that once."
      }
    );
  }
  if (resolve5(root, releasesDir) !== join40(root, "releases")) {
    throw new NodeRefusedError(`release_handler works in ${releasesDir}, not in ${join40(root, "releases")}.`, {
      remedy: "Remove sasl's releases_dir from sys.config and RELDIR from the service's environment."
    });
  }
}
function checkRunningRelease(manifest, snapshot) {
  const releases = snapshot.releases ?? [];
  const running = runningRelease(releases);
  if (running === void 0 || running.name !== manifest.name) {
    throw new NodeRefusedError(
      `The node runs release ${running?.name ?? "without a name"}, the package is for ${manifest.name}.`,
      { remedy: "Check deploy-root, and which package is deployed." }
    );
  }
  const candidates = [...manifest.upFrom, manifest];
  const byCode = releaseByCode(snapshot, candidates, running.version);
  if (byCode?.version !== running.version)
    throw notUpFrom(manifest, snapshot, running.version, byCode?.version);
  checkRecord(running, byCode);
  warnOfForeignModules(snapshot, byCode);
  const newStatus = releases.find(({ version }) => version === manifest.version)?.status;
  return { snapshot, runs: running.version, newStatus };
}
function checkRecord(running, { applications: applications2 }) {
  const all = applications2.map(({ name, version }) => `${name}-${version}`);
  const unknown = all.filter((application) => !running.applications.includes(application));
  if (unknown.length === 0) return;
  throw new NodeRefusedError(
    `release_handler's record of ${running.version} (releases/RELEASES) lacks ${unknown.join(", ")}.`,
    { remedy: "Put back the RELEASES file that was installed with the release, and restart the node." }
  );
}
function notUpFrom(manifest, snapshot, version, byCode) {
  const supported = manifest.upFrom.map((release) => release.version).join(", ");
  const candidate = [...manifest.upFrom, manifest].find((release) => release.version === version);
  if (candidate === void 0) {
    return new NodeRefusedError(
      `The node runs ${manifest.name} ${version}, but the package upgrades from ${supported} only.`,
      {
        remedy: `Add ${version} to upgrade-from and make the package again.`,
        details: releasesText(snapshot.releases)
      }
    );
  }
  const differences2 = codeDifferences(snapshot, candidate);
  const really = byCode === void 0 ? "" : ` Its code is that of ${byCode}.`;
  return new NodeRefusedError(
    `The node says that it runs ${manifest.name} ${version}, but ${differences2.length} of its loaded modules are not those of ${version}: ${moduleList(differences2)}.${really}`,
    {
      remedy: `Restart the node into an unchanged ${version}, or build the up-from release as the installed one was built.`,
      details: differences2.map(({ module, kind, file }) => `${module} ${kind} ${file}`).join("\n")
    }
  );
}
function warnOfForeignModules(snapshot, release) {
  const foreign = foreignModules(snapshot, release).map(({ name }) => ({ module: name }));
  if (foreign.length > 0)
    warning(`The node has loaded modules that belong to no release: ${moduleList(foreign)}.`);
}
async function checkPackageFile({ path, sha256: sha2562 }) {
  if (await sha256File(path) === sha2562) return;
  throw new NodeRefusedError(`The package ${path} is not the one in the manifest: its SHA-256 differs.`, {
    remedy: "Download package and manifest again, from the same artifact."
  });
}
async function checkSpace(deployRoot, { path, files }) {
  const needed = files.reduce((sum, { size: size2 }) => sum + size2, (await stat6(path)).size);
  const { bavail, bsize } = await statfs2(deployRoot);
  if (bavail * bsize >= needed) return;
  const mib = (bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new NodeRefusedError(
    `${deployRoot} has ${mib(bavail * bsize)} free, but the upgrade needs ${mib(needed)}.`,
    { remedy: "Free some space, e.g. by removing old releases." }
  );
}
async function checkFilesInTheWay(input) {
  const { differing } = await compareWithPackage(input);
  const { name, version } = input.manifest;
  const inTheWay = [...differing];
  const copy2 = join40(input.deployRoot, "releases", `${name}-${version}.tar.gz`);
  if (await stat6(copy2).catch(() => void 0)) {
    if (await sha256File(copy2) !== input.upgradePackage.sha256)
      inTheWay.push(`releases/${name}-${version}.tar.gz`);
  }
  const [first] = inTheWay;
  if (first === void 0) return;
  throw new NodeRefusedError(
    `${input.deployRoot} holds files with other content than the package's, which would stay: ${inTheWay.slice(0, 5).join(", ")}${inTheWay.length > 5 ? ` and ${inTheWay.length - 5} more` : ""}.`,
    {
      remedy: "Remove what an earlier attempt left, or give the application whose files changed a new version.",
      details: inTheWay.join("\n")
    }
  );
}

// src/node/node-process.ts
import { readdir as readdir9, readFile as readFile10, readlink as readlink2, realpath as realpath2, stat as stat7 } from "node:fs/promises";
import { basename as basename12, dirname as dirname6, join as join41, sep } from "node:path";

// src/node/emulator-arguments.ts
import { basename as basename11 } from "node:path";
var DISTRIBUTION_FLAGS = [
  "-proto_dist",
  "-epmd_module",
  "-start_epmd",
  "-erl_epmd_port",
  "-ssl_dist_optfile",
  "-ssl_dist_opt"
];
var HELPER_BOOTS = ["start_clean", "no_dot_erlang", "start_none"];
function parseEmulatorArguments(argv) {
  const flags = userFlags(argv);
  const first = (name) => flags.find((flag) => flag.name === name)?.values[0];
  const nameFlag = ["-name", "-sname"].find((name) => first(name) !== void 0);
  return {
    root: first("-root"),
    boot: first("-boot"),
    nameFlag,
    nodeName: nameFlag === void 0 ? void 0 : first(nameFlag),
    // The form with two values, `-setcookie Node Cookie`, is for other nodes.
    cookie: flags.find((flag) => flag.name === "-setcookie" && flag.values.length === 1)?.values[0],
    home: first("-home"),
    distribution: flags.filter((flag) => DISTRIBUTION_FLAGS.includes(flag.name)).flatMap((flag) => [flag.name, ...flag.values])
  };
}
function runsRelease(emulator) {
  return emulator.boot === void 0 || !HELPER_BOOTS.includes(basename11(emulator.boot));
}
function userFlags(argv) {
  const flags = [];
  let open4 = false;
  for (const argument of argv.slice(argv.indexOf("--") + 1)) {
    if (argument === "-extra") break;
    if (argument === "--") {
      open4 = false;
    } else if (argument.startsWith("-")) {
      flags.push({ name: argument, values: [] });
      open4 = true;
    } else if (open4) {
      flags.at(-1)?.values.push(argument);
    }
  }
  return flags;
}

// src/node/node-process.ts
async function findNode(deployRoot) {
  const root = await installedRoot(deployRoot);
  const found = await emulatorsOf(root);
  const [only, ...others] = found;
  if (only === void 0) {
    throw new NodeRefusedError(`No node runs from ${deployRoot}, so there is nothing to upgrade.`, {
      remedy: `Start the installed release as its service does (e.g. bin/<name> daemon), or correct deploy-root.`
    });
  }
  if (others.length > 0) {
    const pids = found.map(({ pid }) => pid).join(", ");
    throw new NodeRefusedError(
      `${found.length} nodes run from ${deployRoot} (process ids ${pids}), so it is not clear which one to upgrade.`,
      { remedy: "Keep one node per installed root." }
    );
  }
  return describe3(root, only);
}
async function installedRoot(deployRoot) {
  try {
    const root = await realpath2(deployRoot);
    await stat7(join41(root, "releases"));
    return root;
  } catch (error) {
    throw new NodeRefusedError(`deploy-root ${deployRoot} is not an installed release.`, {
      remedy: "Give the folder that holds bin, lib and releases of the installed release.",
      cause: error
    });
  }
}
async function emulatorsOf(root) {
  const pids = (await readdir9("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map((pid) => emulatorOf(pid, root)));
  return all.filter((emulator) => emulator !== void 0);
}
async function emulatorOf(pid, root) {
  const argv = await zeroSeparated(`/proc/${pid}/cmdline`).catch(() => []);
  if (!argv.includes("-root") && !argv.includes("-boot")) return void 0;
  const emulator = parseEmulatorArguments(argv);
  if (!runsRelease(emulator) || !await isBeam(pid)) return void 0;
  return await startedFrom(pid, emulator, root) ? { pid, emulator } : void 0;
}
async function isBeam(pid) {
  try {
    return basename12(await readlink2(`/proc/${pid}/exe`)).startsWith("beam");
  } catch (error) {
    return error.code === "EACCES";
  }
}
async function startedFrom(pid, emulator, root) {
  const releases = join41(root, "releases");
  if (emulator.root !== void 0 && await sameFolder(pid, emulator.root, root)) return true;
  if (emulator.boot === void 0) return false;
  const boot = dirname6(emulator.boot);
  return boot.includes(`${sep}releases${sep}`) && sameFolder(pid, dirname6(boot), releases);
}
async function sameFolder(pid, path, folder) {
  try {
    const [theirs, ours] = await Promise.all([stat7(`/proc/${pid}/root${path}`), stat7(folder)]);
    return theirs.dev === ours.dev && theirs.ino === ours.ino;
  } catch (error) {
    if (error.code !== "EACCES") return false;
    return await realpath2(path).catch(() => void 0) === folder;
  }
}
async function describe3(deployRoot, { pid, emulator }) {
  const { nameFlag, nodeName } = emulator;
  if (nameFlag === void 0 || nodeName === void 0) {
    throw new NodeRefusedError(
      `The node that runs from ${deployRoot} (process id ${pid}) has no name, so it cannot be reached.`,
      { remedy: "Add -sname or -name to vm.args and start the release again." }
    );
  }
  const { uid, gid } = await stat7(`/proc/${pid}`);
  const environment2 = await environmentOf(pid, uid);
  return {
    pid,
    deployRoot,
    nameFlag,
    nodeName,
    cookie: emulator.cookie ?? await cookieFromFile(emulator.home, environment2, uid),
    distribution: emulator.distribution,
    environment: environment2,
    uid,
    gid
  };
}
async function environmentOf(pid, uid) {
  try {
    const entries = await zeroSeparated(`/proc/${pid}/environ`);
    return Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)])
    );
  } catch (error) {
    throw notOurUser(`The environment of the node (process id ${pid})`, uid, error);
  }
}
async function cookieFromFile(home, environment2, uid) {
  const homeDir = home ?? environment2["HOME"] ?? "/";
  const configDir = environment2["XDG_CONFIG_HOME"] ?? join41(homeDir, ".config");
  const files = [join41(homeDir, ".erlang.cookie"), join41(configDir, "erlang", ".erlang.cookie")];
  for (const file of files) {
    try {
      return (await readFile10(file, "utf8")).trim();
    } catch (error) {
      if (error.code !== "ENOENT") throw notOurUser(file, uid, error);
    }
  }
  throw new NodeRefusedError(
    `The node's cookie was not found: vm.args sets none, and ${files[0]} is missing.`,
    {
      remedy: "Set -setcookie in vm.args, or keep the cookie file in the home of the user that the node runs as."
    }
  );
}
function notOurUser(what, uid, cause) {
  const own = process.getuid?.() ?? "unknown";
  return new NodeRefusedError(
    `${what} cannot be read: the node belongs to user id ${uid}, this step runs as user id ${own}.`,
    { remedy: "Run the deploying job as the user that the node runs as.", cause }
  );
}
async function zeroSeparated(file) {
  const parts = (await readFile10(file, "utf8")).split("\0");
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

// src/phases/deploy/hints.ts
function hints(error) {
  return error instanceof ActionError ? defined({ remedy: error.remedy, details: error.details }) : {};
}

// src/node/upgrade.ts
import { join as join44 } from "node:path";
import { setTimeout as setTimeout3 } from "node:timers/promises";

// src/node/configuration.ts
import { mkdtemp as mkdtemp3, readFile as readFile11, rm as rm10, stat as stat8 } from "node:fs/promises";
import { join as join42 } from "node:path";
async function placeConfiguration(input) {
  const written = [];
  for (const file of ["sys.config", "vm.args"]) {
    const target2 = `releases/${input.version}/${file}`;
    const source = await startSource(input, file);
    if (source.path === join42(input.node.deployRoot, target2)) continue;
    await (source.template ? render(input, source.path, target2) : copy(input, source.path, target2));
    written.push(target2);
  }
  await refusePlaceholders(join42(input.node.deployRoot, `releases/${input.version}/sys.config`));
  return written;
}
function configurationFiles(version) {
  return ["sys.config", "vm.args", "sys.config.orig", "vm.args.orig"].map(
    (file) => `releases/${version}/${file}`
  );
}
async function startSource({ node, version }, file) {
  const packaged = join42(node.deployRoot, "releases", version, file);
  const base = await configuredPath(node, file) ?? packaged;
  if (await exists4(`${base}.src`)) return { path: `${base}.src`, template: true };
  const original = await exists4(`${base}.orig`) ? `${base}.orig` : base;
  if (!(node.environment["RELX_REPLACE_OS_VARS"] ?? "")) return { path: original, template: false };
  if (original === packaged) await replaceFile(`${packaged}.orig`, packaged, await ownerOf2(node, packaged));
  return { path: original === packaged ? `${packaged}.orig` : original, template: true };
}
async function configuredPath(node, file) {
  if (file !== "sys.config") return void 0;
  const inRoot = join42(node.deployRoot, file);
  return node.environment["RELX_CONFIG_PATH"] || (await exists4(inRoot) ? inRoot : void 0);
}
async function copy({ node }, source, target2) {
  await replaceFile(join42(node.deployRoot, target2), source, await ownerOf2(node, source));
}
async function render(input, source, target2) {
  const { node, privateFolder } = input;
  const environment2 = startEnvironment(input);
  refuseMissing(source, missingVariables(await readFile11(source, "utf8"), environment2));
  const folder = await mkdtemp3(join42(privateFolder, "configuration-"));
  const rendered = join42(folder, "rendered");
  try {
    await fillIn(input, source, rendered, environment2);
    await replaceFile(join42(node.deployRoot, target2), rendered, await ownerOf2(node, source));
  } finally {
    await rm10(folder, { recursive: true, force: true });
  }
}
async function fillIn({ node, name, version }, source, rendered, environment2) {
  const script2 = join42(node.deployRoot, "bin", `${name}-${version}`);
  const text = await readFile11(script2, "utf8").catch(() => "");
  const definition = /^replace_os_vars\(\) \{\n[\s\S]*?\n\}$/m.exec(text)?.[0];
  if (definition === void 0) {
    throw new NodeRefusedError(
      `${source} is a template, but bin/${name}-${version} has no code that fills it in.`,
      {
        remedy: "Keep relx's extended start script ({extended_start_script, true}), or ship a plain sys.config."
      }
    );
  }
  const cleared = Object.fromEntries(Object.keys(process.env).map((variable) => [variable, void 0]));
  try {
    await run("sh", ["-c", `${definition}
replace_os_vars "$1" "$2"`, "sh", source, rendered], {
      env: { ...cleared, ...environment2 },
      timeoutSeconds: 10
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new NodeRefusedError(
      `The start script's code cannot fill in ${source}: it fails or does not end.`,
      {
        remedy: "Keep regular expression characters such as [ ] ( ) + * ? | & out of the defaults in ${NAME:-default}.",
        ...error.details === void 0 ? {} : { details: error.details },
        cause: error
      }
    );
  }
}
function startEnvironment({ node, version }) {
  return { ...node.environment, RELEASE_VSN: version, PROGNAME: "erl" };
}
function missingVariables(template, environment2) {
  const names = [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, placeholder = ""]) => placeholder);
  const required = names.filter((placeholder) => !placeholder.includes(":-"));
  return [...new Set(required)].filter((variable) => environment2[variable] === void 0);
}
function refuseMissing(source, missing2) {
  const [first] = missing2;
  if (first === void 0) return;
  throw new NodeRefusedError(
    `${source} needs ${missing2.map((name) => `\${${name}}`).join(", ")}, which the service's environment does not have.`,
    { remedy: `Set it for the service, or write a default: \${${first}:-default}.` }
  );
}
async function refusePlaceholders(file) {
  const text = await readFile11(file, "utf8").catch(() => "");
  const [placeholder] = /\$\{[A-Z_][A-Z0-9_]*(:-[^}]*)?\}/.exec(text) ?? [];
  if (placeholder === void 0) return;
  throw new NodeRefusedError(`${file} holds ${placeholder}, and nothing would fill it in.`, {
    remedy: 'Name the file sys.config.src in the project and give it to relx as {sys_config_src, "\u2026"}.'
  });
}
async function ownerOf2(node, source) {
  return { uid: node.uid, gid: node.gid, mode: (await stat8(source)).mode & 4095 };
}
async function exists4(path) {
  return stat8(path).then(
    () => true,
    () => false
  );
}

// src/node/release-script.ts
import { constants as constants6 } from "node:fs";
import { access as access5, readFile as readFile12, stat as stat9 } from "node:fs/promises";
import { join as join43 } from "node:path";
async function isAlive(pid) {
  const stat12 = await readFile12(`/proc/${pid}/stat`, "utf8").catch(() => void 0);
  return stat12 !== void 0 && !stat12.slice(stat12.lastIndexOf(")") + 2).startsWith("Z");
}
async function scriptVersion(path) {
  const text = await readFile12(path, "utf8").catch(() => "");
  return /^REL_VSN="([^"]*)"$/m.exec(text)?.[1];
}
async function replaceStartScript(root, name, version) {
  const target2 = join43(root, "bin", name);
  if (await scriptVersion(target2) === void 0) return false;
  const { uid, gid, mode } = await stat9(target2);
  await replaceFile(target2, `${target2}-${version}`, { uid, gid, mode: mode & 4095 });
  return true;
}
async function checkStartScript(root, name, version) {
  if (await scriptVersion(join43(root, "bin", name)) === void 0) return;
  const script2 = join43(root, "bin", `${name}-${version}`);
  const executable = await access5(script2, constants6.X_OK).then(
    () => true,
    () => false
  );
  if (executable && await scriptVersion(script2) === version) return;
  throw new NodeRefusedError(
    `${script2} is not an executable start script of ${version}, so the release could not boot.`,
    {
      remedy: "Package the release with the start script that relx makes for it."
    }
  );
}

// src/node/upgrade-context.ts
function packageName({ manifest }) {
  return `${manifest.name}-${manifest.version}`;
}
function packagePath(context) {
  return `releases/${packageName(context)}.tar.gz`;
}

// src/node/upgrade.ts
async function putPackage(context) {
  const { uid, gid } = context.node;
  const target2 = join44(context.deployRoot, packagePath(context));
  await replaceFile(target2, context.upgradePackage.path, { uid, gid, mode: 416 });
}
async function unpack(context) {
  await context.control.call("unpack", [packageName(context)], context.stepSeconds);
}
async function verifyUnpacked(context) {
  const { missing: missing2, differing } = await compareWithPackage(context);
  if (missing2.length + differing.length > 0) {
    throw new NodeRefusedError(
      `Of the package's files, ${missing2.length} are missing on the node and ${differing.length} differ.`,
      {
        details: [
          ...missing2.map((path) => `missing ${path}`),
          ...differing.map((path) => `differs ${path}`)
        ].join("\n")
      }
    );
  }
  await checkStartScript(context.deployRoot, context.manifest.name, context.manifest.version);
}
async function configure(context) {
  const { name, version } = context.manifest;
  const written = await placeConfiguration({ ...context, name, version });
  const file = join44(context.deployRoot, "releases", version, "sys.config");
  try {
    await context.control.call("consult-config", [file]);
  } catch (error) {
    if (!(error instanceof ControlError) || error.reason !== "bad_config") throw error;
    throw new NodeRefusedError(
      `release_handler could not use ${file}, and would install an empty configuration: ${error.message}.`,
      {
        remedy: "Correct sys.config (or sys.config.src) in the project and package the release again.",
        ...defined({ details: error.details }),
        cause: error
      }
    );
  }
  return written;
}
async function checkInstall(context, runs) {
  const { control, stepSeconds } = context;
  const { version } = context.manifest;
  const answer = await control.call("check-install", [version], stepSeconds);
  if (answer.version !== runs) {
    throw new NodeRefusedError(`The unpacked ${version} has no relup that upgrades from ${runs}.`, {
      remedy: `Package the release with releases/${version}/relup.`
    });
  }
}
async function install(context, version) {
  const { control, stepSeconds } = context;
  try {
    const { answer } = await control.call("install", [version], stepSeconds);
    return { kind: answer === "ok" ? "ok" : "continue-after-restart" };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const refused = error instanceof ControlError && !error.leftUnknown;
    return { kind: refused ? "refused" : "unknown", error };
  }
}
async function settle(context) {
  const deadline = Date.now() + 1e3 * context.watchSeconds;
  do {
    const snapshot = await readNodeState(context.control, 15).catch(ignoreUnreachable);
    if (snapshot?.status === "started" && snapshot.releases !== null) return snapshot;
    await setTimeout3(500);
  } while (Date.now() < deadline);
  return void 0;
}
function ignoreUnreachable(error) {
  if (!(error instanceof ActionError)) throw error;
  return void 0;
}
function verifyRunningCode(before, after, manifest) {
  const differences2 = codeDifferences(after, manifest);
  const stale = stalePaths(after, manifest);
  const stopped = Object.keys(before.applications).filter(
    (name) => after.applications[name] === void 0 && manifest.applications.some((app) => app.name === name)
  );
  return [
    ...differences2.length === 0 ? [] : [`modules that are not the package's: ${moduleList(differences2)}`],
    ...stale.length === 0 ? [] : [`code path entries of other versions: ${stale.join(", ")}`],
    ...stopped.length === 0 ? [] : [`applications that ran before and do not run now: ${stopped.join(", ")}`]
  ];
}

// src/node/install-verdict.ts
function installFailure(manifest, check, after) {
  const { version } = manifest;
  const { runs } = check;
  if (after === void 0) {
    const sentence = `The node did not settle after the installation of ${version} began, so what it runs is not known.`;
    return { nodeState: "unknown", sentence, remedy: "Look at the node and its log.", runsOld: false };
  }
  const wrong = verifyRunningCode(check.snapshot, after, manifest);
  const installed = isInstalled2(after, version);
  if (wrong.length === 0 && installed) return void 0;
  if (!installed && releaseByCode(after, manifest.upFrom, runs)?.version === runs) {
    return { ...stillOld(version, check, after), runsOld: true };
  }
  const what = wrong.length > 0 ? wrong.join("; ") : `its code, but lists ${releasesText(after.releases)}`;
  return {
    nodeState: installed ? "installed-not-permanent" : "unknown",
    sentence: `${version} is ${installed ? "installed, but not made permanent" : "not installed"}: the node has ${what}.`,
    remedy: `Restart the node: it boots ${runs}.`,
    runsOld: false
  };
}
function stillOld(version, { snapshot: before, runs }, after) {
  if (after.instance !== before.instance || after.osPid !== before.osPid) {
    return { nodeState: "rebooted-into-old", sentence: `The node rebooted into ${runs}.` };
  }
  if (!environmentChanged(before, after))
    return { nodeState: "untouched", sentence: `The node runs ${runs}.` };
  return {
    nodeState: "environment-changed",
    sentence: `The node runs the code of ${runs}, but its application versions and configuration are already those of ${version}.`,
    remedy: `Restart the node to get ${runs} with its own configuration.`
  };
}
function isInstalled2({ releases }, version) {
  return (releases ?? []).some(
    (release) => release.version === version && /^(current|permanent)$/.test(release.status)
  );
}
function environmentChanged(before, after) {
  const versions2 = (snapshot) => JSON.stringify(Object.entries(snapshot.applications).sort());
  return before.environment !== after.environment || versions2(before) !== versions2(after);
}

// src/node/undo.ts
import { join as join45 } from "node:path";
async function recordBefore(context) {
  const { erlang, upgradePackage, manifest, session } = context;
  const members = await erlang.query("tarball", [upgradePackage.path]);
  const rel = `${packageName(context)}.rel`;
  return session.recordFootprint(
    [
      ...members.map(({ name }) => name.replace(/\/$/, "")),
      `releases/${rel}`,
      `releases/${manifest.version}/${rel}`
    ],
    [packagePath(context), "releases/RELEASES", ...configurationFiles(manifest.version)]
  );
}
async function undo(context, attempt2, reason, nodeState) {
  const { session } = context;
  if (session.journal.last?.step !== "undo") {
    await session.note({ step: "undo", reason }).catch(ignoreFullDisk);
  }
  const taken = await takeBack(context, attempt2);
  if (taken.restored) await session.end(taken.nodeAnswers ? nodeState : "unknown");
  return taken;
}
async function takeBack(context, attempt2) {
  const snapshot = await settle(context);
  const nodeAnswers = snapshot !== void 0;
  try {
    if (!nodeAnswers && await isAlive(context.node.pid)) throw new ActionError("the node does not answer");
    const { version, wasRegistered, footprint } = attempt2;
    const status = snapshot?.releases?.find((release) => release.version === version)?.status;
    if (status === "current" || status === "permanent") throw new ActionError(`${version} is ${status}`);
    const left = await removeAdded(context.deployRoot, footprint);
    if (status !== void 0 && !wasRegistered) await context.control.call("set-removed", [version]);
    await putBack(context.deployRoot, footprint);
    if (left.length > 0) throw new ActionError(`something else lies in ${left.join(", ")}`);
    const node = nodeAnswers ? "" : "The node is gone. ";
    return { restored: true, nodeAnswers, sentence: `${node}Its files are as they were.` };
  } catch (error) {
    const why = errorMessage(error).replace(/\.$/, "");
    return { restored: false, nodeAnswers, sentence: `What was unpacked could not be taken back: ${why}.` };
  }
}
function ignoreFullDisk(error) {
  if (error.code !== "ENOSPC" && !(error instanceof DiskFullError)) throw error;
}
function recordsOf(deployRoot) {
  return ["RELEASES", "start_erl.data"].map((file) => join45(deployRoot, "releases", file));
}

// src/node/health.ts
import { join as join46 } from "node:path";
import { setTimeout as setTimeout4 } from "node:timers/promises";
var PASSES = 3;
var PAUSE_MS = 500;
var REAL = { now: () => Date.now(), sleep: (milliseconds) => setTimeout4(milliseconds) };
async function untilHealthy(probe2, { timeout = 60, soak = 10 }, stopIfCancelled, clock = REAL) {
  const deadline = clock.now() + 1e3 * timeout;
  let passes = 0;
  let since = 0;
  let failure3;
  for (; ; ) {
    stopIfCancelled();
    const begun = clock.now();
    try {
      await probe2(Math.max(1, Math.min(timeout / 3, (deadline - begun) / 1e3)));
      if (passes === 0) since = begun;
      passes += 1;
      if (passes >= PASSES && clock.now() - since >= 1e3 * soak) return void 0;
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      failure3 = error;
      info(neutralise(`Not healthy: ${error.message}`));
      passes = 0;
    }
    if (clock.now() + PAUSE_MS > deadline) return tooLate(passes, failure3);
    await clock.sleep(PAUSE_MS);
  }
}
function tooLate(passes, failure3) {
  if (passes === 0 && failure3 !== void 0) return failure3;
  const before = failure3 === void 0 ? "" : `; before that: ${failure3.message}`;
  return new ActionError(
    `it was not healthy for long enough (${passes} times in a row) when the time was over${before}`
  );
}
function userProbe({ check = "", checkUrl = "" }, stage, folders) {
  return async (limitSeconds) => {
    if (check.trim() !== "") await runCheck(check, stage, folders, limitSeconds);
    if (checkUrl !== "") await askUrl(checkUrl, limitSeconds);
  };
}
async function runCheck(command, { stage, root, version, upFrom }, { cwd, privateFolder }, timeoutSeconds) {
  try {
    await runUserCommand({
      command,
      cwd,
      scriptFile: join46(privateFolder, "check.sh"),
      timeoutSeconds,
      onLine: (line) => info(neutralise(line)),
      env: { RELUP_STAGE: stage, RELUP_ROOT: root, RELUP_VERSION: version, RELUP_UP_FROM: upFrom }
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`the \`check\` command ${error.end.text}`, {
      details: error.details,
      cause: error
    });
  }
}
async function askUrl(url, limitSeconds) {
  let status;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1e3 * limitSeconds) });
    ({ status } = response);
    await response.body?.cancel();
  } catch (error) {
    const cause = error instanceof Error ? error.cause ?? error : error;
    throw new ActionError(`the address ${url} does not answer: ${errorMessage(cause)}`, { cause: error });
  }
  if (status < 200 || status > 299) throw new ActionError(`the address ${url} answers with status ${status}`);
}

// src/node/process-trees.ts
var LIMIT2 = 2e3;
function readProcessTrees(control) {
  return control.call("trees", [String(LIMIT2)], 300);
}
function restartedChildren(before, after) {
  return Object.entries(before.children).filter(([place, process2]) => (after.children[place] ?? process2) !== process2).map(([place]) => place).sort();
}
function placesText(places) {
  const shown = places.slice(0, 5).join(", ");
  return places.length > 5 ? `${shown} and ${places.length - 5} more` : shown;
}

// src/phases/deploy/health.ts
async function proveHealth(context, input, stage, verify, stopIfCancelled = () => void 0) {
  const probes = [builtIn(context, verify), userProbe(input, stage, { ...context, cwd: input.cwd })];
  const probe2 = async (limit) => {
    for (const one of probes) await one(limit);
  };
  const failure3 = await untilHealthy(probe2, input, stopIfCancelled);
  if (failure3 === void 0) info(`${stage.version} is healthy.`);
  return failure3;
}
function builtIn({ control }, verify) {
  let last2;
  return async () => {
    const wrong = verify(await readNodeState(control, 15));
    if (wrong.length > 0) throw new ActionError(`the node has ${wrong.join("; ")}`);
    const now = await readProcessTrees(control);
    const restarted = last2 === void 0 ? [] : restartedChildren(last2, now);
    last2 = now;
    const [stuck] = now.stuck;
    if (stuck !== void 0) throw new ActionError(`${stuck.process} ${stuck.what}`);
    if (restarted.length > 0) {
      throw new ActionError(`supervised processes were restarted: ${placesText(restarted)}`);
    }
  };
}

// src/phases/deploy/downgrade.ts
async function downgrade(context, attempt2, reason, health, cause) {
  const { session } = context;
  if (session.journal.last?.step !== "downgrade") await session.note({ step: "downgrade", reason });
  const error = await goBack(context, attempt2, await settle(context));
  if (error !== void 0)
    return notDowngraded(context, attempt2, `${reason} Going back to ${attempt2.from} failed`, error);
  info(`${attempt2.from} runs again: the code is that of the release.`);
  const sick = await healthAfter(context, attempt2, health);
  const { sentence } = await undo(context, attempt2, reason, "downgraded");
  const sentences = [
    `${reason} The node was downgraded and runs ${attempt2.from}.`,
    ...sick === void 0 ? [] : [`It is not healthy either: ${sick.message}.`],
    sentence
  ];
  return new DeployError(sentences.join(" "), "downgraded", { ...hints(cause), cause });
}
async function notDowngraded(context, attempt2, reason, cause) {
  const { from } = attempt2;
  const sentence = `${reason}: ${cause.message}`;
  const snapshot = await settle(context);
  if (snapshot !== void 0 && isBack(context, from, snapshot)) {
    const taken = await undo(context, attempt2, reason, "rebooted-into-old");
    return new DeployError(`${sentence} ${taken.sentence}`, "rebooted-into-old", { ...hints(cause), cause });
  }
  const running = runningRelease(snapshot?.releases ?? [])?.version;
  const nodeState = running === context.manifest.version ? "installed-not-permanent" : "unknown";
  return new DeployError(sentence, nodeState, {
    remedy: `Restart the node: it boots ${from}.`,
    ...hints(cause),
    cause
  });
}
async function goBack(context, { from }, before) {
  if (before === void 0) return new ActionError("the node does not settle.");
  if (isBack(context, from, before)) return void 0;
  let refused;
  try {
    await context.control.call("check-install", [from], context.stepSeconds);
    const answer = await install(context, from);
    info(`release_handler's answer to the downgrade: ${answer.kind}.`);
    if ("error" in answer) refused = answer.error;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error;
  }
  const after = await settle(context);
  if (after === void 0) return new ActionError("the node does not settle.");
  if (after.instance !== before.instance) return new ActionError(`the node rebooted into ${from}.`);
  if (isBack(context, from, after)) return void 0;
  return refused ?? new ActionError(`the node has ${differences(context, from, after)}.`);
}
function isBack(context, from, snapshot) {
  return runningRelease(snapshot.releases ?? [])?.version === from && differences(context, from, snapshot) === "";
}
function differences({ manifest }, from, snapshot) {
  const release = manifest.upFrom.find(({ version }) => version === from);
  if (release === void 0)
    return `a release that the manifest does not know (${releasesText(snapshot.releases)})`;
  const code2 = codeDifferences(snapshot, release);
  const paths = stalePaths(snapshot, release);
  return [
    ...code2.length === 0 ? [] : [`modules that are not those of ${from}: ${moduleList(code2)}`],
    ...paths.length === 0 ? [] : [`code path entries of other versions: ${paths.join(", ")}`]
  ].join("; ");
}
async function healthAfter(context, { from }, health) {
  const stage = {
    stage: "after-downgrade",
    root: context.deployRoot,
    version: from,
    upFrom: context.manifest.version
  };
  const verify = (snapshot) => [differences(context, from, snapshot)].filter((text) => text !== "");
  return proveHealth(context, { ...health, soak: 0, timeout: 20 }, stage, verify);
}

// src/phases/deploy/resume.ts
async function settleEarlier(context, health) {
  const { journal } = context.session;
  const attempt2 = journal.unfinished;
  if (attempt2 === void 0) return;
  const step = journal.last?.step ?? "begin";
  info(`An earlier deploy of ${attempt2.version} was not finished; the last step of its journal is ${step}.`);
  if (!journal.has("install")) return takeBack2(context, attempt2, "untouched");
  if (step === "remove-release") return context.session.end("upgraded");
  const snapshot = await settle(context);
  if (snapshot === void 0) throw notSettled(attempt2);
  if (!isSame(context, attempt2)) return settleOther(context, attempt2, snapshot);
  await settleInstalled(context, attempt2, snapshot, health);
}
async function settleInstalled(context, attempt2, snapshot, health) {
  const { session, manifest, node } = context;
  const before = await comparable(session.journal.find("install")?.before, node.pid);
  const failure3 = installFailure(manifest, { snapshot: before, runs: attempt2.from }, snapshot);
  const back = session.journal.find("downgrade");
  if (back !== void 0 && failure3?.nodeState !== "rebooted-into-old") {
    throw await downgrade(context, attempt2, back.reason, health);
  }
  if (failure3 === void 0) {
    info(`${attempt2.version} runs: the code is the package's.`);
    return;
  }
  if (isPermanent(snapshot, attempt2.version)) await bootNext(context, attempt2);
  if (!failure3.runsOld) {
    const { sentence, nodeState, remedy } = failure3;
    throw new DeployError(sentence, nodeState, defined({ remedy }));
  }
  info(failure3.sentence);
  await takeBack2(context, attempt2, failure3.nodeState);
  if (back !== void 0) throw new DeployError(`${back.reason} ${failure3.sentence}`, failure3.nodeState);
}
async function settleOther(context, attempt2, snapshot) {
  const status = snapshot.releases?.find(({ version }) => version === attempt2.version)?.status;
  const idle = status === void 0 || status === "unpacked" || status === "old";
  if (idle && !usesAdded(context, attempt2, snapshot)) return takeBack2(context, attempt2, "untouched");
  throw new DeployError(
    `An earlier deploy of ${attempt2.version} was not finished, so ${context.manifest.version} cannot be deployed yet: release_handler lists ${releasesText(snapshot.releases)}.`,
    "installed-not-permanent",
    {
      remedy: `Run the step that deploys ${attempt2.version} again, with the same package: it goes on or goes back. Or restart the node, if ${attempt2.from} is to run.`
    }
  );
}
async function takeBack2(context, attempt2, nodeState) {
  const reason = "an earlier run was interrupted";
  const { restored, sentence } = await undo(context, attempt2, reason, nodeState);
  if (restored) {
    info(`What the earlier deploy of ${attempt2.version} had begun is taken back. ${sentence}`);
    return;
  }
  throw new DeployError(`An earlier deploy of ${attempt2.version} was not finished. ${sentence}`, "unpacked", {
    remedy: "Remove what is in the way, then run this step again."
  });
}
async function bootNext(context, { name, version }) {
  await context.session.note({ step: "start-script" });
  await replaceStartScript(context.deployRoot, name, version);
  throw new DeployError(
    `${version} was made permanent by an earlier deploy, but the node was restarted into the release before it.`,
    "rebooted-into-old",
    { remedy: `Restart the node: it boots ${version} now. Then run this step again.` }
  );
}
async function comparable(before, pid) {
  const now = await identityOf(pid);
  const then = before?.process;
  const same = then?.started === now?.started && then?.boot === now?.boot && then?.pid === now?.pid;
  const empty = { osPid: "", environment: 0, applications: {}, process: null };
  return { ...empty, ...before, instance: same ? before?.instance ?? "" : "" };
}
function isSame({ manifest, upgradePackage }, attempt2) {
  const { name, version, packageSha256 } = attempt2;
  return name === manifest.name && version === manifest.version && packageSha256 === upgradePackage.sha256;
}
function isPermanent({ releases }, version) {
  return (releases ?? []).some((one) => one.version === version && one.status === "permanent");
}
function usesAdded({ deployRoot }, { footprint }, { modules, root }) {
  const added = new Set(footprint.absent);
  return modules.some(
    ({ file }) => [root, deployRoot].some((dir) => file.startsWith(`${dir}/`) && added.has(file.slice(dir.length + 1)))
  );
}
function notSettled({ version }) {
  return new DeployError(
    `An earlier deploy of ${version} was not finished, and the node does not settle, so what it runs is not known.`,
    "unknown",
    { remedy: "Look at the node and its log, then run this step again." }
  );
}

// src/node/permanent.ts
import { readFile as readFile13 } from "node:fs/promises";
import { join as join47 } from "node:path";
async function makePermanent(context) {
  const { session, deployRoot, manifest } = context;
  await session.note({ step: "make-permanent" });
  await askToMakePermanent(context);
  await syncAll(recordsOf(deployRoot));
  await session.note({ step: "start-script" });
  await replaceStartScript(deployRoot, manifest.name, manifest.version);
}
async function askToMakePermanent(context) {
  const { version } = context.manifest;
  try {
    await context.control.call("make-permanent", [version], context.stepSeconds);
  } catch (error) {
    if (!(error instanceof ControlError && error.leftUnknown)) throw error;
    const releases = (await settle(context))?.releases ?? [];
    if (!releases.some((release) => release.version === version && release.status === "permanent"))
      throw error;
  }
}
async function verifyPermanent(context) {
  const wrong = await namingOthers(context);
  if (wrong.length === 0) return;
  throw new NodeRefusedError(
    `The next start would not boot ${context.manifest.version}: ${wrong.join(", ")} say otherwise.`
  );
}
async function isPermanent2(context) {
  return (await namingOthers(context)).length === 0;
}
async function namingOthers({ control, deployRoot, manifest }) {
  const { name, version, erts } = manifest;
  const releases = join47(deployRoot, "releases");
  const recorded = await control.call("releases-file", [join47(releases, "RELEASES")]);
  const permanent = recorded.find(({ status }) => status === "permanent")?.version;
  const start2 = (await readFile13(join47(releases, "start_erl.data"), "utf8")).trim();
  const script2 = await scriptVersion(join47(deployRoot, "bin", name));
  return [
    ...permanent === version ? [] : [`releases/RELEASES (${permanent ?? "none"})`],
    ...start2 === `${erts} ${version}` ? [] : [`releases/start_erl.data (${start2})`],
    ...script2 === void 0 || script2 === version ? [] : [`bin/${name} (${script2})`]
  ];
}

// src/node/old-code.ts
import { randomUUID as randomUUID6 } from "node:crypto";
import { rm as rm11, writeFile as writeFile12 } from "node:fs/promises";
import { join as join48 } from "node:path";
async function readOldCode({ control, privateFolder, stepSeconds }, modules) {
  if (modules.length === 0) return [];
  const list = join48(privateFolder, `modules-${randomUUID6()}`);
  await writeFile12(list, modules.map((name) => `${name}
`).join(""));
  try {
    return await control.call("old-code", [list], stepSeconds);
  } finally {
    await rm11(list, { force: true });
  }
}
function oldCodeText(found) {
  const count2 = found.reduce((sum, one) => sum + one.count, 0);
  const modules = found.map(({ module, processes: [first] }) => `${module} (${first ?? ""})`);
  const shown = modules.slice(0, 3).join("; ");
  const more = modules.length > 3 ? `; and ${modules.length - 3} more modules` : "";
  return `${count2} ${count2 === 1 ? "process" : "processes"}: ${shown}${more}`;
}

// src/phases/deploy/finish.ts
async function finishUpgrade(context, before, from) {
  const { version } = context.manifest;
  try {
    const modules = replacedModules(context, from);
    noteOldCode(context, await readOldCode(context, modules));
    await makePermanent(context);
    await verifyPermanent(context);
    const left = await readOldCode(context, modules);
    if (left.length > 0) info(`Old code is still in use by ${oldCodeText(left)}.`);
    const after = await readNodeState(context.control);
    const wrong = verifyRunningCode(before, after, context.manifest);
    if (wrong.length > 0) throw new ActionError(`The node has ${wrong.join("; ")}.`);
    info(`${version} is permanent: the next start boots it.`);
    return after;
  } catch (error) {
    throw new DeployError(
      `${errorMessage(error)} The node runs ${version}, but its next start may boot another release.`,
      "installed-not-permanent",
      { remedy: "Deploy the same package again: it goes on from here.", ...hints(error), cause: error }
    );
  }
}
function replacedModules({ manifest }, from) {
  const old = manifest.upFrom.find(({ version }) => version === from)?.applications ?? [];
  const md5s = new Map(manifest.applications.flatMap(({ modules }) => Object.entries(modules)));
  const before = old.flatMap(({ modules }) => Object.entries(modules));
  return before.filter(([name, md5]) => md5s.get(name) !== md5).map(([name]) => name);
}
function noteOldCode({ session }, found) {
  if (found.length === 0) return;
  session.findings.push({
    id: "old-code-in-use",
    severity: "warning",
    message: `Old code was still in use when the release was made permanent, which ends ${oldCodeText(found)}.`,
    remedy: "Give these processes time to leave it (soak), or have the appup update or restart them."
  });
}

// src/phases/deploy/install.ts
async function installUpgrade(context, check, attempt2) {
  const { session, manifest } = context;
  await session.note({ step: "install", before: await nodeBefore(context, check) });
  const answer = await install(context, manifest.version);
  info(`release_handler's answer to the installation: ${answer.kind}.`);
  const failure3 = installFailure(manifest, check, await settle(context));
  if (failure3 !== void 0) {
    throw await failedInstall(context, attempt2, failure3, "error" in answer ? answer.error : void 0);
  }
  await session.note({ step: "installed" });
  info(`${manifest.version} runs: the code is the package's.`);
}
async function nodeBefore({ node }, { snapshot }) {
  const { osPid, instance, environment: environment2, applications: applications2 } = snapshot;
  return { osPid, instance, environment: environment2, applications: applications2, process: await identityOf(node.pid) ?? null };
}
async function failedInstall(context, attempt2, failure3, cause) {
  const sentences = [...cause === void 0 ? [] : [cause.message], failure3.sentence];
  let { nodeState } = failure3;
  if (failure3.runsOld) {
    const { restored, sentence } = await undo(context, attempt2, failure3.sentence, nodeState);
    sentences.push(sentence);
    if (!restored && nodeState === "untouched") nodeState = "unpacked";
  }
  const options = { ...hints(cause), ...defined({ remedy: failure3.remedy }), cause };
  return new DeployError(sentences.join(" "), nodeState, options);
}

// src/phases/deploy/prepare.ts
import { join as join49 } from "node:path";
async function prepareUpgrade(context, check) {
  const attempt2 = await attemptOf(context, check);
  await context.session.begin(attempt2);
  try {
    await unpackAndCheck(context, check);
    return attempt2;
  } catch (cause) {
    const reason = errorMessage(cause);
    const { restored, nodeAnswers, sentence } = await undo(context, attempt2, reason, "untouched");
    const runs = nodeAnswers ? ` The node runs ${check.runs}.` : "";
    const state = !nodeAnswers ? "unknown" : restored ? "untouched" : "unpacked";
    throw new DeployError(`${reason}${runs} ${sentence}`, state, { ...hints(cause), cause });
  }
}
async function attemptOf(context, check) {
  const { name, version } = context.manifest;
  return {
    name,
    version,
    from: runBefore(check, version),
    packageSha256: context.upgradePackage.sha256,
    wasRegistered: check.newStatus !== void 0,
    footprint: await recordBefore(context)
  };
}
function runBefore({ runs, snapshot }, version) {
  const permanent = snapshot.releases?.find(({ status }) => status === "permanent")?.version;
  return runs === version ? permanent ?? runs : runs;
}
async function unpackAndCheck(context, { newStatus, runs }) {
  const { session, manifest } = context;
  const { version } = manifest;
  if (newStatus === void 0) {
    await session.note({ step: "put-package" });
    await putPackage(context);
    info(`Package in place: ${packagePath(context)}.`);
    session.stopIfCancelled();
    await session.note({ step: "unpack" });
    await unpack(context);
    await syncUnpacked(context);
    info(`Unpacked ${version}.`);
    session.stopIfCancelled();
  } else {
    info(`release_handler knows ${version} already (${newStatus}), so it is not unpacked again.`);
  }
  await verifyUnpacked(context);
  info(`All ${context.upgradePackage.files.length} files of the package are on the node.`);
  await session.note({ step: "configure" });
  const written = await configure(context);
  info(
    written.length === 0 ? "The configuration can be read." : `Configuration filled in: ${written.join(", ")}.`
  );
  session.stopIfCancelled();
  await checkInstall(context, runs);
  info(`release_handler can install ${version} over ${runs}.`);
  session.stopIfCancelled();
}
async function syncUnpacked({ deployRoot, upgradePackage, manifest }) {
  const files = upgradePackage.files.map(({ path }) => join49(deployRoot, installedPath(path, manifest)));
  await syncAll([...files, ...recordsOf(deployRoot)]);
}

// src/phases/deploy/upgrade-node.ts
async function upgradeNode(context, check, plan) {
  const { session, manifest } = context;
  let attempt2 = session.journal.unfinished;
  if (check.runs !== manifest.version) {
    attempt2 = await plan.phase("Deploy: unpack", () => prepareUpgrade(context, check));
    await installOrGoBack(context, check, attempt2, plan);
  } else if (attempt2 === void 0) {
    if (isPermanentThere(check) && await isPermanent2(context)) return check.snapshot;
    attempt2 = await attemptOf(context, check);
    await session.begin(attempt2);
  }
  if (!isPermanentThere(check) || check.runs !== manifest.version) {
    await healthyOrGoBack(context, check, attempt2, plan);
  }
  const { from } = attempt2;
  const after = await plan.phase(
    "Deploy: make permanent",
    () => finishUpgrade(context, check.snapshot, from)
  );
  await session.end("upgraded");
  return after;
}
function isPermanentThere({ snapshot }) {
  return runningRelease(snapshot.releases ?? [])?.status === "permanent";
}
async function installOrGoBack(context, check, attempt2, { phase: phase2, onFailure, health }) {
  try {
    await phase2("Deploy: install", () => installUpgrade(context, check, attempt2));
  } catch (error) {
    const partly = error instanceof DeployError && error.nodeState === "installed-not-permanent";
    if (!partly || onFailure === "leave") throw error;
    throw await phase2("Deploy: downgrade", () => downgrade(context, attempt2, error.message, health, error));
  }
}
async function healthyOrGoBack(context, { snapshot }, attempt2, { phase: phase2, onFailure, health }) {
  const { session, manifest, deployRoot: root } = context;
  const stage = { stage: "health", root, version: manifest.version, upFrom: attempt2.from };
  const failure3 = await phase2(
    "Deploy: health",
    () => proveHealth(
      context,
      health,
      stage,
      (now) => verifyRunningCode(snapshot, now, manifest),
      () => session.stopIfCancelled()
    )
  ).catch((error) => {
    throw error instanceof CancelledError ? stoppedNotPermanent(context, error) : error;
  });
  if (failure3 === void 0) return;
  const reason = `${manifest.version} is not healthy: ${failure3.message.replace(/\.$/, "")}.`;
  const cause = new ActionError(reason, { ...hints(failure3), cause: failure3 });
  if (onFailure === "leave") throw stoppedNotPermanent(context, cause);
  throw await phase2("Deploy: downgrade", () => downgrade(context, attempt2, reason, health, cause));
}
function stoppedNotPermanent({ manifest }, cause) {
  return new DeployError(
    `${errorMessage(cause)} The node runs ${manifest.version}, but its next start boots the release before it.`,
    "installed-not-permanent",
    {
      remedy: "Run this step again: it goes on from here. Or restart the node to go back.",
      ...hints(cause),
      cause
    }
  );
}

// src/phases/deploy.ts
async function deployRelease(options) {
  const context = await contextOf(options);
  try {
    return await inSession(context, options);
  } finally {
    context.control.close();
  }
}
async function contextOf(options) {
  const { erlang, privateFolder, stepSeconds = 300, watchSeconds = 120 } = options;
  const node = await findNode(options.deployRoot);
  const control = controlNode(erlang, node, privateFolder);
  const { deployRoot } = node;
  return { ...options, deployRoot, node, control, stepSeconds, watchSeconds };
}
async function inSession(context, options) {
  const { name, version } = options.manifest;
  const { lockSeconds = 120, cancel } = options;
  const session = await DeploySession.open({
    deployRoot: context.deployRoot,
    owner: context.node,
    what: `${name} ${version}`,
    waitSeconds: lockSeconds,
    cancel
  });
  const record = () => ({ findings: session.findings, journal: session.journal.entries });
  try {
    return { ...await deploy({ ...context, session }, planOf(options)), record: record() };
  } catch (error) {
    if (error instanceof DeployError) error.record = record();
    throw error;
  } finally {
    await session.close();
  }
}
function planOf({
  health = {},
  cwd = process.cwd(),
  onFailure = "downgrade",
  phase: phase2
}) {
  return { health: { ...health, cwd }, onFailure, phase: phase2 ?? ((_name, run2) => run2()) };
}
async function deploy(context, plan) {
  const { manifest } = context;
  if (context.session.journal.unfinished !== void 0) {
    await plan.phase("Deploy: earlier deploy", () => settleEarlier(context, plan.health));
  }
  const check = await plan.phase("Deploy: preflight", () => preflight(context));
  const { snapshot: before } = check;
  const after = await upgrade(context, check, plan);
  info(`Releases before: ${releasesText(before.releases)}; after: ${releasesText(after.releases)}.`);
  return {
    deployedVersion: manifest.version,
    nodeState: "upgraded",
    before: summary2(before),
    after: summary2(after)
  };
}
async function preflight(context) {
  const { manifest, session } = context;
  const check = await checkNode(context, await readNodeState(context.control));
  const { snapshot, runs } = check;
  info(`Node ${snapshot.node} (process id ${snapshot.osPid}) runs ${manifest.name} ${runs}, by code.`);
  if (runs === manifest.version) info(`${runs} is installed already.`);
  session.stopIfCancelled();
  return check;
}
async function upgrade(context, check, plan) {
  try {
    return await upgradeNode(context, check, plan);
  } catch (error) {
    if (error instanceof DeployError) throw error;
    throw new DeployError(errorMessage(error), "unknown", { ...hints(error), cause: error });
  }
}
function summary2({ node, osPid, startedAt, releases }) {
  return { node, osPid, startedAt, releases: releases ?? [] };
}

// src/phases/manifest.ts
import { readFile as readFile14, writeFile as writeFile13 } from "node:fs/promises";
import { basename as basename13, join as join50 } from "node:path";
function manifestOf(input) {
  const { release, relup: relup2, upgrade: upgrade2 } = input;
  return {
    manifestVersion: 1,
    name: release.name,
    version: release.version,
    ref: input.ref,
    commit: input.commit,
    erts: release.erts,
    includesErts: release.includesErts,
    toolchain: input.toolchain,
    upgradeKind: input.upgradeKind,
    verdict: input.verdict,
    applications: release.applications,
    upFrom: input.upFrom.map(manifestUpFrom),
    appups: input.appups.map(({ application, version, origin, file, up, down }) => ({
      application,
      version,
      origin,
      file,
      up: up.map(withoutWords),
      down: down.map(withoutWords)
    })),
    relup: relup2 === void 0 ? null : { up: relup2.up, down: relup2.down },
    packages: {
      full: manifestPackage(input.full),
      ...upgrade2 === void 0 ? {} : { upgrade: manifestPackage(upgrade2) }
    },
    findings: input.findings
  };
}
function withoutWords({ upFrom, pattern, instructions }) {
  return { upFrom, pattern, instructions };
}
function manifestUpFrom(release) {
  const { version, erts, source, applications: applications2 } = release;
  const commit = commitOf(source);
  return { version, erts, source: source.kind, ...commit === void 0 ? {} : { commit }, applications: applications2 };
}
function commitOf(source) {
  return source.kind === "tarball" ? void 0 : source.commit;
}
function manifestPackage({ path, size: size2, sha256: sha2562, files }) {
  return { file: basename13(path), size: size2, sha256: sha2562, files };
}
async function writeManifest(folder, manifest) {
  const path = join50(folder, `${manifest.name}-${manifest.version}.manifest.json`);
  await writeFile13(path, `${JSON.stringify(manifest, null, 1)}
`);
  return path;
}
async function readManifest(path) {
  try {
    const manifest = JSON.parse(await readFile14(path, "utf8"));
    if (manifest.manifestVersion === 1) return manifest;
  } catch (error) {
    throw new ActionError(`The manifest ${path} cannot be read.`, {
      remedy: "Use the manifest that lies beside the packages in the artifact, unchanged.",
      cause: error
    });
  }
  throw new ActionError(`The manifest ${path} was written by another version of relup-action.`, {
    remedy: "Use the same version of relup-action to build and to deploy."
  });
}

// src/shared/cancel.ts
var SIGNALS2 = ["SIGINT", "SIGTERM"];
async function deferringCancel(work) {
  const cancel = new AbortController();
  const earlier = SIGNALS2.map((name) => ({ name, listeners: process.listeners(name) }));
  const restore = () => {
    for (const { name, listeners } of earlier) {
      process.off(name, request);
      for (const listener of listeners) process.once(name, listener);
    }
  };
  const request = (name) => {
    restore();
    cancel.abort(name);
  };
  for (const { name, listeners } of earlier) {
    for (const listener of listeners) process.off(name, listener);
    process.on(name, request);
  }
  try {
    return await work(cancel.signal);
  } finally {
    if (!cancel.signal.aborted) restore();
  }
}

// src/actions/relup/deploy-here.ts
async function deployHere(deployRoot, facts, erlang, workspace) {
  const upgradePackage = facts.packages?.upgrade;
  if (upgradePackage === void 0 || facts.manifest === void 0 || facts.upgradeKind !== "hot") {
    facts.nodeState = "untouched";
    throw new NodeRefusedError(
      `The node was left as it is: the upgrade kind is ${facts.upgradeKind}, not hot.`,
      {
        remedy: "Deploy only where there is a release to upgrade from and no emulator restart is needed."
      }
    );
  }
  try {
    const options = {
      erlang,
      deployRoot,
      upgradePackage,
      manifest: await readManifest(facts.manifest),
      privateFolder: await workspace.folder("deploy")
    };
    facts.deployed = await deferringCancel((cancel) => deployRelease({ ...options, cancel }));
    facts.nodeState = facts.deployed.nodeState;
  } catch (error) {
    facts.nodeState = error instanceof DeployError ? error.nodeState : "untouched";
    throw error;
  }
}

// src/actions/relup/phase.ts
async function phase(facts, name, run2) {
  const started = performance.now();
  let ok = false;
  try {
    const result = await group(name, run2);
    ok = true;
    return result;
  } finally {
    facts.phases.push({ name, seconds: (performance.now() - started) / 1e3, ok });
  }
}

// src/actions/relup/project.ts
import { realpath as realpath3, stat as stat10 } from "node:fs/promises";
import { join as join51, relative as relative6, resolve as resolve6 } from "node:path";
async function openProject(workingDirectory, gitFolder) {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const dir = resolve6(workspace, workingDirectory);
  if (!await isFolder(dir)) {
    throw new BadInputError(
      `The input \`working-directory\` is "${workingDirectory}", but there is no such folder.`,
      {
        remedy: "Write the folder where rebar.config is, relative to the repository."
      }
    );
  }
  const git = await Git.open(dir, gitFolder);
  const path = relative6(git.topLevel, await realpath3(dir));
  debug(`repository ${git.topLevel}, project folder ${JSON.stringify(path)}`);
  await refuseModified(git);
  return { git, dir, path };
}
async function refuseModified(git) {
  const modified = await git.at(git.topLevel).modifiedFiles();
  if (modified.length === 0) return;
  const shown = modified.slice(0, 5).join(", ");
  const more = modified.length > 5 ? ` and ${modified.length - 5} more` : "";
  throw new BadInputError(
    `Tracked files are modified: ${shown}${more}. They would not be in the release that is built.`,
    {
      remedy: "Commit the changes, or move the step that makes them into the input `prepare`, which runs for every version."
    }
  );
}
async function treeFindings({ git, dir, path }) {
  if (!await git.at(dir).hasUntrackedCheckouts()) return [];
  const folder = join51(path, "_checkouts");
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
  return stat10(path).then(
    (found) => found.isDirectory(),
    () => false
  );
}

// src/actions/relup/result.ts
import { basename as basename14, dirname as dirname8 } from "node:path";

// src/phases/appup-files.ts
import { mkdir as mkdir11, writeFile as writeFile14 } from "node:fs/promises";
import { dirname as dirname7, join as join52 } from "node:path";
function appupFiles(folder, appups) {
  return appups.flatMap(
    ({ application, text }) => text === void 0 ? [] : [{ path: join52(folder, "appups", `${application}.appup.src`), text }]
  );
}
async function writeAppupFiles(folder, appups) {
  for (const { path, text } of appupFiles(folder, appups)) {
    await mkdir11(dirname7(path), { recursive: true });
    await writeFile14(path, text);
  }
}

// src/phases/package.ts
import { mkdir as mkdir12 } from "node:fs/promises";
import { join as join55 } from "node:path";

// src/phases/package/foreign.ts
function foreignPaths(paths, release, upFromVersions2) {
  const context = {
    release,
    versions: /* @__PURE__ */ new Set([...upFromVersions2, ...releaseFolders(paths)]),
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
  if (top === "releases") return foreignInReleases(path, name, rest, context);
  if (top === "lib" && rest.length > 0) return isOtherApplication(name, context) ? `lib/${name}/` : void 0;
  return void 0;
}
function foreignInReleases(path, name, rest, context) {
  const { release, versions: versions2 } = context;
  if (name === release.version) {
    return rest.length === 1 && rest[0] === `${release.name}.tar.gz` ? path : void 0;
  }
  if (rest.length > 0) return versions2.has(name) ? `releases/${name}/` : void 0;
  if (name.endsWith(".tar.gz")) return path;
  const relVersion = versionAfter(name, `${release.name}-`, ".rel");
  return relVersion !== void 0 && relVersion !== release.version ? path : void 0;
}
function isOtherScript(name, { release, versions: versions2 }) {
  const version = versionAfter(name, `${release.name}-`, "");
  if (version === void 0 || version === release.version) return false;
  return versions2.has(version) || VERSION2.test(version);
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

// src/phases/package/tarball.ts
var import_tar_stream = __toESM(require_tar_stream(), 1);
import { createHash as createHash3 } from "node:crypto";
import { once } from "node:events";
import { createReadStream as createReadStream2, createWriteStream } from "node:fs";
import { readFile as readFile15, rm as rm12 } from "node:fs/promises";
import { pipeline as pipeline2 } from "node:stream/promises";
import { createGzip } from "node:zlib";

// src/phases/package/tree.ts
import { lstat as lstat4, readdir as readdir10, readlink as readlink3 } from "node:fs/promises";
import { join as join53 } from "node:path";
async function readTree(root) {
  const entries = [];
  await readFolder(root, "", entries);
  return sortEntries(entries);
}
function sortEntries(entries) {
  return [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
async function readFolder(root, folder, entries) {
  for (const name of await readdir10(join53(root, folder))) {
    await readEntry(root, folder === "" ? name : `${folder}/${name}`, entries);
  }
}
async function readEntry(root, path, entries) {
  const source = join53(root, path);
  const stats = await lstat4(source);
  const common = { path, source, mode: stats.mode & 4095 };
  if (stats.isDirectory()) {
    const before = entries.length;
    await readFolder(root, path, entries);
    if (entries.length === before) entries.push({ ...common, type: "directory", size: 0 });
  } else if (stats.isFile()) {
    entries.push({ ...common, type: "file", size: stats.size });
  } else if (stats.isSymbolicLink()) {
    const target2 = await readlink3(source);
    checkLink(path, target2);
    entries.push({ ...common, type: "symlink", size: 0, target: target2 });
  } else {
    throw new ActionError(`${path} in the release is neither a file nor a folder nor a symbolic link.`, {
      remedy: "Leave it out of the release; create sockets, pipes and devices when the release starts."
    });
  }
}
function checkLink(path, target2) {
  if (!target2.startsWith("/") && !target2.split("/").includes("..")) return;
  throw new ActionError(
    `The symbolic link ${path} points to ${target2}, which release_handler does not unpack.`,
    {
      remedy: 'Replace the link by a copy of the file, or let it point to a place beside or below it, without ".." and not absolute.'
    }
  );
}

// src/phases/package/tarball.ts
var SMALL = 1024 * 1024;
var BATCH = 256 * 1024;
var MAX_TIME = 2147483647;
async function writeTarball(kind, path, entries, mtime) {
  const tar = (0, import_tar_stream.pack)();
  const counter = { hash: createHash3("sha256"), size: 0 };
  const [added, written] = await Promise.allSettled([
    addEntries(tar, entries, new Date(1e3 * Math.min(Math.max(mtime, 0), MAX_TIME))),
    pipeline2(
      batches(tar),
      createGzip({ level: 6, chunkSize: BATCH }),
      (source) => count(source, counter),
      createWriteStream(path)
    )
  ]);
  const failed = written.status === "rejected" ? written : added;
  if (failed.status === "rejected") {
    await rm12(path, { force: true });
    throw failed.reason;
  }
  return { kind, path, sha256: counter.hash.digest("hex"), size: counter.size, files: failed.value ?? [] };
}
async function addEntries(tar, entries, mtime) {
  const files = [];
  try {
    for (const entry of sortEntries(entries)) {
      const header = {
        name: entry.path,
        type: entry.type,
        mode: entry.mode,
        mtime,
        uid: 0,
        gid: 0
      };
      if (entry.type === "file") {
        files.push(await addFile(tar, entry, header));
      } else {
        await addWhole(tar, entry.target === void 0 ? header : { ...header, linkname: entry.target });
      }
    }
    tar.finalize();
    return files;
  } catch (error) {
    tar.destroy(error);
    throw error;
  }
}
async function addFile(tar, entry, header) {
  const { path, mode } = entry;
  const hash = createHash3("sha256");
  if (entry.size > SMALL) {
    await addStream(tar, entry, header, hash);
    return { path, size: entry.size, sha256: hash.digest("hex"), mode };
  }
  const content = await readFile15(entry.source);
  await addWhole(tar, header, content);
  return { path, size: content.length, sha256: hash.update(content).digest("hex"), mode };
}
async function addWhole(tar, header, content = Buffer.alloc(0)) {
  const { promise, resolve: resolve7, reject } = Promise.withResolvers();
  tar.entry(header, content, (error) => error ? reject(error) : resolve7()).on("error", reject);
  await promise;
}
async function addStream(tar, entry, header, hash) {
  const { promise, resolve: resolve7, reject } = Promise.withResolvers();
  promise.catch(() => void 0);
  const sink = tar.entry({ ...header, size: entry.size }, (error) => error ? reject(error) : resolve7());
  sink.on("error", reject);
  for await (const chunk of createReadStream2(entry.source, {
    highWaterMark: BATCH
  })) {
    hash.update(chunk);
    if (!sink.write(chunk)) await Promise.race([once(sink, "drain"), promise]);
  }
  sink.end(null);
  await promise;
}
async function* batches(tar) {
  let batch = [];
  let size2 = 0;
  for await (const chunk of tar) {
    batch.push(chunk);
    size2 += chunk.length;
    if (size2 < BATCH) continue;
    yield Buffer.concat(batch);
    batch = [];
    size2 = 0;
  }
  yield Buffer.concat(batch);
}
async function* count(source, counter) {
  for await (const chunk of source) {
    counter.hash.update(chunk);
    counter.size += chunk.length;
    yield chunk;
  }
}

// src/phases/package/upgrade-files.ts
import { lstat as lstat5, readlink as readlink4, stat as stat11 } from "node:fs/promises";
import { join as join54 } from "node:path";
async function selectUpgradeFiles(entries, release, upFrom) {
  const selected = [];
  const findings2 = [];
  for (const entry of entries) {
    const rule = upgradeRule(entry.path, release, upFrom);
    if (rule === "add") selected.push(entry);
    if (rule !== "compare") continue;
    const states = await Promise.all(upFrom.map(({ root }) => compareEntry(entry, root)));
    if (states.includes("missing")) selected.push(entry);
    const versions2 = upFrom.filter((_, index) => states[index] === "changed").map(({ version }) => version);
    if (versions2.length > 0 && !mayDiffer(entry.path, release)) {
      findings2.push(keptFinding(entry.path, versions2, release));
    }
  }
  return { entries: selected, findings: findings2 };
}
function upgradeRule(path, release, upFrom) {
  const { name, version } = release;
  if (path === "releases/RELEASES" || path === "releases/start_erl.data") return "leave";
  if (path.startsWith("erts-")) return "leave";
  if (path.startsWith(`releases/${version}/`) || path === `bin/${name}-${version}`) return "add";
  if (path === `releases/${name}.rel` || path === `releases/${name}-${version}.rel`) return "add";
  const application = applicationOf(path, release);
  if (application === void 0) return "compare";
  const everywhere = upFrom.every(
    ({ applications: applications2 }) => applications2.some((other) => other.name === application.name && other.version === application.version)
  );
  if (!everywhere) return "add";
  return /^(ebin|src|include|c_src)(\/|$)/.test(path.slice(application.dir.length + 1)) ? "leave" : "compare";
}
function applicationOf(path, release) {
  return release.applications.find(({ dir }) => path === dir || path.startsWith(`${dir}/`));
}
function mayDiffer(path, { name }) {
  if (path === `bin/${name}` || path.startsWith("bin/hooks/builtin/")) return true;
  if (/^bin\/(nodetool|install_upgrade\.escript|[^/]+\.boot)$/.test(path)) return true;
  return path.startsWith("lib/") && path.endsWith(".so");
}
function keptFinding(path, versions2, release) {
  const where2 = `${path} differs from the one in ${versions2.join(", ")}`;
  const application = applicationOf(path, release);
  if (application === void 0) {
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
    application: application.name,
    message: `${where2}, and an upgrade does not replace it, because ${application.name} is still version ${application.version}.`,
    remedy: `Give ${application.name} a new version (vsn in its .app.src).`
  };
}
async function compareEntry(entry, root) {
  const path = join54(root, entry.path);
  const stats = await stat11(path).catch(ignoreMissing2);
  if (entry.type === "symlink") return compareLink(entry, path);
  if (stats === void 0) return "missing";
  if (entry.type === "directory") return stats.isDirectory() ? "same" : "changed";
  if (!stats.isFile() || stats.size !== entry.size) return "changed";
  const [before, after] = await Promise.all([sha256File(path), sha256File(entry.source)]);
  return before === after ? "same" : "changed";
}
async function compareLink(entry, path) {
  const stats = await lstat5(path).catch(ignoreMissing2);
  if (stats === void 0) return "missing";
  return stats.isSymbolicLink() && await readlink4(path) === entry.target ? "same" : "changed";
}
function ignoreMissing2(error) {
  const code2 = error.code;
  if (code2 !== "ENOENT" && code2 !== "ENOTDIR") throw error;
  return void 0;
}

// src/phases/package/verify.ts
async function verifyPackage(erlang, finished, release, upFrom) {
  const members = await erlang.query("tarball", [finished.path]);
  const problem = findProblem(members, finished, release, upFrom);
  if (problem === void 0) return;
  throw new ActionError(`The package ${finished.path} is not as it should be: ${problem}.`, {
    details: members.map(({ name, type, size: size2, mode }) => `${mode.toString(8)} ${type} ${size2} ${name}`).join("\n")
  });
}
function findProblem(members, finished, release, upFrom) {
  const byName3 = new Map(members.map((member) => [member.name, member]));
  return duplicate(members) ?? wrongFile(byName3, finished) ?? unexpectedMember(byName3, finished) ?? missingFile(byName3, release, upFrom) ?? forbiddenFile(byName3, finished, release, upFrom) ?? notExecutable(byName3, release);
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
  const expected = new Set(files.map(({ path }) => path));
  for (const { name, type } of members.values()) {
    if (type === "directory" || type === "symlink" || type === "file" && expected.has(name)) continue;
    return `it holds ${name} (${type}), which was not put into it`;
  }
  return void 0;
}
function missingFile(members, { name, version, applications: applications2 }, upFrom) {
  const changed = applications2.filter(
    (application) => upFrom.some(
      (other) => other.applications.some(
        (before) => before.name === application.name && before.version !== application.version
      )
    )
  );
  const needed = [
    `releases/${name}-${version}.rel`,
    ...upFrom.length === 0 ? [] : [`releases/${version}/relup`],
    ...changed.map((application) => `${application.dir}/ebin/${application.name}.appup`)
  ];
  const missing2 = needed.find((path) => !members.has(path));
  return missing2 === void 0 ? void 0 : `${missing2} is missing`;
}
function forbiddenFile(members, { kind }, release, upFrom) {
  const names = [...members.keys()];
  const relup2 = `releases/${release.version}/relup`;
  if (upFrom.length === 0 && members.has(relup2)) return `it holds ${relup2} although nothing is upgraded from`;
  if (kind === "upgrade") {
    const own = names.find((path) => /^(releases\/(RELEASES|start_erl\.data)$|erts-)/.test(path));
    if (own !== void 0) return `it holds ${own}, which an upgrade must not touch`;
  }
  const versions2 = upFrom.map(({ version }) => version);
  const [foreign] = foreignPaths(names, release, versions2).keys();
  return foreign === void 0 ? void 0 : `${foreign} belongs to another version`;
}
function notExecutable(members, { name, version }) {
  const script2 = [`bin/${name}`, `bin/${name}-${version}`].map((path) => members.get(path)).find((member) => member !== void 0 && (member.mode & 64) === 0);
  return script2 === void 0 ? void 0 : `the start script ${script2.name} is not executable`;
}

// src/phases/package.ts
async function makePackages(options) {
  const { release, upFrom, folder, mtime } = options;
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
  await mkdir12(folder, { recursive: true });
  const base = join55(folder, `${release.name}-${release.version}`);
  const [full, upgrade2] = await Promise.all([
    writeTarball("full", `${base}.tar.gz`, entries, mtime),
    selected && writeTarball("upgrade", `${base}.upgrade.tar.gz`, selected.entries, mtime)
  ]);
  const findings2 = [...foreignFindings(foreign, release), ...selected?.findings ?? []];
  return upgrade2 === void 0 ? { full, findings: findings2 } : { full, upgrade: upgrade2, findings: findings2 };
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

// src/actions/relup/result.ts
async function makeResult(options) {
  const { facts, workspace, release } = options;
  const folder = workspace.resultFolder(`relup-${release.name}-${release.version}`);
  try {
    await fillResult(options, folder);
  } catch (error) {
    if (facts.packages === void 0) workspace.dropResult();
    throw error;
  }
}
async function fillResult(options, folder) {
  const { facts, erlang, release } = options;
  const upFrom = facts.upFrom ?? [];
  const upgradeKind = facts.upgradeKind ?? "none";
  const relupFor = facts.relup === void 0 ? [] : upFrom;
  const packages2 = await makePackages({
    tree: release.root,
    release,
    upFrom: relupFor,
    makeUpgrade: facts.relup !== void 0,
    folder,
    mtime: options.mtime
  });
  const made = [packages2.full, packages2.upgrade].filter((one) => one !== void 0);
  await Promise.all(made.map((one) => verifyPackage(erlang, one, release, relupFor)));
  for (const one of made) logPackage(one);
  facts.packages = packages2;
  facts.findings.push(...packages2.findings);
  const verdict2 = upgradeKind === "hot" ? "unproven" : upgradeKind;
  facts.verdict = verdict2;
  facts.manifest = await writeManifest(
    folder,
    manifestOf({
      release,
      ref: options.refs.newRef,
      commit: options.refs.newCommit,
      toolchain: options.toolchain,
      upgradeKind,
      verdict: verdict2,
      upFrom,
      appups: facts.appups ?? [],
      relup: facts.relup,
      full: packages2.full,
      upgrade: packages2.upgrade,
      findings: facts.findings
    })
  );
  await writeAppupFiles(folder, facts.appups ?? []);
  facts.report = await writeReport(folder, facts);
}
function logPackage({ path, size: bytes, sha256: sha2562, files }) {
  info(`${basename14(path)}: ${size(bytes)}, ${files.length} files, SHA-256 ${sha2562}`);
}
async function upload(inputs, facts, workspace) {
  const { packages: packages2, manifest, report, release } = facts;
  const rootDir = dirname8(manifest);
  const adoptable = appupFiles(rootDir, facts.appups ?? []).map(({ path }) => path);
  const files = [packages2?.full.path, packages2?.upgrade?.path, manifest, report, ...adoptable].filter(
    (file) => file !== void 0
  );
  const artifact = await uploadArtifact({
    name: inputs.artifactName ?? `${release?.name}-${release?.version}-relup`,
    rootDir,
    files,
    overwrite: inputs.overwrite,
    workFolder: await workspace.folder("artifact"),
    ...defined({ retentionDays: inputs.retentionDays, manifest })
  });
  facts.artifact = artifact;
  info(
    `${artifact.reused ? "Found again" : "Uploaded"}: artifact ${artifact.name} (${artifact.url ?? artifact.id})`
  );
}

// src/actions/relup/run-workspace.ts
import { tmpdir } from "node:os";

// src/shared/workspace.ts
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir as mkdir13, rm as rm13 } from "node:fs/promises";
import { basename as basename15, dirname as dirname9, join as join56 } from "node:path";
var REMOVE = { recursive: true, force: true, maxRetries: 5 };
var Workspace = class _Workspace {
  constructor(dir) {
    this.dir = dir;
  }
  dir;
  result;
  background = Promise.resolve();
  /** Makes the folder anew; what a cancelled run left there is removed. */
  static async open(runnerTemp2) {
    const dir = join56(runnerTemp2, "relup-action");
    await rm13(dir, { recursive: true, force: true });
    await mkdir13(runnerTemp2, { recursive: true });
    await mkdir13(dir, { mode: 448 });
    return new _Workspace(dir);
  }
  /** A folder inside the workspace, made when missing. */
  async folder(...names) {
    const path = join56(this.dir, ...names);
    await mkdir13(path, { recursive: true, mode: 448 });
    return path;
  }
  /**
   * A folder for what outlives the run (packages, manifest, report), new for every run and beside this one:
   * `<RUNNER_TEMP>/<prefix>-XXXXXX`.
   */
  resultFolder(prefix) {
    this.result = mkdtempSync(join56(dirname9(this.dir), `${basename15(prefix)}-`));
    return this.result;
  }
  /** Removes the result folder, when what is in it is of no use. */
  dropResult() {
    if (this.result !== void 0) rmSync(this.result, REMOVE);
  }
  /** What else is at work in the workspace: {@link close} waits for it. It must not fail. */
  meanwhile(work) {
    this.background = Promise.all([this.background, work]);
  }
  /** Waits for what is at work in the background, then removes everything but the result folder. */
  async close() {
    await this.background;
    this.remove();
  }
  /**
   * Removes everything but the result folder. Not asynchronous: signal handlers cannot wait, and one by one its thousands of
   * files take longer.
   */
  remove() {
    rmSync(this.dir, REMOVE);
  }
  /**
   * Removes everything, the result folder too, because no output leads to it yet. For signal handlers: it does not throw,
   * and what is left is the post step's.
   */
  removeAll() {
    for (const remove2 of [() => this.dropResult(), () => this.remove()]) {
      try {
        remove2();
      } catch {
        continue;
      }
    }
  }
};

// src/actions/relup/run-workspace.ts
function runnerTemp() {
  return process.env.RUNNER_TEMP || tmpdir();
}
async function openWorkspace() {
  const workspace = await Workspace.open(runnerTemp()).catch((error) => {
    throw new ActionError(`The folder for temporary files cannot be used: ${errorMessage(error)}.`, {
      remedy: "Check that RUNNER_TEMP exists, has room, and belongs to the user that the runner runs as.",
      cause: error
    });
  });
  saveState("workspace", workspace.dir);
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15]
  ]) {
    process.once(signal, () => {
      endDescendants();
      endProcessesBelow(workspace.dir);
      workspace.removeAll();
      process.exit(128 + number);
    });
  }
  return workspace;
}
function discard(workspace, folders) {
  if (folders.length === 0) return;
  workspace.meanwhile(run("rm", ["-rf", "--", ...folders]).catch(() => void 0));
}
async function closeWorkspace(workspace) {
  try {
    await workspace.close();
  } catch (error) {
    warning(`The folder ${workspace.dir} could not be removed: ${errorMessage(error)}`);
  }
}

// src/actions/relup/relup-action.ts
async function relupAction(inputs) {
  const facts = emptyFacts();
  const workspace = await openWorkspace();
  try {
    await fromTagToArtifact(inputs, facts, workspace);
  } catch (error) {
    const failure3 = await explainFailure(error, workspace.dir);
    noteFailure(facts, failure3);
    throw failure3;
  } finally {
    await closeWorkspace(workspace);
    await finish(facts);
  }
}
async function fromTagToArtifact(inputs, facts, workspace) {
  checkPlatform(process.platform);
  if (inputs.upload) requireArtifactService(process.env);
  const project = await openProject(inputs.workingDirectory, await workspace.folder("git"));
  facts.findings.push(...await treeFindings(project));
  const { toolchain, erlang } = await phase(facts, "Toolchain", () => probe(workspace));
  facts.toolchain = toolchain;
  const refs = await phase(facts, "Refs", () => chooseVersions(inputs, project));
  facts.refs = refs;
  facts.build = {
    profile: inputs.profile,
    release: inputs.release,
    prepared: inputs.prepare.trim() !== "",
    projectPath: project.path
  };
  const context = {
    git: project.git,
    erlang,
    workspace,
    profile: inputs.profile,
    prepare: inputs.prepare,
    projectPath: project.path,
    ...defined({ release: inputs.release })
  };
  const builds = await phase(facts, "Build", () => buildAll(context, refs, toolchain, inputs.cache));
  const { release, assembly, upFrom } = builds;
  facts.findings.push(...builds.findings);
  facts.findings.push(...await cookieFindings(release, assembly.projectDir, project.path));
  Object.assign(facts, { release, upFrom });
  const { allowRestart, appups, purge } = inputs;
  await phase(
    facts,
    "Appups and relup",
    () => planUpgrade({ ...context, allowRestart, appups, purge, release, assembly, upFrom }, facts)
  );
  discard(workspace, builds.unused);
  const mtime = await project.git.commitTime(refs.newCommit);
  await phase(
    facts,
    "Package",
    () => makeResult({ facts, erlang, release, refs, toolchain, mtime, workspace })
  );
  if (inputs.upload) await phase(facts, "Artifact", () => upload(inputs, facts, workspace));
  if (inputs.cache === "auto") await builds.saveToCache();
  const { deployRoot } = inputs;
  if (deployRoot !== void 0) {
    await phase(facts, "Deploy", () => deployHere(deployRoot, facts, erlang, workspace));
  }
}
async function probe(workspace) {
  const probed = await probeToolchain(await workspace.folder("erlang"));
  const { otpVersion, rebar3: rebar32, architecture, libc } = probed.toolchain;
  info(`Erlang/OTP ${otpVersion}, rebar3 ${rebar32}, ${architecture}, ${libc}`);
  return probed;
}
async function chooseVersions(inputs, project) {
  const { GITHUB_REF_TYPE: refType, GITHUB_REF_NAME: refName, GITHUB_EVENT_NAME: eventName } = process.env;
  const refs = await chooseRefs(project.git, {
    upgradeFrom: inputs.upgradeFrom,
    tagPattern: inputs.tagPattern,
    baseDir: project.dir,
    event: defined({ refType, refName, eventName })
  });
  logRefs(refs);
  return refs;
}
export {
  relupAction
};
