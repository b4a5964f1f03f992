import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  diskFull,
  explainFullDisk,
  sync
} from "./chunk-72X3IIGE.mjs";
import {
  AnswerSession,
  ErlangError
} from "./chunk-63LGASSU.mjs";
import {
  foreignNode,
  foreignRoot
} from "./chunk-OPCLU2FR.mjs";
import {
  CommandFailedError,
  NodeRefusedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  info,
  setSecret,
  warning
} from "./chunk-V2SBDBD4.mjs";

// src/node/node-process.ts
import { readdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import { basename as basename2, dirname, join, sep } from "node:path";

// src/node/emulator-arguments.ts
import { basename } from "node:path";
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
  return emulator.boot === void 0 || !HELPER_BOOTS.includes(basename(emulator.boot));
}
function userFlags(argv) {
  const flags = [];
  let open3 = false;
  for (const argument of argv.slice(argv.indexOf("--") + 1)) {
    if (argument === "-extra") break;
    if (argument === "--") {
      open3 = false;
    } else if (argument.startsWith("-")) {
      flags.push({ name: argument, values: [] });
      open3 = true;
    } else if (open3) {
      flags.at(-1)?.values.push(argument);
    }
  }
  return flags;
}

// src/node/node-process.ts
async function findNode(deployRoot) {
  const root = await installedRoot(deployRoot);
  return describe(root, await onlyEmulator(root, deployRoot));
}
async function nodeUser(deployRoot) {
  const { pid } = await onlyEmulator(await installedRoot(deployRoot), deployRoot);
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const id = (field) => Number(new RegExp(`^${field}:\\t(\\d+)`, "m").exec(status)?.[1]);
  return { uid: id("Uid"), gid: id("Gid") };
}
async function onlyEmulator(root, deployRoot) {
  const found = await emulatorsOf(root);
  const [only, ...others] = found;
  if (only === void 0) {
    throw new NodeRefusedError(`No node runs from ${deployRoot}, so there is nothing to upgrade.`, {
      remedy: "Start the installed release as its service does (e.g. bin/<name> daemon), or correct deploy-root; or set `allow-restart: true` to have the new release started."
    });
  }
  if (others.length > 0) {
    const pids = found.map(({ pid }) => pid).join(", ");
    throw new NodeRefusedError(
      `${found.length} nodes run from ${deployRoot} (process ids ${pids}), so it is not clear which one to upgrade.`,
      { remedy: "Keep one node per installed root." }
    );
  }
  return only;
}
async function installedRoot(deployRoot) {
  try {
    const root = await realpath(deployRoot);
    await stat(join(root, "releases"));
    return root;
  } catch (error) {
    const foreign = await foreignRoot(deployRoot, error);
    if (foreign !== void 0) throw foreign;
    throw new NodeRefusedError(`deploy-root ${deployRoot} is not an installed release.`, {
      remedy: "Give the folder that holds bin, lib and releases of the installed release.",
      cause: error
    });
  }
}
async function anyNodeRuns(root) {
  return (await pidsOf(root)).length > 0;
}
async function pidsOf(root) {
  return (await emulatorsOf(root)).map(({ pid }) => pid);
}
async function emulatorsOf(root) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
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
    return basename2(await readlink(`/proc/${pid}/exe`)).startsWith("beam");
  } catch (error) {
    return error.code === "EACCES";
  }
}
async function startedFrom(pid, emulator, root) {
  const releases = join(root, "releases");
  if (emulator.root !== void 0 && await sameFolder(pid, emulator.root, root)) return true;
  if (emulator.boot === void 0) return false;
  const boot = dirname(emulator.boot);
  return boot.includes(`${sep}releases${sep}`) && sameFolder(pid, dirname(boot), releases);
}
async function sameFolder(pid, path, folder) {
  try {
    const [theirs, ours] = await Promise.all([stat(`/proc/${pid}/root${path}`), stat(folder)]);
    return theirs.dev === ours.dev && theirs.ino === ours.ino;
  } catch (error) {
    if (error.code !== "EACCES") return false;
    return await realpath(path).catch(() => void 0) === folder;
  }
}
async function describe(deployRoot, { pid, emulator }) {
  const { nameFlag, nodeName } = emulator;
  if (nameFlag === void 0 || nodeName === void 0) {
    throw new NodeRefusedError(
      `The node that runs from ${deployRoot} (process id ${pid}) has no name, so it cannot be reached.`,
      { remedy: "Add -sname or -name to vm.args and start the release again." }
    );
  }
  const { uid, gid } = await stat(`/proc/${pid}`);
  const environment2 = await environmentOf(pid, uid);
  return {
    pid,
    ...bootedBy(emulator),
    deployRoot,
    nameFlag,
    nodeName,
    cookie: emulator.cookie ?? await cookieFromFile(emulator.home, environment2, uid),
    distribution: emulator.distribution,
    workingFolder: await workingFolder(pid, deployRoot),
    environment: environment2,
    uid,
    gid
  };
}
function bootedBy({ boot }) {
  const folder = boot === void 0 ? "" : dirname(boot);
  return basename2(dirname(folder)) === "releases" ? { booted: basename2(folder) } : {};
}
async function workingFolder(pid, deployRoot) {
  try {
    const folder = await readlink(`/proc/${pid}/cwd`);
    return (await stat(folder)).isDirectory() ? folder : deployRoot;
  } catch {
    return deployRoot;
  }
}
async function environmentOf(pid, uid) {
  try {
    const entries = await zeroSeparated(`/proc/${pid}/environ`);
    return Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)])
    );
  } catch (error) {
    throw await foreignNode(`The environment of the node (process id ${pid})`, uid, error);
  }
}
async function cookieFromFile(home, environment2, uid) {
  const homeDir = home ?? environment2["HOME"] ?? "/";
  const configDir = environment2["XDG_CONFIG_HOME"] ?? join(homeDir, ".config");
  const files = [join(homeDir, ".erlang.cookie"), join(configDir, "erlang", ".erlang.cookie")];
  for (const file of files) {
    try {
      return (await readFile(file, "utf8")).trim();
    } catch (error) {
      if (error.code !== "ENOENT") throw await foreignNode(file, uid, error);
    }
  }
  throw new NodeRefusedError(
    `The node's cookie was not found: vm.args sets none, and ${files[0]} is missing.`,
    {
      remedy: "Set -setcookie in vm.args, or keep the cookie file in the home of the user that the node runs as."
    }
  );
}
async function zeroSeparated(file) {
  const bytes = await readFile(file);
  const parts = bytes.toString(isUtf8(bytes) ? "utf8" : "latin1").split("\0");
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

// src/deploy/session/deploy-lock.ts
import { randomUUID } from "node:crypto";
import { constants as constants3 } from "node:fs";
import { link, rm } from "node:fs/promises";
import { basename as basename3, join as join3 } from "node:path";
import { setTimeout } from "node:timers/promises";

// src/deploy/session/deploy-folder.ts
import { constants as constants2 } from "node:fs";
import { chown, lstat, mkdir, open as open2 } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/node/plain-file.ts
import { constants } from "node:fs";
import { open } from "node:fs/promises";
async function readPlainFile(path) {
  let handle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code = "" } = error;
    if (code === "ENOENT") return void 0;
    if (NOT_PLAIN.includes(code)) return null;
    throw error;
  }
  try {
    return (await handle.stat()).isFile() ? await handle.readFile("utf8") : null;
  } finally {
    await handle.close();
  }
}
var NOT_PLAIN = ["ELOOP", "ENXIO", "EISDIR"];

