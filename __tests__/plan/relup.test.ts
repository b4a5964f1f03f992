import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeRelup } from '../../src/plan/relup.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { builtRelease } from '../support/releases.js';
import { temporaryFolder } from '../support/repository.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An Erlang whose relup comes out with other versions than were asked for, as made-up versions would do. */
function answering(version: string, up: string[], down: string[]): Erlang {
  mkdirSync(join(folder, 'releases/1.1.0'), { recursive: true });
  const file = join(folder, 'releases/1.1.0/relup');
  writeFileSync(file, '');
  const scripts = (versions: string[]) =>
    versions.map((one) => ({
      version: one,
      instructions: [],
      loads: [],
      removes: [],
      starts: [],
      restartsEmulator: false,
    }));
  const answer = { file, version, up: scripts(up), down: scripts(down), warnings: [], startPhases: [] };
  return {
    ready: () => Promise.resolve(),
    query: () => Promise.resolve(answer as never),
    start: () => expect.unreachable(),
  };
}

const make = (erlang: Erlang) =>
  makeRelup(erlang, folder, {
    release: builtRelease('1.1.0'),
    upFrom: [builtRelease('1.0.0'), builtRelease('1.0.1')],
    appups: [],
    projectDir: folder,
    projectPath: '',
  });

test('the relup must hold exactly the intended versions (H39)', async () => {
  const relup = await make(answering('1.1.0', ['1.0.1', '1.0.0'], ['1.0.0', '1.0.1']));
  expect(relup.up).toHaveLength(2);
  await expect(make(answering('1.1.0', ['1.0.0'], ['1.0.0', '1.0.1']))).rejects.toThrow(
    'The relup for 1.1.0 holds the up versions 1.0.0 instead of 1.0.0, 1.0.1.',
  );
  await expect(make(answering('1.1.0', ['1.0.0', '1.0.1'], ['1.0.0', '9.9.9']))).rejects.toThrow(
    /down versions/,
  );
  await expect(make(answering('1.1.1', ['1.0.0', '1.0.1'], ['1.0.0', '1.0.1']))).rejects.toThrow(
    /relup for 1\.1\.1/,
  );
});
