import { expect, test } from 'vitest';
import { outputsOf } from '../../src/report/outputs.js';
import { records } from '../support/records.js';

const metadata = (name: string): unknown => {
  const outputs = outputsOf(records[name] ?? expect.fail());
  return JSON.parse(outputs.metadata ?? 'null');
};

test('a later step finds everything about packages, versions and artifact in one object', () => {
  expect(metadata('hot')).toEqual({
    releaseName: 'shop',
    version: '1.1.0',
    ref: 'v1.1.0',
    commit: 'b'.repeat(40),
    toolchain: {
      otpRelease: '27',
      otpVersion: '27.3.4.1',
      erts: '15.2.7',
      architecture: 'x86_64-pc-linux-gnu',
      rebar3: '3.24.0',
      libc: 'glibc 2.39',
    },
    upFrom: [{ version: '1.0.0', erts: '15.2.7', ref: '1.0.0', commit: '0'.repeat(40) }],
    upgradeKind: 'hot',
    verdict: 'hot',
    packages: {
      full: {
        name: 'shop-1.1.0.tar.gz',
        path: '/p/shop-1.1.0.tar.gz',
        size: 9_800_000,
        sha256: 'f'.repeat(64),
      },
      upgrade: {
        name: 'shop-1.1.0.upgrade.tar.gz',
        path: '/p/shop-1.1.0.upgrade.tar.gz',
        size: 17_600,
        sha256: 'e'.repeat(64),
      },
    },
    manifest: '/p/shop-1.1.0.manifest.json',
    report: '/p/report.json',
    reportPage: '/p/report.html',
    artifact: {
      name: 'shop-1.1.0-relup',
      id: 7,
      url: 'https://github.com/octo/shop/actions/runs/1/artifacts/7',
    },
    findings: { errors: 0, warnings: 1, notices: 0 },
    seconds: {
      total: 14.4,
      phases: {
        Toolchain: 0.4,
        Refs: 0.8,
        Build: 1.2,
        'Appups and relup': 1.6,
        Package: 2,
        Rehearsal: 2.4,
        Manifest: 2.8,
        Artifact: 3.2,
      },
    },
  });
});

test('after a failure it says why, and what became of the node', () => {
  expect(metadata('refused')).toMatchObject({ verdict: 'refused', findings: { errors: 1, warnings: 1 } });
  expect(metadata('refused')).not.toHaveProperty('packages');
  expect(metadata('failed deploy')).toMatchObject({
    releaseName: 'shop',
    commit: 'b'.repeat(40),
    nodeState: 'downgraded',
    failure: 'shop 1.1.0 did not become healthy within 60 seconds: check-url answered with status 503.',
  });
  expect(metadata('bad input')).toBeNull();
});

test('the artifact has a name of its own among the outputs', () => {
  expect(outputsOf(records.hot ?? expect.fail())).toMatchObject({ 'artifact-name': 'shop-1.1.0-relup' });
});
