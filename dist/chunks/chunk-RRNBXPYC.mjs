import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  OtherUser
} from "./chunk-5IITTTLL.mjs";
import {
  AnsweredCommands,
  DeployError,
  HUNG,
  PID,
  RESULT,
  SIGN,
  awaitSigns,
  deferringCancel,
  handedOver,
  makeRoot,
  performDeploy,
  readEnvironmentFile,
  resultOf,
  rootOwner,
  rootState,
  writeRequest
} from "./chunk-VR2XNRJG.mjs";
import {
  anyNodeRuns,
  nodeUser
} from "./chunk-YV2IVVFE.mjs";
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import {
  require_tar_stream
} from "./chunk-K56CBRUD.mjs";
import {
  shipped
} from "./chunk-2DFV325Q.mjs";
import {
  userName
} from "./chunk-OPCLU2FR.mjs";
import {
  ActionError
} from "./chunk-SYJ4VKPM.mjs";
import {
  info,
  saveState
} from "./chunk-V2SBDBD4.mjs";
import {
  __toESM
} from "./chunk-2QEI4PL4.mjs";

// src/actions/deploy-node.ts
import { userInfo } from "node:os";

// src/node/node-owner.ts
import { realpath } from "node:fs/promises";
async function userToBecome(deployRoot) {
  if (process.getuid?.() !== 0) return void 0;
  const { uid, gid } = await ownerOf(deployRoot);
  if (uid === 0) return void 0;
  const name = await userName(uid);
  return name.includes(" ") ? `#${uid}:${gid}` : name;
}
async function ownerOf(deployRoot) {
  const isInstalled = await rootState(deployRoot) === "installed";
  const owner = await rootOwner(deployRoot);
  if (isInstalled && (owner === void 0 || await anyNodeRuns(await realpath(deployRoot)))) {
    return nodeUser(deployRoot);
  }
  return owner ?? { uid: 0, gid: 0 };
}

// src/actions/deploy-as-user/deploy-as-user.ts
import { chmod, chown, copyFile, cp, link } from "node:fs/promises";
import { basename, join } from "node:path";