// src/deploy/session/deploy-folder.ts
var DEPLOY_FOLDER = ".relup-action";
async function openDeployFolder(root, owner) {
  const dir = join2(root, DEPLOY_FOLDER);
  try {
    await makeOwned(dir, owner);
    await sync(root);
  } catch (error) {
    if (error.code !== "EEXIST") throw notWritable(root, error);
    await refuseForeign(dir, owner.uid);
  }
  return {
    dir,
    openFile: (name, flags) => openOwned(join2(dir, name), flags, owner),
    makeFolder: (name) => makeOwned(join2(dir, name), owner),
    sync: () => sync(dir)
  };
}
async function makeOwned(dir, { uid, gid }) {
  await mkdir(dir, { mode: 448 });
  if (process.getuid?.() === 0) await chown(dir, uid, gid);
  return dir;
}
async function openOwned(path, flags, { uid, gid }) {
  const handle = await open2(path, flags | constants2.O_NOFOLLOW | constants2.O_NONBLOCK, 384).catch(
    (error) => {
      throw NOT_PLAIN.includes(error.code ?? "") ? notPlain(path, error) : error;
    }
  );
  const stats = await handle.stat();
  if (stats.isFile() && stats.nlink === 1) {
    if (process.getuid?.() === 0) await handle.chown(uid, gid);
    return handle;
  }
  await handle.close();
  throw notPlain(path);
}
function notPlain(path, cause) {
  return new NodeRefusedError(`${path} is a link or not a file, so nothing is written to it.`, {
    remedy: "See who put it there, then remove it; relup-action makes a new one.",
    cause
  });
}
async function refuseForeign(dir, uid) {
  const stats = await lstat(dir);
  if (stats.isDirectory() && [0, uid, process.getuid?.()].includes(stats.uid)) return;
  throw new NodeRefusedError(`${dir} is not a folder of the node's user, so no journal can be kept in it.`, {
    remedy: "See what it is, then remove it; relup-action makes a new one."
  });
}
function notWritable(root, cause) {
  return new NodeRefusedError(`${root} cannot be written to: ${errorMessage(cause)}.`, {
    remedy: "Give the user that this step runs as write access, and free some space if the disk is full.",
    cause
  });
}

