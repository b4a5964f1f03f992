import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  exec
} from "./chunk-NHTI2HNZ.mjs";
import {
  CommandFailedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  debug
} from "./chunk-V2SBDBD4.mjs";

// src/programs/exec.ts
import { StringDecoder } from "node:string_decoder";

// src/programs/runner-environment.ts
var RUNNERS_OWN = /^(?:ACTIONS_|INPUT_|STATE_|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$)/;
function withoutRunnersOwn(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry) => entry[1] !== void 0 && !RUNNERS_OWN.test(entry[0])
    )
  );
}
function nothingOfOurs() {
  return Object.fromEntries(Object.keys(process.env).map((variable) => [variable, void 0]));
}

// src/programs/exec.ts
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
  const exitCode = await start({ argv, options, out, err, program });
  const seconds = (performance.now() - started) / 1e3;
  const stdout = out.finish();
  const stderr = err.finish();
  if (exitCode !== null && (options.okCodes ?? [0]).includes(exitCode)) return { exitCode, stdout, stderr };
  const details = [stdout, stderr].filter((text) => text.trim() !== "").join("\n");
  throw failure({ command: [program, ...args].join(" "), exitCode, details, options: { limit, seconds } });
}
async function start({
  argv,
  options,
  out,
  err,
  program
}) {
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
  const merged = { ...withoutRunnersOwn(process.env), ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry) => entry[1] !== void 0)
  );
}
function failure({
  command,
  exitCode,
  details,
  options
}) {
  const { limit, seconds } = options;
  const end = endOf(exitCode, limit, seconds);
  return new CommandFailedError(
    `${command} ${end.text}.`,
    end.kind === "exited" && exitCode !== null ? exitCode : void 0,
    { details, remedy: end.kind === "killed" ? OUT_OF_MEMORY : void 0, end }
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
var TAIL = 2 ** 18;
var LONGEST_LINE = 2 ** 16;
var LineCollector = class {
  constructor(keep, onLine) {
    this.keep = keep;
    this.onLine = onLine;
  }
  keep;
  onLine;
  decoder = new StringDecoder("utf8");
  kept = [];
  length = 0;
  rest = "";
  add(data) {
    const text = this.decoder.write(data);
    if (this.keep !== false) this.take(text);
    if (this.onLine === void 0) return;
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.onLine(line);
    if (this.keep !== "tail" || this.rest.length < LONGEST_LINE) return;
    this.onLine(this.rest);
    this.rest = "";
  }
  take(text) {
    this.kept.push(text);
    this.length += text.length;
    if (this.keep !== "tail" || this.length < 2 * TAIL) return;
    const tail = Buffer.from(this.kept.join("").slice(-TAIL)).toString();
    this.kept = [tail];
    this.length = tail.length;
  }
  finish() {
    if (this.rest !== "") this.onLine?.(this.rest.replace(/\r$/, ""));
    this.rest = "";
    const text = this.kept.join("");
    return this.keep === "tail" ? text.slice(-TAIL) : text;
  }
};

export {
  withoutRunnersOwn,
  nothingOfOurs,
  TIMED_OUT,
  run,
  programEnvironment,
  failure,
  LineCollector
};
