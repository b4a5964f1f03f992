import { expect, test } from 'vitest';
import { NOTHING, type RunRecord } from '../../src/report/run-record.js';
import { atDesk, reproduction } from '../../src/report/reproduce.js';
import { builtRelease } from '../support/releases.js';

const commit = 'c'.repeat(40);

function record(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    ...NOTHING,
    release: builtRelease('1.1.0'),
    upFrom: [builtRelease('1.0.0')],
    relup: {
      file: '/r/relup',
      up: [],
      down: [],
      warnings: [],
      startPhases: [],
      startTypes: [],
      dependents: {},
      configReaders: [],
      exposed: [],
    },
    refs: {
      newRef: '1.1.0',
      newCommit: 'd'.repeat(40),
      upFrom: [],
      candidates: [],
      reason: '',
      notes: [],
    },
    packages: {
      full: { kind: 'full', path: '/p/hello-1.1.0.tar.gz', sha256: '', size: 0, files: [] },
      findings: [],
      keeps: {},
    },
    build: { profile: 'prod,linux', release: 'hello', prepared: true, projectPath: "it's $(here)" },
    ...changes,
  };
}

test('what was chosen stands in the commands, quoted where a shell would read it', () => {
  const upFrom = [
    builtRelease('1.0.0', [], {
      source: { kind: 'ref', ref: 'v1;id', commit, projectDir: '/w', buildDir: '/w/_build' },
    }),
    builtRelease('0.9.0', [], { source: { kind: 'tarball', path: "/x/$(id)'.tar.gz" } }),
    builtRelease('0.8.0', [], {
      source: { kind: 'tarball', path: '/x/app-0.8.0.tar.gz', published: { tag: 'v0.8;id', commit } },
    }),
  ];
  const commands = reproduction(record({ upFrom }))?.split('\n') ?? [];
  expect(commands).toContain(`git worktree add --detach build-1.0.0 ${commit}`);
  expect(commands).toContain("(cd 'build-1.0.0/it'\\''s $(here)' && rebar3 as prod,linux release -n hello)");
  expect(commands).toContain("ln -s 'build-1.0.0/it'\\''s $(here)/_build/prod+linux/rel/hello' old-1.0.0");
  expect(commands).toContain("mkdir old-0.9.0 && tar -xzf '$(id)'\\''.tar.gz' -C old-0.9.0");
  expect(commands).toContain("gh release download 'v0.8;id' --pattern app-0.8.0.tar.gz");
  expect(commands).toContain("# in 'build-new/it'\\''s $(here)', the command of the input prepare");
  expect(commands.join('\n')).not.toContain('v1;id');
});

test('without a relup there is nothing to make again', () => {
  const { relup, ...without } = record();
  expect(relup).toBeDefined();
  expect(reproduction(without)).toBeUndefined();
});

test('a failure is seen at the desk by one command, with what was chosen', () => {
  const failure = { message: 'no', remedy: undefined, details: undefined };
  const refs = record().refs as NonNullable<RunRecord['refs']>;
  const upFrom = [{ kind: 'ref', ref: 'v1;id', commit } as const];
  const commands = atDesk(record({ failure, refs: { ...refs, upFrom } }))?.split('\n') ?? [];
  expect(commands.slice(1)).toEqual([
    `git fetch origin ${'d'.repeat(40)} && git checkout --detach ${'d'.repeat(40)}`,
    `npx relup-action rehearse --working-directory 'it'\\''s $(here)' --profile 'prod,linux' --release hello --upgrade-from ${commit}`,
  ]);
  expect(atDesk(record({ failure, change: [] }))).toContain('npx relup-action check');
  expect(atDesk(record())).toBeUndefined();
  expect(atDesk(record({ failure, nodeState: 'untouched' }))).toBeUndefined();
});
