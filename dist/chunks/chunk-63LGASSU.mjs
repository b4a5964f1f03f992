import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  ActionError
} from "./chunk-SYJ4VKPM.mjs";

// src/programs/erlang-answer.ts
var ErlangError = class extends ActionError {
  constructor(reason, text, term) {
    super(text, { details: term });
    this.reason = reason;
  }
  reason;
};
function valueIn(answer) {
  if ("error" in answer) throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
  return answer.ok;
}

// src/programs/answer-session.ts
var PULSE_MS = 2e3;
var MISSED = 5;
var START_SECONDS = 60;
var PULSE = "0";
var OUTPUT_LINES = 100;
var CLOSE_MS = 2e3;
var ANSWER = /^relup-answer (\d+) (.*)$/;
var AnswerSession = class {
  /** @param startSeconds so long it may do other things before it answers */
  constructor(start, errors, startSeconds = START_SECONDS) {
    this.errors = errors;
    this.startSeconds = startSeconds;
    const keep = (line) => {
      if (this.output !== void 0 && this.output.length < OUTPUT_LINES) this.output.push(line);
    };
    this.program = start({
      onLine: (line) => ANSWER.test(line) ? this.take(line) : keep(line),
      onErrorLine: keep,
      onEnd: (how, status) => {
        this.gone.resolve();
        this.lose(how, status);
      }
    });
  }
  errors;
  startSeconds;
  waiting = /* @__PURE__ */ new Map();
  lastId = 0;
  /** How it ended; undefined while it runs. */
  end;
  /** What it printed; no more once it answered, as it has started then. */
  output = [];
  program;
  gone = Promise.withResolvers();
  /** Runs while something waits; it also keeps us from ending meanwhile. */
  pulse;
  missed = 0;
  get isOpen() {
    return this.end === void 0;
  }
  /**
   * Asks, and waits for the answer. Whatever the emulator does, the wait ends: by its answer, its end, its silence or the time
   * limit.
   *
   * @param seconds after which the emulator itself is taken for hung, and ended
   * @throws {ErlangError} the answer is an error
   * @throws what {@link SessionErrors} say
   */
  async ask(request, seconds) {
    if (this.end !== void 0) throw this.end;
    const id = String(++this.lastId);
    const encoded = request.map((text) => Buffer.from(text).toString("base64"));
    const hung = setTimeout(() => {
      this.waiting.get(id)?.reject(this.errors.late(seconds));
      this.giveUp("did not answer in time, so it was ended");
    }, 1e3 * seconds);
    try {
      const answer = await new Promise((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        this.watch();
        this.program.send([id, ...encoded].join(" "));
      });
      return valueIn(answer);
    } finally {
      clearTimeout(hung);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.unwatch();
    }
  }
  /** Ends it; requests that still wait fail. @returns when it has ended, or after two seconds */
  close() {
    this.fail(this.errors.lost("was closed"));
    this.program.close();
    const late = setTimeout(() => this.gone.resolve(), CLOSE_MS);
    return this.gone.promise.finally(() => clearTimeout(late));
  }
  take(line) {
    const [, id, json] = ANSWER.exec(line) ?? [];
    if (id === void 0 || json === void 0) return;
    this.output = void 0;
    this.missed = 0;
    try {
      this.waiting.get(id)?.resolve(JSON.parse(json));
    } catch {
      this.giveUp("gave an answer that cannot be read, so it was ended");
    }
  }
  /** Questions are counted, not time: a machine that stood still has missed one only. */
  watch() {
    if (this.pulse !== void 0) return;
    this.missed = 0;
    this.pulse = setInterval(() => {
      const allowed = this.output === void 0 ? MISSED : 1e3 * this.startSeconds / PULSE_MS;
      if (this.missed >= allowed) return this.giveUp("does not answer any more, so it was ended");
      this.missed += 1;
      this.program.send(PULSE);
    }, PULSE_MS);
  }
  unwatch() {
    clearInterval(this.pulse);
    this.pulse = void 0;
  }
  /** It hangs, which says nothing about how it was started. Its end is not waited for: who hangs may hang then, too. */
  giveUp(how) {
    this.program.kill();
    this.fail(this.errors.lost(how));
  }
  lose(how, status) {
    const unable = this.output !== void 0 && !how.startsWith("was ended");
    this.fail(unable ? this.errors.unable(how, this.output ?? [], status) : this.errors.lost(how));
  }
  fail(end) {
    this.end ??= end;
    for (const { reject } of this.waiting.values()) reject(this.end);
  }
};

export {
  ErlangError,
  valueIn,
  AnswerSession
};
