import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlSession } from '../../src/node/control-session.js';
import { compiledErlang, type CompiledErlang } from '../../src/programs/erlang.js';
import { projectRoot } from './repository.js';

/** Our Erlang modules, for many questions. */
export interface SharedErlang extends CompiledErlang {
  /** Evaluates Erlang expressions; the last value, as text. */
  evaluate(expressions: string): Promise<string>;
}

/** Adds to the code path of its emulator, so that the next question would find what the last one was about. */
const ALONE = new Set(['appups']);

const SECONDS = 120;

/** Compiles our modules, and that of the tests, for all test files of a run: they find the folder in RELUP_TEST_EBIN. */
export function compileForTests(folder: string): string {
  const ebin = join(folder, 'ebin');
  mkdirSync(ebin, { recursive: true });
  const sources = ['src/erlang', '__tests__/support/erlang'].flatMap((from) =>
    readdirSync(join(projectRoot, from))
      .filter((name) => name.endsWith('.erl'))
      .map((name) => join(projectRoot, from, name)),
  );
  execFileSync('erlc', ['-o', ebin, ...sources], { stdio: ['ignore', 'inherit', 'inherit'] });
  return ebin;
}

/**
 * For tests to which the emulator is no more than a means: all questions of a test file go to one, which ends with the file.
 * What asks with flags, an environment or a folder of its own gets an emulator of its own, as in the action.
 *
 * @param folder private; the caller removes it
 */
export async function sharedErlang(folder: string): Promise<SharedErlang> {
  await mkdir(folder, { recursive: true });
  const ebin = process.env.RELUP_TEST_EBIN ?? compileForTests(folder);
  const own = await compiledErlang(ebin, folder);
  let session: ControlSession | undefined;
  const ask = <T>(request: readonly string[]): Promise<T> => {
    if (session?.isOpen !== true) session = new ControlSession((on) => own.start('shared_emulator', [], on));
    return session.ask<T>(request, SECONDS);
  };
  return {
    ...own,
    query: (command, args, options = {}) => {
      const { flags, env, cwd } = options;
      const alone = flags !== undefined || env !== undefined || cwd !== undefined || ALONE.has(command);
      return alone ? own.query(command, args, options) : ask([command, ...args]);
    },
    evaluate: (expressions) => ask(['evaluate', expressions]),
  };
}