// src/node/process-identity.ts
import { readFile as readFile2, readlink as readlink2 } from "node:fs/promises";
async function identityOf(pid) {
  const stat2 = await readFile2(`/proc/${pid}/stat`, "utf8").catch(() => void 0);
  if (stat2 === void 0) return void 0;
  const fields = stat2.slice(stat2.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return void 0;
  return { pid, started: fields[19] ?? "", boot: await bootId(), namespace: await namespace() };
}
function isSameProcess(one, other) {
  return one != null && other != null && one.pid === other.pid && one.started === other.started && one.boot === other.boot;
}
async function whetherRuns(identity) {
  if (identity.boot !== await bootId()) return "gone";
  if (identity.namespace !== await namespace()) return "unknown";
  return (await identityOf(identity.pid))?.started === identity.started ? "runs" : "gone";
}
async function bootId() {
  return (await readFile2("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim();
}
function namespace() {
  return readlink2("/proc/self/ns/pid").catch(() => "");
}

// src/deploy/session/deploy-lock.ts
var FILE = "lock";
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
    const deadline = performance.now() + 1e3 * waitSeconds;
    const id = randomUUID();
    let waiting = false;
    for (; ; ) {
      const holder = await takeFile(folder, join3(folder.dir, FILE), { id, what });
      if (holder === void 0) return new _DeployLock(folder, id);
      if (performance.now() >= deadline) throw held(folder, holder);
      if (!waiting) info(`Waiting, as ${holderText(holder)}.`);
      waiting = true;
      await setTimeout(500);
    }
  }
  /** Who is at work on the installed release now, without taking the lock. */
  static async holder(root) {
    const holder = await readHolder(join3(root, DEPLOY_FOLDER, FILE));
    return holder !== void 0 && await isHeld(holder) ? holderText(holder) : void 0;
  }
  /** @throws {NodeRefusedError} when somebody has taken it from us meanwhile, which only happens by hand. */
  async check() {
    const file = join3(this.folder.dir, FILE);
    if ((await readHolder(file))?.id === this.id) return;
    throw new NodeRefusedError(`The lock ${file} was removed while this deploy was at work.`, {
      remedy: "Do not remove it while a deploy runs. Run this step again: it goes on from the journal."
    });
  }
  /** Gives the lock back. */
  async release() {
    const file = join3(this.folder.dir, FILE);
    if ((await readHolder(file))?.id === this.id) await rm(file, { force: true });
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
      await setTimeout(5);
      continue;
    }
    if ((await readHolder(file))?.id === holder.id) await rm(file, { force: true });
    await rm(guard, { force: true });
  }
}
async function linkNew(folder, file, { id, what }) {
  const name = `${basename3(file)}.${id}.new`;
  const handle = await folder.openFile(name, constants3.O_WRONLY | constants3.O_CREAT | constants3.O_EXCL);
  try {
    await handle.writeFile(JSON.stringify(await ourselves(id, what)));
    await link(join3(folder.dir, name), file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    await handle.close();
    await rm(join3(folder.dir, name), { force: true });
  }
}
async function ourselves(id, what) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const ours = await identityOf(process.pid);
  const since = (/* @__PURE__ */ new Date()).toISOString();
  const url = server && repository && run ? { run: `${server}/${repository}/actions/runs/${run}` } : {};
  return { id, process: ours, since, what, ...url };
}
async function readHolder(file) {
  const text = await readPlainFile(file);
  if (text === void 0) return void 0;
  if (text === null) throw noFile(file);
  try {
    const holder = JSON.parse(text);
    if (holder?.process?.boot !== void 0) return holder;
  } catch {
  }
  return { id: "damaged", since: "", what: "", process: { pid: 0, started: "", boot: "", namespace: "" } };
}
function noFile(file) {
  return new NodeRefusedError(`The lock ${file} is not a lock file, so no deploy can take it.`, {
    remedy: "See what it is, then remove it; relup-action makes a new lock."
  });
}
async function isHeld({ process: holder }) {
  return await whetherRuns(holder) !== "gone";
}
function holderText({ process: { pid }, since, what, run }) {
  const where = run === void 0 ? "" : `, ${run}`;
  return `another deploy (${what}, process id ${pid}, since ${since}${where}) is at work`;
}
function held(folder, holder) {
  const text = holderText(holder);
  return new NodeRefusedError(`${text.charAt(0).toUpperCase()}${text.slice(1)} on this node.`, {
    remedy: `Wait until it has ended, then run this step again. If it has ended without giving the lock back (it ran in another container), remove ${join3(folder.dir, FILE)}.`
  });
}

