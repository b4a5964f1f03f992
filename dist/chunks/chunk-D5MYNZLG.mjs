import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  run,
  startResident
} from "./chunk-5DR6ZITR.mjs";
import {
  CommandFailedError,
  NodeRefusedError
} from "./chunk-G6Z7PSQF.mjs";

// src/programs/other-user.ts
import { userInfo } from "node:os";
function sudo(user, command) {
  return ["sudo", "-n", "-u", user, "--", ...command];
}
var REMOVE = `cd -- "$1" || exit 0
pid=$(cat -- "$2" 2>/dev/null) && for ((n = 0; n < 300; n++)); do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
cd / && rm -rf -- "$1"`;
var OtherUser = class _OtherUser {
  constructor(name) {
    this.name = name;
  }
  name;
  /** @throws {NodeRefusedError} when sudo is missing or does not allow it; both users are named. */
  static async become(name) {
    const user = new _OtherUser(name);
    try {
      await user.run(["true"], { timeoutSeconds: 60 });
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      throw refusal(name, error);
    }
    return user;
  }
  /** @throws {CommandFailedError} */
  run(command, options = {}) {
    const [program = "", ...args] = sudo(this.name, command);
    return run(program, args, { cwd: "/", ...options });
  }
  /** Starts a program that stays; what it prints to standard error is among its lines, too. */
  start(command, on) {
    const [program = "", ...args] = sudo(this.name, ["sh", "-c", 'exec "$@" 2>&1', "sh", ...command]);
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
    const [program = "", ...args] = sudo(this.name, ["tar", "-C", to, "-xf", "-"]);
    const command = 'set -o pipefail; from=$1; shift; tar -C "$from" -cf - . | "$@"';
    await run("bash", ["-c", command, "bash", from, program, ...args], { cwd: "/", timeoutSeconds: 600 });
  }
  /** Removes a folder; the process whose id is in `pidFile`, a file in it, may end first, for which it has a minute. */
  async remove(folder, pidFile) {
    await this.run(["bash", "-c", REMOVE, "bash", folder, pidFile], { timeoutSeconds: 600 });
  }
};
function refusal(name, cause) {
  const own = userInfo().username;
  if (cause.end.kind === "not-started" || cause.exitCode === 127) {
    return new NodeRefusedError(`This step runs as ${own} and cannot become ${name}: there is no sudo.`, {
      remedy: `Install sudo and allow it, or run the job as ${name}.`,
      cause
    });
  }
  return new NodeRefusedError(`sudo does not let ${own} run programs as ${name} without a password.`, {
    remedy: `Allow it with a line in /etc/sudoers.d, written by visudo: ${own} ALL=(${name}) NOPASSWD: ALL`,
    details: cause.details,
    cause
  });
}

export {
  OtherUser
};
