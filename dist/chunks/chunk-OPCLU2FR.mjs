import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  fileInRoot
} from "./chunk-CGOJY2N3.mjs";
import {
  run
} from "./chunk-NRIX5S2C.mjs";
import {
  isPathComponent
} from "./chunk-3PPJ4FOD.mjs";
import {
  CommandFailedError,
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";

// src/node/release-emulator.ts
import { access, constants, readFile } from "node:fs/promises";
import { join } from "node:path";

// src/node/foreign-owner.ts
import { stat } from "node:fs/promises";

// src/programs/user-name.ts
async function userName(uid) {
  const { stdout } = await run("getent", ["passwd", String(uid)], {
    okCodes: [0, 2],
    timeoutSeconds: 30
  }).catch(() => ({
    stdout: ""
  }));
  return stdout.split(":")[0] || `user id ${uid}`;
}

// src/node/foreign-owner.ts
async function foreignNode(what, uid, cause) {
  const [owner, own] = await Promise.all([userName(uid), ownName()]);
  return new NodeRefusedError(
    `${what} cannot be read: the node belongs to ${owner}, this step runs as ${own}.`,
    { remedy: `Set \`run-as: ${owner}\`, or run the deploying job as ${owner}.`, cause }
  );
}
async function foreignRoot(deployRoot, cause) {
  if (cause.code !== "EACCES") return void 0;
  const owner = await stat(deployRoot).then(
    ({ uid }) => userName(uid),
    () => "another user"
  );
  return new NodeRefusedError(
    `deploy-root ${deployRoot} cannot be read: it belongs to ${owner}, this step runs as ${await ownName()}.`,
    {
      remedy: `Set \`run-as: ${owner}\` if the node runs as that user, or run the job as the node's user.`,
      cause
    }
  );
}
function ownName() {
  return userName(process.getuid?.() ?? 0);
}

// src/node/release-emulator.ts
var PLAIN_BOOT = ["start_clean.boot", "no_dot_erlang.boot"];
async function releaseEmulator(deployRoot, home) {
  return installedEmulator(deployRoot, await startData(deployRoot), home);
}
async function installedEmulator(deployRoot, { erts, version }, home) {
  const bin = join(deployRoot, `erts-${erts}`, "bin");
  const program = join(bin, "erlexec");
  if (!await isExecutable(program)) return machinesOwn(deployRoot);
  const boot = await plainBoot(join(deployRoot, "releases", version));
  return {
    program,
    flags: ["-boot", boot, "-boot_var", "ERTS_LIB_DIR", join(deployRoot, "lib")],
    env: { ROOTDIR: deployRoot, BINDIR: bin, EMU: "beam", PROGNAME: "erl", HOME: home }
  };
}
async function startData(deployRoot) {
  const file = join(deployRoot, "releases/start_erl.data");
  const text = await readInRoot(deployRoot, "releases/start_erl.data").catch(async (cause) => {
    if (cause instanceof NodeRefusedError) throw cause;
    const foreign = await foreignRoot(deployRoot, cause);
    if (foreign !== void 0) throw foreign;
    throw new NodeRefusedError(`${file} cannot be read, so deploy-root is not an installed release.`, {
      remedy: "Give the folder that holds bin, lib and releases of the installed release.",
      cause
    });
  });
  const [, erts = "", version = ""] = /^\s*(\S+)[ \t]+(\S+)\s*$/.exec(text) ?? [];
  if (isPathComponent(erts) && isPathComponent(version)) return { erts, version };
  throw new NodeRefusedError(`${file} does not name an ERTS version and a release version.`, {
    remedy: "Install the release again from its full package."
  });
}
async function readInRoot(root, path) {
  return readFile(await fileInRoot(root, path), "utf8");
}
async function plainBoot(folder) {
  for (const file of PLAIN_BOOT) {
    const path = join(folder, file);
    if (await isThere(path)) return path.replace(/\.boot$/, "");
  }
  throw new NodeRefusedError(
    `${folder} has no start_clean.boot, so its ERTS cannot start a control process.`,
    {
      remedy: "Build the release with relx (rebar3), which puts the file there."
    }
  );
}
async function machinesOwn(deployRoot) {
  try {
    await run("erl", ["-noinput", "-boot", "no_dot_erlang", "-eval", "halt()."], { timeoutSeconds: 30 });
  } catch (cause) {
    if (!(cause instanceof CommandFailedError) || cause.end.kind === "timed-out") throw cause;
    throw new NodeRefusedError(
      `The release in ${deployRoot} has no ERTS of its own, and erl cannot be started.`,
      {
        remedy: "Put the Erlang/OTP that the node runs on the PATH of this step.",
        cause
      }
    );
  }
  return void 0;
}
function isThere(path) {
  return may(path, constants.R_OK);
}
function isExecutable(path) {
  return may(path, constants.X_OK);
}
function may(path, mode) {
  return access(path, mode).then(
    () => true,
    () => false
  );
}

export {
  userName,
  foreignNode,
  foreignRoot,
  releaseEmulator,
  installedEmulator,
  startData
};
