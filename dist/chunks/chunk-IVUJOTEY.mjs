import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  programEnvironment
} from "./chunk-NRIX5S2C.mjs";
import {
  endDescendants
} from "./chunk-NW3NNBAX.mjs";
import {
  debug
} from "./chunk-V2SBDBD4.mjs";

// src/programs/resident-program.ts
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
function startResident(program, args, options) {
  debug(`start: ${JSON.stringify([program, ...args])} in ${options.cwd ?? "."}`);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: programEnvironment(options.env),
    stdio: ["pipe", "pipe", "pipe"],
    detached: options.ownGroup ?? false
  });
  const { stdin, stdout, stderr } = child;
  let ended = false;
  const end = (how, status) => {
    if (!ended) options.onEnd(how, status);
    ended = true;
  };
  child.once("error", (error) => end(`could not be started: ${error.message}`));
  child.once(
    "close",
    (code, signal) => end(signal === null ? `ended with ${code}` : `was ended by ${signal}`, code)
  );
  stdin.on("error", () => child.kill("SIGKILL"));
  createInterface({ input: stdout, crlfDelay: Infinity }).on("line", options.onLine);
  createInterface({ input: stderr, crlfDelay: Infinity }).on("line", (line) => options.onErrorLine?.(line));
  for (const handle of [child, stdin, stdout, stderr]) handle.unref?.();
  return {
    send: (line) => void stdin.write(`${line}
`),
    close: () => void stdin.end(),
    kill: () => {
      if (child.pid !== void 0) endDescendants(child.pid);
      child.kill("SIGKILL");
    }
  };
}

export {
  startResident
};
