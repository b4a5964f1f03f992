import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  AnswerSession,
  valueIn
} from "./chunk-63LGASSU.mjs";
import {
  startResident
} from "./chunk-IVUJOTEY.mjs";
import {
  TIMED_OUT,
  failure,
  run
} from "./chunk-NRIX5S2C.mjs";
import {
  oneByOne
} from "./chunk-EILSJL7M.mjs";
import {
  CommandFailedError
} from "./chunk-SYJ4VKPM.mjs";
import {
  debug
} from "./chunk-V2SBDBD4.mjs";

// src/programs/erlang.ts
import { mkdir as mkdir2 } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/shared/shipped.ts
import { fileURLToPath } from "node:url";
function shipped(name) {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

// src/programs/emulator.ts
var CLEAN_ENVIRONMENT = {
  ERL_FLAGS: void 0,
  ERL_AFLAGS: void 0,
  ERL_ZFLAGS: void 0,
  ERL_CRASH_DUMP_BYTES: "0"
};
var COMMON_FLAGS = ["-noinput", "+fnu"];
var ERL = { program: "erl", flags: ["-boot", "no_dot_erlang"], env: {} };
function runningBy(emulator, main) {
  return (module, flags = []) => ({
    program: emulator.program,
    flags: [...COMMON_FLAGS, ...emulator.flags, ...flags, ...main(module), "-extra"],
    env: { ...CLEAN_ENVIRONMENT, ...emulator.env }
  });
}
function startEmulator({ program, flags, env }, args, options) {
  return startResident(program, [...flags, ...args], { ...options, env: { ...env, ...options.env } });
}

// src/programs/erlang-query.ts
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
var ALONE = ["appups"];
var UNPACKING = ["unpack", "describe-package"];
async function queryBy(running, folder, { ready, questions }) {
  const answers = join(folder, "answers");
  await mkdir(answers, { recursive: true, mode: 448 });
  const inTurn = oneByOne();
  return async (command, args, options = {}) => {
    const answerFile = join(answers, randomUUID());
    const request = [answerFile, command, ...args];
    const { timeoutSeconds = 300 } = options;
    const unpacks = UNPACKING.includes(command);
    try {
      const ask = async () => {
        if (questions !== void 0 && !isAlone(command, options)) {
          if (await questions.answered(request, timeoutSeconds)) return;
          if (unpacks) await rm(String(args[1]), { recursive: true, force: true });
        }
        await ready();
        await runAlone(running, request, options);
      };
      await (unpacks ? inTurn(ask) : ask());
      return valueIn(JSON.parse(await readFile(answerFile, "utf8")));
    } catch (error) {
      if (error instanceof CommandFailedError) throw helperFailure(command, args, error);
      throw error;
    } finally {
      await rm(answerFile, { force: true });
    }
  };
}
function isAlone(command, { flags, cwd, env }) {
  return flags !== void 0 || cwd !== void 0 || env !== void 0 || ALONE.includes(command);
}
async function runAlone(running, request, { flags, cwd, env, timeoutSeconds = 300 }) {
  const emulator = running("relup_cli", flags);
  await run(emulator.program, [...emulator.flags, ...request], {
    ...cwd === void 0 ? {} : { cwd },
    env: { ...emulator.env, ...env },
    timeoutSeconds
  });
}
function helperFailure(command, [subject = ""], error) {
  const { exitCode, remedy, end } = error;
  const details = [error.message, error.details ?? ""].join("\n");
  const asked = isAbsolute(subject) ? `${command} ${subject}` : command;
  const message = `Erlang, asked for "${asked}", ${end.text}.`;
  return new CommandFailedError(message, exitCode, { remedy, details, cause: error, end });
}

// src/programs/questions.ts
var MAX_REQUEST = 5e5;
var COMPILE_SECONDS = 120;
var LostError = class extends Error {
};
var ERRORS = {
  lost: (how) => new LostError(how),
  unable: (how) => new LostError(how),
  late: (seconds) => failed(TIMED_OUT, seconds)
};
var OPENING_ERRORS = {
  ...ERRORS,
  unable: (how, output, status) => status === void 0 ? new CommandFailedError(`erl ${how}`, void 0) : failed(status, void 0, output.join("\n"))
};
function failed(exitCode, limit, details = "") {
  return failure({ command: "erl", exitCode, details, options: { limit, seconds: limit ?? 0 } });
}
async function openQuestions(start) {
  const session = new AnswerSession(start, OPENING_ERRORS, 2 * COMPILE_SECONDS);
  await opening(session, []);
  const compiled = opening(session, ["compiled"]);
  compiled.catch(() => void 0);
  return { session, compiled };
}
async function opening(session, request) {
  try {
    await session.ask(request, COMPILE_SECONDS);
  } catch (error) {
    if (!(error instanceof LostError)) throw error;
    throw failed(null, void 0, error.message);
  }
}
var Questions = class {
  /** @param session an emulator that answers already; the next ones are started when they are needed */
  constructor(start, session) {
    this.start = start;
    this.session = session;
  }
  start;
  session;
  /**
   * Whether it was answered, into the file that the request begins with (`relup_cli:to_file/1`). If not, an emulator of its own
   * has to be asked: this one was ended, maybe by another question, or the request is too long for it.
   *
   * @param seconds that the answer may take
   * @throws {CommandFailedError} when it takes longer
   */
  async answered(request, seconds) {
    if (request.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > MAX_REQUEST) return false;
    debug(`ask: ${JSON.stringify(request.slice(1))}`);
    if (this.session?.isOpen !== true) this.session = new AnswerSession(this.start, ERRORS);
    try {
      await this.session.ask(request, seconds);
      return true;
    } catch (error) {
      if (!(error instanceof LostError)) throw error;
      debug(`The emulator ${error.message}; another one is asked.`);
      return false;
    }
  }
  /** Ends the emulator, which a later question would start again. */
  async close() {
    await this.session?.close();
  }
};

// src/programs/erlang.ts
var SOURCES = shipped("erlang/");
var WITH_SOURCES = ["-relup_sources", SOURCES];
var APART = { ownGroup: true };
async function compileErlang(folder) {
  const ebin = join2(folder, "ebin");
  await mkdir2(ebin, { recursive: true });
  const main = [...WITH_SOURCES, "-relup_ebin", ebin, ...evaluating("relup_compile.eval")];
  const emulator = runningBy(ERL, () => main)("relup_questions");
  const opened = await openQuestions((on) => startEmulator(emulator, [], { ...on, ...APART }));
  return compiledErlang(ebin, folder, opened);
}
async function compiledErlang(ebin, folder, opened) {
  const running = runningBy(ERL, (module) => ["-pa", ebin, ...WITH_SOURCES, "-s", module, "main"]);
  const start = startBy(running);
  const questions = new Questions((on) => start("relup_questions", [], { ...on, ...APART }), opened?.session);
  const ready = () => opened?.compiled ?? Promise.resolve();
  const query = await queryBy(running, folder, { ready, questions });
  return { ebin, ready, start, query, close: () => questions.close() };
}
async function interpretErlang(folder, emulator = ERL) {
  const running = runningBy(emulator, (module) => [
    ...[...WITH_SOURCES, "-relup_main", module],
    ...evaluating("relup_interpret.eval")
  ]);
  const ready = () => Promise.resolve();
  return { ready, start: startBy(running), query: await queryBy(running, folder, { ready }) };
}
function startBy(running) {
  return (module, args, { flags, ...options }) => startEmulator(running(module, flags), args, options);
}
function evaluating(file) {
  const path = `filename:join(Dir, "${file}")`;
  return ["-eval", `{ok, [[Dir]]} = init:get_argument(relup_sources), {ok, _} = file:script(${path}).`];
}

export {
  shipped,
  compileErlang,
  compiledErlang,
  interpretErlang
};
