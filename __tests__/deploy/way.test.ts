import { describe, expect, it } from 'vitest';
import type { DeployManifest } from '../../src/model/deploy-input.js';
import type { HandlerRelease, NodeSnapshot } from '../../src/model/node.js';
import { wayOf, type KnownOfNode } from '../../src/deploy/way.js';

const manifest: DeployManifest = {
  name: 'hello',
  version: '1.1.0',
  erts: '15.2',
  upgradeKind: 'hot',
  verdict: 'hot',
  toolchain: { otpRelease: '27', architecture: 'x86_64-pc-linux-gnu' },
  applications: [],
  upFrom: [{ version: '1.0.0', applications: [] }],
};

function node(version: string, more: Partial<NodeSnapshot> = {}): NodeSnapshot {
  const releases: HandlerRelease[] = [{ name: 'hello', version, applications: [], status: 'permanent' }];
  return { erts: '15.2', otp: '27', releases, ...more } as NodeSnapshot;
}

function way(known: Partial<KnownOfNode>): string {
  const { way: is, said } = wayOf({
    manifest,
    root: 'installed',
    node: node('1.0.0'),
    allowRestart: true,
    ...known,
  });
  return `${is}: ${said}`;
}

describe('the way of a release to its node', () => {
  it('is an installation where nothing lies, whatever was made', () => {
    const none = { ...manifest, upgradeKind: 'none', verdict: 'none' };
    expect(way({ root: 'empty', node: 'none', manifest: none, allowRestart: false })).toBe(
      'install: Way: install hello 1.1.0, because nothing is installed there.',
    );
  });

  it('is hot where that can be', () => {
    expect(way({})).toBe('hot: Way: hot, to hello 1.1.0.');
    expect(way({ node: node('1.1.0') })).toMatch(/^hot/);
    expect(way({ node: 'silent' })).toMatch(/^hot/);
  });

  it.each<[string, Partial<KnownOfNode>]>([
    ['its upgrade kind is restart', { manifest: { ...manifest, upgradeKind: 'restart' } }],
    [
      'it was not proven by a rehearsal (verdict unproven)',
      { manifest: { ...manifest, verdict: 'unproven' } },
    ],
    ['it does not upgrade from 0.9.0, which the node runs', { node: node('0.9.0') }],
    [
      'the node runs OTP 25 (ERTS 13.1), and the package has OTP 27 (ERTS 15.2)',
      { node: node('1.0.0', { otp: '25', erts: '13.1' }) },
    ],
    ['sasl does not run on the node', { node: node('1.0.0', { releases: null }) }],
    ['no node runs from what is installed', { node: 'none' }],
  ])('is a restart, with leave, because %s', (why, known) => {
    expect(way(known)).toBe(`restart: Way: restart into hello 1.1.0, because ${why}.`);
    expect(way({ ...known, allowRestart: false })).toMatch(/^hot/);
  });

  it('is none when the release runs already', () => {
    const restart = { ...manifest, upgradeKind: 'restart', verdict: 'restart' };
    const known = { manifest: restart, root: 'installed' as const, node: node('1.1.0'), allowRestart: true };
    expect(wayOf(known)).toMatchObject({ runsAlready: true });
    expect(wayOf({ ...known, allowRestart: false })).toMatchObject({ runsAlready: true });
  });
});