// src/deploy/session/journal.ts
import { constants as constants4 } from "node:fs";
import { rename } from "node:fs/promises";
import { join as join4 } from "node:path";

// src/deploy/session/journal-entry.ts
function parseEntry(line) {
  try {
    const entry = JSON.parse(line);
    return typeof entry?.step === "string" && typeof entry.at === "string" ? entry : void 0;
  } catch {
    return void 0;
  }
}

// src/deploy/session/journal.ts
var FILE2 = "journal.jsonl";
var PREVIOUS = "journal.previous.jsonl";
var FORMATS = [1, 2];
var NO_ENTRY = "no step can be noted";
var ENTRY_BEGINS = '{"at":"';
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
    const { entries, length } = await readEntries(join4(folder.dir, FILE2));
    return new _Journal(folder, entries, length);
  }
  /** The deploy that was begun in an installed release and has not come to its end, without touching anything. */
  static async unfinishedIn(root) {
    const { entries } = await entriesIn(root);
    return unfinished(entries);
  }
  /** The entries of the latest deploy to an installed release, without touching anything. */
  static async read(root) {
    return (await entriesIn(root)).entries;
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
    return unfinished(this.written);
  }
  has(step) {
    return this.written.some((entry) => entry.step === step);
  }
  /** The latest entry of a step. */
  find(step) {
    return this.written.findLast((entry) => entry.step === step);
  }
  /**
   * Begins the journal of another deploy. What only knows upgrades without commands must not go on with any other one, so those
   * alone have its format.
   */
  async begin(attempt, hasCommands = false) {
    const { dir } = this.folder;
    await rename(join4(dir, FILE2), join4(dir, PREVIOUS)).catch((error) => {
      if (error.code !== "ENOENT") throw error;
    });
    this.written = [];
    this.length = 0;
    const format = hasCommands || attempt.way !== void 0 || attempt.goesBack === true ? 2 : 1;
    await this.write({ step: "begin", format, attempt });
    await this.folder.sync();
  }
  /** Writes what is about to be done; it is on the disk when this returns. */
  async write(step) {
    const entry = { at: (/* @__PURE__ */ new Date()).toISOString(), ...step };
    const line = Buffer.from(`${JSON.stringify(entry)}
`);
    const handle = await this.folder.openFile(FILE2, constants4.O_WRONLY | constants4.O_CREAT);
    try {
      await handle.truncate(this.length);
      const { bytesWritten } = await handle.write(line, 0, line.length, this.length);
      if (bytesWritten < line.length) throw diskFull(this.folder.dir, NO_ENTRY);
      await handle.sync();
    } catch (error) {
      throw explainFullDisk(error, this.folder.dir, NO_ENTRY);
    } finally {
      await handle.close();
    }
    this.length += line.length;
    this.written = [...this.written, entry];
  }
};
function unfinished(entries) {
  const [first] = entries;
  return first?.step === "begin" && entries.at(-1)?.step !== "end" ? first.attempt : void 0;
}
function entriesIn(root) {
  return readEntries(join4(root, DEPLOY_FOLDER, FILE2)).catch(async (error) => {
    throw await foreignRoot(root, error) ?? error;
  });
}
async function readEntries(file) {
  const text = await readPlainFile(file);
  if (text === void 0) return { entries: [], length: 0 };
  if (text === null) throw damaged(file);
  const lines = text.split("\n").slice(0, -1);
  const entries = lines.map(parseEntry);
  const bad = entries.indexOf(void 0);
  const good = bad === -1 ? entries : entries.slice(0, bad);
  if (bad !== -1 && entries.slice(bad).some((entry) => entry !== void 0)) throw damaged(file);
  if (good[0] !== void 0) checkBegin(file, good[0]);
  if (good.length === 0 && !isCutOffEntry(text)) throw damaged(file);
  const whole = lines.slice(0, good.length).map((line) => `${line}
`);
  return { entries: good, length: Buffer.byteLength(whole.join("")) };
}
function isCutOffEntry(text) {
  const begun = text.replace(/[\0\n]+$/, "");
  return !begun.includes("\n") && ENTRY_BEGINS.startsWith(begun.slice(0, ENTRY_BEGINS.length));
}
function checkBegin(file, entry) {
  if (entry.step !== "begin") throw damaged(file);
  if (!FORMATS.includes(entry.format)) {
    throw new NodeRefusedError(`The journal ${file} was written by another version of relup-action.`, {
      remedy: "Use the same version of relup-action to go on with a deploy as to begin it."
    });
  }
  if (!isSound(entry.attempt.footprint)) throw damaged(file);
}
function isSound({ absent, saved }) {
  if (!Array.isArray(absent) || !Array.isArray(saved)) return false;
  const copies = saved.map(({ copy }) => copy);
  const replaced = saved.map(({ path }) => path);
  const inside = (path) => typeof path === "string" && !path.startsWith("/") && !path.split("/").includes("..");
  return [...absent, ...replaced].every(inside) && copies.every((copy) => inside(copy) && copy.startsWith(`${DEPLOY_FOLDER}/`));
}
function damaged(file) {
  return new NodeRefusedError(
    `The journal ${file} is damaged, so it is not known what an earlier deploy did.`,
    {
      remedy: "Check what the node runs and what it boots (releases/RELEASES, bin/<name>). When it is as it should be, remove the journal."
    }
  );
}

