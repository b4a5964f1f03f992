import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  ControlError,
  ControlLostError,
  ControlStartError,
  DEPLOY_FOLDER,
  DeployLock,
  Journal,
  anyNodeRuns,
  controlNode,
  exists,
  findNode,
  identityOf,
  isSameProcess,
  nodeUser,
  openDeployFolder,
  pidsOf,
  readCode,
  readNodeState,
  readPlainFile
} from "./chunk-YV2IVVFE.mjs";
import {
  checkStartScript,
  entryText,
  isAlive,
  isDeployOf,
  replaceStartScript,
  scriptVersion
} from "./chunk-HJBUD44Z.mjs";
import {
  DiskFullError,
  explainFullDisk,
  replaceByChecked,
  replaceFile,
  sync,
  syncAll,
  temporaryOf
} from "./chunk-72X3IIGE.mjs";
import {
  neutralise
} from "./chunk-IBPA3WHR.mjs";
import {
  releasesText,
  runningRelease
} from "./chunk-NOP5OLXF.mjs";
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import {
  require_tar_stream
} from "./chunk-K56CBRUD.mjs";
import {
  interpretErlang
} from "./chunk-2DFV325Q.mjs";
import {
  ErlangError
} from "./chunk-63LGASSU.mjs";
import {
  installedEmulator,
  startData
} from "./chunk-OPCLU2FR.mjs";
import {
  fileInRoot,
  linkedOut,
  placeInRoot
} from "./chunk-CGOJY2N3.mjs";
import {
  sha256,
  sha256File
} from "./chunk-72BSWT4D.mjs";
import {
  unended
} from "./chunk-2KQC2CQ4.mjs";
import {
  LineCollector,
  TIMED_OUT,
  failure,
  nothingOfOurs,
  programEnvironment,
  run,
  withoutRunnersOwn
} from "./chunk-NRIX5S2C.mjs";
import {
  isPathComponent,
  isReleaseName,
  isVersion
} from "./chunk-3PPJ4FOD.mjs";
import {
  ActionError,
  BadInputError,
  CommandFailedError,
  NodeRefusedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  debug,
  group,
  info,
  warning
} from "./chunk-V2SBDBD4.mjs";
import {
  __toESM
} from "./chunk-2QEI4PL4.mjs";

// src/programs/life-signs.ts
var PULSE = { everyMs: 2e3, missing: 30 };
var SIGN = "relup-sign-of-life";
var HUNG = "gave no sign of life for a minute, so it was ended";
function giveSigns({ everyMs } = PULSE) {
  setInterval(() => process.stdout.write(`${SIGN}
`), everyMs).unref();
}
function awaitSigns(gone2, { everyMs, missing } = PULSE) {
  let missed = 0;
  const timer = setInterval(() => {
    missed += 1;
    if (missed <= missing) return;
    clearInterval(timer);
    gone2();
  }, everyMs);
  return { sign: () => void (missed = 0), stop: () => clearInterval(timer) };
}

// src/actions/deploy-as-user/asked-commands.ts
import { randomUUID } from "node:crypto";

// src/deploy/commands/commands.ts
var COMMAND_SECONDS = 600;
function variablesOf(command, facts) {
  const { root, name, upFrom, version, nodeName, pid, nodeState, again } = facts;
  const more = {
    RELUP_NODE: nodeName,
    RELUP_PID: pid === void 0 ? void 0 : String(pid),
    RELUP_NODE_STATE: command === "after" ? nodeState : void 0,
    RELUP_AGAIN: command === "before" ? String(again === true) : void 0
  };
  const known = Object.entries(more).filter((entry) => entry[1] !== void 0);
  return {
    RELUP_STAGE: command,
    RELUP_ROOT: root,
    RELUP_NAME: name,
    RELUP_UP_FROM: upFrom,
    RELUP_VERSION: version,
    ...Object.fromEntries(known)
  };
}

// src/deploy/commands/step-commands.ts
import { join } from "node:path";

// src/programs/user-command.ts
import { writeFile } from "node:fs/promises";

// src/programs/process-group.ts
import { spawn } from "node:child_process";
var GRACE_MS = 1e4;
var DRAIN_MS = 1e3;
async function runGroup(program, args, options) {
  debug(`run: ${JSON.stringify([program, ...args])} in ${options.cwd ?? "."}`);
  const lines = [new LineCollector("tail", options.onLine), new LineCollector("tail", options.onLine)];
  const begun = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: programEnvironment(options.env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true
  });
  const outputs = [child.stdout, child.stderr];
  outputs.forEach((output, index) => output.on("data", (data) => lines[index]?.add(data)));
  const drained = Promise.all(
    outputs.map((output) => new Promise((resolve3) => output.once("close", resolve3)))
  );
  const { exitCode, timedOut } = await ended(child, program, options);
  if (timedOut || options.children === "end") signalGroup(child, "SIGKILL");
  await Promise.race([drained, delay(DRAIN_MS)]);
  child.unref();
  outputs.forEach(letGo);
  const texts = lines.map((line) => line.finish());
  if (exitCode === 0 && !timedOut) return;
  const details = texts.filter((text) => text.trim() !== "").join("\n");
  throw failure({
    command: [program, ...args].join(" "),
    exitCode: timedOut ? TIMED_OUT : exitCode,
    details,
    options: {
      limit: options.timeoutSeconds,
      seconds: (performance.now() - begun) / 1e3
    }
  });
}
function ended(child, program, { timeoutSeconds: limit, cancel }) {
  return new Promise((resolve3, reject) => {
    const timers = [];
    let timedOut = false;
    const after2 = (milliseconds, work) => {
      timers.push(setTimeout(work, milliseconds));
    };
    const settled = () => {
      timers.forEach(clearTimeout);
      cancel?.removeEventListener("abort", stop);
    };
    const end = (exitCode) => {
      settled();
      resolve3({ exitCode, timedOut });
    };
    function stop() {
      signalGroup(child, "SIGTERM");
      after2(GRACE_MS, () => signalGroup(child, "SIGKILL"));
      after2(2 * GRACE_MS, () => end(null));
    }
    child.once("error", (cause) => {
      settled();
      reject(
        new CommandFailedError(`${program} could not be started: ${cause.message}`, void 0, { cause })
      );
    });
    child.once("exit", end);
    if (cancel?.aborted === true) stop();
    else cancel?.addEventListener("abort", stop, { once: true });
    if (limit === void 0) return;
    after2(1e3 * limit, () => {
      timedOut = true;
      stop();
    });
  });
}
function signalGroup({ pid }, signal) {
  if (pid === void 0) return;
  try {
    process.kill(-pid, signal);
  } catch {
  }
}
function delay(milliseconds) {
  return new Promise((resolve3) => setTimeout(resolve3, milliseconds));
}
function letGo(output) {
  output.removeAllListeners("data").resume();
  output.unref?.();
}

// src/programs/user-command.ts
async function runUserCommand({
  command,
  scriptFile,
  children = "leave",
  ...options
}) {
  await writeFile(scriptFile, command, { mode: 384 });
  await runGroup("bash", ["--noprofile", "--norc", "-eo", "pipefail", scriptFile], { ...options, children });
}

