import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  startResident
} from "./chunk-IVUJOTEY.mjs";
import {
  run
} from "./chunk-NRIX5S2C.mjs";
import {
  CommandFailedError,
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";

// src/programs/other-user.ts
import { userInfo } from "node:os";

// src/programs/becoming.ts
var PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
async function becoming(name) {
  if (process.getuid?.() !== 0) return { prefix: ["sudo", "-n", "-u", name, "--"], by: "sudo", name };
  const { ids, groups, shown } = await identity(name);
  const flags = [`--reuid=${ids.uid}`, `--regid=${ids.gid}`, groups, "--inh-caps=-all"];
  const prefix = ["env", "-i", PATH, "LANG=C.UTF-8", "setpriv", ...flags, "--"];
  return { prefix, by: "setpriv", name: shown };
}
async function identity(name) {
  const [, uid, gid] = /^#(\d+):(\d+)$/.exec(name) ?? [];
  if (uid !== void 0 && gid !== void 0) {
    return { ids: { uid, gid }, groups: "--clear-groups", shown: `user id ${uid}` };
  }
  const { stdout } = await run("getent", ["passwd", name], { okCodes: [0, 2], timeoutSeconds: 30 });
  const [, , theirUid, theirGid] = stdout.trim().split(":");
  if (theirUid === void 0 || theirGid === void 0) {
    throw new NodeRefusedError(`This machine knows no user ${name}, so this step cannot become that user.`, {
      remedy: "Write the name of the user that the node runs as into `run-as`."
    });
  }
  return { ids: { uid: theirUid, gid: theirGid }, groups: "--init-groups", shown: name };
}
function cannotBecome({ name, by }, own, cause) {
  if (cause.end.kind === "not-started" || cause.exitCode === 127) {
    return new NodeRefusedError(`This step runs as ${own} and cannot become ${name}: there is no ${by}.`, {
      remedy: by === "sudo" ? `Install sudo and allow it, or run the job as ${name}.` : `Install setpriv (package util-linux), or run the job as ${name}.`,
      cause
    });
  }
  if (by === "setpriv") {
    return new NodeRefusedError(`This step runs as ${own}, but the system does not let it become ${name}.`, {
      remedy: `Run the job as ${name}, or leave its container the capabilities SETUID and SETGID.`,
      details: cause.details,
      cause
    });
  }
  return new NodeRefusedError(`sudo does not let ${own} run programs as ${name} without a password.`, {
    remedy: `Allow it with a line in /etc/sudoers.d, written by visudo: ${own} ALL=(${name}) NOPASSWD: ALL`,
    details: cause.details,
    cause
  });
}

// src/programs/other-user.ts
var REMOVE = `cd -- "$1" || exit 0
pid=$(cat -- "$2" 2>/dev/null) && for ((n = 0; n < 300; n++)); do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
cd / && rm -rf -- "$1"`;
var OtherUser = class _OtherUser {
  constructor(becoming2) {
    this.becoming = becoming2;
  }
  becoming;
  /**
   * @param name as `run-as` has it, or as `userToBecome` gives it
   * @throws {NodeRefusedError} when what it takes is missing or does not allow it; both users are named.
   */
  static async become(name) {
    const how = await becoming(name);
    const user = new _OtherUser(how);
    try {
      await user.run(["true"], { timeoutSeconds: 60 });
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      throw cannotBecome(how, userInfo().username, error);
    }
    return user;
  }
  /** As messages name it. */
  get name() {
    return this.becoming.name;
  }
  /** @throws {CommandFailedError} */
  run(command, options = {}) {
    const [program = "", ...args] = this.commandLine(command);
    return run(program, args, { cwd: "/", ...options });
  }
  /** Starts a program that stays; what it prints to standard error is among its lines, too. */
  start(command, on) {
    const [program = "", ...args] = this.commandLine(["sh", "-c", 'exec "$@" 2>&1', "sh", ...command]);
    return startResident(program, args, { cwd: "/", ...on });
  }
  /** A new folder that only that user can enter. */
  async makeFolder() {
    const { stdout } = await this.run(["mktemp", "-d", "/tmp/relup-action-XXXXXXXXXX"], {
      timeoutSeconds: 60
    });
    return stdout.trim();
  }
  /** Copies what a folder of ours holds. Our files stay closed to that user: they go through a pipe. */
  async copy(from, to) {
    const [program = "", ...args] = this.commandLine(["tar", "-C", to, "-xf", "-"]);
    const command = 'set -o pipefail; from=$1; shift; tar -C "$from" -cf - . | "$@"';
    await run("bash", ["-c", command, "bash", from, program, ...args], { cwd: "/", timeoutSeconds: 600 });
  }
  /** Removes a folder; the process whose id is in `pidFile`, a file in it, may end first, for which it has a minute. */
  async remove(folder, pidFile) {
    await this.run(["bash", "-c", REMOVE, "bash", folder, pidFile], { timeoutSeconds: 600 });
  }
  /** Ends a process of that user at once, one that hangs, too; its id is in a file. */
  async end(pidFile) {
    await this.run(["bash", "-c", 'kill -KILL "$(cat -- "$1")" 2>/dev/null || true', "bash", pidFile], {
      timeoutSeconds: 60
    });
  }
  commandLine(command) {
    return [...this.becoming.prefix, ...command];
  }
};

export {
  OtherUser
};
