import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  startResident
} from "./chunk-6YS553D2.mjs";
import {
  run
} from "./chunk-NRIX5S2C.mjs";
import {
  ActionError,
  CommandFailedError
} from "./chunk-SYJ4VKPM.mjs";

// src/programs/erlang.ts
import { readFile, mkdir, readdir, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { isAbsolute, join } from "node:path";

// src/shared/shipped.ts
import { fileURLToPath } from "node:url";
function shipped(name) {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

// src/programs/erlang.ts
var SOURCES = shipped("erlang/");
var WITH_SOURCES = ["-relup_sources", SOURCES];
var CLEAN_ENVIRONMENT = {
  ERL_FLAGS: void 0,
  ERL_AFLAGS: void 0,
  ERL_ZFLAGS: void 0,
  ERL_CRASH_DUMP_BYTES: "0"
};
var QUICK_COMPILER = ["+no_ssa_opt", "+no_bool_opt", "+no_type_opt"];
var ErlangError = class extends ActionError {
  constructor(reason, text, term) {
    super(text, { details: term });
    this.reason = reason;
  }
  reason;
};
var ERL = { program: "erl", flags: ["-boot", "no_dot_erlang"], env: {} };
async function compileErlang(folder) {
  const ebin = join(folder, "ebin");
  await mkdir(ebin, { recursive: true });
  const sources = (await readdir(SOURCES)).filter((file) => file.endsWith(".erl")).sort();
  await run("erlc", [...QUICK_COMPILER, "-o", ebin, ...sources.map((file) => join(SOURCES, file))], {
    env: { ...CLEAN_ENVIRONMENT, ERL_COMPILER_OPTIONS: void 0 },
    timeoutSeconds: 120
  });
  return compiledErlang(ebin, folder);
}
async function compiledErlang(ebin, folder) {
  const main = (module) => ["-pa", ebin, ...WITH_SOURCES, "-s", module, "main"];
  return { ebin, ...await startedBy(ERL, main, folder) };
}
async function interpretErlang(folder, emulator = ERL) {
  const main = (module) => [...WITH_SOURCES, "-relup_main", module, "-eval", INTERPRET];
  return startedBy(emulator, main, folder);
}
var INTERPRET = '{ok, [[Dir]]} = init:get_argument(relup_sources), {ok, _} = file:script(filename:join(Dir, "relup_interpret.eval")).';
async function startedBy(emulator, main, folder) {
  const answers = join(folder, "answers");
  await mkdir(answers, { recursive: true, mode: 448 });
  const started = (module, flags = []) => ({
    program: emulator.program,
    // File names are UTF-8, whatever the runner's locale is.
    flags: ["-noinput", "+fnu", ...emulator.flags, ...flags, ...main(module), "-extra"],
    env: emulator.env
  });
  return {
    query: (command, args, options) => query({ emulator: started("relup_cli", options?.flags), answers, command, args, options }),
    start: (module, args, { flags, ...options }) => {
      const { program, flags: allFlags, env } = started(module, flags);
      return startResident(program, [...allFlags, ...args], {
        ...options,
        env: { ...CLEAN_ENVIRONMENT, ...env, ...options.env }
      });
    }
  };
}
async function query({
  emulator,
  answers,
  command,
  args,
  options = {}
}) {
  const { program, flags, env } = emulator;
  const answerFile = join(answers, randomUUID());
  try {
    await run(program, [...flags, answerFile, command, ...args], {
      ...options.cwd === void 0 ? {} : { cwd: options.cwd },
      env: { ...CLEAN_ENVIRONMENT, ...env, ...options.env },
      timeoutSeconds: options.timeoutSeconds ?? 300
    });
    const answer = JSON.parse(await readFile(answerFile, "utf8"));
    if ("error" in answer) {
      throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
    }
    return answer.ok;
  } catch (error) {
    if (error instanceof CommandFailedError) throw helperFailure(command, args, error);
    throw error;
  } finally {
    await rm(answerFile, { force: true });
  }
}
function helperFailure(command, [subject = ""], error) {
  const { exitCode, remedy, end } = error;
  const details = [error.message, error.details ?? ""].join("\n");
  const asked = isAbsolute(subject) ? `${command} ${subject}` : command;
  const message = `Erlang, asked for "${asked}", ${end.text}.`;
  return new CommandFailedError(message, exitCode, { remedy, details, cause: error, end });
}

export {
  shipped,
  ErlangError,
  compileErlang,
  compiledErlang,
  interpretErlang
};
