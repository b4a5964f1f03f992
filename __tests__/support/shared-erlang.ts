import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AnswerSession } from '../../src/programs/answer-session.js';
import { compiledErlang, type CompiledErlang } from '../../src/programs/erlang.js';
import { projectRoot } from './repository.js';

/** Our Erlang modules, for many questions. */
export interface SharedErlang extends CompiledErlang {
  /** Evaluates Erlang expressions; the last value, as text. */
  evaluate(expressions: string): Promise<string>;
}

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
 * For tests to which the emulator is no more than a means: their questions go to one, as in the action, which ends with the file.
 *
 * @param folder private; the caller removes it
 */
export async function sharedErlang(folder: string): Promise<SharedErlang> {
  await mkdir(folder, { recursive: true });
  const ebin = process.env.RELUP_TEST_EBIN ?? compileForTests(folder);
  const own = await compiledErlang(ebin, folder);
  let session: AnswerSession | undefined;
  return {
    ...own,
    evaluate: (expressions) => {
      session ??= new AnswerSession((on) => own.start('shared_emulator', [], on), ERRORS);
      return session.ask([expressions], SECONDS);
    },
  };
}

const ERRORS = {
  lost: (how: string) => new Error(how),
  unable: (how: string, output: readonly string[]) => new Error([how, ...output].join('\n')),
  late: (seconds: number) => new Error(`no answer within ${seconds} seconds`),
};