// src/node/node-state.ts
async function readNodeState(control, timeoutSeconds) {
  const snapshot = await control.call("state", [], timeoutSeconds);
  return { ...snapshot, modules: await control.code.addTo(snapshot.modules) };
}

// src/node/control.ts
import { randomBytes, randomUUID as randomUUID3 } from "node:crypto";
import { mkdir as mkdir2, readdir as readdir2, writeFile as writeFile2 } from "node:fs/promises";
import { join as join6, resolve } from "node:path";

// src/node/control-session.ts
var ControlStartError = class extends NodeRefusedError {
  constructor(how, output) {
    super(
      `The control process, which asks the node, cannot be started: it ${how} before it answered anything.`,
      {
        remedy: "See its output in the details: most often a module or a file that the -proto_dist, -epmd_module or -ssl_dist_optfile flags of vm.args name cannot be read on this machine.",
        details: output.join("\n")
      }
    );
  }
};
var ControlLostError = class extends CommandFailedError {
};
function lost(how) {
  return new ControlLostError(`The control process, which asks the node, ${how}.`, void 0, {
    remedy: "Run this step again. If it is ended again, look at what ends it: most often memory ran out.",
    end: { kind: "killed", text: how }
  });
}
var ControlSession = class extends AnswerSession {
  constructor(start) {
    super(start, {
      lost,
      unable: (how, output) => new ControlStartError(how, output),
      late: (seconds) => lost(`gave no answer within ${seconds} seconds`)
    });
  }
};

