import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  sshFailure
} from "./chunk-UTENLMGS.mjs";
import {
  sshAddressText
} from "./chunk-KFCJNA5P.mjs";
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

// src/programs/ssh.ts
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
var SSH_FAILED = 255;
var OPTIONS = [
  ...["BatchMode=yes", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null", "UpdateHostKeys=no"],
  ...["VerifyHostKeyDNS=no", "CheckHostIP=no", "PreferredAuthentications=publickey", "IdentityFile=none"],
  ...["ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes", "ControlMaster=no", "ControlPath=none"],
  ...["PermitLocalCommand=no", "EscapeChar=none", "RequestTTY=no", "LogLevel=ERROR"],
  ...["ConnectTimeout=20", "ServerAliveInterval=5", "ServerAliveCountMax=6", "TCPKeepAlive=yes"]
];
var ENGLISH = { LC_ALL: "C" };
async function requireAgent() {
  if (!process.env.SSH_AUTH_SOCK) {
    throw new NodeRefusedError("The key for `ssh` comes from an ssh agent, but SSH_AUTH_SOCK is not set.", {
      remedy: "Start an agent in an earlier step of the job, and add the key to it."
    });
  }
  const { exitCode } = await run("ssh-add", ["-l"], { okCodes: [0, 1, 2], timeoutSeconds: 30 }).catch(
    (cause) => {
      throw noSsh(cause);
    }
  );
  if (exitCode === 0) return;
  throw new NodeRefusedError(
    exitCode === 1 ? "The ssh agent holds no key." : "The ssh agent at SSH_AUTH_SOCK does not answer.",
    { remedy: 'Add the key to the agent in an earlier step of the job: `ssh-add - <<< "$KEY"`.' }
  );
}
function noSsh(cause) {
  if (!(cause instanceof CommandFailedError) || cause.end.kind === "timed-out") return cause;
  return new NodeRefusedError("There is no ssh on this runner.", {
    remedy: "Install it (Debian, Ubuntu: apt-get install openssh-client).",
    cause
  });
}
var Ssh = class _Ssh {
  constructor(address, knownHostsFile) {
    this.address = address;
    this.knownHostsFile = knownHostsFile;
  }
  address;
  knownHostsFile;
  /**
   * @param knownHosts lines as in a known_hosts file
   * @param folder a private one
   */
  static async prepare(address, knownHosts, folder) {
    const file = join(folder, "known_hosts");
    await writeFile(file, `${knownHosts}
`, { mode: 384 });
    return new _Ssh(address, file);
  }
  /** As messages name it. */
  get name() {
    return sshAddressText(this.address);
  }
  /**
   * @throws {NodeRefusedError} when there is no connection
   * @throws {CommandFailedError} when the command fails there
   */
  async run(command, options) {
    return this.told(run("ssh", this.arguments(command), { ...options, env: ENGLISH }));
  }
  /** Runs a command with a line, then a file, as its standard input. @throws as `run` */
  async send({ line, file }, command) {
    const feed = 'set -o pipefail; line=$1 file=$2; shift 2; { printf "%s\\n" "$line"; cat -- "$file"; } | "$@"';
    const args = ["-c", feed, "bash", line, file, "ssh", ...this.arguments(command)];
    return this.told(run("bash", args, { timeoutSeconds: 900, env: ENGLISH }));
  }
  /** Starts a command that stays; a signal to our group, as from a terminal, does not reach it. */
  start(command, on) {
    return startResident("ssh", this.arguments(command), { ...on, env: ENGLISH, ownGroup: true });
  }
  async told(work) {
    return work.catch((error) => {
      if (!(error instanceof CommandFailedError) || error.exitCode !== SSH_FAILED) throw error;
      throw sshFailure(this.address, error.details ?? "") ?? this.broken(error);
    });
  }
  broken(cause) {
    return new NodeRefusedError(`The connection to ${this.name} broke before the deploy began there.`, {
      remedy: "Run this step again; nothing was changed on the node.",
      details: cause.details,
      cause
    });
  }
  arguments(command) {
    const { user, host, port } = this.address;
    const knownHosts = `UserKnownHostsFile="${this.knownHostsFile.replaceAll("%", "%%")}"`;
    const options = [...OPTIONS, knownHosts].flatMap((option) => ["-o", option]);
    return ["-F", "none", "-T", "-a", "-x", ...options, "-l", user, "-p", String(port), "--", host, command];
  }
};

export {
  requireAgent,
  Ssh
};