// src/actions/deploy-as-user/roots-file.ts
import { lstat, realpath as realpath2 } from "node:fs/promises";
import { dirname } from "node:path";
async function isRoots(path) {
  try {
    const paths = [...upwards(path), ...upwards(await realpath2(path))];
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
  await makeRootFor(user, request.inputs.deployRoot);
  const folder = await user.makeFolder();
  saveState("hand-over", JSON.stringify({ name, folder }));
  try {
    const prepared = await prepare(request, workspace);
    const node = await nodeFor(user, prepared);
    await user.copy(prepared, folder);
    const program = node ?? join(folder, "node");
    const script = join(folder, "dist/deploy-as-user/index.mjs");
    await start(user, [program, script, folder], { home: folder, request, workspace });
    return resultOf(await read(user, folder));
  } finally {
    await user.remove(folder, PID);
  }
}
async function prepare(request, workspace) {
  const prepared = await workspace.folder("handed-over");
  await cp(shipped(""), join(prepared, "dist"), { recursive: true });
  const { upgradePath, fullPath, manifestPath } = request;
  for (const file of [upgradePath, fullPath, manifestPath].filter((path) => path !== void 0)) {
    const target = join(prepared, basename(file));
    await link(file, target).catch(() => copyFile(file, target));
  }
  const serviceEnvironment = await rootsEnvironment(request);
  await writeRequest(prepared, { ...request, serviceEnvironment }, handedOver());
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
  await copyFile(process.execPath, join(prepared, "node"));
  await chmod(join(prepared, "node"), 448);
  return void 0;
}
async function makeRootFor(user, deployRoot) {
  if (process.getuid?.() !== 0 || await rootState(deployRoot) !== "missing") return;
  const { stdout } = await user.run(["sh", "-c", 'echo "$(id -u) $(id -g)"'], { timeoutSeconds: 60 });
  const [uid = 0, gid = 0] = stdout.trim().split(" ").map(Number);
  await makeRoot(deployRoot);
  await chown(deployRoot, uid, gid);
}
async function start(user, command, { home, request, workspace }) {
  const environment = [`PATH=${process.env.PATH ?? "/usr/bin:/bin"}`, `HOME=${home}`, "LANG=C.UTF-8"];
  const cwd = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const options = { texts: request.inputs.commands, cwd, folder: await workspace.folder("commands") };
  const how = await deferringCancel(
    (cancel) => ended(user, ["env", "-i", ...environment, ...command], { ...options, cancel })
  );
  if (how === "ended with 0") return;
  if (how === HUNG) await user.end(join(home, PID));
  throw new DeployError(`The part of the deploy that runs as ${user.name} ${how}.`, "unknown", {
    remedy: "Look at the node, then run the step again: it goes on from what it finds."
  });
}
function ended(user, command, options) {
  return new Promise((resolve) => {
    const signs = awaitSigns(() => resolve(HUNG));
    const commands = new AnsweredCommands(options, (line) => program.send(line));
    const program = user.start(command, {
      onLine: (line) => {
        signs.sign();
        if (line !== SIGN && !commands.take(line)) process.stdout.write(`${line}
`);
      },
      onEnd: (how) => {
        signs.stop();
        resolve(how);
      }
    });
    options.cancel.addEventListener("abort", () => commands.cancel(), { once: true });
  });
}
async function read(user, folder) {
  return (await user.run(["cat", join(folder, RESULT)], { timeoutSeconds: 60 })).stdout;
}

// src/actions/deploy-node.ts
var DEPLOY = "Deploy";
async function deployNode(request, run, erlang) {
  const phase = (name, part) => run.phase(name, part);
  await noteDeploy(run, () => deployAsOwner(request, { workspace: run.workspace, phase }, erlang));
}
async function noteDeploy(run, deploy) {
  run.note(DEPLOY, { nodeState: "untouched" });
  try {
    const deployed = await deploy();
    const { nodeState, record } = deployed;
    run.note(DEPLOY, { deployed, nodeState, ...record });
  } catch (error) {
    if (error instanceof DeployError) run.note(DEPLOY, { nodeState: error.nodeState, ...error.record });
    throw error;
  }
}
async function deployAsOwner(request, { workspace, phase }, erlang) {
  const { runAs, deployRoot } = request.inputs;
  const other = runAs === void 0 || isOwn(runAs) ? await userToBecome(deployRoot) : runAs;
  if (other !== void 0) {
    info(`As user ${other}:`);
    return deployAsUser(other, request, workspace);
  }
  const privateFolder = await workspace.folder("deploy");
  return performDeploy({ request, privateFolder, ...defined({ erlang, phase }) });
}
function isOwn(user) {
  return user === userInfo().username;
}

// src/shared/tarball.ts
var import_tar_stream = __toESM(require_tar_stream(), 1);
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

// src/shared/gzip.ts
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";
var BLOCK = 512 * 1024;
var WINDOW = 32 * 1024;
var HEADER = Buffer.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3]);
var LAST = Buffer.from([3, 0]);
var deflate = promisify(deflateRaw);
async function* gzip(source) {
  const atOnce = availableParallelism();
  const compressed = [];
  let before = Buffer.alloc(0);
  let sum = 0;
  let length = 0;
  yield HEADER;
  for await (const block of blocks(source)) {
    sum = crc32(block, sum);
    length += block.length;
    compressed.push(compress(block, before));
    before = block.subarray(-WINDOW);
    if (compressed.length > atOnce) yield await compressed.shift();
  }
  for (const block of compressed) yield await block;
  yield LAST;
  yield trailer(sum, length);
}
function compress(block, dictionary) {
  const done = deflate(block, {
    level: 6,
    finishFlush: constants.Z_SYNC_FLUSH,
    ...dictionary.length === 0 ? {} : { dictionary }
  });
  done.catch(() => void 0);
  return done;
}
async function* blocks(source) {
  let pieces = [];
  let size = 0;
  for await (let piece of source) {
    while (size + piece.length >= BLOCK) {
      const rest = BLOCK - size;
      yield Buffer.concat([...pieces, piece.subarray(0, rest)]);
      piece = piece.subarray(rest);
      pieces = [];
      size = 0;
    }
    pieces.push(piece);
    size += piece.length;
  }
  if (size > 0) yield Buffer.concat(pieces);
}
function trailer(sum, length) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(sum);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}