// src/deploy/commands/step-commands.ts
function stepCommands(options) {
  return {
    has: (command) => isGiven(options.texts, command),
    run: (command, facts) => runCommand(options, command, variablesOf(command, facts))
  };
}
function isGiven(texts, command) {
  return texts[command].trim() !== "";
}
async function runCommand({ texts, cwd, folder, cancel }, command, variables) {
  const changesNode = command === "start" || command === "stop";
  info(`Running the ${nameOf(command)} command.`);
  try {
    await runUserCommand({
      command: texts[command],
      cwd,
      scriptFile: join(folder, `${command}.sh`),
      timeoutSeconds: COMMAND_SECONDS,
      onLine: (line) => info(neutralise(line)),
      cancel: changesNode ? void 0 : cancel,
      env: { RUNNER_TRACKING_ID: void 0, ...variables }
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw commandFailed(command, error.end.text, error.details);
  }
}
function commandFailed(command, how, details) {
  return new ActionError(`The \`${nameOf(command)}\` command ${how}.`, {
    remedy: "Its output is in the log. Correct it, then run this step again.",
    details
  });
}
function nameOf(command) {
  return command === "start" || command === "stop" ? `${command}-command` : command;
}

// src/shared/hints.ts
function hints(error) {
  return error instanceof ActionError ? defined({ remedy: error.remedy, details: error.details }) : {};
}

// src/actions/deploy-as-user/asked-commands.ts
var ASK = "relup-command ";
var ANSWER = "relup-answered ";
var CANCEL = "relup-cancel";
var AskedCommands = class {
  constructor(texts, say) {
    this.texts = texts;
    this.say = say;
  }
  texts;
  say;
  waiting = /* @__PURE__ */ new Map();
  isGone = false;
  has(command) {
    return isGiven(this.texts, command);
  }
  async run(command, facts) {
    if (this.isGone) throw gone(command);
    const id = randomUUID();
    const question = { id, command, variables: variablesOf(command, facts) };
    const answer = await new Promise((resolve3) => {
      const limit = setTimeout(() => resolve3({ id, failure: gone(command) }), 1e3 * (COMMAND_SECONDS + 60));
      const take2 = (given) => {
        clearTimeout(limit);
        resolve3(given);
      };
      this.waiting.set(id, { command, take: take2 });
      this.say(`${ASK}${JSON.stringify(question)}`);
    });
    this.waiting.delete(id);
    const { failure: failure2 } = answer;
    if (failure2 !== void 0) throw new ActionError(failure2.message, failure2);
  }
  /** A line from the step. @returns whether it was an answer */
  take(line) {
    if (!line.startsWith(ANSWER)) return false;
    const answer = JSON.parse(line.slice(ANSWER.length));
    this.waiting.get(answer.id)?.take(answer);
    return true;
  }
  /** The step is gone, and with it whoever could run a command. */
  end() {
    this.isGone = true;
    for (const [id, { command, take: take2 }] of this.waiting) take2({ id, failure: gone(command) });
  }
};
function gone(command) {
  return new ActionError(`The \`${command}\` command cannot be run: the step that would run it has ended.`, {
    remedy: "Run this step again: it goes on from the journal."
  });
}
var AnsweredCommands = class {
  constructor(options, send) {
    this.options = options;
    this.send = send;
  }
  options;
  send;
  /** A line of the helper's, or of whoever may write as its user. @returns whether it was a question */
  take(line) {
    const question = line.startsWith(ASK) ? questionIn(line.slice(ASK.length)) : void 0;
    if (question === void 0) return false;
    void this.answer(question);
    return true;
  }
  /** Tells the helper that the job was cancelled. */
  cancel() {
    this.send(CANCEL);
  }
  async answer({ id, command, variables }) {
    const told2 = Object.entries(variables).filter(([name]) => name.startsWith("RELUP_"));
    try {
      if (!isGiven(this.options.texts, command)) throw new ActionError(`There is no \`${command}\` command.`);
      await runCommand(this.options, command, Object.fromEntries(told2));
      this.reply({ id });
    } catch (error) {
      info(errorMessage(error));
      this.reply({ id, failure: { message: errorMessage(error), ...hints(error) } });
    }
  }
  reply(answer) {
    this.send(`${ANSWER}${JSON.stringify(answer)}`);
  }
};
function questionIn(text) {
  try {
    const { id, command, variables } = JSON.parse(text);
    const isQuestion = typeof id === "string" && Object.values(variables).every((one) => typeof one === "string");
    return isQuestion ? { id, command, variables } : void 0;
  } catch {
    return void 0;
  }
}
function isCancel(line) {
  return line === CANCEL;
}

// src/actions/deploy-as-user/hand-over.ts
import { readFile, writeFile as writeFile2 } from "node:fs/promises";
import { basename, join as join2 } from "node:path";

// src/deploy/deploy-error.ts
var DeployError = class extends NodeRefusedError {
  constructor(message, nodeState, options = {}) {
    super(message, options);
    this.nodeState = nodeState;
  }
  nodeState;
  /** Set when the deploy ends. */
  record;
  /** It is the user's `after` itself that failed. */
  isAfter = false;
};

// src/actions/deploy-as-user/hand-over.ts
var REQUEST = "request.json";
var RESULT = "result.json";
var PID = "pid";
var NOT_HANDED_OVER = /^(SUDO_|XDG_|(?:GITHUB|GH)_TOKEN$|GITHUB_EVENT_PATH$|RUNNER_(TEMP|TOOL_CACHE)$|(HOME|USER|LOGNAME|MAIL|SHELL|TMPDIR|OLDPWD|PWD|_)$)/;
function handedOver() {
  const all = Object.entries(withoutRunnersOwn(process.env));
  return Object.fromEntries(all.filter(([name]) => !NOT_HANDED_OVER.test(name)));
}
async function writeRequest(folder, request, environment) {
  const moved = {
    ...request,
    ...mapPackages(request, (path2) => basename(path2))
  };
  const path = join2(folder, REQUEST);
  await writeFile2(path, JSON.stringify({ request: moved, environment }), { mode: 384 });
  return path;
}
async function readRequest(folder) {
  const { request, environment } = JSON.parse(await readFile(join2(folder, REQUEST), "utf8"));
  return {
    request: {
      ...request,
      ...mapPackages(request, (path) => join2(folder, path))
    },
    environment
  };
}
function mapPackages({ upgradePath, fullPath, manifestPath }, to) {
  return {
    manifestPath: manifestPath === void 0 ? void 0 : to(manifestPath),
    upgradePath: upgradePath === void 0 ? void 0 : to(upgradePath),
    fullPath: fullPath === void 0 ? void 0 : to(fullPath)
  };
}
async function writeOutcome(folder, outcome) {
  await writeFile2(join2(folder, RESULT), JSON.stringify(outcome), { mode: 384 });
}
function failureOf(error) {
  const message = errorMessage(error);
  if (!(error instanceof ActionError)) {
    return { failure: { message, stack: error instanceof Error ? error.stack : void 0 } };
  }
  const { remedy, details } = error;
  const { nodeState, record } = error instanceof DeployError ? error : {};
  return { failure: { message, remedy, details, nodeState, record } };
}
function resultOf(text) {
  const outcome = JSON.parse(text);
  if ("deployed" in outcome) return outcome.deployed;
  const { message, remedy, details, nodeState, stack, record } = outcome.failure;
  if (stack !== void 0) throw Object.assign(new Error(message), { stack });
  if (nodeState !== void 0) {
    throw Object.assign(new DeployError(message, nodeState, { remedy, details }), { record });
  }
  throw new NodeRefusedError(message, { remedy, details });
}

// src/actions/deploy-request.ts
import { access as access3, constants as constants6 } from "node:fs/promises";

// src/node/environment-file.ts
import { readFile as readFile2 } from "node:fs/promises";
var ESCAPED = '"\\`$';
var NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
async function readEnvironmentFile(path) {
  const bytes = await readFile2(path).catch((cause) => {
    throw new BadInputError(`The env-file ${path} cannot be read: ${errorMessage(cause)}.`, {
      remedy: "Name the EnvironmentFile of the service, and let the user who deploys read it.",
      cause
    });
  });
  return parseEnvironmentFile(decoded(bytes, path), path);
}
function decoded(bytes, path) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
  }
  throw new BadInputError(`The env-file ${path} is not UTF-8 text.`, {
    remedy: "Write lines of the form NAME=value."
  });
}
function parseEnvironmentFile(text, path) {
  const reader = new Reader(text.replaceAll("\r\n", "\n"));
  const variables = {};
  while (reader.nextEntry()) {
    const line = reader.line;
    const bad = (reason) => new BadInputError(`The env-file ${path} cannot be used: line ${line} ${reason}.`, {
      remedy: `Write lines of the form NAME=value, NAME="value" or NAME='value', as systemd reads them.`
    });
    const name = reader.name();
    if (name === void 0) throw bad("has no =");
    if (!NAME.test(name)) throw bad(`sets ${JSON.stringify(name)}, which is not a variable name`);
    const value = reader.value();
    if (value === void 0) throw bad("has a quote that is not closed");
    variables[name] = value;
  }
  return variables;
}
var Reader = class {
  constructor(text) {
    this.text = text;
  }
  text;
  position = 0;
  /** Of the position, from 1. */
  get line() {
    return this.text.slice(0, this.position).split("\n").length;
  }
  /** Goes to the next line that is neither empty nor a comment; false at the end. */
  nextEntry() {
    for (; ; ) {
      this.skip(/\s*/y);
      if (!/[#;]/.test(this.text.charAt(this.position))) return this.position < this.text.length;
      this.skip(/(?:\\[^]|[^\n\\])*/y);
    }
  }
  name() {
    const name = this.skip(/[^=\n]*/y);
    if (this.text.charAt(this.position) !== "=") return void 0;
    this.position += 1;
    return name.trimEnd();
  }
  /** Quoted parts and one bare part behind them; undefined for a quote without end. */
  value() {
    let value = "";
    for (; ; ) {
      this.skip(/[ \t]*/y);
      const quote = this.text.charAt(this.position);
      if (quote !== '"' && quote !== "'") return value + this.bare();
      const quoted = this.skip(quote === '"' ? /"(?:\\[^]|[^"\\])*"/y : /'[^']*'/y);
      if (quoted === "") return void 0;
      value += quote === '"' ? unescaped(quoted.slice(1, -1)) : quoted.slice(1, -1);
    }
  }
  /** Up to the end of the line; quotes stand for themselves, a backslash joins lines or is dropped. */
  bare() {
    const parts = this.skip(/(?:\\[^]|[^\n\\])*/y).match(/\\[^]|[^\\]/g) ?? [];
    while (/^\s$/.test(parts.at(-1) ?? "")) parts.pop();
    return parts.map((part) => part === "\\\n" ? "" : part.replace(/^\\/, "")).join("");
  }
  /** Takes what a sticky expression matches here. */
  skip(expression) {
    expression.lastIndex = this.position;
    const [found = ""] = expression.exec(this.text) ?? [];
    this.position += found.length;
    return found;
  }
};
function unescaped(quoted) {
  return quoted.replaceAll(/\\([^])/g, (whole, next) => {
    if (next === "\n") return "";
    return ESCAPED.includes(next) ? next : whole;
  });
}

// src/node/deploy-root.ts
import { mkdir, readdir, stat } from "node:fs/promises";
var OWN = ".relup-action";
async function rootState(deployRoot) {
  try {
    const names = await readdir(deployRoot);
    return names.every((name) => name === OWN) ? "empty" : "installed";
  } catch (error) {
    return error.code === "ENOENT" ? "missing" : "installed";
  }
}
async function rootOwner(deployRoot) {
  return stat(deployRoot).catch(() => void 0);
}
async function makeRoot(deployRoot) {
  await mkdir(deployRoot, { recursive: true }).catch((cause) => {
    const error = explainFullDisk(cause, deployRoot, "it cannot be made");
    if (error instanceof NodeRefusedError) throw error;
    throw new NodeRefusedError(`The deploy-root ${deployRoot} cannot be made: ${errorMessage(cause)}.`, {
      remedy: "Make it, owned by the user of the service, before this step; or run the step as root.",
      cause
    });
  });
}

// src/programs/own-user.ts
function ownUser() {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

// src/deploy/session/deploy-session.ts
import { constants } from "node:fs";
import { rm as rm2 } from "node:fs/promises";
import { join as join4 } from "node:path";

// src/deploy/session/footprint.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { copyFile, lstat, mkdir as mkdir2, rm, rmdir, stat as stat2 } from "node:fs/promises";
import { dirname, join as join3, relative } from "node:path";
async function recordFootprint({
  root,
  members,
  changed,
  folder
}) {
  await rm(folder, { recursive: true, force: true });
  await mkdir2(folder, { mode: 448 });
  const added = [...members, ...changed, ...changed.map(temporaryOf)];
  const paths = new Set(added.flatMap((path) => [path, ...foldersAbove(path)]));
  const absent = [];
  for (const path of paths) if (!await exists2(root, path)) absent.push(path);
  const saved = [];
  for (const path of changed) {
    if (absent.includes(path)) continue;
    const copy2 = join3(folder, randomUUID2());
    const file = await fileInRoot(root, path);
    try {
      await copyFile(file, copy2);
      await sync(copy2);
    } catch (error) {
      throw explainFullDisk(error, folder, `${path} cannot be kept for the way back`);
    }
    const { uid, gid, mode } = await stat2(file);
    saved.push({ path, copy: relative(root, copy2), uid, gid, mode: mode & 4095 });
  }
  await syncAll([folder]);
  return { absent, saved };
}
async function removeAdded(root, { absent }) {
  const left = [];
  for (const path of absent) await placeInRoot(root, path).catch(ignoreMissing);
  for (const path of [...absent].sort((a, b) => b.split("/").length - a.split("/").length)) {
    if (!await remove(root, path)) left.push(path);
  }
  await syncAll(absent.map((path) => join3(root, path)));
  return left;
}
async function putBack(root, { saved }) {
  for (const file of saved) {
    const target = await placeInRoot(root, file.path);
    const copy2 = await fileInRoot(root, file.copy);
    if (await isFile(target) && await sha256File(target) === await sha256File(copy2)) continue;
    await replaceFile(target, copy2, { ...file, mode: file.mode & 511 });
  }
}
async function remove(root, relativePath) {
  const path = await placeInRoot(root, relativePath).catch(ignoreMissing);
  const stats = path === void 0 ? void 0 : await lstat(path).catch(ignoreMissing);
  if (path === void 0 || stats === void 0) return true;
  if (!stats.isDirectory()) {
    await rm(path);
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
  const folder = dirname(path);
  return folder === "." ? [] : [folder, ...foldersAbove(folder)];
}
async function exists2(root, path) {
  const place = await placeInRoot(root, path).catch(ignoreMissing);
  return place !== void 0 && await lstat(place).catch(ignoreMissing) !== void 0;
}
async function isFile(path) {
  return (await lstat(path).catch(ignoreMissing))?.isFile() === true;
}
function ignoreMissing(error) {
  const code = error.code;
  if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  return void 0;
}

// src/deploy/session/deploy-session.ts
var ROOM = "room";
var ROOM_BYTES = 2 ** 20;
var CHANGES = ["before", "install", "switch", "start"];
var CancelledError = class extends ActionError {
};
var DeploySession = class _DeploySession {
  constructor(journal, held, options) {
    this.journal = journal;
    this.held = held;
    this.options = options;
  }
  journal;
  held;
  options;
  /** What people should know although it is no obstacle; added to. */
  findings = [];
  /** When the installation began, by performance.now(). */
  installBegan;
  /** @throws {NodeRefusedError} when another deploy is at work, or the installed root cannot be written to. */
  static async open(options) {
    const folder = await openDeployFolder(options.deployRoot, options.owner);
    const lock = await DeployLock.take(folder, options.what, options.waitSeconds);
    try {
      return new _DeploySession(await Journal.open(folder), { lock, folder }, options);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }
  /** Records what is there, to be put back when the deploy is undone. */
  recordFootprint(members, changed) {
    return recordFootprint({ root: this.options.deployRoot, members, changed, folder: this.copies });
  }
  /** Opens a file in the deploys' own folder for writing; it belongs to the node's user. */
  openFile(name, flags) {
    return this.held.folder.openFile(name, flags);
  }
  /** Takes the room on the disk that what comes after the installation needs: records, start script, entries of the journal. */
  async takeRoom() {
    await this.giveRoom();
    const handle = await this.held.folder.openFile(
      ROOM,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
    );
    try {
      await handle.writeFile(Buffer.alloc(ROOM_BYTES, 1));
      await handle.sync();
    } catch (error) {
      throw explainFullDisk(
        error,
        this.held.folder.dir,
        "the release could not be made permanent after its installation"
      );
    } finally {
      await handle.close();
    }
  }
  /** Gives that room to what needs it now. */
  async giveRoom() {
    await rm2(join4(this.held.folder.dir, ROOM), { force: true });
  }
  /** Begins the journal of a deploy; one that starts anew does not forget what the user's command has done before. */
  async begin(attempt2) {
    await this.held.lock.check();
    const before = beforeOfSame(this.journal, attempt2);
    await this.journal.begin({ ...attempt2, ...defined({ before }) }, this.options.hasCommands === true);
    this.log();
  }
  /** Writes what is about to be done into the journal. */
  async note(step) {
    await this.held.lock.check();
    await this.journal.write(step).catch(async (error) => {
      if (!(error instanceof DiskFullError)) throw error;
      await this.giveRoom();
      await this.journal.write(step);
    });
    if (step.step === "install") this.installBegan = performance.now();
    this.log();
  }
  /** Nothing is left to go on with or to undo; the journal's end waits for the user's `after`, if that is due. */
  async end(nodeState) {
    await (this.afterIsDue ? this.note({ step: "after", nodeState }) : this.endWhole(nodeState));
  }
  /** Whether this deploy has done something after which the user's command is to be run, if there is one. */
  get afterIsDue() {
    const { hasAfter = false } = this.options;
    const { unfinished } = this.journal;
    if (!hasAfter || unfinished === void 0) return false;
    return unfinished.before !== void 0 || CHANGES.some((step) => this.journal.has(step));
  }
  /** What was begun is taken back, and the same deploy starts anew. */
  async endAnew(nodeState) {
    const { unfinished } = this.journal;
    const before = unfinished && beforeRun(unfinished, this.journal);
    await this.note({ step: "end", nodeState, ...defined({ before }) });
  }
  /** Closes the journal. */
  async endWhole(nodeState) {
    await this.note({ step: "end", nodeState });
  }
  /** @throws {CancelledError} between two steps, when the job was cancelled. */
  stopIfCancelled() {
    const { cancel } = this.options;
    if (cancel?.aborted !== true) return;
    throw new CancelledError(`The deploy was cancelled (${String(cancel.reason)}).`);
  }
  /** The copies go with the journal's end, also when the deploy that ended it was killed before it could remove them. */
  async close() {
    if (this.journal.unfinished === void 0) {
      for (const name of ["before", "unpacked"]) {
        await rm2(join4(this.held.folder.dir, name), { recursive: true, force: true });
      }
      await this.giveRoom();
    }
    await this.held.lock.release();
  }
  get copies() {
    return join4(this.options.deployRoot, DEPLOY_FOLDER, "before");
  }
  log() {
    const { last } = this.journal;
    if (last !== void 0) info(`Journal: ${entryText(last)}`);
  }
};
function beforeRun(attempt2, journal) {
  if (attempt2.before === "done" || journal.has("before-done")) return "done";
  return journal.has("before") ? "interrupted" : attempt2.before;
}
function beforeOfSame({ entries }, attempt2) {
  const [first] = entries;
  const last = entries.at(-1);
  if (first?.step !== "begin" || last?.step !== "end") return void 0;
  return isDeployOf(first.attempt, attempt2, [attempt2.packageSha256]) ? last.before : void 0;
}

// src/deploy/commands/around.ts
async function runBefore(session, commands, facts) {
  const { unfinished } = session.journal;
  if (!commands.has("before") || unfinished === void 0) return;
  const run2 = beforeRun(unfinished, session.journal);
  if (run2 === "done") {
    info("The `before` command has run already, in an earlier run of this deploy.");
    return;
  }
  await session.note({ step: "before" });
  await commands.run("before", { ...facts, again: run2 === "interrupted" }).catch((error) => {
    session.stopIfCancelled();
    throw error;
  });
  await session.note({ step: "before-done" });
  session.stopIfCancelled();
}
async function runAfter(session, commands, facts) {
  if (!session.afterIsDue) return void 0;
  try {
    await commands.run("after", facts);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error;
  }
  if (session.journal.last?.step === "after") await session.endWhole(facts.nodeState);
  return void 0;
}

// src/deploy/deployable.ts
function checkDeployable({ name, version, upgradeKind, verdict }) {
  if (upgradeKind !== "hot") {
    throw new NodeRefusedError(
      `${name} ${version} is not a hot upgrade: its upgrade kind is ${upgradeKind}.`,
      {
        remedy: "Deploy only where there is a release to upgrade from and no emulator restart is needed; or set `allow-restart: true`, and the node is restarted into it."
      }
    );
  }
  if (verdict !== "hot") {
    throw new NodeRefusedError(
      `${name} ${version} was not proven by a rehearsal: its verdict is ${verdict}.`,
      {
        remedy: "Build it with rehearse: true, on a runner where the up-from release boots (the report says why it was not rehearsed); or set `allow-restart: true`, and the node is restarted into it."
      }
    );
  }
}

// src/deploy/health/crashes.ts
async function watchCrashes({ control }) {
  try {
    await control.call("watch-crashes");
    return void 0;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return {
      id: "crashes-not-watched",
      severity: "warning",
      message: `It could not be watched whether processes crash: ${error.message}`,
      remedy: "See the log of the node for crash reports."
    };
  }
}
async function markCrashes({ control }) {
  await control.call("mark-crashes", [], 15).catch((error) => {
    if (!(error instanceof ActionError)) throw error;
  });
}
async function readCrashes({ control }) {
  return control.call("crashes");
}
async function forgetCrashes({ control }) {
  await control.call("forget-crashes", [], 15).catch((error) => {
    if (!(error instanceof ActionError)) throw error;
  });
}
function crashesText(crashes) {
  const shown = crashes.slice(0, 3).join("; ");
  const more = crashes.length > 3 ? `; and ${crashes.length - 3} more` : "";
  const count = crashes.length === 1 ? "1 process" : `${crashes.length} processes`;
  return `${count} crashed: ${shown}${more}`;
}

// src/deploy/health/check-url.ts
var CERTIFICATE = /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/;
var HOW_TO_TRUST = "Ask it in `check` instead, with the certificate that you trust (curl --fail --silent --cacert FILE ADDRESS), or by plain http on 127.0.0.1.";
async function askUrl(url, limitSeconds) {
  const answer = await statusOf(url, limitSeconds);
  if (answer instanceof Error) throw noAnswer(url, answer);
  const { status, from } = answer;
  if (status >= 200 && status <= 299) return;
  const place = from === url ? "" : `, after a redirect to ${from}`;
  throw new ActionError(`the address ${url} answers with status ${status}${place}`);
}
async function refuseUntrusted(url) {
  const answer = url === "" ? void 0 : await statusOf(url, 10);
  if (!(answer instanceof Error) || !isUntrusted(answer)) return;
  throw new NodeRefusedError(`The check-url cannot be used: ${untrusted(url, answer)}.`, {
    remedy: HOW_TO_TRUST,
    cause: answer
  });
}
async function statusOf(url, limitSeconds) {
  const signal = AbortSignal.timeout(Math.ceil(1e3 * limitSeconds));
  try {
    const response = await fetch(url, { signal });
    const { status } = response;
    await response.body?.cancel();
    return { status, from: response.redirected ? response.url : url };
  } catch (error) {
    const cause = error instanceof Error ? error.cause ?? error : error;
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
function noAnswer(url, cause) {
  if (isUntrusted(cause)) return new ActionError(untrusted(url, cause), { remedy: HOW_TO_TRUST, cause });
  return new ActionError(`the address ${url} does not answer: ${errorMessage(cause)}`, { cause });
}
function isUntrusted(error) {
  return CERTIFICATE.test(error.code ?? "");
}
function untrusted(url, cause) {
  const [reason = ""] = errorMessage(cause).split(/[;\n]/);
  return `the certificate of ${url}, or of where it redirects to, is not trusted (${unended(reason)})`;
}

// src/deploy/preflight/host-services.ts
var UNITS = [
  "unattended-upgrades.service",
  "apt-daily-upgrade.timer",
  "dnf-automatic.timer",
  "dnf-automatic-install.timer",
  "yum-cron.service"
];
async function hostServiceFindings() {
  const active = await activeUnits();
  if (active.length === 0) return [];
  return [
    {
      id: "unattended-restarts",
      severity: "warning",
      message: `${active.join(" and ")} may restart the node's service at any time, also during the upgrade.`,
      remedy: "Exclude the service from automatic restarts (for needrestart: $nrconf{override_rc}), or stop these units while deploying."
    }
  ];
}
async function activeUnits() {
  try {
    const { stdout } = await run("systemctl", ["is-active", ...UNITS], {
      okCodes: Array.from({ length: 256 }, (_, code) => code),
      timeoutSeconds: 10
    });
    const states = stdout.split("\n");
    return UNITS.filter((_, index) => states[index] === "active");
  } catch (error) {
    if (error instanceof CommandFailedError) return [];
    throw error;
  }
}

// src/deploy/preflight/node-access.ts
import { randomUUID as randomUUID3 } from "node:crypto";
import { constants as constants2 } from "node:fs";
import { access, rm as rm3, stat as stat3, writeFile as writeFile3 } from "node:fs/promises";
import { dirname as dirname2, join as join5 } from "node:path";
async function checkAccess(context) {
  const { deployRoot, node } = context;
  const folders = await foldersWrittenTo(context);
  const records = ["releases/RELEASES", "releases/start_erl.data"].map((file) => join5(deployRoot, file));
  const byNode = await notWritable(context, [...folders, ...records]);
  if (byNode.length > 0) {
    throw new NodeRefusedError(
      `The node's user (id ${node.uid}) cannot write to ${byNode.join(", ")}, where the upgrade puts files.`,
      {
        remedy: `Make these writable for user id ${node.uid}, and mounted for writing.`
      }
    );
  }
  const own = process.getuid?.() ?? "unknown";
  for (const folder of [deployRoot, join5(deployRoot, "releases"), join5(deployRoot, "bin")]) {
    if (await mayWrite(folder)) continue;
    throw new NodeRefusedError(`This step's user (id ${own}) cannot write to ${folder}.`, {
      remedy: "Run the deploying job as the node's user or as root."
    });
  }
}
async function foldersWrittenTo({ deployRoot, upgradePackage }) {
  const found = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Map();
  for (const { path } of upgradePackage.files) {
    const folder = dirname2(path);
    const existing2 = seen.get(folder) ?? await existingFolder(deployRoot, folder);
    seen.set(folder, existing2);
    found.add(join5(deployRoot, existing2));
  }
  return [...found];
}
async function existingFolder(root, folder) {
  if (folder === "." || await stat3(join5(root, folder)).catch(() => void 0)) return folder;
  return existingFolder(root, dirname2(folder));
}
async function notWritable({ control, privateFolder }, paths) {
  const list = join5(privateFolder, `paths-${randomUUID3()}`);
  await writeFile3(list, paths.map((path) => `${path}
`).join(""));
  try {
    const found = await control.call("access", [list]);
    return paths.filter((path) => !["write", "read_write", "enoent"].includes(found[path] ?? ""));
  } finally {
    await rm3(list, { force: true });
  }
}
async function mayWrite(path) {
  return access(path, constants2.W_OK).then(
    () => true,
    (error) => error.code === "ENOENT"
  );
}

// src/deploy/preflight/node-check.ts
import { join as join6, resolve } from "node:path";

// src/shared/some.ts
function some(all, most = 5) {
  const shown = all.slice(0, most).join(", ");
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

// src/node/node-code.ts
function codeDifferences(snapshot, release) {
  const expected = new Map(release.applications.flatMap(({ modules }) => Object.entries(modules)));
  const selfMade = new Set(release.selfMade);
  return snapshot.modules.flatMap((loaded) => {
    if (loaded.file === "preloaded" || selfMade.has(loaded.name)) return [];
    const code = expected.get(loaded.name);
    if (code === loaded.code) return [];
    if (code === void 0 && !isInstalled(snapshot, loaded.file)) return [];
    return [{ module: loaded.name, kind: code === void 0 ? "unknown" : "differs", file: loaded.file }];
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
  return some(differences2.map(({ module }) => module).sort());
}
function selfMadeModules(booted, release) {
  return codeDifferences(booted, release).map(({ module }) => module);
}

// src/deploy/preflight/node-check.ts
function checkVersionText({ name, version }) {
  for (const text of [name, version]) {
    if (/^[\w.+~-]+$/.test(text) && !text.startsWith(".")) continue;
    throw new NodeRefusedError(
      `The manifest's release name or version is not usable as a file name: ${text}.`
    );
  }
}
var SYSTEM_CHECKS = [checkStarted, checkOtp, checkPlatform, checkHandler];
function checkStarted(_manifest, snapshot) {
  if (snapshot.status === "started") return;
  throw new NodeRefusedError(
    `The node ${snapshot.node} is ${snapshot.status}, so it cannot be upgraded now.`,
    {
      remedy: "Wait until all its applications were started."
    }
  );
}
function checkOtp({ erts, toolchain }, snapshot) {
  if (snapshot.erts === erts && snapshot.otp === toolchain.otpRelease) return;
  throw new NodeRefusedError(
    `The node runs OTP ${snapshot.otp} (ERTS ${snapshot.erts}), the package is for OTP ${toolchain.otpRelease} (ERTS ${erts}).`,
    {
      remedy: "Build with exactly the OTP that the node runs; or set `allow-restart: true`, and the node is restarted into the new release."
    }
  );
}
function checkPlatform({ toolchain }, snapshot) {
  if (platformOf(snapshot.architecture) === platformOf(toolchain.architecture)) return;
  throw new NodeRefusedError(
    `The node runs on ${snapshot.architecture}, the package was built on ${toolchain.architecture}.`,
    { remedy: "Build on the architecture that the node runs on." }
  );
}
function checkMachine({ toolchain: { architecture } }) {
  const cpu = { x64: "x86_64", arm64: "aarch64" }[process.arch] ?? process.arch;
  if (architecture.startsWith(`${cpu}-`)) return;
  throw new NodeRefusedError(
    `This machine is of the architecture ${cpu}, the package was built on ${architecture}.`,
    { remedy: "Build on the architecture that the node runs on." }
  );
}
function platformOf(architecture) {
  const [cpu, , ...system] = architecture.split("-");
  return [cpu, ...system].join("-");
}
function checkHandler(_manifest, { releases, root, releasesDir }) {
  if (releases === null) {
    throw new NodeRefusedError(
      "sasl does not run on the node, so there is no release_handler to upgrade it.",
      {
        remedy: "Add sasl to the applications of the release, and restart the node into that once, e.g. with `allow-restart: true`."
      }
    );
  }
  if (resolve(root, releasesDir) !== join6(root, "releases")) {
    throw new NodeRefusedError(`release_handler works in ${releasesDir}, not in ${join6(root, "releases")}.`, {
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
    throw notUpFrom({ manifest, snapshot, version: running.version, byCode: byCode?.version });
  checkRecord(running, byCode);
  warnOfForeignModules(snapshot, byCode);
  const newStatus = releases.find(({ version }) => version === manifest.version)?.status;
  return { snapshot, runs: running.version, newStatus };
}
function checkRecord(running, { applications }) {
  const all = applications.map(({ name, version }) => `${name}-${version}`);
  const unknown = all.filter((application) => !running.applications.includes(application));
  if (unknown.length === 0) return;
  throw new NodeRefusedError(
    `release_handler's record of ${running.version} (releases/RELEASES) lacks ${unknown.join(", ")}.`,
    { remedy: "Put back the RELEASES file that was installed with the release, and restart the node." }
  );
}
function notUpFrom({
  manifest,
  snapshot,
  version,
  byCode
}) {
  const supported = manifest.upFrom.map((release) => release.version).join(", ");
  const candidate = [...manifest.upFrom, manifest].find((release) => release.version === version);
  if (candidate === void 0) {
    return new NodeRefusedError(
      `The node runs ${manifest.name} ${version}, but the package upgrades from ${supported} only.`,
      {
        remedy: `Add ${version} to upgrade-from and make the package again; or set \`allow-restart: true\`, and the node is restarted into the new release.`,
        details: releasesText(snapshot.releases)
      }
    );
  }
  return otherCode({ name: manifest.name, snapshot, release: candidate, byCode });
}
function otherCode({
  name,
  snapshot,
  release,
  byCode
}) {
  const { version } = release;
  const differences2 = codeDifferences(snapshot, release);
  const really = byCode === void 0 ? "" : ` Its code is that of ${byCode}.`;
  return new NodeRefusedError(
    `The node says that it runs ${name} ${version}, but ${differences2.length} of its loaded modules are not those of ${version}: ${moduleList(differences2)}.${really}`,
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

// src/deploy/preflight/obstacles.ts
var Obstacles = class {
  found = [];
  /** Runs a check. @returns undefined when it found an obstacle */
  async check(check) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      this.found.push(error);
      return void 0;
    }
  }
  /**
   * What a check gave, when nothing was found.
   *
   * @throws {ActionError} the obstacle, or all of them as one.
   */
  without(result) {
    const [first, ...others] = this.found;
    if (first === void 0) return result;
    if (others.length === 0) throw first;
    const lines = (pick) => this.found.flatMap((error) => pick(error) ?? []).join("\n");
    throw new NodeRefusedError(
      `The node cannot be upgraded, for ${this.found.length} reasons: ${this.found.map(({ message }) => message).join(" ")}`,
      { remedy: lines(({ remedy }) => remedy), details: lines(({ details }) => details), cause: first }
    );
  }
};

// src/deploy/preflight/package-checks.ts
import { stat as stat5, statfs } from "node:fs/promises";
import { dirname as dirname3, join as join8 } from "node:path";

// src/node/package-files.ts
import { stat as stat4 } from "node:fs/promises";
import { join as join7 } from "node:path";
async function compareWithPackage(input, runs) {
  const { manifest, upgradePackage } = input;
  const missing = [];
  const changed = [];
  for (const file of upgradePackage.files) {
    if (!isCompared(file.path, manifest, upgradePackage.files)) continue;
    const state = await compareFile(join7(input.deployRoot, installedPath(file.path, manifest)), file);
    if (state === "missing") missing.push(file.path);
    if (state === "changed") changed.push(file.path);
  }
  const sameCode = await beamsWithSameCode(input, changed);
  const kept = new Set(manifest.upFrom.find(({ version }) => version === runs)?.keeps);
  const differing = [];
  for (const path of changed) {
    if (!sameCode.has(path) && !kept.has(path) && !await isOfRunningRelease(input, path))
      differing.push(path);
  }
  return { missing, differing };
}
async function isOfRunningRelease({ runsFrom, deployRoot }, path) {
  if (runsFrom === void 0 || path.endsWith(".beam")) return false;
  const [own, here] = await Promise.all(
    [runsFrom, deployRoot].map((root) => sha256File(join7(root, path)).catch(() => void 0))
  );
  return own !== void 0 && own === here;
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
    const stats = await stat4(path);
    if (!stats.isFile() || stats.size !== file.size) return "changed";
    return await sha256File(path) === file.sha256 ? "same" : "changed";
  } catch (error) {
    const code = error.code;
    if (code === "ENOENT") return "missing";
    if (code === "ENOTDIR") return "changed";
    throw error;
  }
}
async function beamsWithSameCode(input, paths) {
  const beams = paths.flatMap((path) => {
    const code = expectedCode(path, input.manifest);
    return code === void 0 ? [] : [{ path, code, file: join7(input.deployRoot, path) }];
  });
  const files = beams.map(({ file }) => file);
  const found = await readCode(input.erlang, files, input.privateFolder);
  return new Set(beams.filter(({ file, code }) => found[file]?.digest === code).map(({ path }) => path));
}
function expectedCode(path, manifest) {
  const [, dir, module] = /^(lib\/[^/]+)\/ebin\/([^/]+)\.beam$/.exec(path) ?? [];
  if (module === void 0) return void 0;
  return manifest.applications.find((application) => application.dir === dir)?.modules[module];
}

// src/deploy/preflight/package-checks.ts
var MARGIN = 16 * 2 ** 20;
var LAYOUT = /^(?:lib|releases|bin|erts-[^/]+)(?:\/|$)/;
async function checkPackage(input) {
  const { name, version } = input.manifest;
  await checkMade(input, [`releases/${name}-${version}.rel`]);
}
async function checkFullPackage(input) {
  await checkMade(input, []);
}
async function checkMade(input, needed) {
  await checkDigest(input.upgradePackage);
  checkMembers(await safeMembers(input), input, needed);
}
async function safeMembers({ erlang, upgradePackage, privateFolder }) {
  try {
    return await erlang.query("check-tarball", [upgradePackage.path, privateFolder]);
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    const { message, details } = error;
    throw new NodeRefusedError(message, {
      remedy: "Use the package as relup-action made it.",
      details,
      cause: error
    });
  }
}
async function checkDigest({ path, sha256: sha2562 }) {
  if (await sha256File(path) === sha2562) return;
  throw new NodeRefusedError(`The package ${path} is not the one in the manifest: its SHA-256 differs.`, {
    remedy: "Download package and manifest again, from the same artifact."
  });
}
function checkMembers(members, { upgradePackage, manifest }, more) {
  const files = members.filter(({ type }) => type === "file").map(({ name }) => name);
  const listed = new Set(upgradePackage.files.map(({ path }) => path));
  const needed = [...more, `releases/${manifest.version}/start.boot`];
  const wrong = [
    ...members.filter((member) => !LAYOUT.test(member.name)).map((member) => `${member.name} lies outside of it`),
    ...files.filter((file) => !listed.has(file)).map((file) => `${file} is not listed`),
    ...[...listed].filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...needed.filter((file) => !files.includes(file)).map((file) => `${file} is missing`)
  ];
  const [first] = wrong;
  if (first === void 0) return;
  throw new NodeRefusedError(
    `The package ${upgradePackage.path} is not the release that its manifest describes: ${first}.`,
    { remedy: "Use package and manifest as relup-action made them.", details: wrong.join("\n") }
  );
}
async function checkSpace(deployRoot, { path, files }) {
  const needed = files.reduce((sum, { size }) => sum + size, (await stat5(path)).size) + MARGIN;
  for (const name of ["lib", "releases"]) {
    const inside = join8(deployRoot, name);
    const folder = await existing(inside);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= needed) continue;
    throw new NodeRefusedError(
      `${folder} has ${mib(bavail * bsize)} free, but the upgrade needs ${mib(needed)}.`,
      { remedy: "Free some space, e.g. by removing old releases." }
    );
  }
}
async function existing(path) {
  return await exists(path) || dirname3(path) === path ? path : existing(dirname3(path));
}
function mib(bytes) {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}
async function checkFilesInTheWay(input, runs, isThere2) {
  const { differing } = await compareWithPackage(input, runs);
  const { name, version } = input.manifest;
  const inTheWay = [...differing];
  const copy2 = join8(input.deployRoot, "releases", `${name}-${version}.tar.gz`);
  if (await stat5(copy2).catch(() => void 0)) {
    if (await sha256File(copy2) !== input.upgradePackage.sha256)
      inTheWay.push(`releases/${name}-${version}.tar.gz`);
  }
  refuseInTheWay(input, inTheWay, isThere2);
}
function refuseInTheWay({ deployRoot, manifest: { version } }, inTheWay, isThere2) {
  if (inTheWay.length === 0) return;
  const details = inTheWay.join("\n");
  const shown = some(inTheWay);
  if (isThere2) {
    throw new NodeRefusedError(
      `The node has a release ${version} already, but from another package: ${shown} differ.`,
      { remedy: "Raise the release version: a version that was installed once must not change.", details }
    );
  }
  throw new NodeRefusedError(
    `${deployRoot} holds files with other content than the package's, which would stay: ${shown}.`,
    {
      remedy: "Remove what an earlier attempt left, or give the application whose files changed a new version.",
      details
    }
  );
}
async function checkWayBack({ deployRoot, manifest }, runs) {
  const release = manifest.upFrom.find(({ version }) => version === runs);
  const folders = [`releases/${runs}`, ...(release?.applications ?? []).map(({ dir }) => dir)];
  const missing = [];
  for (const folder of folders) {
    if (await stat5(join8(deployRoot, folder)).catch(() => void 0) === void 0) missing.push(folder);
  }
  if (missing.length > 0) {
    throw new NodeRefusedError(
      `${deployRoot} lacks ${missing.join(", ")} of ${runs}, so the node could neither go back nor boot it again.`,
      { remedy: `Put the files of ${runs} back, from its full package.` }
    );
  }
  const { relup } = manifest;
  if (relup == null || relup.down.some(({ version }) => version === runs)) return;
  throw new NodeRefusedError(
    `The relup of ${manifest.version} has no way back to ${runs}, so a failed upgrade could not be undone.`,
    { remedy: "Add the downgrade to the appups, or set `on-failure: leave`." }
  );
}

// src/deploy/health/old-code.ts
import { randomUUID as randomUUID4 } from "node:crypto";
import { rm as rm4, writeFile as writeFile4 } from "node:fs/promises";
import { join as join9 } from "node:path";
async function readOldCode({ control, privateFolder, stepSeconds }, modules) {
  if (modules.length === 0) return [];
  const list = join9(privateFolder, `modules-${randomUUID4()}`);
  await writeFile4(list, modules.map((name) => `${name}
`).join(""));
  try {
    return await control.call("old-code", [list], stepSeconds);
  } finally {
    await rm4(list, { force: true });
  }
}
function changedModules({ modules }, manifest) {
  const codes = new Map(manifest.applications.flatMap((application) => Object.entries(application.modules)));
  return modules.filter(({ name, file, code }) => file !== "preloaded" && codes.get(name) !== code).map(({ name }) => name);
}
function oldCodeText(found) {
  const count = found.reduce((sum, one) => sum + one.count, 0);
  const modules = found.map(({ module, processes: [first] }) => `${module} (${first ?? ""})`);
  const shown = modules.slice(0, 3).join("; ");
  const more = modules.length > 3 ? `; and ${modules.length - 3} more modules` : "";
  return `${count} ${count === 1 ? "process" : "processes"}: ${shown}${more}`;
}

// src/deploy/health/suspensions.ts
import { randomUUID as randomUUID5 } from "node:crypto";
import { rm as rm5, writeFile as writeFile5 } from "node:fs/promises";
import { join as join10 } from "node:path";
var LIMIT_MS = 5e3;
async function checkAnswering(context, runs) {
  const [busy, ...others] = await withList(
    context,
    upgradeScript(context, runs),
    (file) => context.control.call("busy", [file, String(LIMIT_MS)], 120)
  );
  if (busy === void 0) return;
  throw new NodeRefusedError(
    `The upgrade converts the state of the process ${busy.text}, which does not answer within 5 seconds: release_handler would leave it out, and it would go on with its old state under the new code.`,
    {
      remedy: "Run this step again when it is less busy. If it hangs, see what it waits for, or restart it.",
      details: [busy, ...others].map(({ text }) => text).join("\n")
    }
  );
}
function scriptEffects(context, runs) {
  return withList(
    context,
    upgradeScript(context, runs),
    (file) => context.control.call("script-effects", [file])
  );
}
function syncTargets(context, runs) {
  return withList(
    context,
    [...upgradeScript(context, runs), ...downgradeScript(context, runs)],
    (file) => context.control.call("sync-targets", [file])
  );
}
function upgradeScript({ manifest }, runs) {
  return linesOf(manifest.relup?.up.find(({ version }) => version === runs));
}
function downgradeScript({ manifest }, runs) {
  return linesOf(manifest.relup?.down.find(({ version }) => version === runs));
}
function linesOf(script) {
  return (script?.instructions ?? []).map((instruction) => `${instruction}.`);
}
async function traceSuspensions({ control }) {
  try {
    await control.call("trace-suspensions");
    return void 0;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return {
      id: "suspensions-not-traced",
      severity: "warning",
      message: `It could not be watched whether every process was suspended for the upgrade: ${error.message}`,
      remedy: "Stop what traces release_handler on the node (e.g. dbg:stop/0), before the next deploy."
    };
  }
}
async function leftOut({ control }) {
  return (await control.call("left-out")).filter(({ alive }) => alive);
}
async function forgetSuspensions({ control }) {
  await control.call("forget-suspensions", [], 15).catch(ignoreRefusal);
}
async function holding(context, processes, work) {
  if (processes.length === 0) return { held: [], result: await work() };
  const pids = await withList(
    context,
    pidsOf2(processes),
    (file) => context.control.call("hold", [file])
  );
  try {
    return { held: processes.filter(({ pid }) => pids.includes(pid)), result: await work() };
  } finally {
    await context.control.call("let-go", [], 15).catch(ignoreRefusal);
  }
}
async function endProcesses(context, processes) {
  if (processes.length === 0) return;
  await withList(context, pidsOf2(processes), (file) => context.control.call("end-processes", [file]));
}
function pidsOf2(processes) {
  return processes.map(({ pid }) => pid);
}
async function withList({ privateFolder }, lines, work) {
  const file = join10(privateFolder, `list-${randomUUID5()}`);
  await writeFile5(file, lines.map((line) => `${line}
`).join(""));
  try {
    return await work(file);
  } finally {
    await rm5(file, { force: true });
  }
}
function ignoreRefusal(error) {
  if (!(error instanceof ActionError)) throw error;
}

// src/deploy/health/process-trees.ts
var STUCK = {
  silent: "does not answer",
  suspended: "is suspended",
  no_modules: "says modules => dynamic, which only a gen_event may"
};
var DYNAMIC_REMEDY = "Name the callback modules in the child specification (modules => [one, another]). What runs keeps its specification until it is started anew: restart the node once, or the application.";
function stuckText({ process: process2, what }) {
  return `${process2} ${STUCK[what]}`;
}
var LIMIT = 2e3;
function readProcessTrees(control) {
  return control.call("trees", [String(LIMIT)], 300);
}
function restartedChildren(before, after2) {
  return Object.entries(before.children).filter(([place, process2]) => (after2.children[place] ?? process2) !== process2).map(([place]) => place).sort();
}

// src/deploy/preflight/process-checks.ts
async function checkTrees({ control }) {
  const { stuck } = await readProcessTrees(control);
  if (stuck.length === 0) return;
  const list = stuck.map((one) => `${one.application} (${stuckText(one)})`);
  const named = stuck.every(({ what }) => what === "no_modules");
  throw new NodeRefusedError(`release_handler could not walk the supervision trees of ${list.join(", ")}.`, {
    remedy: named ? DYNAMIC_REMEDY : "Look at these processes (sys:get_status/1, sys:resume/1), or restart the application."
  });
}
async function checkOldCode(context, snapshot, runs) {
  const found = await readOldCode(context, changedModules(snapshot, context.manifest));
  if (found.length === 0) return [];
  const { purgesSoftly } = await scriptEffects(context, runs);
  const refusing = found.filter(({ module }) => purgesSoftly.includes(module));
  if (refusing.length > 0) throw oldProcesses(refusing);
  return [
    {
      id: "lingering-processes",
      severity: "warning",
      message: `The installation ends processes that still run code of an earlier release: ${oldCodeText(found)}.`,
      remedy: "Let them end by themselves before deploying, if what they do matters."
    }
  ];
}
function oldProcesses(found) {
  return new NodeRefusedError(
    `release_handler would refuse the upgrade, because old code is still in use by ${oldCodeText(found)}.`,
    {
      remedy: "Wait until they are done, or make the appup purge them (purge: brutal).",
      details: found.flatMap(({ module, processes }) => processes.map((one) => `${module}: ${one}`)).join("\n")
    }
  );
}

// src/deploy/preflight/sync-nodes.ts
async function checkSyncNodes(context, runs) {
  const { nodes, unknown } = await syncTargets(context, runs);
  if (nodes.length === 0 && !unknown) return;
  const whom = nodes.length === 0 ? "nodes that are not known yet" : nodes.join(", ");
  const appups = context.manifest.appups?.filter(({ up, down }) => [...up, ...down].some(({ instructions }) => instructions.some(waits))).map(({ application }) => application);
  const where = appups === void 0 || appups.length === 0 ? "the relup" : `the appup of ${appups.join(", ")}`;
  throw new NodeRefusedError(
    `The upgrade waits for ${whom} to be upgraded at the same time (sync_nodes in ${where}), and a deploy upgrades this node alone: release_handler would wait for ever.`,
    {
      remedy: "Take sync_nodes out of the appup, keep what the nodes send each other compatible for one release, and deploy to one node after the other (docs/clusters.md); or install the release by hand on all nodes at once."
    }
  );
}
function waits(instruction) {
  return instruction.startsWith("{sync_nodes");
}

// src/node/release-handler.ts
import { join as join13 } from "node:path";
import { setTimeout as setTimeout3 } from "node:timers/promises";

// src/node/configuration.ts
import { mkdtemp, readFile as readFile3, rm as rm6, stat as stat6 } from "node:fs/promises";
import { join as join11 } from "node:path";
async function placeConfiguration(input) {
  const written = [];
  for (const file of ["sys.config", "vm.args"]) {
    const target = `releases/${input.version}/${file}`;
    const source = await startSource(input, file);
    if (source.path === join11(input.node.deployRoot, target)) continue;
    await (source.template ? render(input, source.path, target) : copy(input, source.path, target));
    written.push(target);
  }
  await refusePlaceholders(join11(input.node.deployRoot, `releases/${input.version}/sys.config`));
  return written;
}
function configurationFiles(version) {
  return ["sys.config", "vm.args", "sys.config.orig", "vm.args.orig"].map(
    (file) => `releases/${version}/${file}`
  );
}
async function startSource({ node, version }, file) {
  const packaged = join11(node.deployRoot, "releases", version, file);
  const base = await configuredPath(node, file) ?? packaged;
  if (await exists(`${base}.src`)) return { path: `${base}.src`, template: true };
  const original = await exists(`${base}.orig`) ? `${base}.orig` : base;
  if (!(node.environment["RELX_REPLACE_OS_VARS"] ?? "")) return { path: original, template: false };
  if (original === packaged)
    await put({ node, target: `releases/${version}/${file}.orig`, source: packaged });
  return { path: original === packaged ? `${packaged}.orig` : original, template: true };
}
async function configuredPath(node, file) {
  if (file !== "sys.config") return void 0;
  const inRoot = join11(node.deployRoot, file);
  return node.environment["RELX_CONFIG_PATH"] || (await exists(inRoot) ? inRoot : void 0);
}
function copy({ node }, source, target) {
  return put({ node, target, source });
}
async function put({
  node,
  target,
  source,
  like = source
}) {
  const mode = (await stat6(like)).mode & 4095;
  await replaceFile(await placeInRoot(node.deployRoot, target), source, {
    uid: node.uid,
    gid: node.gid,
    mode
  });
}
async function render(input, source, target) {
  const { node, privateFolder } = input;
  const environment = startEnvironment(input);
  refuseMissing(source, missingVariables(await readFile3(source, "utf8"), environment));
  const folder = await mkdtemp(join11(privateFolder, "configuration-"));
  const rendered = join11(folder, "rendered");
  try {
    await fillIn({ input, source, rendered, environment });
    await put({ node, target, source: rendered, like: source });
  } finally {
    await rm6(folder, { recursive: true, force: true });
  }
}
async function fillIn({
  input,
  source,
  rendered,
  environment
}) {
  const { node, name, version } = input;
  const script = join11(node.deployRoot, "bin", `${name}-${version}`);
  const text = await readFile3(script, "utf8").catch(() => "");
  const definition = /^replace_os_vars\(\) \{\n[\s\S]*?\n\}$/m.exec(text)?.[0];
  if (definition === void 0) {
    throw new NodeRefusedError(
      `${source} is a template, but bin/${name}-${version} has no code that fills it in.`,
      {
        remedy: "Keep relx's extended start script ({extended_start_script, true}), or ship a plain sys.config."
      }
    );
  }
  try {
    await run("sh", ["-c", `${definition}
replace_os_vars "$1" "$2"`, "sh", source, rendered], {
      env: { ...nothingOfOurs(), ...environment },
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
function missingVariables(template, environment) {
  const names = [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, placeholder = ""]) => placeholder);
  const required = names.filter((placeholder) => !placeholder.includes(":-"));
  return [...new Set(required)].filter((variable) => environment[variable] === void 0);
}
function refuseMissing(source, missing) {
  const [first] = missing;
  if (first === void 0) return;
  throw new NodeRefusedError(
    `${source} needs ${missing.map((name) => `\${${name}}`).join(", ")}, which the service's environment does not have.`,
    { remedy: `Set it for the service, or write a default: \${${first}:-default}.` }
  );
}
async function refusePlaceholders(file) {
  const text = await readFile3(file, "utf8").catch(() => "");
  const [placeholder] = /\$\{[A-Z_][A-Z0-9_]*(:-[^}]*)?\}/.exec(text) ?? [];
  if (placeholder === void 0) return;
  throw new NodeRefusedError(`${file} holds ${placeholder}, and nothing would fill it in.`, {
    remedy: 'Name the file sys.config.src in the project and give it to relx as {sys_config_src, "\u2026"}.'
  });
}

// src/node/node-end.ts
import { readdir as readdir2, stat as stat7 } from "node:fs/promises";
import { join as join12 } from "node:path";
import { setTimeout as setTimeout2 } from "node:timers/promises";
var FOLLOWS_MS = 15e3;
var seenGone = /* @__PURE__ */ new WeakMap();
var LOG_LINES = 40;
var NodeEndedError = class extends NodeRefusedError {
};
async function nodeEnd(context) {
  const { node, deployRoot } = context;
  if (await isAlive(node.pid)) return void 0;
  const gone2 = seenGone.get(node) ?? performance.now();
  seenGone.set(node, gone2);
  for (; ; ) {
    if (await anyNodeRuns(deployRoot)) return void 0;
    if (performance.now() - gone2 >= FOLLOWS_MS) break;
    await setTimeout2(500);
  }
  const boots = await nextBoot(context);
  return new NodeEndedError(
    `The node (process id ${node.pid}) ended${since(context.installBegan?.(), gone2)}, and nobody started another one.`,
    {
      remedy: `See why in its log, then start it${boots === void 0 ? "" : `: it boots ${boots}`}. Run this step again after that.`,
      details: await lastWords(node.environment["RUNNER_LOG_DIR"] ?? join12(deployRoot, "log"))
    }
  );
}
function since(begun, gone2) {
  if (begun === void 0) return "";
  const seconds = Math.max(1, Math.ceil((gone2 - begun) / 1e3));
  return ` within ${seconds} ${seconds === 1 ? "second" : "seconds"} after the installation began`;
}
async function nextBoot({ deployRoot, manifest }) {
  const script = await scriptVersion(join12(deployRoot, "bin", manifest.name));
  if (script !== void 0) return script;
  const text = await readPlainFile(join12(deployRoot, "releases/start_erl.data")).catch(() => void 0);
  return text?.trim().split(/\s+/)[1];
}
async function lastWords(folder) {
  const names = (await readdir2(folder).catch(() => [])).filter((name) => name.startsWith("erlang.log."));
  const logs = await Promise.all(
    names.map(async (name) => {
      const file = join12(folder, name);
      return { file, changed: (await stat7(file).catch(() => void 0))?.mtimeMs ?? 0 };
    })
  );
  const newest = logs.sort((one, other) => other.changed - one.changed)[0];
  if (newest === void 0) return void 0;
  const text = await readPlainFile(newest.file).catch(() => void 0) ?? "";
  return text.trimEnd().split(/\r?\n/).slice(-LOG_LINES).join("\n");
}

// src/node/node-context.ts
function packageName({ manifest }) {
  return `${manifest.name}-${manifest.version}`;
}
function packagePath(context) {
  return `releases/${packageName(context)}.tar.gz`;
}

// src/node/release-handler.ts
async function putPackage(context) {
  const { uid, gid } = context.node;
  const target = await placeInRoot(context.deployRoot, packagePath(context));
  const { path, sha256: sha2562 } = context.upgradePackage;
  await replaceByChecked({ target, source: path, owner: { uid, gid, mode: 416 }, sha256: sha2562 });
}
async function unpack(context) {
  try {
    await context.control.call("unpack", [packageName(context)], context.stepSeconds);
  } catch (error) {
    const link = error instanceof ControlError ? await linkedOut(context.deployRoot) : void 0;
    if (link === void 0) throw error;
    throw new NodeRefusedError(
      `${link} is a link that leads out of deploy-root, and release_handler unpacks nothing through it.`,
      {
        remedy: "Keep bin, lib and releases in one folder; deploy-root itself may be a link to it.",
        cause: error
      }
    );
  }
}
async function verifyUnpacked(context, runs) {
  const { missing, differing } = await compareWithPackage(context, runs);
  if (missing.length + differing.length > 0) {
    const what = [
      ...missing.length === 0 ? [] : [`are missing: ${some(missing)}`],
      ...differing.length === 0 ? [] : [`have other content: ${some(differing)}`]
    ];
    throw new NodeRefusedError(`After it was unpacked, files of the package ${what.join("; others ")}.`, {
      remedy: "Look for what else writes to the folder of the release, and deploy again.",
      details: [
        ...missing.map((path) => `missing ${path}`),
        ...differing.map((path) => `differs ${path}`)
      ].join("\n")
    });
  }
  await checkStartScript(context.deployRoot, context.manifest.name, context.manifest.version);
}
var CONFIGURATION_REMEDIES = {
  bad_config: "Correct sys.config (or sys.config.src) in the project and build the release again.",
  bad_include: 'Put its entries into sys.config itself, one list for each application, or include it by its path from the root of the release, e.g. "releases/VERSION/NAME.config".'
};
async function configure(context) {
  const { name, version } = context.manifest;
  const written = await placeConfiguration({ ...context, name, version });
  const file = `releases/${version}/sys.config`;
  try {
    await context.control.call("consult-config", [join13(context.deployRoot, file)]);
  } catch (error) {
    if (!(error instanceof ControlError) || !(error.reason in CONFIGURATION_REMEDIES)) throw error;
    const remedy = CONFIGURATION_REMEDIES[error.reason];
    throw new NodeRefusedError(
      `release_handler could not use ${file}, and would install an empty configuration: ${error.message}.`,
      {
        remedy: remedy.replace("VERSION", version),
        ...defined({ details: error.details }),
        cause: error
      }
    );
  }
  return written;
}
async function configLostByDowngrade({ control, deployRoot }, version) {
  try {
    await control.call("consult-config", [join13(deployRoot, "releases", version, "sys.config")]);
    return void 0;
  } catch (error) {
    if (!(error instanceof ControlError) || error.reason !== "bad_include") throw error;
    return {
      id: "downgrade-config",
      severity: "warning",
      message: `A downgrade to ${version} would lose settings: its sys.config is read anew, and ${error.message}.`,
      remedy: `${version} cannot be changed any more: copy the included file into the folder that the node works in (the release's root) before the upgrade, or do not go back by a downgrade (\`on-failure: leave\` in a deploy).`
    };
  }
}
async function checkInstall(context, runs) {
  const { control, stepSeconds } = context;
  const { version } = context.manifest;
  const answer = await control.call("check-install", [version], stepSeconds);
  const goesBack = context.upgradePackage.path === "";
  if (answer.version !== runs && !goesBack) {
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
  const deadline = performance.now() + 1e3 * context.watchSeconds;
  do {
    const snapshot = await readNodeState(context.control, 15).catch(ignoreUnreachable);
    if (snapshot?.status === "started" && snapshot.releases !== null) return snapshot;
    if (snapshot === void 0 && await nodeEnd(context) !== void 0) return void 0;
    await setTimeout3(500);
  } while (performance.now() < deadline);
  return void 0;
}
function ignoreUnreachable(error) {
  if (!(error instanceof ActionError)) throw error;
  return void 0;
}
function verifyRunningCode(before, after2, manifest) {
  const differences2 = codeDifferences(after2, manifest);
  const stale = stalePaths(after2, manifest);
  const stopped = Object.keys(before.applications).filter(
    (name) => after2.applications[name] === void 0 && manifest.applications.some((app) => app.name === name)
  );
  return [
    ...differences2.length === 0 ? [] : [`modules that are not the package's: ${moduleList(differences2)}`],
    ...stale.length === 0 ? [] : [`code path entries of other versions: ${stale.join(", ")}`],
    ...stopped.length === 0 ? [] : [`applications that ran before and do not run now: ${stopped.join(", ")}`]
  ];
}

// src/deploy/preflight/preflight.ts
function checkBefore(context, options) {
  return checkAll(context, options, new Obstacles());
}
async function checkWithoutChange(context, options) {
  const obstacles = new Obstacles();
  await obstacles.check(() => checkOtherDeploys(context.deployRoot));
  return checkAll(context, options, obstacles);
}
async function checkOtherDeploys(deployRoot) {
  const holder = await DeployLock.holder(deployRoot);
  if (holder !== void 0) throw new NodeRefusedError(`The node is being changed: ${holder}.`);
  const unfinished = await Journal.unfinishedIn(deployRoot);
  if (unfinished === void 0) return;
  throw new NodeRefusedError(`An earlier deploy of ${unfinished.version} to this node was not finished.`, {
    remedy: "Run its step again, without dry-run: it finishes or undoes that deploy. Everything else is checked after that."
  });
}
async function checkAll(context, options, obstacles) {
  checkVersionText(context.manifest);
  const hasPackage = context.upgradePackage.path !== "";
  const isGood = hasPackage ? await obstacles.check(() => checkPackage(context).then(() => true)) : true;
  const snapshot = await obstacles.check(() => readNodeState(context.control));
  const check = snapshot && await checkNode(context, snapshot, obstacles);
  if (check !== void 0 && isGood === true) {
    if (hasPackage)
      await obstacles.check(() => checkFilesInTheWay(context, check.runs, check.newStatus !== void 0));
    if (check.runs !== context.manifest.version) await checkChange({ context, check, options, obstacles });
  }
  return obstacles.without(check);
}
async function checkNode({ manifest }, snapshot, obstacles) {
  for (const check of SYSTEM_CHECKS) await obstacles.check(() => check(manifest, snapshot));
  if (snapshot.releases === null) return void 0;
  return obstacles.check(() => checkRunningRelease(manifest, snapshot));
}
async function checkChange({
  context,
  check,
  options,
  obstacles
}) {
  const { onFailure, findings, checkUrl = "" } = options;
  const { snapshot, runs } = check;
  const { deployRoot, upgradePackage } = context;
  if (upgradePackage.path !== "") await obstacles.check(() => checkSpace(deployRoot, upgradePackage));
  await obstacles.check(() => checkAccess(context));
  await obstacles.check(() => checkSyncNodes(context, runs));
  await obstacles.check(() => refuseUntrusted(checkUrl));
  if (onFailure === "downgrade") {
    await obstacles.check(() => checkWayBack(context, runs));
    findings.push(...await obstacles.check(() => wayBackFindings(context, runs)) ?? []);
  }
  const walked = await obstacles.check(() => checkTrees(context).then(() => true));
  if (walked === true) await obstacles.check(() => checkAnswering(context, runs));
  findings.push(...await obstacles.check(() => checkOldCode(context, snapshot, runs)) ?? []);
  findings.push(...await hostServiceFindings());
}
async function wayBackFindings(context, runs) {
  const lost = await configLostByDowngrade(context, runs);
  return lost === void 0 ? [] : [lost];
}

// src/deploy/node-summary.ts
function summary({ node, osPid, startedAt, releases }) {
  return { node, osPid, startedAt, releases: releases ?? [] };
}

// src/node/permanent.ts
import { readFile as readFile4, writeFile as writeFile6 } from "node:fs/promises";
import { join as join14 } from "node:path";
var START_DATA = "releases/start_erl.data";
async function putStartData({
  deployRoot,
  manifest,
  node,
  privateFolder
}) {
  const file = await placeInRoot(deployRoot, START_DATA);
  const data = startData2(manifest);
  if ((await readFile4(file, "utf8").catch(() => "")).trim() === data) return;
  const source = join14(privateFolder, "start_erl.data");
  await writeFile6(source, data);
  await replaceFile(file, source, { uid: node.uid, gid: node.gid, mode: 420 });
}
function startData2({ erts, version }) {
  return `${erts} ${version}`;
}
async function askToMakePermanent(context) {
  const { version } = context.manifest;
  const ask = () => context.control.call("make-permanent", [version], context.stepSeconds);
  try {
    await ask();
  } catch (error) {
    const answerLost = error instanceof ControlLostError || error instanceof ControlError && error.leftUnknown;
    if (!answerLost) throw error;
    const releases = (await settle(context))?.releases ?? [];
    const status = releases.find((release) => release.version === version)?.status;
    if (status === "current") await ask();
    else if (status !== "permanent") throw error;
  }
}
async function verifyPermanent(context) {
  const wrong = await namingOthers(context);
  if (wrong.length === 0) return;
  if (wrong.length === 1 && wrong[0] === UNREADABLE) throw recordLost(context);
  throw new NodeRefusedError(
    `The next start would not boot ${context.manifest.version}: ${wrong.join(", ")} say otherwise.`
  );
}
var UNREADABLE = "releases/RELEASES (none)";
function recordLost({ deployRoot, manifest: { name, version } }) {
  const releases = join14(deployRoot, "releases");
  const release = join14(releases, version, `${name}-${version}.rel`);
  const paths = [deployRoot, releases, release].map((path) => JSON.stringify(path)).join(", ");
  return new NodeRefusedError(`${join14(releases, "RELEASES")} is missing or damaged.`, {
    remedy: `In a shell on the node, have it written: release_handler:create_RELEASES(${paths}, []). Then run this step again.`
  });
}
async function isPermanent(context) {
  return (await namingOthers(context)).length === 0;
}
async function namingOthers({ control, deployRoot, manifest }) {
  const { name, version } = manifest;
  const releases = join14(deployRoot, "releases");
  const recorded = await control.call("releases-file", [join14(releases, "RELEASES")]);
  const permanent = recorded.find(({ status }) => status === "permanent")?.version;
  const start = (await readFile4(await fileInRoot(deployRoot, START_DATA), "utf8")).trim();
  const script = await scriptVersion(join14(deployRoot, "bin", name));
  return [
    ...permanent === version ? [] : [permanent === void 0 ? UNREADABLE : `releases/RELEASES (${permanent})`],
    ...start === startData2(manifest) ? [] : [`releases/start_erl.data (${start})`],
    ...script === void 0 || script === version ? [] : [`bin/${name} (${script})`]
  ];
}
function recordsOf(deployRoot) {
  return ["RELEASES", "start_erl.data"].map((file) => join14(deployRoot, "releases", file));
}

// src/deploy/health/until-healthy.ts
import { join as join15 } from "node:path";
import { setTimeout as setTimeout4 } from "node:timers/promises";
var PASSES = 3;
var PAUSE_MS = 500;
var REAL = {
  now: () => performance.now(),
  sleep: (milliseconds) => setTimeout4(milliseconds)
};
async function untilHealthy({
  probe,
  options,
  stopIfCancelled,
  clock = REAL
}) {
  const { timeout = 60, soak = 10 } = options;
  const deadline = clock.now() + 1e3 * timeout;
  let passes = 0;
  let since2 = 0;
  let failure2;
  for (; ; ) {
    stopIfCancelled();
    const begun = clock.now();
    try {
      await probe(Math.max(1, Math.min(timeout / 3, (deadline - begun) / 1e3)));
      if (passes === 0) since2 = begun;
      passes += 1;
      if (passes >= PASSES && clock.now() - since2 >= 1e3 * soak) return void 0;
    } catch (error) {
      if (!(error instanceof ActionError) || isFinal(error)) throw error;
      if (error.message !== failure2?.message) info(neutralise(`Not healthy: ${error.message}`));
      failure2 = error;
      passes = 0;
    }
    if (clock.now() + PAUSE_MS > deadline) return tooLate(passes, failure2);
    await clock.sleep(PAUSE_MS);
  }
}
function isFinal(error) {
  const kinds = [CommandFailedError, ControlStartError, NodeEndedError];
  return kinds.some((kind) => error instanceof kind);
}
function tooLate(passes, failure2) {
  if (passes === 0 && failure2 !== void 0) return failure2;
  const before = failure2 === void 0 ? "" : `; before that: ${failure2.message}`;
  return new ActionError(
    `it was not healthy for long enough (${passes} times in a row) when the time was over${before}`
  );
}
function userProbe({ check = "", checkUrl = "" }, stage, folders) {
  return async (limitSeconds) => {
    if (check.trim() !== "")
      await runCheck({ command: check, stage, options: folders, timeoutSeconds: limitSeconds });
    if (checkUrl !== "") await askUrl(checkUrl, limitSeconds);
  };
}
var SHOWN_LINES = 1e3;
function upTo(limit, show) {
  let count = 0;
  return (line) => {
    count += 1;
    if (count <= limit) show(line);
    if (count === limit + 1) show("(More output of this attempt is not shown.)");
  };
}
async function runCheck({
  command,
  stage,
  options,
  timeoutSeconds
}) {
  const { cwd, privateFolder } = options;
  try {
    await runUserCommand({
      command,
      cwd,
      scriptFile: join15(privateFolder, "check.sh"),
      timeoutSeconds,
      // it is run again and again: what each attempt leaves would add up
      children: "end",
      onLine: upTo(SHOWN_LINES, (line) => info(neutralise(line))),
      env: {
        RELUP_STAGE: stage.stage,
        RELUP_ROOT: stage.root,
        RELUP_NAME: stage.name,
        RELUP_UP_FROM: stage.upFrom,
        RELUP_VERSION: stage.version,
        RELUP_RUNNING: stage.runs,
        RELUP_NODE: stage.nodeName,
        RELUP_PID: String(stage.pid)
      }
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`the \`check\` command ${error.end.text}`, {
      details: error.details,
      cause: error
    });
  }
}

// src/deploy/health/health.ts
function stageOf({ deployRoot: root, manifest, node }, stage, upFrom) {
  const { name, version } = manifest;
  const { nodeName, pid } = node;
  const runs = stage === "health" ? version : upFrom;
  return { stage, root, name, upFrom, version, runs, nodeName, pid };
}
async function proveHealth({
  context,
  input,
  stage,
  verify,
  stopIfCancelled = () => void 0
}) {
  const probes = [builtIn(context, verify), userProbe(input, stage, { ...context, cwd: input.cwd })];
  const probe = async (limit) => {
    for (const one of probes) await one(limit);
  };
  const { control } = context;
  const clock = { ...REAL, now: () => REAL.now() - control.lostMilliseconds() };
  const failure2 = await untilHealthy({ probe, options: input, stopIfCancelled, clock });
  if (failure2 === void 0) info(`${stage.runs} is healthy.`);
  return failure2;
}
function builtIn(context, verify) {
  let last;
  return async () => {
    const wrong = verify(await stateOf(context));
    if (wrong.length > 0) throw new ActionError(`the node has ${wrong.join("; ")}`);
    const now = await readProcessTrees(context.control);
    const restarted = last === void 0 ? [] : restartedChildren(last, now);
    last = now;
    const [stuck] = now.stuck;
    if (stuck !== void 0) throw new ActionError(stuckText(stuck));
    if (restarted.length > 0) {
      throw new ActionError(`supervised processes were restarted: ${some(restarted)}`);
    }
  };
}
async function stateOf(context) {
  try {
    return await readNodeState(context.control, 15);
  } catch (error) {
    throw (error instanceof ControlError ? await nodeEnd(context) : void 0) ?? error;
  }
}

// src/deploy/health/left-out-processes.ts
async function leftOutFailure(context) {
  const { version } = context.manifest;
  const [first, ...others] = await leftOut(context);
  if (first === void 0) return void 0;
  return new ActionError(
    `the process ${first.text} did not answer release_handler within 5 seconds and was left out, so it has its old state under the code of ${version}`,
    {
      remedy: "Deploy when it is less busy, or give it more time in the appup: {update, Module, Milliseconds, {advanced, Extra}, brutal_purge, brutal_purge, []}.",
      details: [first, ...others].map(({ text }) => text).join("\n")
    }
  );
}
async function mendStates(context, kept) {
  const now = await leftOut(context);
  const isIn = (list, { pid }) => list.some((one) => one.pid === pid);
  const same = now.filter((one) => isIn(kept, one));
  const wrong = now.filter((one) => !isIn(kept, one));
  const ended2 = kept.filter((one) => !isIn(now, one));
  const restarted = [...ended2, ...wrong];
  await endProcesses(context, restarted);
  const sentences = [
    ...same.length === 0 ? [] : [`${textOf(same)} was left out on the way back, too: it has the state that it had.`],
    ...restarted.length === 0 ? [] : [`${textOf(restarted)} was ended for its supervisor to start it anew; its state is lost.`]
  ];
  return sentences.length === 0 ? void 0 : sentences.join(" ");
}
function textOf(processes) {
  const [first, ...others] = processes;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `The process ${first?.text ?? ""}${more}`;
}

// src/deploy/note-deployed.ts
import { writeFile as writeFile7 } from "node:fs/promises";
import { join as join16 } from "node:path";

// src/model/deployed.ts
var DEPLOYED_FILE = "deployed.json";
function deployedText({ name, version, commit }) {
  return `${JSON.stringify({ name, version, ...commit === void 0 ? {} : { commit } })}
`;
}
function parseDeployed(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    return void 0;
  }
  const { name, version, commit } = found ?? {};
  if (typeof name !== "string" || typeof version !== "string") return void 0;
  if (!isReleaseName(name) || !isVersion(version)) return void 0;
  if (commit === void 0) return { name, version };
  const isCommit = typeof commit === "string" && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);
  return isCommit ? { name, version, commit } : void 0;
}

// src/deploy/note-deployed.ts
async function noteDeployed(context, version) {
  await attempt(context, async (path, before) => {
    const { manifest, node, privateFolder } = context;
    const { commit } = [manifest, ...manifest.upFrom].find((one) => one.version === version) ?? {};
    const text = deployedText({ name: manifest.name, version, ...defined({ commit }) });
    if (before === text) return;
    if (before !== void 0 && parseDeployed(before) === void 0) {
      throw new Error("there is a file of that name that no deploy wrote");
    }
    const source = join16(privateFolder, DEPLOYED_FILE);
    await writeFile7(source, text);
    await replaceFile(path, source, { uid: node.uid, gid: node.gid, mode: 420 });
  });
}
async function correctDeployed(context, version) {
  await attempt(context, async (_path, before) => {
    if (before === void 0 || parseDeployed(before)?.version === version) return;
    await noteDeployed(context, version);
  });
}
async function attempt({ deployRoot, session }, write2) {
  const path = join16(deployRoot, DEPLOYED_FILE);
  try {
    await write2(path, await readPlainFile(path) ?? void 0);
  } catch (error) {
    session.findings.push({
      id: "deployed-not-noted",
      severity: "warning",
      message: `${path} could not be written, so it does not say what runs now: ${errorMessage(error)}`,
      remedy: "Run this step again, or name what runs in upgrade-from."
    });
  }
}

// src/deploy/undo.ts
async function recordBefore(context) {
  const { erlang, upgradePackage, manifest, session } = context;
  const members = await membersOf(erlang, upgradePackage);
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
async function membersOf(erlang, { path }) {
  return path === "" ? [] : erlang.query("tarball", [path]);
}
async function undo({
  context,
  attempt: attempt2,
  why,
  nodeState,
  anew = false
}) {
  const { session } = context;
  await session.giveRoom();
  if (session.journal.last?.step !== "undo") {
    await session.note({ step: "undo", reason: why }).catch(ignoreFullDisk);
  }
  const taken = await takeBack(context, attempt2);
  const state = taken.nodeAnswers ? nodeState : "unknown";
  if (taken.restored) await (anew ? session.endAnew(state) : session.end(state));
  return taken;
}
async function takeBack(context, attempt2) {
  const snapshot = await settle(context);
  const nodeAnswers = snapshot !== void 0;
  const status = snapshot?.releases?.find((release) => release.version === attempt2.version)?.status;
  const installed = status === "current" || status === "permanent";
  try {
    if (!nodeAnswers && await isAlive(context.node.pid)) throw new ActionError("the node does not answer");
    const { version, wasRegistered, footprint } = attempt2;
    if (installed) throw new ActionError(`${version} is ${status}`);
    const left = await removeAdded(context.deployRoot, footprint);
    if (status !== void 0 && !wasRegistered) await context.control.call("set-removed", [version]);
    await putBack(context.deployRoot, footprint);
    if (left.length > 0) throw new ActionError(`something else lies in ${left.join(", ")}`);
    return { restored: true, nodeAnswers, installed, sentence: "Its files are as they were." };
  } catch (error) {
    const why = unended(errorMessage(error));
    return {
      restored: false,
      nodeAnswers,
      installed,
      sentence: `What was unpacked could not be taken back: ${why}.`
    };
  }
}
function ignoreFullDisk(error) {
  if (error.code !== "ENOSPC" && !(error instanceof DiskFullError)) throw error;
}

// src/deploy/downgrade.ts
async function downgrade({
  context,
  attempt: attempt2,
  why,
  health,
  cause
}) {
  const { session } = context;
  await session.giveRoom();
  if (session.journal.last?.step !== "downgrade") {
    const kept2 = await leftOutNow(context);
    await session.note({ step: "downgrade", reason: why, ...kept2.length === 0 ? {} : { leftOut: kept2 } });
  }
  const now = await settle(context);
  if (now !== void 0 && isBack(context, attempt2.from, now) && await wasRestarted(context, now)) {
    const sentence2 = `The node was restarted meanwhile and runs ${attempt2.from}.`;
    const taken = await undo({ context, attempt: attempt2, why, nodeState: "rebooted-into-old" });
    return rebooted([why, sentence2, taken.sentence], cause);
  }
  const kept = session.journal.find("downgrade")?.leftOut ?? [];
  const { held, result: error } = await holding(context, kept, () => goBack(context, attempt2, now));
  if (error !== void 0)
    return notDowngraded({
      context,
      attempt: attempt2,
      why: `${why} Going back to ${attempt2.from} failed`,
      cause: error
    });
  info(`${attempt2.from} runs again: the code is that of the release.`);
  const states = await mendStates(context, held);
  const sick = await healthAfter(context, attempt2, health);
  const { sentence } = await undo({ context, attempt: attempt2, why, nodeState: "downgraded" });
  await correctDeployed(context, attempt2.from);
  const sentences = [
    `${why} The node was downgraded and runs ${attempt2.from}.`,
    ...states === void 0 ? [] : [states],
    ...sick === void 0 ? [] : [sick],
    sentence
  ];
  return new DeployError(sentences.join(" "), "downgraded", { ...hints(cause), cause });
}
async function leftOutNow(context) {
  return leftOut(context).catch((error) => {
    if (!(error instanceof ActionError)) throw error;
    return [];
  });
}
async function notDowngraded({
  context,
  attempt: attempt2,
  why,
  cause
}) {
  const { from } = attempt2;
  const sentence = `${why}: ${cause.message}`;
  const snapshot = await settle(context);
  if (snapshot !== void 0 && isBack(context, from, snapshot)) {
    const taken = await undo({ context, attempt: attempt2, why, nodeState: "rebooted-into-old" });
    return rebooted([sentence, taken.sentence], cause);
  }
  const running = runningRelease(snapshot?.releases ?? [])?.version;
  const nodeState = running === context.manifest.version ? "installed-not-permanent" : "unknown";
  return new DeployError(sentence, nodeState, {
    remedy: `Restart the node: it boots ${from}.`,
    ...hints(cause),
    cause
  });
}
function rebooted(sentences, cause) {
  return new DeployError(sentences.join(" "), "rebooted-into-old", { ...hints(cause), cause });
}
async function wasRestarted({ session, node }, now) {
  const before = session.journal.find("install")?.before;
  if (before === void 0) return false;
  return now.instance !== before.instance || !isSameProcess(before.process, await identityOf(node.pid));
}
async function goBack(context, { from }, before) {
  if (before === void 0) return new ActionError("the node does not settle.");
  if (isBack(context, from, before)) return void 0;
  let refused;
  try {
    await context.control.call("check-install", [from], context.stepSeconds);
    await traceSuspensions(context);
    const answer = await install(context, from);
    info(`release_handler's answer to the downgrade: ${answer.kind}.`);
    if ("error" in answer) refused = answer.error;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error;
  }
  const after2 = await settle(context);
  if (after2 === void 0) return new ActionError("the node does not settle.");
  if (after2.instance !== before.instance) return new ActionError(`the node rebooted into ${from}.`);
  if (isBack(context, from, after2)) return void 0;
  return refused ?? new ActionError(`the node has ${differences(context, from, after2)}.`);
}
function isBack(context, from, snapshot) {
  return runningRelease(snapshot.releases ?? [])?.version === from && differences(context, from, snapshot) === "";
}
function differences({ manifest }, from, snapshot) {
  const release = manifest.upFrom.find(({ version }) => version === from);
  if (release === void 0)
    return `a release that the manifest does not know (${releasesText(snapshot.releases)})`;
  const code = codeDifferences(snapshot, release);
  const paths = stalePaths(snapshot, release);
  return [
    ...code.length === 0 ? [] : [`modules that are not those of ${from}: ${moduleList(code)}`],
    ...paths.length === 0 ? [] : [`code path entries of other versions: ${paths.join(", ")}`]
  ].join("; ");
}
async function healthAfter(context, { from }, health) {
  const stage = stageOf(context, "after-downgrade", from);
  const verify = (snapshot) => [differences(context, from, snapshot)].filter((text) => text !== "");
  try {
    const sick = await proveHealth({ context, input: { ...health, soak: 0, timeout: 20 }, stage, verify });
    return sick === void 0 ? void 0 : `It is not healthy either: ${unended(sick.message)}.`;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return `Whether it is healthy could not be looked at: ${unended(error.message)}.`;
  }
}

// src/deploy/make-permanent.ts
async function makePermanent(context) {
  const { session, deployRoot, manifest } = context;
  await session.giveRoom();
  await session.note({ step: "make-permanent" });
  await askToMakePermanent(context);
  await putStartData(context);
  await syncAll(recordsOf(deployRoot));
  await session.note({ step: "start-script" });
  await replaceStartScript(deployRoot, manifest.name, manifest.version);
}

// src/deploy/finish-upgrade.ts
async function finishUpgrade(context, before, from) {
  const { version } = context.manifest;
  try {
    const modules = replacedModules(context, from);
    noteOldCode(context, await readOldCode(context, modules));
    await makePermanent(context);
    await verifyPermanent(context);
    const left = await readOldCode(context, modules);
    if (left.length > 0) info(`Old code is still in use by ${oldCodeText(left)}.`);
    const after2 = await readNodeState(context.control);
    const wrong = verifyRunningCode(before, after2, context.manifest);
    if (wrong.length > 0) throw new ActionError(`The node has ${wrong.join("; ")}.`);
    info(`${version} is permanent: the next start boots it.`);
    return after2;
  } catch (error) {
    const end = error instanceof ControlError && error.leftUnknown ? await nodeEnd(context) : void 0;
    if (end !== void 0) throw new DeployError(end.message, "unknown", { ...hints(end), cause: error });
    throw new DeployError(
      `${errorMessage(error)} The node runs ${version}, but its next start may boot another release.`,
      "installed-not-permanent",
      { remedy: "Deploy the same package again: it goes on from here.", ...hints(error), cause: error }
    );
  }
}
function replacedModules({ manifest }, from) {
  const old = manifest.upFrom.find(({ version }) => version === from)?.applications ?? [];
  const codes = new Map(manifest.applications.flatMap(({ modules }) => Object.entries(modules)));
  const before = old.flatMap(({ modules }) => Object.entries(modules));
  return before.filter(([name, code]) => codes.get(name) !== code).map(([name]) => name);
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

// src/deploy/health/prove-upgrade.ts
async function proveUpgrade({
  context,
  before,
  from,
  health
}) {
  const { session, manifest } = context;
  const healthy = () => proveHealth({
    context,
    input: health,
    stage: stageOf(context, "health", from),
    verify: (now) => verifyRunningCode(before, now, manifest),
    stopIfCancelled: () => session.stopIfCancelled()
  });
  const { onCrash = "fail" } = health;
  const seen = async () => await leftOutFailure(context) ?? (onCrash === "fail" ? await crashed(context) : void 0);
  const failure2 = await seen().catch(unreachable) ?? await healthy() ?? await seen().catch(asFailure);
  if (failure2 !== void 0) return failure2;
  if (onCrash === "warn") await crashFailure(context, session, onCrash);
  await forgetSuspensions(context);
  return void 0;
}
async function crashFailure(context, session, onCrash = "fail") {
  const crash = await crashed(context);
  if (crash === void 0 || onCrash === "fail") return crash;
  session.findings.push({
    id: "processes-crashed",
    severity: "warning",
    message: `Since the installation began, ${crash.message}.`,
    remedy: "See their crash reports in the log of the node."
  });
  return void 0;
}
function unreachable(error) {
  if (!(error instanceof ControlError)) throw error;
}
function asFailure(error) {
  if (!(error instanceof ControlError)) throw error;
  return error;
}
async function crashed(context) {
  const crashes = await readCrashes(context);
  if (crashes.length === 0) return void 0;
  return new ActionError(crashesText(crashes), {
    remedy: "See their crash reports in the log of the node. If such crashes are nothing to go back for, set `on-crash: warn`.",
    details: crashes.join("\n")
  });
}

// src/deploy/install-verdict.ts
function installFailure(manifest, check, after2) {
  const { version } = manifest;
  const { runs } = check;
  if (after2 === void 0) {
    const sentence = `The node did not settle after the installation of ${version} began, so what it runs is not known.`;
    return { nodeState: "unknown", sentence, remedy: "Look at the node and its log.", runsOld: false };
  }
  const wrong = verifyRunningCode(check.snapshot, after2, manifest);
  const installed = isInstalled2(after2, version);
  if (wrong.length === 0 && installed) return void 0;
  if (!installed && releaseByCode(after2, manifest.upFrom, runs)?.version === runs) {
    return { ...stillOld(version, check, after2), runsOld: true };
  }
  const what = wrong.length > 0 ? wrong.join("; ") : `its code, but lists ${releasesText(after2.releases)}`;
  return {
    nodeState: installed ? "installed-not-permanent" : "unknown",
    sentence: `${version} is ${installed ? "installed, but not made permanent" : "not installed"}: the node has ${what}.`,
    remedy: `Restart the node: it boots ${runs}.`,
    runsOld: false
  };
}
function stillOld(version, { snapshot: before, runs }, after2) {
  if (after2.instance !== before.instance || after2.osPid !== before.osPid) {
    return { nodeState: "rebooted-into-old", sentence: `The node rebooted into ${runs}.` };
  }
  if (!environmentChanged(before, after2))
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
function environmentChanged(before, after2) {
  const versions = (snapshot) => JSON.stringify(Object.entries(snapshot.applications).sort());
  return before.environment !== after2.environment || versions(before) !== versions(after2);
}

// src/deploy/install.ts
async function installUpgrade(context, check, attempt2) {
  const { session, manifest } = context;
  const treesBefore = await treesOf(context);
  const untraced = await traceSuspensions(context);
  await markCrashes(context);
  const answer = await install(context, manifest.version);
  info(`release_handler's answer to the installation: ${answer.kind}.`);
  const after2 = await settle(context);
  const end = after2 === void 0 ? await nodeEnd(context) : void 0;
  if (end !== void 0) throw new DeployError(end.message, "unknown", { ...hints(end), cause: end });
  if (untraced !== void 0) session.findings.push(untraced);
  const failure2 = installFailure(manifest, check, after2);
  if (failure2 !== void 0) {
    throw await failedInstall({
      context,
      attempt: attempt2,
      failure: failure2,
      cause: "error" in answer ? answer.error : void 0
    });
  }
  await session.note({ step: "installed" });
  info(`${manifest.version} runs: the code is the package's.`);
  const treesAfter = await treesOf(context);
  if (treesBefore && treesAfter) noteRestarts(context, restartedChildren(treesBefore, treesAfter));
}
async function treesOf({ control }) {
  return readProcessTrees(control).catch((error) => {
    if (!(error instanceof ActionError)) throw error;
    return void 0;
  });
}
function noteRestarts({ session }, places) {
  if (places.length === 0) return;
  session.findings.push({
    id: "processes-restarted",
    severity: "warning",
    message: `The installation restarted supervised processes, whose state is lost: ${some(places)}.`,
    remedy: "If the appup does not restart them on purpose, they crashed: see the log of the node."
  });
}
async function failedInstall({
  context,
  attempt: attempt2,
  failure: failure2,
  cause
}) {
  const sentences = [...cause === void 0 ? [] : [cause.message], failure2.sentence];
  let { nodeState } = failure2;
  if (failure2.runsOld) {
    const { restored, sentence } = await undo({ context, attempt: attempt2, why: failure2.sentence, nodeState });
    sentences.push(sentence);
    if (!restored && nodeState === "untouched") nodeState = "unpacked";
  }
  const options = { ...hints(cause), ...defined({ remedy: failure2.remedy }), cause };
  return new DeployError(sentences.join(" "), nodeState, options);
}

// src/deploy/versions/kept-manifests.ts
import { constants as constants3 } from "node:fs";
import { mkdir as mkdir3, readdir as readdir3, readFile as readFile5, rm as rm7 } from "node:fs/promises";
import { join as join17 } from "node:path";
var FOLDER = `${DEPLOY_FOLDER}/manifests`;
function fileOf(version) {
  return `${version}.json`;
}
async function keepManifest(session, deployRoot, manifest) {
  try {
    await mkdir3(join17(deployRoot, FOLDER), { recursive: true, mode: 448 });
    const flags = constants3.O_WRONLY | constants3.O_CREAT | constants3.O_TRUNC;
    const handle = await session.openFile(`manifests/${fileOf(manifest.version)}`, flags);
    try {
      await handle.writeFile(JSON.stringify(manifest));
      await handle.sync();
    } finally {
      await handle.close();
    }
    const installed = (await readdir3(join17(deployRoot, "releases"))).map(fileOf);
    for (const name of await readdir3(join17(deployRoot, FOLDER))) {
      if (!installed.includes(name)) await rm7(join17(deployRoot, FOLDER, name), { force: true });
    }
  } catch (error) {
    session.findings.push({
      id: "manifest-not-kept",
      severity: "warning",
      message: `The manifest of ${manifest.version} could not be kept, so there is no hot way back by \`version\`: ${errorMessage(error)}`,
      remedy: "Run this step again."
    });
  }
}
async function keptManifest(deployRoot, version) {
  try {
    const text = await readFile5(join17(deployRoot, FOLDER, fileOf(version)), "utf8");
    const manifest = JSON.parse(text);
    return manifest.version === version ? manifest : void 0;
  } catch {
    return void 0;
  }
}

// src/deploy/old-releases.ts
import { readdir as readdir4, readlink, rm as rm8 } from "node:fs/promises";
import { join as join18 } from "node:path";
async function removeOldReleases(context, keep) {
  const { session, control, deployRoot, manifest } = context;
  try {
    const surplus = surplusReleases(await readNodeState(control), keep);
    for (const { version } of surplus) {
      const snapshot = await readNodeState(control);
      await refuseNeeded({ root: deployRoot, manifest, snapshot, version });
      await session.note({ step: "remove-release", version });
      await rm8(await placeInRoot(deployRoot, `bin/${manifest.name}-${version}`), { force: true });
      await control.call("remove-release", [version], context.stepSeconds);
      info(`Removed the old release ${version}.`);
    }
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    session.findings.push({
      id: "old-release-kept",
      severity: "warning",
      message: `Old releases were not removed as keep-releases says: ${error.message}`,
      ...error.remedy === void 0 ? {} : { remedy: error.remedy }
    });
  }
}
function surplusReleases({ releases }, keep) {
  const installed = (releases ?? []).filter(({ status }) => status === "permanent" || status === "old");
  const others = installed.filter(({ status }) => status === "old");
  const kept = Math.max(0, keep - (installed.length - others.length));
  return others.slice(kept).reverse();
}
async function refuseNeeded({
  root,
  manifest,
  snapshot,
  version
}) {
  const folders = removedFolders(manifest, snapshot, version).map((folder) => join18(root, folder));
  const expected = new Map(manifest.applications.flatMap(({ modules }) => Object.entries(modules)));
  const inside = (path2) => folders.find((folder) => path2 === folder || path2.startsWith(`${folder}/`));
  const foreign = snapshot.modules.find(
    ({ name, file, code }) => inside(file) && expected.get(name) !== code
  );
  if (foreign !== void 0)
    throw new ActionError(`the node has loaded ${foreign.name} from ${foreign.file}.`);
  const path = snapshot.path.find((entry) => inside(entry));
  if (path !== void 0) throw new ActionError(`the node has ${path} in its code path.`);
  const pid = await processIn(inside);
  if (pid !== void 0) throw new ActionError(`the process ${pid} runs a program or works in ${version}.`);
}
function removedFolders(manifest, { releases }, version) {
  const all = releases ?? [];
  const running = all.find(({ status }) => status === "permanent");
  const own = manifest.applications.map((application) => `${application.name}-${application.version}`);
  const unlisted = own.filter((application) => running?.applications.includes(application) !== true);
  if (running?.version !== manifest.version || unlisted.length > 0) {
    throw new ActionError(
      `release_handler's record of ${manifest.version} (releases/RELEASES) lacks ${unlisted.join(", ")}.`,
      { remedy: "Put back the RELEASES file that was installed with the release, and restart the node." }
    );
  }
  const needed = new Set(
    all.filter((release) => release.version !== version).flatMap(({ applications }) => applications)
  );
  const removed = all.find((release) => release.version === version)?.applications ?? [];
  const libraries = removed.filter((application) => !needed.has(application));
  return [`releases/${version}`, ...libraries.map((library) => `lib/${library}`)];
}
async function processIn(inside) {
  const pids = (await readdir4("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    for (const link of ["exe", "cwd"]) {
      const path = await readlink(`/proc/${pid}/${link}`).catch(() => "");
      if (inside(path) !== void 0) return pid;
    }
  }
  return void 0;
}

// src/deploy/prepare-upgrade.ts
import { join as join19 } from "node:path";
async function prepareUpgrade(context, check, commands) {
  const attempt2 = await attemptOf(context, check);
  await context.session.begin(attempt2);
  try {
    await unpackAndCheck(context, check);
    await context.session.takeRoom();
    await runBefore(context.session, commands, factsOf(context, check.runs));
    await context.session.note({ step: "install", before: await nodeBefore(context, check) });
    return attempt2;
  } catch (cause) {
    const why = errorMessage(cause);
    const { restored, nodeAnswers, installed, sentence } = await undo({
      context,
      attempt: attempt2,
      why,
      nodeState: "untouched"
    });
    if (installed) throw installedMeanwhile(attempt2, why, cause);
    const end = nodeAnswers ? void 0 : await nodeEnd(context);
    if (end !== void 0)
      throw new DeployError(`${end.message} ${sentence}`, "unknown", { ...hints(end), cause });
    const runs = nodeAnswers ? ` The node runs ${check.runs}.` : "";
    const state = !nodeAnswers ? "unknown" : restored ? "untouched" : "unpacked";
    throw new DeployError(`${why}${runs} ${sentence}`, state, { ...hints(cause), cause });
  }
}
function factsOf({ deployRoot, manifest, node }, upFrom) {
  const { name, version } = manifest;
  return { root: deployRoot, name, version, upFrom, nodeName: node.nodeName, pid: node.pid };
}
async function nodeBefore({ node }, { snapshot }) {
  const { osPid, instance, environment, applications } = snapshot;
  return { osPid, instance, environment, applications, process: await identityOf(node.pid) ?? null };
}
function installedMeanwhile({ version }, why, cause) {
  const sentence = `${why} The node runs ${version}, which somebody else installed meanwhile.`;
  const remedy = "Run this step again: it goes on from there.";
  return new DeployError(sentence, "installed-not-permanent", { ...hints(cause), remedy, cause });
}
async function attemptOf(context, check) {
  const { name, version } = context.manifest;
  return {
    name,
    version,
    from: versionBefore(check, version),
    packageSha256: context.upgradePackage.sha256,
    ...context.upgradePackage.path === "" ? { goesBack: true } : {},
    wasRegistered: check.newStatus !== void 0,
    footprint: await recordBefore(context)
  };
}
function versionBefore({ runs, snapshot }, version) {
  const permanent = snapshot.releases?.find(({ status }) => status === "permanent")?.version;
  return runs === version ? permanent ?? runs : runs;
}
async function unpackAndCheck(context, { newStatus, runs }) {
  const { session, manifest } = context;
  const { version } = manifest;
  if (newStatus === void 0 && context.upgradePackage.path === "") {
    throw new NodeRefusedError(
      `release_handler does not know the release ${version}, so it cannot install it.`,
      {
        remedy: "Set `allow-restart: true`, and the node is restarted into it; or deploy its package."
      }
    );
  }
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
  await verifyUnpacked(context, runs);
  const { length } = context.upgradePackage.files;
  if (length > 0) info(`All ${length} files of the package are on the node.`);
  await session.note({ step: "configure" });
  const written = await configure(context);
  info(
    written.length === 0 ? "The configuration can be read." : `Configuration filled in: ${written.join(", ")}.`
  );
  session.stopIfCancelled();
  await checkInstall(context, runs);
  info(`release_handler can install ${version} over ${runs}.`);
  await checkAnswering(context, runs);
  session.stopIfCancelled();
}
async function syncUnpacked({ deployRoot, upgradePackage, manifest }) {
  const files = upgradePackage.files.map(({ path }) => join19(deployRoot, installedPath(path, manifest)));
  await syncAll([...files, ...recordsOf(deployRoot)]);
}

// src/deploy/upgrade-node.ts
async function upgradeNode(context, check, plan) {
  const { session, manifest } = context;
  let attempt2 = session.journal.unfinished;
  if (check.runs !== manifest.version) {
    attempt2 = await plan.phase("Deploy: unpack", () => prepareUpgrade(context, check, plan.commands));
    await installOrGoBack({ context, check, attempt: attempt2, plan });
  } else if (attempt2 === void 0) {
    if (isPermanentThere(check) && await isPermanent(context)) {
      await noteDeployed(context, manifest.version);
      return check.snapshot;
    }
    attempt2 = await attemptOf(context, check);
    await session.begin(attempt2);
  }
  if (!isPermanentThere(check) || check.runs !== manifest.version) {
    await healthyOrGoBack({ context, check, attempt: attempt2, plan });
  }
  const { from } = attempt2;
  const after2 = await plan.phase(
    "Deploy: make permanent",
    () => finishUpgrade(context, check.snapshot, from)
  );
  await noteDeployed(context, manifest.version);
  if (attempt2.goesBack !== true) {
    await plan.phase("Deploy: old releases", () => removeOldReleases(context, plan.keepReleases));
    await keepManifest(session, context.deployRoot, manifest);
  }
  await session.end(attempt2.goesBack === true ? "downgraded" : "upgraded");
  return readNodeState(context.control).catch(() => after2);
}
function isPermanentThere({ snapshot }) {
  return runningRelease(snapshot.releases ?? [])?.status === "permanent";
}
async function installOrGoBack({
  context,
  check,
  attempt: attempt2,
  plan
}) {
  const { phase, onFailure, health } = plan;
  try {
    await phase("Deploy: install", () => installUpgrade(context, check, attempt2));
  } catch (error) {
    const partly = error instanceof DeployError && error.nodeState === "installed-not-permanent";
    if (!partly || onFailure === "leave") throw error;
    throw await phase(
      "Deploy: downgrade",
      () => downgrade({ context, attempt: attempt2, why: error.message, health, cause: error })
    );
  }
}
async function healthyOrGoBack({
  context,
  check,
  attempt: attempt2,
  plan
}) {
  const { phase, onFailure, health } = plan;
  const { snapshot } = check;
  const { manifest } = context;
  const failure2 = await phase(
    "Deploy: health",
    () => proveUpgrade({ context, before: snapshot, from: attempt2.from, health })
  ).catch((error) => {
    if (error instanceof CancelledError) throw stoppedNotPermanent(context, error);
    if (error instanceof NodeEndedError)
      throw new DeployError(error.message, "unknown", { ...hints(error), cause: error });
    throw error;
  });
  if (failure2 === void 0) return;
  const why = `${manifest.version} is not healthy: ${unended(failure2.message)}.`;
  const cause = new ActionError(why, { ...hints(failure2), cause: failure2 });
  if (onFailure === "leave") throw stoppedNotPermanent(context, cause);
  throw await phase("Deploy: downgrade", () => downgrade({ context, attempt: attempt2, why, health, cause }));
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

// src/deploy/deploy-hot.ts
async function deployHot(site, session, node) {
  const { options, plan } = site;
  checkHot(site);
  const context = upgradeContext(node, session);
  const check = await plan.phase("Deploy: preflight", () => preflight(context, plan));
  const { snapshot: before } = check;
  const unwatched = await watchCrashes(context);
  if (unwatched !== void 0) session.findings.push(unwatched);
  const after2 = await upgrade(context, check, plan).finally(() => forgetCrashes(context));
  info(`Releases before: ${releasesText(before.releases)}; after: ${releasesText(after2.releases)}.`);
  return {
    deployedVersion: options.manifest.version,
    nodeState: options.goesBack === true ? "downgraded" : "upgraded",
    before: summary(before),
    after: summary(after2)
  };
}
function checkHot({ options: { manifest, upgradePackage, goesBack = false } }) {
  const { name, version, upgradeKind = "hot", verdict = "hot" } = manifest;
  checkDeployable({ name, version, upgradeKind, verdict });
  if (upgradePackage === void 0 && !goesBack) {
    throw new ActionError(`The manifest of ${name} ${version} names no upgrade package.`);
  }
}
function upgradeContext(node, session) {
  return { ...node, session, installBegan: () => session.installBegan };
}
async function preflight(context, { onFailure, health }) {
  const { manifest, session } = context;
  const check = await checkBefore(context, {
    onFailure,
    findings: session.findings,
    checkUrl: health.checkUrl
  });
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
    const state = context.session.journal.has("installed") ? "installed-not-permanent" : "unknown";
    throw new DeployError(errorMessage(error), state, { ...hints(error), cause: error });
  }
}

// src/deploy/site.ts
import { mkdir as mkdir4, realpath } from "node:fs/promises";
import { join as join20, resolve as resolve2 } from "node:path";

// src/deploy/node-at.ts
var NO_PACKAGE = { path: "", sha256: "", files: [] };
async function nodeAt(at) {
  const { manifest, privateFolder, stepSeconds, watchSeconds } = at;
  const found = await findNode(at.deployRoot);
  const { deployRoot } = found;
  const erlang = await at.erlangFor(deployRoot);
  const node = { ...found, environment: { ...found.environment, ...at.serviceEnvironment } };
  const control = controlNode({ erlang, node, privateFolder, releases: [manifest, ...at.others] });
  return {
    ...{ erlang, deployRoot, upgradePackage: at.package ?? NO_PACKAGE, manifest, privateFolder },
    ...{ control, node, stepSeconds, watchSeconds }
  };
}

// src/deploy/site.ts
async function siteOf(options) {
  const { privateFolder, cwd = process.cwd(), cancel, commandTexts } = options;
  const deployRoot = await realpath(options.deployRoot).catch(() => resolve2(options.deployRoot));
  const texts = commandTexts ?? { before: "", after: "", start: "", stop: "" };
  const commands = options.commands ?? stepCommands({ texts, cwd, folder: privateFolder, cancel });
  const erlangOf = erlangsIn(deployRoot, privateFolder);
  return { options, deployRoot, commands, plan: planOf({ ...options, cwd }, commands), erlangOf };
}
function planOf(options, commands) {
  const {
    health = {},
    cwd,
    onCrash = "fail",
    onFailure = "downgrade",
    keepReleases = 3,
    phase = group
  } = options;
  return { health: { ...health, cwd, onCrash }, onFailure, keepReleases, phase, commands };
}
function erlangsIn(deployRoot, privateFolder) {
  const known = /* @__PURE__ */ new Map();
  return (release) => {
    const id = `${release.erts}-${release.version}`;
    const erlang = known.get(id) ?? interpreted(join20(privateFolder, `erlang-${id}`), deployRoot, release);
    known.set(id, erlang);
    return erlang;
  };
}
async function interpreted(folder, deployRoot, { erts, version }) {
  const home = join20(folder, "home");
  await mkdir4(home, { recursive: true, mode: 448 });
  return interpretErlang(folder, await installedEmulator(deployRoot, { erts, version }, home));
}
async function contextOf({ options, erlangOf }) {
  const { manifest, privateFolder, serviceEnvironment, stepSeconds = 300, watchSeconds = 120 } = options;
  return nodeAt({
    ...{ deployRoot: options.deployRoot, manifest, privateFolder, serviceEnvironment },
    ...{ stepSeconds, watchSeconds, package: options.upgradePackage, others: manifest.upFrom },
    erlangFor: async (root) => options.erlang ?? erlangOf(await startData(root))
  });
}
function placeOf({ options, deployRoot, commands, plan, erlangOf }, session, manifest = options.manifest) {
  const { privateFolder, fullPackage, serviceEnvironment = {} } = options;
  const { stepSeconds = 300, watchSeconds = 120, stopSeconds = 120 } = options;
  return {
    ...{ deployRoot, privateFolder, manifest, full: fullPackage, session, commands, plan },
    ...{ serviceEnvironment, erlangOf, stepSeconds, watchSeconds, stopSeconds }
  };
}

// src/deploy/look.ts
async function lookAt(site) {
  if (await rootState(site.deployRoot) !== "installed")
    return { root: "empty", context: void 0, node: "none" };
  if (site.options.allowRestart === true && !await anyNodeRuns(site.deployRoot)) {
    await startData(site.deployRoot);
    return { root: "installed", context: void 0, node: "none" };
  }
  const context = await contextOf(site);
  try {
    const node = await readNodeState(context.control).catch((error) => {
      if (!(error instanceof ActionError)) throw error;
      return "silent";
    });
    return { root: "installed", context, node };
  } catch (error) {
    context.control.close();
    throw error;
  }
}
async function installedRelease(site, node) {
  const boots = await startData(site.deployRoot);
  const version = typeof node === "string" ? boots.version : versionOf(node, boots.version);
  return describeInstalled(site, { version, erts: typeof node === "string" ? boots.erts : node.erts }, node);
}
function versionOf(node, boots) {
  return runningRelease(node.releases ?? [])?.version ?? boots;
}
async function describeInstalled({ deployRoot, options, erlangOf }, { version, erts }, node = "none") {
  const { manifest } = options;
  const { toolchain } = manifest;
  const erlang = await erlangOf({ version, erts });
  const found = await erlang.query("describe", [deployRoot, version]).catch((cause) => {
    if (!(cause instanceof ActionError)) throw cause;
    throw new NodeRefusedError(`The release ${version} in ${deployRoot} cannot be read: ${cause.message}.`, {
      remedy: "Put its files back, from its full package.",
      details: cause.details,
      cause
    });
  });
  const named = [manifest, ...manifest.upFrom].find(
    (one) => one.version === version
  );
  const knows = typeof node !== "string" && named !== void 0 && codeDifferences(node, named).length === 0;
  const code = knows ? named : found;
  const { selfMade } = named ?? {};
  return {
    ...{ name: found.name, version, erts, toolchain, upFrom: [] },
    applications: code.applications,
    ...selfMade === void 0 ? {} : { selfMade }
  };
}

// src/deploy/place/place-checks.ts
import { constants as constants4 } from "node:fs";
import { access as access2 } from "node:fs/promises";
import { join as join23 } from "node:path";

// src/deploy/place/put-files.ts
import { lstat as lstat2, mkdir as mkdir5, readdir as readdir5, readlink as readlink2, rename, symlink, chmod } from "node:fs/promises";
import { dirname as dirname4, join as join22 } from "node:path";

// src/deploy/place/place-context.ts
import { join as join21 } from "node:path";
var STAGED = `${DEPLOY_FOLDER}/unpacked`;
async function openNode(place, manifest = place.manifest) {
  const { deployRoot, privateFolder, serviceEnvironment, stepSeconds, watchSeconds } = place;
  return nodeAt({
    ...{ deployRoot, manifest, privateFolder, serviceEnvironment, stepSeconds, watchSeconds },
    package: place.full,
    others: [place.manifest, ...place.manifest.upFrom],
    erlangFor: () => place.erlangOf(manifest)
  });
}
async function withNode(place, manifest, work) {
  const context = await openNode(place, manifest);
  try {
    return await work(context);
  } finally {
    context.control.close();
  }
}
function stagedFolder({ deployRoot }) {
  return join21(deployRoot, STAGED);
}

// src/deploy/place/put-files.ts
function isSwitched(path, { name, version }) {
  const records = ["releases/RELEASES", "releases/start_erl.data", `releases/${name}.rel`];
  return records.includes(path) || path.startsWith("bin/") && path !== `bin/${name}-${version}`;
}
async function putFiles(place, way) {
  try {
    return await putAll(place, way);
  } catch (error) {
    throw explainFullDisk(error, place.deployRoot, "the release cannot be put in place");
  }
}
async function putAll(place, way) {
  const { deployRoot, manifest } = place;
  const staged = stagedFolder(place);
  const put3 = [];
  const kept = [];
  for (const entry of await readdir5(staged, { recursive: true, withFileTypes: true })) {
    const from = join22(entry.parentPath, entry.name);
    const path = from.slice(staged.length + 1);
    if (entry.isDirectory()) await makeFolder(deployRoot, path, (await lstat2(from)).mode & 511);
    else if (way === "restart" && isSwitched(path, manifest)) kept.push(from);
    else {
      const to = await placeOf2(deployRoot, installedPath(path, manifest));
      if (await isThere(to)) continue;
      await move(from, to);
      put3.push(to);
    }
  }
  await syncAll([...put3, ...kept, staged]);
  return put3.length;
}
async function makeFolder(root, path, mode) {
  const folder = await placeOf2(root, path);
  if (await isThere(folder)) return;
  await mkdir5(folder);
  await chmod(folder, mode | 448);
}
async function placeOf2(root, path) {
  const folder = dirname4(path);
  if (folder !== "." && !await isThere(join22(root, folder))) {
    const above = await placeOf2(root, folder);
    await mkdir5(above, { mode: 493 });
  }
  return placeInRoot(root, path);
}
async function move(from, to) {
  if ((await lstat2(from)).isSymbolicLink()) await symlink(await readlink2(from), to);
  else await rename(from, to);
}
async function putScripts(place) {
  const { deployRoot, manifest } = place;
  const { name, version } = manifest;
  for (const path of switchedScripts(place)) {
    const source = join22(stagedFolder(place), path);
    if (!await isThere(source)) continue;
    const target = await placeOf2(deployRoot, path);
    await replaceFile(target, source, { ...ownUser(), mode: (await lstat2(source)).mode & 511 });
  }
  await replaceStartScript(deployRoot, name, version);
}
function switchedScripts({ full, manifest }) {
  const others = ["releases/RELEASES", "releases/start_erl.data", `bin/${manifest.name}`];
  return (full?.files ?? []).map(({ path }) => path).filter((path) => isSwitched(path, manifest) && !others.includes(path));
}
async function isThere(path) {
  return lstat2(path).then(
    () => true,
    () => false
  );
}

// src/deploy/place/place-checks.ts
async function checkPlace(input, obstacles = new Obstacles()) {
  const { way, old, node, before, manifest, full, deployRoot, comparison } = input;
  if (full !== void 0) await obstacles.check(() => checkFull(input, full));
  if (before !== void 0) await obstacles.check(() => checkNode2(input, before));
  else if (full !== void 0) await obstacles.check(() => checkMachine(manifest));
  if (old !== void 0) await obstacles.check(() => checkName(deployRoot, manifest, old));
  if (comparison !== void 0) await obstacles.check(() => checkInTheWay(comparison, input));
  if (full !== void 0) await obstacles.check(() => checkSpace(deployRoot, full));
  await obstacles.check(() => checkWritable(deployRoot));
  await obstacles.check(() => refuseUntrusted(input.checkUrl));
  input.findings.push(...await hostServiceFindings());
  return obstacles.without({ way, old, node, before });
}
async function checkFull({ comparison, manifest: { name, version }, hasStart }, full) {
  await (comparison === void 0 ? checkDigest(full) : checkFullPackage(comparison));
  const paths = full.files.map(({ path }) => path);
  if (hasStart || paths.includes(`bin/${name}`) && paths.includes(`bin/${name}-${version}`)) return;
  throw new NodeRefusedError(`The release ${name} ${version} has no start script bin/${name}.`, {
    remedy: "Set `start-command` to what starts the service, e.g. sudo systemctl start myapp."
  });
}
function checkNode2({ manifest, old, full }, before) {
  checkStarted(manifest, before);
  if (full !== void 0) checkPlatform(manifest, before);
  if (old === void 0 || codeDifferences(before, old).length === 0) return;
  throw otherCode({ name: manifest.name, snapshot: before, release: old });
}
function checkName(root, { name }, old) {
  if (old.name === name) return;
  throw new NodeRefusedError(`The release installed in ${root} is ${old.name}, the package is for ${name}.`, {
    remedy: "Check deploy-root, and which package is deployed."
  });
}
async function checkInTheWay(comparison, { manifest, deployRoot, old }) {
  const { differing } = await compareWithPackage(comparison, old?.version ?? "");
  const isThere2 = await exists(join23(deployRoot, "releases", manifest.version));
  refuseInTheWay(
    comparison,
    differing.filter((path) => !isSwitched(path, manifest)),
    isThere2
  );
}
async function checkWritable(deployRoot) {
  for (const folder of [".", "lib", "releases", "bin"]) {
    const path = join23(deployRoot, folder);
    const may = await access2(path, constants4.W_OK).then(
      () => true,
      (error) => error.code === "ENOENT"
    );
    if (may) continue;
    throw new NodeRefusedError(
      `This step's user (id ${process.getuid?.() ?? "unknown"}) cannot write to ${path}.`,
      { remedy: "Run the deploying job as the node's user or as root." }
    );
  }
}

// src/deploy/place/attempt.ts
async function placeAttempt(place, check) {
  const { manifest, full, session } = place;
  const { name, version } = manifest;
  const members = (full?.files ?? []).map(({ path }) => installedPath(path, manifest));
  const footprint = await session.recordFootprint(
    members.filter((path) => !isSwitched(path, manifest)),
    check.way === "install" ? [] : [
      ...["releases/RELEASES", "releases/start_erl.data", `bin/${name}`],
      ...switchedScripts(place),
      ...configurationFiles(version)
    ]
  );
  const { old } = check;
  return {
    ...{ name, version, footprint, way: check.way },
    from: old?.version ?? "",
    packageSha256: full?.sha256 ?? "",
    wasRegistered: false,
    ...old === void 0 ? {} : { fromErts: old.erts, ran: check.node !== void 0 },
    ...full === void 0 ? { goesBack: true } : {}
  };
}

// src/deploy/place/came-up.ts
import { setTimeout as setTimeout7 } from "node:timers/promises";

// src/deploy/place/start-node.ts
import { join as join24 } from "node:path";
import { setTimeout as setTimeout6 } from "node:timers/promises";

// src/deploy/place/stop-node.ts
import { setTimeout as setTimeout5 } from "node:timers/promises";

// src/deploy/place/placing.ts
function factsOf2({ place, attempt: attempt2 }, node) {
  const { name, version, from } = attempt2;
  return { root: place.deployRoot, name, version, upFrom: from, nodeName: node?.nodeName, pid: node?.pid };
}
function doneState({
  way,
  goesBack
}) {
  if (goesBack === true) return "downgraded";
  return way === "install" ? "installed" : "restarted";
}

// src/deploy/place/stop-node.ts
async function emulatorsOf({ deployRoot }) {
  const found = await Promise.all((await pidsOf(deployRoot)).map(identityOf));
  return found.filter((identity) => identity !== void 0);
}
async function stopRunning(place, runs, facts) {
  const processes = await emulatorsOf(place);
  if (processes.length === 0) return;
  if (place.commands.has("stop")) await place.commands.run("stop", facts);
  else await withNode(place, runs, ({ control }) => control.call("stop"));
  await waitUntilGone(place, processes);
  info("The node has stopped.");
}
async function waitUntilGone(place, processes) {
  const deadline = performance.now() + 1e3 * place.stopSeconds;
  for (; ; ) {
    const now = await emulatorsOf(place);
    const left = now.find((one) => processes.some((other) => isSameProcess(one, other)));
    if (left === void 0) return;
    if (performance.now() > deadline) {
      throw new ActionError(
        `The node (process id ${left.pid}) was told to stop, and did not within ${place.stopSeconds} seconds.`,
        { remedy: "See in its log what it waits for. It may still stop by itself." }
      );
    }
    await setTimeout5(25);
  }
}
async function stopNew({ place, attempt: attempt2, old }) {
  const before = place.session.journal.find("switch")?.process;
  const deadline = performance.now() + 1e3 * place.stopSeconds;
  for (; ; ) {
    const running = await emulatorsOf(place);
    if (running.length === 0) return void 0;
    if (old !== void 0 && running.every((one) => isSameProcess(one, before))) return void 0;
    const node = await findNode(place.deployRoot).catch(() => void 0);
    if (old !== void 0 && node?.booted === attempt2.from && attempt2.from !== attempt2.version)
      return void 0;
    try {
      await stopRunning(place, place.manifest, factsOf2({ place, attempt: attempt2 }, node));
      return void 0;
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      if (performance.now() > deadline || place.commands.has("stop")) return error;
    }
    await setTimeout5(500);
  }
}

// src/deploy/place/start-node.ts
var MANAGER_MS = 4e3;
var APPEARS_MS = 3e4;
var startedByOthers = { failure: () => void 0, close: () => Promise.resolve() };
async function startNode(place, facts, {
  environment,
  mayBeManaged
}) {
  if (mayBeManaged && await appears(place, MANAGER_MS) !== void 0) {
    info("Somebody else started it: the service manager, or an earlier run of this step.");
    return startedByOthers;
  }
  if (place.commands.has("start")) {
    await place.commands.run("start", facts);
    return startedByOthers;
  }
  return startScript(place, environment);
}
async function appears(place, limitMs) {
  const deadline = performance.now() + limitMs;
  for (; ; ) {
    const [found] = await emulatorsOf(place);
    if (found !== void 0 || performance.now() > deadline) return found;
    await setTimeout6(50);
  }
}
function startScript(place, environment) {
  const script = join24(place.deployRoot, "bin", place.manifest.name);
  const end = new AbortController();
  let failure2;
  const ended2 = runGroup(script, ["daemon"], {
    cwd: place.deployRoot,
    env: { ...nothingOfOurs(), ...environment },
    children: "leave",
    cancel: end.signal,
    onLine: (line) => info(neutralise(line))
  }).catch((error) => {
    if (end.signal.aborted) return;
    const how = error instanceof CommandFailedError ? error.end.text : errorMessage(error);
    failure2 = new ActionError(`The start script bin/${place.manifest.name} ${how}.`, {
      remedy: "Set `start-command` to what starts the service, e.g. sudo systemctl start myapp.",
      ...hints(error)
    });
  });
  info(`Started by bin/${place.manifest.name} daemon.`);
  return {
    failure: () => failure2,
    close: async () => {
      end.abort();
      await ended2;
    }
  };
}
var Arrival = class {
  constructor(place, started) {
    this.place = place;
    this.started = started;
  }
  place;
  started;
  begun = performance.now();
  seen = /* @__PURE__ */ new Set();
  gone;
  async look() {
    const failure2 = this.started.failure();
    if (failure2 !== void 0) throw failure2;
    const [now] = await emulatorsOf(this.place);
    if (now !== void 0) {
      this.gone = void 0;
      this.seen.add(`${now.pid} ${now.started}`);
      if (this.seen.size < 4) return now;
      throw new ActionError(
        `The node ends and is started again and again: ${this.seen.size} processes have come and gone since the start.`,
        { remedy: "See its log." }
      );
    }
    this.gone ??= performance.now();
    if (this.seen.size === 0 && performance.now() - this.begun > APPEARS_MS) {
      throw new ActionError("No node came up within 30 seconds after the start.", {
        remedy: "See its log, and what `start-command` does."
      });
    }
    if (this.seen.size > 0 && performance.now() - this.gone > MANAGER_MS) {
      throw new ActionError("The node ended while it was booting, and nobody started another one.", {
        remedy: "See its log."
      });
    }
    return void 0;
  }
};

// src/deploy/place/came-up.ts
async function cameUp(place, manifest, started) {
  const node = await untilStarted(place, manifest, started);
  const wrong = wrongWith(node.snapshot, manifest);
  if (wrong.length === 0) return node;
  node.context.control.close();
  throw new ActionError(`The node that was started has ${wrong.join("; ")}.`, {
    remedy: "See what else starts the service, and from where: bin/<name>, start_erl.data."
  });
}
function wrongWith(snapshot, manifest) {
  const { releases } = snapshot;
  const running = runningRelease(releases ?? [])?.version;
  return [
    ...verifyRunningCode({ applications: {} }, snapshot, manifest),
    ...releases === null || running === manifest.version ? [] : [`release ${running ?? "of no name"} instead of ${manifest.version}`]
  ];
}
async function untilStarted(place, manifest, started) {
  const { timeout = 60 } = place.plan.health;
  const deadline = performance.now() + 1e3 * timeout;
  const arrival = new Arrival(place, started);
  const asked = new Asked(place, manifest);
  for (; ; ) {
    try {
      const process2 = await arrival.look();
      const snapshot = process2 === void 0 ? void 0 : await asked.state(process2);
      if (snapshot?.status === "started" && asked.context !== void 0) {
        return { context: asked.context, snapshot };
      }
      if (performance.now() > deadline) throw asked.tooLate(timeout);
    } catch (error) {
      asked.close();
      throw error;
    }
    await setTimeout7(200);
  }
}
var Asked = class {
  constructor(place, manifest) {
    this.place = place;
    this.manifest = manifest;
  }
  place;
  manifest;
  context;
  process;
  failure;
  /** Undefined while it does not answer. */
  async state(process2) {
    try {
      if (!isSameProcess(this.process, process2)) this.close();
      this.context ??= await openNode(this.place, this.manifest);
      this.process = process2;
      return await readNodeState(this.context.control, 15);
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      this.failure = error;
      return void 0;
    }
  }
  close() {
    this.context?.control.close();
    this.context = void 0;
  }
  tooLate(seconds) {
    const last = this.failure === void 0 ? "" : ` The last look at it failed: ${this.failure.message}`;
    return new ActionError(`The node had not started all its applications after ${seconds} seconds.${last}`, {
      remedy: "See its log. If it takes so long as a rule, raise `health-timeout`.",
      details: this.failure?.details,
      cause: this.failure
    });
  }
};

// src/deploy/place/prove-placed.ts
async function provePlaced({ place, attempt: attempt2 }, context, booted) {
  const { manifest, plan, session } = place;
  const unwatched = await watchCrashes(context);
  if (unwatched !== void 0) session.findings.push(unwatched);
  const failure2 = await proveHealth({
    context,
    input: plan.health,
    stage: stageOf(context, "health", attempt2.from),
    verify: (now) => [...wrongWith(now, manifest), ...restartedSince(booted, now)],
    stopIfCancelled: () => session.stopIfCancelled()
  }).catch(asFailure2);
  const crash = failure2 ?? await crashFailure(context, session, plan.health.onCrash).catch(asFailure2);
  await forgetCrashes(context);
  if (crash !== void 0) throw crash;
}
function restartedSince(booted, now) {
  return now.instance === booted.instance && now.osPid === booted.osPid ? [] : [`been started again meanwhile (process id ${booted.osPid}, now ${now.osPid})`];
}
function asFailure2(error) {
  if (error instanceof CancelledError || !(error instanceof ActionError)) throw error;
  return error;
}

// src/deploy/place/start-environment.ts
import { constants as constants5 } from "node:fs";
import { readFile as readFile6, writeFile as writeFile8 } from "node:fs/promises";
import { join as join25 } from "node:path";

// src/node/service-environment.ts
import { userInfo } from "node:os";
var OF_THE_START = /* @__PURE__ */ new Set([
  ...["ROOTDIR", "BINDIR", "EMU", "PROGNAME", "ESCRIPT_NAME", "HEART_COMMAND", "ERL_LIBS"],
  ...["REL_NAME", "RELEASE_NAME", "RELEASE_VSN", "RELEASE_PROG", "RELEASE_ROOT_DIR"]
]);
var OF_THE_PROCESS = /* @__PURE__ */ new Set([
  ...["PWD", "OLDPWD", "SHLVL", "_", "RUNNER_TRACKING_ID"],
  ...["INVOCATION_ID", "NOTIFY_SOCKET", "JOURNAL_STREAM", "MAINPID", "SYSTEMD_EXEC_PID", "WATCHDOG_PID"],
  ...["WATCHDOG_USEC", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"]
]);
var PATHS = ["PATH", "LD_LIBRARY_PATH"];
var PLAIN = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" };
function serviceEnvironmentOf(node, root) {
  const kept = Object.entries(withoutRunnersOwn(node)).filter(
    ([name]) => !OF_THE_START.has(name) && !OF_THE_PROCESS.has(name)
  );
  const environment = Object.fromEntries(kept);
  for (const name of PATHS) {
    const folders = (environment[name] ?? "").split(":").filter((folder) => !isBelow(folder, root));
    const rest = folders.filter((folder) => folder !== "").join(":");
    if (rest === "") delete environment[name];
    else environment[name] = rest;
  }
  return environment;
}
function plainEnvironment() {
  try {
    return { ...PLAIN, HOME: userInfo().homedir };
  } catch {
    return { ...PLAIN, HOME: "/" };
  }
}
function isBelow(folder, root) {
  return folder === root || folder.startsWith(`${root}/`);
}

// src/deploy/place/start-environment.ts
var FILE = `${DEPLOY_FOLDER}/before/environment.json`;
async function keepEnvironment({ deployRoot }, ofNode) {
  if (ofNode === void 0) return;
  const file = join25(deployRoot, FILE);
  const flags = constants5.O_WRONLY | constants5.O_CREAT | constants5.O_EXCL;
  await writeFile8(file, JSON.stringify(serviceEnvironmentOf(ofNode, deployRoot)), {
    flag: flags,
    mode: 384
  });
  await sync(file);
}
async function startEnvironment2({
  deployRoot,
  serviceEnvironment
}) {
  const kept = await readFile6(join25(deployRoot, FILE), "utf8").catch(() => "{}");
  return { ...plainEnvironment(), ...JSON.parse(kept), ...serviceEnvironment };
}

// src/deploy/place/bring-up.ts
async function bringUp(placing) {
  const { place } = placing;
  const { session, manifest, plan } = place;
  const started = await plan.phase("Deploy: start", () => startNew(placing));
  try {
    const { context, snapshot } = await plan.phase("Deploy: boot", () => cameUp(place, manifest, started));
    try {
      await session.note({ step: "started" });
      info(`${manifest.version} runs, started anew: the code is the package's.`);
      await plan.phase("Deploy: health", () => provePlaced(placing, context, snapshot));
      return snapshot;
    } finally {
      context.control.close();
    }
  } finally {
    await started.close();
  }
}
async function startNew(placing) {
  const { place } = placing;
  const stopped = await stopOld(placing);
  if (!stopped && (await emulatorsOf(place)).length > 0) return startedByOthers;
  const mayBeManaged = placing.old !== void 0 || place.session.journal.has("start");
  await place.session.note({ step: "start" });
  const environment = await startEnvironment2(place);
  return startNode(place, factsOf2(placing), { environment, mayBeManaged });
}
async function stopOld(placing) {
  const { place, attempt: attempt2, old } = placing;
  const running = await emulatorsOf(place);
  if (old === void 0 || running.length === 0) return false;
  const before = place.session.journal.find("switch")?.process;
  const isOld = running.some((one) => isSameProcess(one, before));
  const node = await findNode(place.deployRoot);
  if (!isOld && (node.booted === void 0 || node.booted === attempt2.version)) return false;
  await place.session.note({ step: "stop" });
  await stopRunning(place, old, factsOf2(placing, node));
  return true;
}

// src/deploy/place/finish-placed.ts
async function finishPlaced({ place, attempt: attempt2 }) {
  const { session, manifest, plan } = place;
  return withNode(place, manifest, async (context) => {
    await noteDeployed({ ...context, session }, manifest.version);
    const snapshot = await readNodeState(context.control);
    if (snapshot.releases !== null && attempt2.goesBack !== true && attempt2.way === "restart") {
      await plan.phase(
        "Deploy: old releases",
        () => removeOldReleases({ ...context, session }, plan.keepReleases)
      );
    }
    if (attempt2.goesBack !== true) await keepManifest(session, place.deployRoot, manifest);
    await session.end(doneState(attempt2));
    return readNodeState(context.control).catch(() => snapshot);
  });
}

// src/deploy/place/start-old.ts
async function startOld(placing, old) {
  const { place, attempt: attempt2 } = placing;
  const { session, plan } = place;
  let started = startedByOthers;
  try {
    let up = await stillUp(place, old);
    if (up === void 0) {
      if (session.journal.last?.step !== "start-old") await session.note({ step: "start-old" });
      const environment = await startEnvironment2(place);
      started = await startNode(place, factsOf2(placing), { environment, mayBeManaged: true });
      up = await cameUp(place, old, started);
    }
    const { context } = up;
    try {
      const failure2 = await proveHealth({
        context,
        input: { ...plan.health, soak: 0, timeout: 20 },
        stage: stageOf({ ...context, manifest: place.manifest }, "after-downgrade", attempt2.from),
        verify: (now) => wrongWith(now, old)
      }).catch(asError);
      await correctDeployed({ ...context, session }, attempt2.from);
      return failure2 === void 0 ? {} : { sick: `It is not healthy either: ${unended(failure2.message)}.` };
    } finally {
      context.control.close();
    }
  } catch (error) {
    return { failure: asError(error) };
  } finally {
    await started.close();
  }
}
async function stillUp(place, old) {
  if ((await emulatorsOf(place)).length === 0) return void 0;
  try {
    return await cameUp(place, old, startedByOthers);
  } catch (error) {
    if (!(error instanceof ActionError) || (await emulatorsOf(place)).length > 0) throw error;
    return void 0;
  }
}
function asError(error) {
  if (!(error instanceof ActionError)) throw error;
  return error;
}

// src/deploy/place/take-back.ts
import { readdir as readdir6, rm as rm9 } from "node:fs/promises";
import { join as join26 } from "node:path";
async function putBootBack({ place, attempt: attempt2 }) {
  await putBack(place.deployRoot, attempt2.footprint);
}
async function takeFilesBack(placing) {
  const { place, attempt: attempt2 } = placing;
  const { deployRoot } = place;
  try {
    await rm9(stagedFolder(place), { recursive: true, force: true });
    if (attempt2.way === "install") await emptyRoot(place);
    const left = await removeAdded(deployRoot, attempt2.footprint);
    await putBack(deployRoot, attempt2.footprint);
    if (left.length === 0) return { restored: true, sentence: "Its files are as they were." };
    return notRestored(`something else lies in ${left.join(", ")}`);
  } catch (error) {
    return notRestored(unended(errorMessage(error)));
  }
}
async function undoFiles(placing, why) {
  const { session } = placing.place;
  await session.giveRoom();
  await rm9(stagedFolder(placing.place), { recursive: true, force: true });
  if (session.journal.last?.step !== "undo") await session.note({ step: "undo", reason: why });
  return takeFilesBack(placing);
}
async function emptyRoot(place) {
  if ((await emulatorsOf(place)).length > 0) throw new Error("a node runs from it");
  for (const name of await readdir6(place.deployRoot)) {
    if (name !== DEPLOY_FOLDER) await rm9(join26(place.deployRoot, name), { recursive: true, force: true });
  }
}
function notRestored(why) {
  return { restored: false, sentence: `What was unpacked could not be taken back: ${why}.` };
}

// src/deploy/place/go-back.ts
async function goBack2(placing, why, cause) {
  const { place, attempt: attempt2, old } = placing;
  const { session } = place;
  await session.giveRoom();
  if (!session.journal.has("back")) await session.note({ step: "back", reason: why });
  await putBootBack(placing);
  const running = await stopNew(placing);
  if (running !== void 0) return notStopped(why, running, cause);
  const files = await takeFilesBack(placing);
  if (old === void 0 || attempt2.ran !== true) {
    const boots = old === void 0 ? "" : ` The next start boots ${attempt2.from}.`;
    if (files.restored) await session.end("untouched");
    const state = files.restored ? "untouched" : "stopped";
    return told(state, [why, `No node runs, as before.${boots}`, files.sentence], cause);
  }
  const { failure: failure2, sick } = await startOld(placing, old);
  if (failure2 !== void 0) return notUp({ placing, why, failure: failure2, files });
  info(`${attempt2.from} runs again: the code is that of the release.`);
  if (files.restored) await session.end("rebooted-into-old");
  const sentences = [why, `The node was started anew with ${attempt2.from}, which runs again.`, sick];
  return told("rebooted-into-old", [...sentences, files.sentence], cause);
}
function notStopped(why, failure2, cause) {
  return new DeployError(`${why} Going back failed: ${failure2.message}`, "unknown", {
    remedy: "When it has stopped, run this step again: it goes on from here.",
    ...hints(cause),
    cause: failure2
  });
}
async function notUp({
  placing: { place, attempt: attempt2 },
  why,
  failure: failure2,
  files
}) {
  const runs = (await emulatorsOf(place)).length > 0;
  const state = runs ? "unknown" : "stopped";
  if (files.restored) await place.session.end(state);
  const now = runs ? void 0 : `No node runs now; the next start boots ${attempt2.from}.`;
  const sentence = `${attempt2.from} did not come up again: ${failure2.message}`;
  return new DeployError(joined([why, sentence, now, files.sentence]), state, {
    remedy: "See the log of the node, and start it.",
    details: failure2.details,
    cause: failure2
  });
}
function told(state, sentences, cause) {
  return new DeployError(joined(sentences), state, { ...hints(cause), cause });
}
function joined(sentences) {
  return sentences.filter((sentence) => sentence !== void 0).join(" ");
}

// src/deploy/place/stage-package.ts
var import_tar_stream = __toESM(require_tar_stream(), 1);
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod as chmod2, mkdir as mkdir6, open, rm as rm10, symlink as symlink2 } from "node:fs/promises";
import { dirname as dirname5, join as join27 } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
async function stagePackage(source, folder) {
  await rm10(folder, { recursive: true, force: true });
  await mkdir6(folder, { recursive: true, mode: 448 });
  const listed = new Map(source.files.map((file) => [file.path, file]));
  const members = { folders: /* @__PURE__ */ new Map(), links: /* @__PURE__ */ new Map(), files: /* @__PURE__ */ new Set() };
  try {
    await eachMember(source.path, (entry) => take({ entry, folder, listed, members, source }));
    for (const [path, target] of members.links) await symlink2(target, await placeFor(folder, path));
    for (const [path, mode] of [...members.folders].reverse()) await chmod2(join27(folder, path), mode);
  } catch (error) {
    if (error instanceof NodeRefusedError) throw error;
    const full = explainFullDisk(error, folder, "the package cannot be unpacked");
    throw full instanceof NodeRefusedError ? full : damaged(source, error);
  }
  const missing = source.files.find(({ path }) => !members.files.has(path));
  if (missing !== void 0) throw notListed(source, `${missing.path} is missing`);
}
async function eachMember(path, work) {
  const tar = (0, import_tar_stream.extract)();
  const taken = (async () => {
    for await (const entry of tar) await work(entry);
  })();
  const [failed, read] = await Promise.allSettled([
    taken,
    pipeline(createReadStream(path), createGunzip(), tar)
  ]);
  if (failed.status === "rejected") throw failed.reason;
  if (read.status === "rejected") throw read.reason;
}
async function take({
  entry,
  folder,
  listed,
  members,
  source
}) {
  const { type = "file", mode = 420, linkname } = entry.header;
  const path = entry.header.name.replace(/^\.\//, "").replace(/\/$/, "");
  if (path === "" || path === ".") return void entry.resume();
  if (!path.split("/").every(isPathComponent)) throw notListed(source, `${path} leads out of it`);
  if (type === "directory") {
    members.folders.set(path, mode & 511);
    await mkdir6(join27(folder, path), { recursive: true, mode: 493 });
  } else if (type === "symlink" && typeof linkname === "string") {
    members.links.set(path, linkname);
  } else if (type === "file" || type === "contiguous-file") {
    const file = listed.get(path);
    if (file === void 0) throw notListed(source, `${path} is not listed`);
    if (!await write(entry, await placeFor(folder, path), { file, mode })) {
      throw notListed(source, `${path} has other content`);
    }
    members.files.add(path);
    return;
  } else {
    throw notListed(source, `${path} is neither a file nor a folder nor a symbolic link`);
  }
  entry.resume();
}
async function placeFor(folder, path) {
  const place = join27(folder, path);
  await mkdir6(dirname5(place), { recursive: true, mode: 493 });
  return place;
}
async function write(entry, place, { file, mode }) {
  const hash = createHash("sha256");
  let size = 0;
  const handle = await open(place, "wx", 384);
  try {
    for await (const chunk of entry) {
      size += chunk.length;
      if (size > file.size) return false;
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.chmod(mode & 511);
  } finally {
    await handle.close();
  }
  return size === file.size && hash.digest("hex") === file.sha256;
}
function notListed({ path }, what) {
  return new NodeRefusedError(
    `The package ${path} is not the release that its manifest describes: ${what}.`,
    { remedy: "Use package and manifest as relup-action made them." }
  );
}
function damaged({ path }, cause) {
  return new NodeRefusedError(`The archive ${path} is damaged or incomplete.`, {
    remedy: "Download package and manifest again, from the same artifact.",
    cause
  });
}

// src/deploy/place/switch-boot.ts
import { writeFile as writeFile9 } from "node:fs/promises";
import { join as join28 } from "node:path";
async function switchBoot(place, booted) {
  const { deployRoot, manifest, privateFolder } = place;
  const installed = join28(deployRoot, "releases/RELEASES");
  const staged = join28(stagedFolder(place), "releases/RELEASES");
  const merged = join28(privateFolder, "RELEASES");
  const source = await exists(staged) ? staged : installed;
  const erlang = await place.erlangOf(booted);
  await erlang.query("releases", [installed, source, manifest.version, merged]);
  await put2(place, "releases/RELEASES", merged);
  const data = join28(privateFolder, "start_erl.data");
  await writeFile9(data, `${manifest.erts} ${manifest.version}`);
  await put2(place, "releases/start_erl.data", data);
  await putScripts(place);
}
async function put2({ deployRoot }, path, source) {
  await replaceFile(await placeInRoot(deployRoot, path), source, { ...ownUser(), mode: 420 });
}

// src/deploy/place/place-release.ts
async function placeRelease(place, check) {
  const attempt2 = await placeAttempt(place, check);
  await place.session.begin(attempt2);
  const placing = { place, attempt: attempt2, old: check.old };
  try {
    await prepare(placing, check);
  } catch (cause) {
    throw await notBegun(placing, cause);
  }
  return forward(placing);
}
async function prepare(placing, check) {
  const { place, attempt: attempt2 } = placing;
  const { session, plan, full, manifest } = place;
  await plan.phase("Deploy: unpack", async () => {
    await keepEnvironment(place, check.node?.environment);
    await session.note({ step: "unpack" });
    if (full !== void 0) {
      await stagePackage(full, stagedFolder(place));
      session.stopIfCancelled();
      const count = await putFiles(place, check.way);
      info(`${manifest.version} is unpacked: ${count} files were put in place, each as the manifest has it.`);
    }
    await session.takeRoom();
  });
  session.stopIfCancelled();
  await plan.phase("Deploy: before", () => runBefore(session, place.commands, factsOf2(placing, check.node)));
  if (attempt2.way === "install") return;
  const [process2 = null] = await emulatorsOf(place);
  await session.note({ step: "switch", process: process2 });
}
async function notBegun(placing, cause) {
  const { place, attempt: attempt2 } = placing;
  const { session } = place;
  const { restored, sentence } = await undoFiles(placing, errorMessage(cause));
  if (restored) await session.end("untouched");
  const runs = attempt2.ran === true ? ` The node runs ${attempt2.from}.` : "";
  return new DeployError(`${errorMessage(cause)}${runs} ${sentence}`, restored ? "untouched" : "unpacked", {
    ...hints(cause),
    cause
  });
}
async function forward(placing) {
  const { place, attempt: attempt2 } = placing;
  try {
    if (attempt2.way === "restart") await switchAll(placing);
    await bringUp(placing);
  } catch (error) {
    if (error instanceof CancelledError) throw stoppedThere(placing, error);
    if (!(error instanceof ActionError)) throw error;
    const why = `${attempt2.version} does not run as it should: ${unended(error.message)}.`;
    const cause = new ActionError(why, { ...hints(error), cause: error });
    if (place.plan.onFailure === "leave") throw stoppedThere(placing, cause);
    throw await place.plan.phase("Deploy: back", () => goBack2(placing, why, cause));
  }
  return finishPlaced(placing);
}
async function switchAll({ place, attempt: attempt2 }) {
  await place.session.giveRoom();
  await switchBoot(place, { version: attempt2.from, erts: attempt2.fromErts ?? place.manifest.erts });
  info(`The next start boots ${attempt2.version}.`);
}
function stoppedThere({ attempt: attempt2 }, cause) {
  const state = attempt2.way === "install" ? "installed" : "restarted";
  return new DeployError(`${cause.message} ${attempt2.version} stays as it is, and is what boots.`, state, {
    ...hints(cause),
    remedy: "Run this step again: it goes on from here.",
    cause
  });
}

// src/deploy/way.ts
function wayOf(known) {
  const { manifest, root, node, allowRestart } = known;
  const { name, version } = manifest;
  if (root === "empty") {
    return { way: "install", said: `Way: install ${name} ${version}, because nothing is installed there.` };
  }
  if (runsUnproven(manifest, node)) {
    return { way: "restart", said: `Nothing to do: ${name} ${version} runs already.`, runsAlready: true };
  }
  const why = allowRestart ? whyRestart(manifest, node) : void 0;
  if (why !== void 0) {
    return { way: "restart", said: `Way: restart into ${name} ${version}, because ${why}.` };
  }
  return { way: "hot", said: `Way: hot, to ${name} ${version}.` };
}
function runsUnproven({ version, upgradeKind = "hot", verdict = "hot" }, node) {
  if (typeof node === "string" || upgradeKind === "hot" && verdict === "hot") return false;
  return node.releases?.some((one) => one.version === version && one.status === "permanent") === true;
}
function whyRestart(manifest, node) {
  const { version, upgradeKind = "hot", verdict = "hot", erts, toolchain, upFrom } = manifest;
  if (node === "silent") return void 0;
  if (node === "none") return "no node runs from what is installed";
  if (toolchain.otpRelease === "") return "no relup of what runs leads to it";
  if (node.erts !== erts || node.otp !== toolchain.otpRelease) {
    return `the node runs OTP ${node.otp} (ERTS ${node.erts}), and the package has OTP ${toolchain.otpRelease} (ERTS ${erts})`;
  }
  if (node.releases === null) return "sasl does not run on the node";
  const runs = runningRelease(node.releases)?.version ?? "nothing";
  if (runs === version) return void 0;
  if (upgradeKind !== "hot") return `its upgrade kind is ${upgradeKind}`;
  if (verdict !== "hot") return `it was not proven by a rehearsal (verdict ${verdict})`;
  return upFrom.some((release) => release.version === runs) ? void 0 : `it does not upgrade from ${runs}, which the node runs`;
}

// src/deploy/deploy-by-way.ts
async function deployByWay(site, session) {
  const look = await lookAt(site);
  try {
    const chosen = chosenWay(site, look);
    if (chosen.way === "hot" && look.context !== void 0) {
      return { ...await deployHot(site, session, look.context), way: chosen.said };
    }
    return await deployPlaced(site, session, { look, chosen });
  } finally {
    look.context?.control.close();
  }
}
function chosenWay({ options }, { root, node }) {
  const { manifest, allowRestart = false } = options;
  const chosen = wayOf({ manifest, root, node, allowRestart });
  info(chosen.said);
  return chosen;
}
async function deployPlaced(site, session, { look, chosen }) {
  const { manifest } = site.options;
  const check = await site.plan.phase("Deploy: preflight", async () => {
    const input = await placeInput(site, look, session.findings);
    return checkPlace(input);
  });
  look.context?.control.close();
  session.stopIfCancelled();
  if (chosen.runsAlready === true && check.before !== void 0) {
    const node = summary(check.before);
    const { version: deployedVersion } = manifest;
    return { deployedVersion, nodeState: "upgraded", before: node, after: node, way: chosen.said };
  }
  const after2 = await placeRelease(placeOf(site, session), check);
  const { before } = check;
  info(`Releases before: ${releasesText(before?.releases ?? null)}; after: ${releasesText(after2.releases)}.`);
  return {
    deployedVersion: manifest.version,
    nodeState: doneState({ way: check.way, goesBack: site.options.goesBack }),
    ...before === void 0 ? {} : { before: summary(before) },
    after: summary(after2),
    way: chosen.said
  };
}
async function placeInput(site, look, findings) {
  const { options, deployRoot, commands, plan } = site;
  const { manifest, fullPackage: full, privateFolder } = options;
  const { root, node, context } = look;
  if (full === void 0 && options.goesBack !== true) {
    throw new NodeRefusedError(
      `The full package of ${manifest.name} ${manifest.version} is missing, and only that can be installed or restarted into.`,
      { remedy: "Keep packages and manifest together, as they are in the artifact." }
    );
  }
  const old = root === "empty" ? void 0 : await installedRelease(site, node);
  const erlang = old === void 0 ? void 0 : await site.erlangOf(old);
  return {
    way: root === "empty" ? "install" : "restart",
    old,
    node: context?.node,
    before: typeof node === "string" ? void 0 : node,
    ...{ deployRoot, manifest, full, findings },
    comparison: erlang === void 0 || full === void 0 ? void 0 : { erlang, deployRoot, upgradePackage: full, manifest, privateFolder },
    checkUrl: plan.health.checkUrl ?? "",
    hasStart: commands.has("start")
  };
}

// src/deploy/dry-run.ts
async function dryRun(site) {
  const { deployRoot } = site;
  const findings = [];
  const look = await lookAt(site);
  try {
    const { way, said } = chosenWay(site, look);
    const record = { findings, journal: [] };
    if (way === "hot" && look.context !== void 0) {
      return { ...await dryRunHot(site, look.context, findings), way: said, dryRun: true, record };
    }
    const obstacles = new Obstacles();
    await obstacles.check(() => checkOtherDeploys(deployRoot));
    const { before } = await checkPlace(await placeInput(site, look, findings), obstacles);
    info("Nothing stands against it.");
    const node = before === void 0 ? {} : { before: summary(before), after: summary(before) };
    return {
      deployedVersion: runningRelease(before?.releases ?? [])?.version ?? "",
      nodeState: "untouched",
      ...node,
      ...{ way: said, dryRun: true, record }
    };
  } finally {
    look.context?.control.close();
  }
}
async function dryRunHot(site, context, findings) {
  const { options, plan } = site;
  const { manifest } = options;
  checkHot(site);
  const { checkUrl } = plan.health;
  const { snapshot, runs } = await checkWithoutChange(context, {
    onFailure: plan.onFailure,
    findings,
    checkUrl
  });
  info(
    runs === manifest.version ? `The node runs ${manifest.name} ${runs} already.` : `The node can be upgraded from ${runs} to ${manifest.version}.`
  );
  const node = summary(snapshot);
  return { deployedVersion: runs, nodeState: "untouched", before: node, after: node };
}

// src/deploy/place/resume-placed.ts
async function resumePlaced(placing, isSame3) {
  const { place, attempt: attempt2 } = placing;
  const { session, plan } = place;
  const { journal } = session;
  info(
    `An earlier deploy of ${attempt2.version} was not finished; the last step of its journal is ${journal.last?.step ?? "begin"}.`
  );
  if (!journal.has("switch") && !journal.has("start")) return undo2(placing);
  if (!isSame3) {
    throw new DeployError(
      `An earlier deploy of ${attempt2.version} was not finished, so ${place.manifest.version} cannot be deployed yet.`,
      "unknown",
      {
        remedy: `Run the step that deploys ${attempt2.version} again, with the same package: it goes on or goes back.`
      }
    );
  }
  const back = journal.find("back");
  if (back !== void 0) throw await plan.phase("Deploy: back", () => goBack2(placing, back.reason));
  const after2 = await forward(placing);
  return { deployedVersion: attempt2.version, nodeState: doneState(attempt2), after: summary(after2) };
}
async function undo2(placing) {
  const { session } = placing.place;
  const { version } = placing.attempt;
  const { restored, sentence } = await undoFiles(placing, "an earlier run was interrupted");
  if (!restored) {
    throw new DeployError(`An earlier deploy of ${version} was not finished. ${sentence}`, "unpacked", {
      remedy: "Remove what is in the way, then run this step again."
    });
  }
  await session.endAnew("untouched");
  info(`What the earlier deploy of ${version} had begun is taken back. ${sentence}`);
  return void 0;
}

// src/deploy/resume.ts
async function settleEarlier(context, health) {
  const { journal } = context.session;
  const attempt2 = journal.unfinished;
  if (attempt2 === void 0) return;
  const step = journal.last?.step ?? "begin";
  info(`An earlier deploy of ${attempt2.version} was not finished; the last step of its journal is ${step}.`);
  if (!journal.has("install")) return takeBack2(context, attempt2, { nodeState: "untouched", anew: true });
  const snapshot = await settle(context);
  if (snapshot === void 0) throw notSettled(attempt2);
  if (!isSame(context, attempt2)) return settleOther(context, attempt2, snapshot);
  await settleInstalled({ context, attempt: attempt2, snapshot, health });
}
async function settleInstalled({
  context,
  attempt: attempt2,
  snapshot,
  health
}) {
  const { session, manifest, node } = context;
  const before = await comparable(session.journal.find("install")?.before, node.pid);
  const failure2 = installFailure(manifest, { snapshot: before, runs: attempt2.from }, snapshot);
  const back = session.journal.find("downgrade");
  if (back !== void 0 && failure2?.nodeState !== "rebooted-into-old") {
    throw await downgrade({ context, attempt: attempt2, why: back.reason, health });
  }
  if (failure2 === void 0) {
    info(`${attempt2.version} runs: the code is the package's.`);
    return;
  }
  if (isPermanent2(snapshot, attempt2.version)) await bootNext(context, attempt2);
  if (!failure2.runsOld) {
    const { sentence, nodeState, remedy } = failure2;
    throw new DeployError(sentence, nodeState, defined({ remedy }));
  }
  info(failure2.sentence);
  await takeBack2(context, attempt2, { nodeState: failure2.nodeState, anew: back === void 0 });
  if (back !== void 0) throw new DeployError(`${back.reason} ${failure2.sentence}`, failure2.nodeState);
}
async function settleOther(context, attempt2, snapshot) {
  if (context.session.journal.last?.step === "remove-release") return context.session.end("upgraded");
  const status = snapshot.releases?.find(({ version }) => version === attempt2.version)?.status;
  const idle = status === void 0 || status === "unpacked" || status === "old";
  if (idle && !usesAdded(context, attempt2, snapshot))
    return takeBack2(context, attempt2, { nodeState: "untouched", anew: true });
  throw new DeployError(
    `An earlier deploy of ${attempt2.version} was not finished, so ${context.manifest.version} cannot be deployed yet: release_handler lists ${releasesText(snapshot.releases)}.`,
    "installed-not-permanent",
    {
      remedy: `Run the step that deploys ${attempt2.version} again, with the same package: it goes on or goes back. Or restart the node, if ${attempt2.from} is to run.`
    }
  );
}
async function takeBack2(context, attempt2, how) {
  const why = "an earlier run was interrupted";
  const { restored, installed, sentence } = await undo({ context, attempt: attempt2, why, ...how });
  if (restored) {
    info(`What the earlier deploy of ${attempt2.version} had begun is taken back. ${sentence}`);
    return;
  }
  if (installed && isSame(context, attempt2)) {
    info(`${attempt2.version} was installed by somebody else.`);
    return;
  }
  const state = installed ? "installed-not-permanent" : "unpacked";
  throw new DeployError(`An earlier deploy of ${attempt2.version} was not finished. ${sentence}`, state, {
    remedy: "Remove what is in the way, then run this step again."
  });
}
async function bootNext(context, { name, version }) {
  await context.session.note({ step: "start-script" });
  await replaceStartScript(context.deployRoot, name, version);
  throw new DeployError(
    `${version} was made permanent by an earlier deploy, but then the node was restarted, and runs the release before it.`,
    "rebooted-into-old",
    { remedy: `Restart the node: it boots ${version} now. Then run this step again.` }
  );
}
async function comparable(before, pid) {
  const same = isSameProcess(before?.process, await identityOf(pid));
  const empty = { osPid: "", environment: 0, applications: {}, process: null };
  return { ...empty, ...before, instance: same ? before?.instance ?? "" : "" };
}
function isSame({ manifest, upgradePackage }, attempt2) {
  return isDeployOf(attempt2, manifest, [upgradePackage.sha256]);
}
function isPermanent2({ releases }, version) {
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

// src/deploy/resume-any.ts
async function finishEarlier(site, session) {
  const { unfinished: attempt2, last } = session.journal;
  if (attempt2 === void 0) return void 0;
  if (last?.step === "after") return afterAgain(site, session, { attempt: attempt2, nodeState: last.nodeState });
  if (attempt2.way === "install" || attempt2.way === "restart") return resumeIt(site, session, attempt2);
  const context = await contextOf(site);
  try {
    await settleEarlier(upgradeContext(context, session), site.plan.health);
    return void 0;
  } finally {
    context.control.close();
  }
}
var SUCCEEDED = ["upgraded", "installed", "restarted"];
async function afterAgain(site, session, { attempt: attempt2, nodeState }) {
  info(`Of an earlier deploy of ${attempt2.version} (${nodeState}) the \`after\` command was left to run.`);
  const { name, version, from: upFrom } = attempt2;
  const facts = { root: site.deployRoot, name, version, upFrom, nodeState };
  const failure2 = await runAfter(session, site.commands, facts);
  if (failure2 !== void 0) {
    const error = new DeployError(failure2.message, nodeState, { remedy: failure2.remedy, cause: failure2 });
    error.isAfter = true;
    throw error;
  }
  if (session.journal.last?.step === "after") await session.endWhole(nodeState);
  const succeeded = SUCCEEDED.includes(nodeState) || attempt2.goesBack === true && nodeState === "downgraded";
  return succeeded && isSame2(site, attempt2) ? { deployedVersion: version, nodeState } : void 0;
}
async function resumeIt(site, session, attempt2) {
  const { from: version, fromErts: erts } = attempt2;
  const old = erts === void 0 ? void 0 : await describeInstalled(site, { version, erts });
  const placing = { place: placeOf(site, session), attempt: attempt2, old };
  return resumePlaced(placing, isSame2(site, attempt2));
}
function isSame2({ options }, attempt2) {
  const { manifest, upgradePackage, fullPackage } = options;
  const packages = [
    upgradePackage?.sha256,
    fullPackage?.sha256,
    ...fullPackage ?? upgradePackage ? [] : [""]
  ];
  return isDeployOf(attempt2, manifest, packages);
}

// src/deploy/deploy.ts
async function deployRelease(options) {
  const site = await siteOf(options);
  return options.dryRun === true ? dryRun(site) : inSession(site);
}
async function inSession(site) {
  const session = await openSession(site);
  const record = () => ({ findings: session.findings, journal: session.journal.entries });
  try {
    const result = await deploy(site, session);
    const failure2 = await after(site, session, result.nodeState);
    if (failure2 === void 0) return { ...result, record: record() };
    throw afterFailed(failure2, result);
  } catch (error) {
    const told2 = error instanceof DeployError ? await afterFailure(site, session, error) : error;
    if (told2 instanceof DeployError) told2.record = record();
    throw told2;
  } finally {
    await session.close();
  }
}
async function openSession(site) {
  const { options, deployRoot, commands } = site;
  const { name, version } = options.manifest;
  const { lockSeconds = 120, cancel } = options;
  return DeploySession.open({
    deployRoot,
    owner: await ownerOf(site),
    what: `${name} ${version}`,
    waitSeconds: lockSeconds,
    cancel,
    hasCommands: ["before", "after", "start", "stop"].some((one) => commands.has(one)),
    hasAfter: commands.has("after")
  });
}
async function ownerOf({
  deployRoot,
  options
}) {
  const own = ownUser();
  if (await rootState(deployRoot) !== "installed") {
    await makeRoot(deployRoot);
    return own;
  }
  if ((await Journal.unfinishedIn(deployRoot))?.way !== void 0) return own;
  if (options.allowRestart !== true) return findNode(deployRoot);
  await startData(deployRoot);
  return await anyNodeRuns(deployRoot) ? nodeUser(deployRoot) : own;
}
async function deploy(site, session) {
  if (session.journal.unfinished !== void 0) {
    const done = await site.plan.phase("Deploy: earlier deploy", () => finishEarlier(site, session));
    if (done !== void 0) return done;
  }
  return deployByWay(site, session);
}
function after({ deployRoot: root, commands }, session, nodeState) {
  const begin = session.journal.find("begin");
  const { name = "", version = "", from: upFrom = "" } = begin?.attempt ?? {};
  return runAfter(session, commands, { root, name, version, upFrom, nodeState });
}
function afterFailed(failure2, { deployedVersion, nodeState }) {
  const error = new DeployError(
    `${failure2.message} The deploy itself has come to its end: ${deployedVersion} runs.`,
    nodeState,
    {
      remedy: "Run this step again: it runs that command again, and nothing else.",
      details: failure2.details,
      cause: failure2
    }
  );
  error.isAfter = true;
  return error;
}
async function afterFailure(site, session, error) {
  if (error.isAfter) return error;
  const failure2 = await after(site, session, error.nodeState);
  if (failure2 === void 0) return error;
  const { remedy, details, cause, nodeState } = error;
  return new DeployError(`${error.message} ${failure2.message}`, nodeState, { remedy, details, cause });
}

// src/deploy/versions/deploy-version.ts
import { realpath as realpath2 } from "node:fs/promises";
import { join as join29 } from "node:path";

// src/deploy/versions/way-back.ts
function wayBack(runs, version) {
  const target = runs.upFrom.find((one) => one.version === version);
  const down = runs.relup?.down.find((one) => one.version === version);
  const up = runs.relup?.up.find((one) => one.version === version);
  if (target === void 0 || down === void 0 || up === void 0) return void 0;
  const { name, erts, toolchain, applications, selfMade } = runs;
  const turned = { version: runs.version };
  return {
    ...{ name, version, erts, toolchain },
    ...{ upgradeKind: "hot", verdict: "hot" },
    applications: target.applications,
    ...target.selfMade === void 0 ? {} : { selfMade: target.selfMade },
    ...target.commit === void 0 ? {} : { commit: target.commit },
    upFrom: [
      {
        ...turned,
        applications,
        ...selfMade === void 0 ? {} : { selfMade },
        ...runs.commit === void 0 ? {} : { commit: runs.commit }
      }
    ],
    relup: {
      up: [{ ...turned, instructions: down.instructions }],
      down: [{ ...turned, instructions: up.instructions }]
    }
  };
}

// src/deploy/versions/deploy-version.ts
async function deployVersion(options) {
  const { version: runs } = await startData(options.deployRoot);
  const deployRoot = await realpath2(options.deployRoot);
  const target = await targetOf(options, deployRoot, runs);
  if ("nothing" in target) return nothingToDo(target.nothing, runs);
  const { version } = target;
  if (!await exists(join29(deployRoot, "releases", version, "start.boot"))) {
    throw new NodeRefusedError(`The release ${version} is not installed in ${deployRoot}.`, {
      remedy: "Write a version of those below releases/, or deploy its package."
    });
  }
  const manifest = await manifestFor({ ...options, deployRoot }, runs, version);
  return deployRelease({ ...options, manifest, goesBack: true });
}
async function targetOf(options, deployRoot, runs) {
  const { version, manifest } = options;
  const journal = await Journal.read(deployRoot);
  const unfinished = unfinishedBack(journal);
  if (unfinished !== void 0 && (version === "previous" || version === unfinished)) {
    return { version: unfinished };
  }
  await checkOtherDeploys(deployRoot);
  if (manifest !== void 0 && manifest.version !== runs) {
    const nothing = `What is installed boots ${runs}, not ${manifest.version}, so there is nothing to take back.`;
    if (version === "previous") return { nothing };
    throw new NodeRefusedError(nothing, { remedy: "Leave the package out, or deploy it first." });
  }
  if (version !== "previous") {
    return version === runs ? { nothing: `What is installed boots ${runs} already.` } : { version };
  }
  return previous(journal);
}
function unfinishedBack(journal) {
  const [first] = journal;
  if (first?.step !== "begin" || first.attempt.goesBack !== true) return void 0;
  return journal.at(-1)?.step === "end" ? void 0 : first.attempt.version;
}
function previous(journal) {
  const [first] = journal;
  const last = journal.at(-1);
  const changed = last?.step === "end" && ["upgraded", "restarted"].includes(last.nodeState);
  if (first?.step !== "begin" || !changed || first.attempt.from === first.attempt.version) {
    return { nothing: "The latest deploy left another release than before on no node here." };
  }
  return { version: first.attempt.from };
}
function nothingToDo(way, runs) {
  info(way);
  const record = { findings: [], journal: [] };
  return { deployedVersion: runs, nodeState: "untouched", way, record };
}
async function manifestFor(options, runs, version) {
  const { deployRoot, manifest } = options;
  const kept = manifest ?? await keptManifest(deployRoot, runs);
  const back = kept === void 0 ? void 0 : wayBack(kept, version);
  if (back !== void 0) return back;
  if (options.allowRestart !== true) {
    throw new NodeRefusedError(
      `There is no hot way from ${runs} to ${version}: no manifest of ${runs} is kept here whose relup leads down to it.`,
      { remedy: "Set `allow-restart: true`, and the node is restarted into it." }
    );
  }
  return restartManifest(options, version);
}
async function restartManifest(options, version) {
  const boots = await startData(options.deployRoot);
  const bare = {
    ...{ name: "", version: "", erts: boots.erts, applications: [], upFrom: [] },
    toolchain: { otpRelease: "", architecture: "" }
  };
  const site = await siteOf({ ...options, manifest: bare });
  const found = await describeInstalled(site, { version, erts: boots.erts });
  return { ...found, upgradeKind: "restart", verdict: "restart" };
}

// src/deploy/read-manifest.ts
import { readFile as readFile7 } from "node:fs/promises";

// src/model/manifest.ts
import { basename as basename2 } from "node:path";
function manifestOf(input) {
  const { release, relup, upgrade: upgrade2, debug: debug2 } = input;
  const selfMade = input.selfMade.length === 0 ? {} : { selfMade: input.selfMade };
  return {
    manifestVersion: 1,
    name: release.name,
    version: release.version,
    ref: input.ref,
    commit: input.commit,
    ...input.projectPath === "" ? {} : { projectPath: input.projectPath },
    erts: release.erts,
    includesErts: release.includesErts,
    toolchain: input.toolchain,
    upgradeKind: input.upgradeKind,
    verdict: input.verdict,
    applications: release.applications,
    ...selfMade,
    upFrom: input.upFrom.map((one) => ({
      ...manifestUpFrom(one, input.keeps[one.version]),
      ...selfMade
    })),
    appups: input.appups.map(({ application, version, origin, file, up, down }) => ({
      application,
      version,
      origin,
      file,
      up: up.map(withoutWords),
      down: down.map(withoutWords)
    })),
    relup: relup === void 0 ? null : { up: relup.up, down: relup.down },
    ...input.proof === void 0 ? {} : { proof: input.proof },
    packages: {
      full: manifestPackage(input.full),
      ...upgrade2 === void 0 ? {} : { upgrade: manifestPackage(upgrade2) },
      ...debug2 === void 0 ? {} : { debug: manifestPackage(debug2) }
    },
    findings: input.findings
  };
}
function withoutWords({ upFrom, pattern, instructions }) {
  return { upFrom, pattern, instructions };
}
function manifestUpFrom(release, keeps) {
  const { version, erts, source, applications } = release;
  const commit = commitOf(source);
  return { version, erts, source: source.kind, ...defined({ commit }), applications, ...defined({ keeps }) };
}
function commitOf(source) {
  return source.kind === "tarball" ? source.published?.commit : source.commit;
}
function manifestPackage({ path, size, sha256: sha2562, files }) {
  return { file: basename2(path), size, sha256: sha2562, files };
}
function manifestText(manifest) {
  const members = JSON.stringify(manifest, null, 1).replace(/\n\}$/, "");
  return `${members},
 "checksum": "${sha256(members)}"
}
`;
}
var CHECKSUM = /,\n "checksum": "([0-9a-f]{64})"\n\}\n$/;
function checkedMembers(text) {
  const match = CHECKSUM.exec(text);
  const members = text.slice(0, match?.index);
  return match !== null && sha256(members) === match[1] ? `${members}}` : void 0;
}

// src/model/read-manifest.ts
var REMEDY = "Use the manifest that lies beside the packages in the artifact, unchanged.";
var OtherManifestError = class extends ActionError {
};
function parseManifest(bytes, path) {
  let text;
  let version;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    version = JSON.parse(text)?.manifestVersion;
  } catch (error) {
    throw unreadable(path, error);
  }
  if (version === 1) {
    const members = checkedMembers(text);
    if (members !== void 0) return JSON.parse(members);
    throw new ActionError(`The manifest ${path} was changed or damaged after it was written.`, {
      remedy: REMEDY
    });
  }
  throw new OtherManifestError(`The manifest ${path} was written by another version of relup-action.`, {
    remedy: "Use the same version of relup-action to build and to deploy."
  });
}
function unreadable(path, cause) {
  return new ActionError(`The manifest ${path} cannot be read.`, { remedy: REMEDY, cause });
}

// src/deploy/read-manifest.ts
async function readManifest(path) {
  const bytes = await readFile7(path).catch((error) => {
    throw unreadable(path, error);
  });
  return parseManifest(bytes, path);
}

// src/shared/cancel.ts
var SIGNALS = ["SIGINT", "SIGTERM"];
async function deferringCancel(work) {
  const cancel = new AbortController();
  const earlier = SIGNALS.map((name) => ({ name, listeners: process.listeners(name) }));
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

// src/actions/deploy-request.ts
async function performDeploy({
  request,
  erlang,
  privateFolder,
  phase,
  commands
}) {
  const { inputs, upgradePath, fullPath, manifestPath, serviceEnvironment } = request;
  const manifest = manifestPath === void 0 ? void 0 : await readManifest(manifestPath);
  const { deployRoot, envFile, health, onFailure, onCrash, dryRun: dryRun2, keepReleases, allowRestart } = inputs;
  const options = {
    deployRoot,
    privateFolder,
    ...{ health, onFailure, onCrash, dryRun: dryRun2, keepReleases, allowRestart },
    ...{ commandTexts: inputs.commands, cwd: await checkFolder(deployRoot) },
    ...defined({ phase, erlang, commands }),
    serviceEnvironment: serviceEnvironment ?? (envFile === void 0 ? {} : await readEnvironmentFile(envFile))
  };
  const { version } = request;
  if (version !== void 0) {
    return deferringCancel((cancel) => deployVersion({ ...options, version, manifest, cancel }));
  }
  if (manifest === void 0) throw new Error("neither a package nor a version is deployed");
  const { full, upgrade: upgrade2 } = manifest.packages;
  const packages = {
    upgradePackage: packageAt(upgradePath, upgrade2),
    fullPackage: packageAt(fullPath, full)
  };
  return deferringCancel((cancel) => deployRelease({ ...options, ...packages, manifest, cancel }));
}
function packageAt(path, made) {
  return path === void 0 || made === void 0 ? void 0 : { path, sha256: made.sha256, files: made.files };
}
async function checkFolder(deployRoot) {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  return access3(workspace, constants6.X_OK).then(
    () => workspace,
    () => deployRoot
  );
}

export {
  manifestOf,
  manifestText,
  OtherManifestError,
  parseManifest,
  readManifest,
  DeployError,
  rootState,
  rootOwner,
  makeRoot,
  readEnvironmentFile,
  SIGN,
  HUNG,
  giveSigns,
  awaitSigns,
  deferringCancel,
  runUserCommand,
  AskedCommands,
  AnsweredCommands,
  isCancel,
  RESULT,
  PID,
  handedOver,
  writeRequest,
  readRequest,
  writeOutcome,
  failureOf,
  resultOf,
  some,
  codeDifferences,
  moduleList,
  selfMadeModules,
  missingVariables,
  putPackage,
  unpack,
  verifyUnpacked,
  configure,
  configLostByDowngrade,
  checkInstall,
  install,
  askToMakePermanent,
  verifyPermanent,
  DEPLOYED_FILE,
  parseDeployed,
  performDeploy
};
