import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  sshFailure
} from "./chunk-UTENLMGS.mjs";
import {
  unended
} from "./chunk-2KQC2CQ4.mjs";
import {
  CommandFailedError,
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";
import {
  info
} from "./chunk-V2SBDBD4.mjs";

// src/actions/deploy-over-ssh/target-commands.ts
var FACT = "relup-action";
var TOOLS = "bash timeout tar gzip mktemp rm cat uname";
var EXAMINE = "exec sh -s";
var EXAMINE_SCRIPT = `LC_ALL=C
export LC_ALL
umask 077
missing=
for tool in ${TOOLS}; do
  command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
echo "${FACT} missing$missing"
echo "${FACT} system $(uname -s 2>/dev/null)"
echo "${FACT} machine $(uname -m 2>/dev/null)"
echo "${FACT} node $(command -v node 2>/dev/null)"
echo "${FACT} version $(node --version 2>/dev/null)"
if folder=$(mktemp -d /tmp/relup-action-XXXXXXXXXX 2>&1); then
  echo "${FACT} folder $folder"
else
  echo "${FACT} refused $folder"
fi
`;
var UNPACK = inShell('LC_ALL=C; export LC_ALL; umask 077; exec tar -xzf - -C "$d"');
var TRY_NODE = inShell('exec "$d/node" --version');
var DEPLOY = inShell(
  'read -r node; cd / && "$node" "$d/dist/deploy-over-ssh/index.mjs" "$d"; exit "$?"'
);
var END = inShell('kill -KILL "$(cat "$d/pid")"');
var REMOVE = inShell(
  [
    "cd /",
    'p=$(cat "$d/pid" 2>/dev/null)',
    "n=0",
    'while [ -n "$p" ] && [ "$n" -lt 60 ] && kill -0 "$p" 2>/dev/null; do sleep 1; n=$((n+1)); done',
    '[ "$n" -lt 60 ] && rm -rf -- "$d"'
  ].join("; ")
);
function inShell(script) {
  return `exec sh -c 'read -r d; ${script}'`;
}

// src/actions/deploy-over-ssh/target-facts.ts
var MACHINES = {
  x86_64: "x64",
  amd64: "x64",
  aarch64: "arm64",
  arm64: "arm64",
  armv7l: "arm",
  ppc64le: "ppc64",
  s390x: "s390x",
  riscv64: "riscv64"
};
function readFacts(printed, name, own) {
  const facts = factsIn(printed);
  const folder = folderIn(printed);
  const system = facts.get("system");
  if (system === void 0) throw noShell(name, printed);
  const details = printed;
  if (system !== "Linux") {
    throw new NodeRefusedError(
      `${name} runs ${system || "an unknown system"}, and a deploy runs on Linux only.`,
      {
        remedy: "Name a Linux machine.",
        details
      }
    );
  }
  const missing = facts.get("missing") ?? "";
  if (missing !== "") {
    throw new NodeRefusedError(`${name} lacks programs that a deploy needs: ${missing}.`, {
      remedy: "Install them there (Debian, Ubuntu: packages bash, coreutils, tar, gzip).",
      details
    });
  }
  if (folder === void 0) {
    throw new NodeRefusedError(
      `No folder could be made in /tmp on ${name}: ${facts.get("refused") ?? "mktemp named none"}.`,
      { remedy: "Let the ssh user write to /tmp there, and free some space.", details }
    );
  }
  return { folder, node: nodeFor(facts, name, own) };
}
function noShell(name, printed) {
  return new NodeRefusedError(`${name} runs no shell for this login.`, {
    remedy: "Give the ssh user a login shell such as /bin/sh, and let no `command=` stand before its key in authorized_keys.",
    details: printed
  });
}
function folderIn(printed) {
  const folder = factsIn(printed).get("folder") ?? "";
  return /^\/tmp\/relup-action-[A-Za-z0-9]{10}$/.test(folder) ? folder : void 0;
}
function nodeFor(facts, name, { arch }) {
  const path = facts.get("node") ?? "";
  if (path.startsWith("/") && isNewEnough(facts.get("version") ?? "")) return path;
  const machine = facts.get("machine") ?? "";
  if (MACHINES[machine] === arch) return void 0;
  throw new NodeRefusedError(
    `${name} has no Node 22.13 or newer, and this runner's own (${arch}) does not run on its processor (${machine}).`,
    { remedy: "Install Node there, or deploy from a runner with the same processor." }
  );
}
function isNewEnough(version) {
  const [, major = "0", minor = "0"] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  return Number(major) > 22 || Number(major) === 22 && Number(minor) >= 13;
}
function factsIn(printed) {
  const lines = printed.split(/\r?\n/).filter((line) => line.startsWith(`${FACT} `));
  return new Map(
    lines.map((line) => {
      const [, name = "", ...value] = line.split(" ");
      return [name, value.join(" ").trim()];
    })
  );
}

// src/actions/deploy-over-ssh/target.ts
var SHORT = 60;
var Target = class _Target {
  constructor(ssh, facts) {
    this.ssh = ssh;
    this.facts = facts;
  }
  ssh;
  facts;
  /** Looks at the machine, and makes the folder. @throws {NodeRefusedError} */
  static async examine(ssh) {
    const { stdout } = await ssh.run(EXAMINE, { input: EXAMINE_SCRIPT, timeoutSeconds: SHORT }).catch((error) => {
      if (!(error instanceof CommandFailedError) || error.end.kind !== "exited") throw error;
      throw noShell(ssh.name, error.details ?? "");
    });
    try {
      return new _Target(ssh, readFacts(stdout, ssh.name, process));
    } catch (error) {
      const folder = folderIn(stdout);
      if (folder !== void 0) await _Target.at(ssh, folder).remove();
      throw error;
    }
  }
  /** A folder that was made earlier. */
  static at(ssh, folder) {
    return new _Target(ssh, { folder, node: void 0 });
  }
  get name() {
    return this.ssh.name;
  }
  get folder() {
    return this.facts.folder;
  }
  /** Path of the machine's own Node, if it has one that does. */
  get node() {
    return this.facts.node;
  }
  /** Unpacks a parcel there. @throws {NodeRefusedError} */
  async bring(parcel) {
    const { ssh, folder, node } = this;
    await ssh.send({ line: folder, file: parcel }, UNPACK).catch((error) => {
      throw this.refused(error, "could not be brought to", "Free some space in /tmp there.");
    });
    if (node !== void 0) return;
    info("That machine has no Node that is new enough, so ours was brought along.");
    await ssh.run(TRY_NODE, { input: `${folder}
`, timeoutSeconds: SHORT }).catch((error) => {
      throw this.refused(
        error,
        "was brought along, but its Node does not run on",
        "Install Node 24 there; a /tmp from which nothing may be started, or another C library, cannot be helped from here."
      );
    });
  }
  /** Why there was no connection at all, from what ssh printed. */
  notConnected(printed) {
    return sshFailure(this.ssh.address, printed);
  }
  /** Starts the deploy there. */
  start(on) {
    const program = this.ssh.start(DEPLOY, on);
    program.send(this.folder);
    program.send(this.node ?? `${this.folder}/node`);
    return program;
  }
  /** Ends it at once, one that hangs, too. */
  async end() {
    await this.ssh.run(END, { input: `${this.folder}
`, timeoutSeconds: SHORT }).catch(() => void 0);
  }
  /** Removes the folder; a deploy that is at work there may end first. */
  async remove() {
    await this.ssh.run(REMOVE, { input: `${this.folder}
`, timeoutSeconds: 2 * SHORT, okCodes: [0, 1] });
  }
  refused(error, how, remedy) {
    if (!(error instanceof CommandFailedError)) return error;
    const [reason = error.end.text] = (error.details ?? "").trim().split("\n");
    return new NodeRefusedError(`This action ${how} ${this.name}: ${unended(reason)}.`, {
      remedy,
      details: error.details,
      cause: error
    });
  }
};

export {
  Target
};