// src/node/code-digests.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { rm as rm2, writeFile } from "node:fs/promises";
import { join as join5 } from "node:path";
async function readCode(erlang, files, folder) {
  if (files.length === 0) return {};
  const list = join5(folder, `beams-${randomUUID2()}`);
  await writeFile(list, files.map((file) => `${file}
`).join(""));
  try {
    return await erlang.query("code", [list]);
  } finally {
    await rm2(list, { force: true });
  }
}
var CodeDigests = class {
  constructor(erlang, folder, releases) {
    this.erlang = erlang;
    this.folder = folder;
    for (const { modules, md5s = {} } of releases.flatMap(({ applications }) => applications)) {
      for (const [module, digest] of Object.entries(modules)) this.known.set(md5s[module] ?? digest, digest);
    }
  }
  erlang;
  folder;
  known = /* @__PURE__ */ new Map();
  /** Adds the digest to every module that has an MD5. */
  async addTo(modules) {
    await this.learn(modules);
    return modules.map((module) => ({ ...module, code: this.of(module.md5) }));
  }
  of(md5) {
    return md5 === null ? null : this.known.get(md5) ?? md5;
  }
  async learn(modules) {
    const unknown = modules.filter(
      ({ file, md5 }) => md5 !== null && !this.known.has(md5) && file.startsWith("/")
    );
    const found = await readCode(
      this.erlang,
      unknown.map(({ file }) => file),
      this.folder
    );
    for (const { file, md5 } of unknown) {
      const code = found[file];
      this.known.set(md5, code?.md5 === md5 ? code.digest : md5);
    }
  }
};
function moduleMd5s(applications) {
  return new Map(applications.flatMap(({ modules, md5s = {} }) => Object.entries({ ...modules, ...md5s })));
}

