import { expect, test } from 'vitest';
import { NOTHING, type RunRecord } from '../../src/report/run-record.js';
import { code, codeBlock, plain } from '../../src/report/document/markdown.js';
import { size } from '../../src/report/figures.js';
import { outputsOf } from '../../src/report/outputs.js';
import { summaryOf } from '../../src/report/summary.js';
import { compareReleases } from '../../src/model/release-difference.js';
import { application, builtRelease } from '../support/releases.js';
import { stoppedBy } from '../../src/model/finding.js';

const release = builtRelease('0.2.0', [application('hello', '0.2.0', { hello: 'new' })]);
const upFrom = builtRelease('0.1.0', [application('hello', '0.1.0', { hello: 'old' })]);
const entries = [{ upFrom: '0.1.0', pattern: '"0.1.0"', instructions: ['{load_module,hello}'] }];
const script = {
  version: '0.1.0',
  instructions: ['point_of_no_return', '{load,{hello,x,y}}'],
  loads: [],
  removes: [],
  starts: [],
  restartsEmulator: false,
};

function hotRecord(): RunRecord {
  return {
    ...NOTHING,
    release,
    upFrom: [upFrom],
    differences: [compareReleases(upFrom, release)],
    appups: [
      {
        application: 'hello',
        version: '0.2.0',
        origin: 'hand-written',
        file: 'src/hello.appup.src',
        up: entries,
        down: entries,
      },
    ],
    relup: {
      file: '/r/relup',
      up: [script],
      down: [script],
      warnings: [],
      startPhases: [],
      startTypes: [],
      dependents: {},
      configReaders: [],
      exposed: [],
    },
    upgradeKind: 'hot',
    verdict: 'unproven',
    refs: {
      newRef: '0.2.0',
      newCommit: 'b'.repeat(40),
      newTag: '0.2.0',
      upFrom: [{ kind: 'ref', ref: '0.1.0', commit: 'a'.repeat(40) }],
      candidates: [
        { tag: '0.1.0', commit: 'a'.repeat(40), version: '0.1.0', taken: true, why: 'the highest ancestor' },
        { tag: 'nightly', commit: 'a'.repeat(40), taken: false, why: 'does not match tag-pattern' },
      ],
      reason: '0.1.0 is the highest version below 0.2.0.',
      notes: [],
    },
    packages: {
      full: {
        kind: 'full',
        path: '/p/hello-0.2.0.tar.gz',
        sha256: 'f'.repeat(64),
        size: 9_800_000,
        files: [],
      },
      upgrade: {
        kind: 'upgrade',
        path: '/p/hello-0.2.0.upgrade.tar.gz',
        sha256: 'e'.repeat(64),
        size: 17_600,
        files: [],
      },
      findings: [],
      keeps: {},
    },
    manifest: '/p/hello-0.2.0.manifest.json',
  };
}

test('a hot upgrade: verdict first, then what a reviewer needs (H116)', () => {
  const text = summaryOf(hotRecord());
  expect(text.split('\n').slice(0, 4).join('\n')).toBe(
    '# hello 0.2.0: upgrade from 0.1.0\n\n> [!WARNING]\n> <strong>Verdict: unproven.</strong> The relup is made and checked, and was not rehearsed on a node.',
  );
  expect(text).toContain(
    '| <code>hello</code> | 0.1.0 → 0.2.0 | 1 changed |\n\n- <code>hello</code>: hand-written appup <code>src/hello.appup.src</code>',
  );
  expect(text).toContain('point_of_no_return');
  expect(text).toContain('| <code>hello-0.2.0.upgrade.tar.gz</code> | running nodes, 17.6 kB |');
  expect(text).toContain('cp hello-0.2.0.upgrade.tar.gz releases/hello-0.2.0.tar.gz');
  expect(text).toContain('| <code>nightly</code> | no | does not match tag-pattern |');
});

test('a refusal: the sentence, the remedy to paste, the raw output in a fold', () => {
  const text = summaryOf({
    ...NOTHING,
    verdict: 'refused',
    failure: { message: 'No valid appup for a.', remedy: 'Write src/a.appup.src:\n{"1"}.', details: 'raw' },
  });
  expect(text).toContain('> [!CAUTION]\n> <strong>Verdict: refused.</strong> No valid appup for a.\n>\n');
  expect(text).toContain('Write src/a.appup.src:\n\n```erlang\n{"1"}.\n```');
  expect(text).toContain('<details><summary>Details</summary>\n\n```\nraw\n```');
});

test('hostile names show as text: no tags, links, tables or code of their own', () => {
  // Code blocks show everything as it is.
  const { packages, ...record } = hotRecord();
  expect(packages).toBeDefined();
  const text = summaryOf({
    ...record,
    release: { ...release, version: '1|2<script>[x](y)`@octocat' },
    refs: {
      ...(record.refs as NonNullable<RunRecord['refs']>),
      candidates: [{ tag: '[x](y)*z*</code>', commit: '', taken: true, why: '![x](y)' }],
    },
  });
  expect(text).not.toContain('<script>');
  expect(text).not.toContain('[x](y)');
  expect(text).not.toMatch(/@octocat|\*z\*/);
});