// src/shared/tree.ts
import { lstat as lstat2, readdir, readlink } from "node:fs/promises";
import { join as join2 } from "node:path";
async function readTree(root) {
  const entries = [];
  await readFolder(root, "", entries);
  return sortEntries(entries);
}
function sortEntries(entries) {
  return [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
async function readFolder(root, folder, entries) {
  for (const name of await readdir(join2(root, folder))) {
    await readEntry(root, folder === "" ? name : `${folder}/${name}`, entries);
  }
}
async function readEntry(root, path, entries) {
  const source = join2(root, path);
  const stats = await lstat2(source);
  const common = { path, source, mode: stats.mode & 4095 };
  if (stats.isDirectory()) {
    const before = entries.length;
    await readFolder(root, path, entries);
    if (entries.length === before) entries.push({ ...common, type: "directory", size: 0 });
  } else if (stats.isFile()) {
    entries.push({ ...common, type: "file", size: stats.size });
  } else if (stats.isSymbolicLink()) {
    const target = await readlink(source);
    checkLink(path, target);
    entries.push({ ...common, type: "symlink", size: 0, target });
  } else {
    throw new ActionError(`${path} in the release is neither a file nor a folder nor a symbolic link.`, {
      remedy: "Leave it out of the release; create sockets, pipes and devices when the release starts."
    });
  }
}
function checkLink(path, target) {
  if (!target.startsWith("/") && !target.split("/").includes("..")) return;
  throw new ActionError(
    `The symbolic link ${path} points to ${target}, which release_handler does not unpack.`,
    {
      remedy: 'Replace the link by a copy of the file, or let it point to a place beside or below it, without ".." and not absolute.'
    }
  );
}

// src/shared/tarball.ts
var SMALL = 1024 * 1024;
var PIECE = 256 * 1024;
var MAX_TIME = 2147483647;
async function writeTarball(path, entries, mtime) {
  const tar = (0, import_tar_stream.pack)();
  const counter = { hash: createHash("sha256"), size: 0 };
  const file = createWriteStream(path);
  const [added, written] = await Promise.allSettled([
    addEntries(tar, entries, new Date(1e3 * Math.min(Math.max(mtime, 0), MAX_TIME))),
    pipeline(
      gzip(tar),
      (source) => count(source, counter),
      file
    )
  ]);
  const failed = written.status === "rejected" ? written : added;
  if (failed.status === "rejected") {
    if (!file.closed) await new Promise((resolve) => file.once("close", resolve));
    await rm(path, { force: true });
    throw failed.reason;
  }
  return { path, sha256: counter.hash.digest("hex"), size: counter.size, files: failed.value ?? [] };
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
  const hash = createHash("sha256");
  if (entry.size > SMALL) {
    await addStream({ tar, entry, header, hash });
    return { path, size: entry.size, sha256: hash.digest("hex"), mode };
  }
  const content = readFileSync(entry.source);
  await addWhole(tar, header, content);
  return { path, size: content.length, sha256: hash.update(content).digest("hex"), mode };
}
async function addWhole(tar, header, content = Buffer.alloc(0)) {
  const { promise, resolve, reject } = Promise.withResolvers();
  tar.entry(header, content, (error) => error ? reject(error) : resolve()).on("error", reject);
  await promise;
}
async function addStream({
  tar,
  entry,
  header,
  hash
}) {
  const { promise, resolve, reject } = Promise.withResolvers();
  promise.catch(() => void 0);
  const sink = tar.entry({ ...header, size: entry.size }, (error) => error ? reject(error) : resolve());
  sink.on("error", reject);
  for await (const chunk of createReadStream(entry.source, {
    highWaterMark: PIECE
  })) {
    hash.update(chunk);
    if (!sink.write(chunk)) await Promise.race([once(sink, "drain"), promise]);
  }
  sink.end(null);
  await promise;
}
async function* count(source, counter) {
  for await (const chunk of source) {
    counter.hash.update(chunk);
    counter.size += chunk.length;
    yield chunk;
  }
}

export {
  DEPLOY,
  deployNode,
  noteDeploy,
  deployAsOwner,
  readTree,
  writeTarball
};