// src/shared/exists.ts
import { access } from "node:fs/promises";
async function exists(path) {
  return access(path).then(
    () => true,
    () => false
  );
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
  "unknown_host",
  "wrong_cookie",
  "wrong_cookie_or_host",
  "unusable_cookie"
];
var REMEDIES = {
  unusable_cookie: "Set a cookie of letters and digits with -setcookie in vm.args, and start the release again.",
  wrong_cookie: "Make vm.args (or the .erlang.cookie file of the user that the node runs as) hold the cookie it uses.",
  wrong_cookie_or_host: "Compare the cookie with that in vm.args (or the .erlang.cookie file of the user that the node runs as). If the machine was renamed, restart the node, so that it takes the new name.",
  epmd_gone: "Start it again as the user that the node runs as: epmd -daemon. The node registers again by itself.",
  unknown_host: "Make the host name resolve again, e.g. by a line in /etc/hosts; the node took it from there, or from -name in vm.args.",
  not_registered: "Check that the node is up; restart it if epmd was restarted and the node did not register again.",
  no_answer: "See the log of the node, and how loaded it is; nothing can be upgraded while it does not answer.",
  not_reachable: "Check that the -proto_dist, -epmd_module and TLS flags of vm.args allow connections from this host.",
  code_change: "See the log of the node, and how large the state of that process is; convert a large state bit by bit after the upgrade, or restart the process instead.",
  code_change_failed: "Its crash, or its answer, is in the details. It must take the state as it is on the node that runs, and answer {ok, NewState}.",
  old_processes: "Wait until they are done, or make the appup purge them (purge: brutal)."
};
var CHANGES = ["unpack", "set-removed", "install", "remove-release", "make-permanent", "stop"];
var START_SECONDS = 30;
function controlNode({
  erlang,
  node,
  privateFolder,
  releases = []
}) {
  maskCookie(node);
  let session;
  const opened = async () => {
    const current = session;
    const isOpen = (await current?.catch(ignore))?.isOpen;
    if (isOpen !== true && session === current) session = openSession(erlang, node, privateFolder);
    return session;
  };
  let lostMilliseconds = 0;
  const call = async (operation, args, seconds) => ask(await opened(), [String(seconds), operation, ...args], seconds + START_SECONDS);
  return {
    code: new CodeDigests(erlang, privateFolder, releases),
    call: (operation, args = [], seconds = 60) => {
      const begun = performance.now();
      return call(operation, args, seconds).catch((error) => {
        if (!(error instanceof ControlLostError) || CHANGES.includes(operation)) throw error;
        lostMilliseconds += performance.now() - begun;
        return call(operation, args, seconds);
      });
    },
    lostMilliseconds: () => lostMilliseconds,
    close: () => void session?.then((open3) => void open3.close(), ignore)
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
  const home = join6(privateFolder, "control");
  await mkdir2(home, { recursive: true, mode: 448 });
  const peer = join6(home, randomUUID3());
  await writeFile2(peer, `${node.nodeName}
${node.cookie}
`, { mode: 384 });
  const flags = await distributionFlags(node);
  const cwd = await flagsFolder(node);
  await erlang.ready();
  return new ControlSession(
    (on) => erlang.start("relup_session", [peer], { flags, env: environment(node, home), cwd, ...on })
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
async function flagsFolder({ distribution, workingFolder: workingFolder2, deployRoot }) {
  const files = distribution.filter((_, index) => distribution[index - 1] === "-ssl_dist_optfile");
  const holdsAll = async (folder) => (await Promise.all(files.map((file) => exists(resolve(folder, file))))).every(Boolean);
  return !await holdsAll(workingFolder2) && await holdsAll(deployRoot) ? deployRoot : workingFolder2;
}
async function releaseCode(node) {
  if (!node.distribution.some((flag) => flag === "-epmd_module" || flag === "-proto_dist")) return [];
  const lib = join6(node.deployRoot, "lib");
  const applications = await readdir2(lib);
  return ["-pz", ...applications.map((application) => join6(lib, application, "ebin"))];
}
function environment(node, home) {
  return {
    HOME: home,
    XDG_CONFIG_HOME: void 0,
    ERL_EPMD_PORT: node.environment["ERL_EPMD_PORT"],
    ERL_EPMD_ADDRESS: node.environment["ERL_EPMD_ADDRESS"]
  };
}

export {
  exists,
  findNode,
  nodeUser,
  anyNodeRuns,
  pidsOf,
  readPlainFile,
  DEPLOY_FOLDER,
  openDeployFolder,
  identityOf,
  isSameProcess,
  DeployLock,
  Journal,
  readNodeState,
  readCode,
  moduleMd5s,
  ControlStartError,
  ControlLostError,
  ControlError,
  controlNode
};