test('long output is cut from the front, as GitHub drops summaries over 1 MiB', () => {
  const details = `start${'x'.repeat(2_000_000)}end`;
  const text = summaryOf({ ...NOTHING, failure: { message: 'm', remedy: undefined, details } });
  expect(text.length).toBeLessThan(30_000);
  expect(text).toContain('end\n```');
});

test('thousands of tags are listed in part, the chosen one always', () => {
  const record = hotRecord();
  const tag = (name: string, taken: boolean) => ({ tag: name, commit: 'a'.repeat(40), taken, why: 'w' });
  const candidates = [...Array.from({ length: 5000 }, (_, i) => tag(`tag-${i}`, false)), tag('chosen', true)];
  const refs = { ...(record.refs as NonNullable<RunRecord['refs']>), candidates };
  const text = summaryOf({ ...record, refs });
  expect(text).toContain('| 4700 more | no | see the log |');
  expect(text).toContain('| <code>chosen</code> | yes |');
});

test('a summary that GitHub would drop tells the verdict at least', () => {
  const record = hotRecord();
  const long = {
    ...script,
    instructions: Array.from({ length: 60_000 }, (_, i) => `{load,{module_${i},x,y}}`),
  };
  const relup = {
    file: '/r/relup',
    up: [long],
    down: [long],
    warnings: [],
    startPhases: [],
    startTypes: [],
    dependents: {},
    configReaders: [],
    exposed: [],
  };
  const text = summaryOf({ ...record, relup });
  expect(text).toContain('Verdict: unproven.');
  expect(text).toContain('too long for a job summary');
  expect(text.length).toBeLessThan(1000);
});

test('markdown building blocks', () => {
  expect(plain('a_b|c-d')).toBe('a&#95;b&#124;c-d');
  expect(plain(' - a\n')).toBe('&#45; a');
  expect(code('a|b`c\nd')).toBe('<code>a&#124;b&#96;c d</code>');
  expect(codeBlock('```x')).toBe('````\n```x\n````');
  expect([0, 999, 1000, 17_600, 9_800_000, 1_500_000_000].map(size)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '17.6 kB',
    '9.8 MB',
    '1.5 GB',
  ]);
});

test('outputs tell what succeeded and leave out the rest', () => {
  expect(outputsOf(hotRecord())).toEqual({
    'release-name': 'hello',
    version: '0.2.0',
    'up-from': '["0.1.0"]',
    'upgrade-kind': 'hot-unproven',
    verdict: 'unproven',
    tarball: '/p/hello-0.2.0.tar.gz',
    'tarball-sha256': 'f'.repeat(64),
    'upgrade-tarball': '/p/hello-0.2.0.upgrade.tar.gz',
    'upgrade-tarball-sha256': 'e'.repeat(64),
    manifest: '/p/hello-0.2.0.manifest.json',
    metadata: expect.any(String) as string,
  });
  expect(outputsOf({ ...hotRecord(), verdict: 'hot' })).toMatchObject({
    'upgrade-kind': 'hot',
    verdict: 'hot',
  });
  expect(outputsOf(NOTHING)).toEqual({});
});

test('commands by hand are only shown where they work', () => {
  const hot = hotRecord();
  expect(summaryOf(hot)).toContain('bin/hello upgrade 0.2.0');
  const packages = hot.packages as NonNullable<RunRecord['packages']>;
  const template = { path: 'releases/0.2.0/sys.config.src', size: 1, sha256: '', mode: 0o644 };
  const templated = { ...packages, full: { ...packages.full, files: [template] } };
  const text = summaryOf({ ...hot, packages: templated });
  expect(text).not.toContain('bin/hello upgrade 0.2.0');
  expect(text).toContain('Use the deploy step');
});

test('findings that stop a run: each once, under the failure, with its remedy to paste', () => {
  const error = {
    id: 'state-changed',
    severity: 'error',
    message: 'Another shape:\n- a\n+ b',
    remedy: 'Append to the module:\na() -> b.',
  } as const;
  const warning = { id: 'call-cycle', severity: 'warning', message: 'A circle.' } as const;
  const findings = [error, warning, { ...error }];
  const { message, details } = stoppedBy('It would go wrong', findings);
  expect(message).toBe('It would go wrong: one finding stops it (state-changed). It says what to do.');
  const text = summaryOf({ ...NOTHING, findings, failure: { message, remedy: undefined, details } });
  expect(text.match(/Another shape/g)).toHaveLength(1);
  expect(text).toContain('### <code>state-changed</code> (error)');
  expect(text).toContain(
    '```diff\n- a\n+ b\n```\n\n<strong>What to do:</strong> Append to the module:\n\n```erlang\na() -> b.\n```',
  );
  expect(text).toMatch(/## Findings\n\n### <code>call-cycle<\/code> \(warning\)\n\nA circle\.\n$/);
});
