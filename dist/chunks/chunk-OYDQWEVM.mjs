import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  rebar3Arguments
} from "./chunk-RZRIGTHQ.mjs";
import {
  compileErlang
} from "./chunk-2DFV325Q.mjs";
import {
  run
} from "./chunk-NRIX5S2C.mjs";
import {
  which
} from "./chunk-NHTI2HNZ.mjs";
import {
  ActionError,
  CommandFailedError,
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";

// src/programs/rebar3.ts
import { cp, mkdir, open } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
function cacheFolder() {
  return process.env.REBAR_CACHE_DIR ?? join(homedir(), ".cache", "rebar3");
}
function hexIndex() {
  return join(cacheFolder(), "hex", "packages.idx");
}
async function rebar3Escript() {
  const path = await which("rebar3");
  if (path === "") return void 0;
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64);
      return /^#!.*\bescript\b/.test(buffer.toString("latin1", 0, bytesRead)) ? path : void 0;
    } finally {
      await file.close();
    }
  } catch {
    return void 0;
  }
}
async function rebar3Version(folder) {
  try {
    const { stdout } = await run("rebar3", ["version"], {
      cwd: folder,
      timeoutSeconds: 180,
      env: { REBAR_BASE_DIR: void 0 }
    });
    const version = /rebar (\S+) on Erlang/.exec(stdout)?.[1];
    if (version !== void 0) return version;
    throw new ActionError("`rebar3 version` printed no version.", { details: stdout });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const { end, exitCode } = error;
    if (end.kind === "timed-out") throw error;
    const missing = end.kind === "not-started" || exitCode === 127 && await which("rebar3") === "";
    throw new ActionError(
      missing ? "rebar3 was not found on the PATH." : `rebar3 is installed but does not run on this Erlang/OTP: \`rebar3 version\` ${end.text}.`,
      {
        remedy: error.remedy ?? "Set `rebar3-version` in the erlef/setup-beam step before this one, to a version that supports the OTP you use.",
        details: error.details ?? error.message,
        cause: error
      }
    );
  }
}
async function rebar3(task, options) {
  const result = await run("rebar3", rebar3Arguments(task, options), {
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

// src/build/toolchain.ts
function checkPlatform(platform) {
  if (platform === "linux") return;
  const name = platform === "win32" ? "Windows" : platform === "darwin" ? "macOS" : platform;
  throw new ActionError(`relup-action runs on Linux runners only; this runner is ${name}.`, {
    remedy: "Write `runs-on: ubuntu-latest` (or another Linux runner) for this job."
  });
}
async function probeToolchain(folder) {
  const probing = probeErlang(folder);
  const [rebar32, { erlang, otp }, libc] = await Promise.all([
    probeRebar3(folder, probing),
    probing,
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
async function probeRebar3(folder, probing) {
  const escript = await rebar3Escript();
  if (escript !== void 0) {
    const { erlang } = await probing;
    const version = await erlang.query("rebar3-version", [escript]);
    if (version !== null) return version;
  }
  return rebar3Version(folder);
}
async function compile(folder) {
  try {
    return await compileErlang(folder);
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const { end, exitCode, details } = error;
    if (end.kind === "timed-out") throw error;
    if (end.kind === "not-started" || exitCode === 127) {
      throw new ActionError("Erlang/OTP was not found: there is no `erl` on the PATH.", {
        remedy: "Add an erlef/setup-beam step with `otp-version` before this one.",
        cause: error
      });
    }
    throw new ActionError(`Erlang/OTP is installed but does not work: \`erl\` ${end.text}.`, {
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

// src/actions/trusted-run.ts
import { readFileSync } from "node:fs";

// src/actions/untrusted-event.ts
function untrustedCheck(name, payload) {
  return PULL_REQUESTS.includes(name) ? void 0 : untrustedEvent(name, payload);
}
var PULL_REQUESTS = ["pull_request", "pull_request_review", "pull_request_review_comment"];
function untrustedEvent(name, payload) {
  if (name === "pull_request_target") {
    return "anybody who opens a pull request starts pull_request_target, with the rights of the repository";
  }
  if (PULL_REQUESTS.includes(name) && isForeign(payload.pull_request?.head?.repo, own(payload))) {
    return "the pull request comes from a fork";
  }
  return name === "workflow_run" ? untrustedRun(payload) : void 0;
}
function untrustedRun({ workflow_run: run2, repository }) {
  const started = run2?.event;
  if (started === void 0 || started === "pull_request_target") {
    return `the workflow before was started by ${started ?? "an event that is not named"}`;
  }
  if (isForeign(run2?.head_repository, run2?.repository ?? repository)) {
    return "the workflow before ran for a fork";
  }
  return void 0;
}
function own({ pull_request: pullRequest, repository }) {
  return pullRequest?.base?.repo ?? repository;
}
function isForeign(head, base) {
  const [theirs, ours] = [head?.full_name?.toLowerCase(), base?.full_name?.toLowerCase()];
  return theirs === void 0 || ours === void 0 || theirs !== ours;
}

// src/actions/trusted-run.ts
function requireTrustedRun(env) {
  const reason = untrustedEvent(env.GITHUB_EVENT_NAME ?? "", eventPayload(env));
  if (reason === void 0) return;
  throw new NodeRefusedError(`This run may not deploy: ${reason}.`, {
    remedy: "Deploy from runs for pushed tags, releases or workflow_dispatch; build pull requests in jobs without nodes."
  });
}
function eventPayload({ GITHUB_EVENT_PATH: path }) {
  try {
    return JSON.parse(readFileSync(path ?? "", "utf8")) ?? {};
  } catch {
    return {};
  }
}

export {
  hexIndex,
  rebar3Version,
  rebar3,
  copyCache,
  checkPlatform,
  probeToolchain,
  untrustedCheck,
  requireTrustedRun,
  eventPayload
};
