import type { DeployManifest } from '../model/deploy-input.js';
import type { Way } from '../model/deploy.js';
import { runningRelease, type NodeSnapshot } from '../model/node.js';

/** All that the way of a release to its node depends on. */
export interface KnownOfNode {
  readonly manifest: DeployManifest;
  readonly root: 'empty' | 'installed';
  /** `silent`: one runs, and cannot be asked. */
  readonly node: NodeSnapshot | 'silent' | 'none';
  readonly allowRestart: boolean;
}

export interface ChosenWay {
  readonly way: Way;
  /** For people; one sentence. */
  readonly said: string;
  /** The node runs the release already, and nobody has proven a hot upgrade to it, which there is nothing to do with any more. */
  readonly runsAlready?: true;
}

/**
 * Pure: which way the release goes. Without `allow-restart` a node that runs is upgraded hot or not at all, and what stands against
 * that is told by the checks.
 */
export function wayOf(known: KnownOfNode): ChosenWay {
  const { manifest, root, node, allowRestart } = known;
  const { name, version } = manifest;
  if (root === 'empty') {
    return { way: 'install', said: `Way: install ${name} ${version}, because nothing is installed there.` };
  }
  if (runsUnproven(manifest, node)) {
    return { way: 'restart', said: `Nothing to do: ${name} ${version} runs already.`, runsAlready: true };
  }
  const why = allowRestart ? whyRestart(manifest, node) : undefined;
  if (why !== undefined) {
    return { way: 'restart', said: `Way: restart into ${name} ${version}, because ${why}.` };
  }
  return { way: 'hot', said: `Way: hot, to ${name} ${version}.` };
}

function runsUnproven(
  { version, upgradeKind = 'hot', verdict = 'hot' }: DeployManifest,
  node: KnownOfNode['node'],
): boolean {
  if (typeof node === 'string' || (upgradeKind === 'hot' && verdict === 'hot')) return false;
  return node.releases?.some((one) => one.version === version && one.status === 'permanent') === true;
}

/** Undefined when the node can be upgraded hot, as far as that is known before the checks. */
function whyRestart(manifest: DeployManifest, node: KnownOfNode['node']): string | undefined {
  const { version, upgradeKind = 'hot', verdict = 'hot', erts, toolchain, upFrom } = manifest;
  if (node === 'silent') return undefined;
  if (node === 'none') return 'no node runs from what is installed';
  // of what is installed nobody has told
  if (toolchain.otpRelease === '') return 'no relup of what runs leads to it';
  if (node.erts !== erts || node.otp !== toolchain.otpRelease) {
    return `the node runs OTP ${node.otp} (ERTS ${node.erts}), and the package has OTP ${toolchain.otpRelease} (ERTS ${erts})`;
  }
  if (node.releases === null) return 'sasl does not run on the node';
  const runs = runningRelease(node.releases)?.version ?? 'nothing';
  if (runs === version) return undefined;
  if (upgradeKind !== 'hot') return `its upgrade kind is ${upgradeKind}`;
  if (verdict !== 'hot') return `it was not proven by a rehearsal (verdict ${verdict})`;
  return upFrom.some((release) => release.version === runs)
    ? undefined
    : `it does not upgrade from ${runs}, which the node runs`;
}
