import { setOutput } from '@actions/core';
import type { Facts } from './facts.js';

/** The outputs of action.yml for what did succeed; what did not is left out, not set to an empty text. Pure. */
export function outputsOf(facts: Facts): Record<string, string> {
  const { packages, artifact, deployed } = facts;
  const release = facts.release ?? facts.brought;
  const outputs: Record<string, string | undefined> = {
    'release-name': release?.name,
    version: release?.version,
    'up-from':
      facts.upFrom === undefined ? undefined : JSON.stringify(facts.upFrom.map(({ version }) => version)),
    'upgrade-kind': kindFor(facts),
    verdict: facts.verdict,
    tarball: packages?.full.path,
    'tarball-sha256': packages?.full.sha256,
    'upgrade-tarball': packages?.upgrade?.path,
    'upgrade-tarball-sha256': packages?.upgrade?.sha256,
    manifest: facts.manifest,
    report: facts.report,
    'artifact-id': artifact === undefined ? undefined : String(artifact.id),
    'artifact-url': artifact?.url,
    'artifact-digest': artifact?.digest,
    'deployed-version': deployed?.deployedVersion,
    'node-state': facts.nodeState,
  };
  return Object.fromEntries(
    Object.entries(outputs).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** A workflow that asks for the kind alone must not take for proven what was only made. */
function kindFor({ upgradeKind, verdict }: Facts): string | undefined {
  return upgradeKind === 'hot' && verdict !== 'hot' ? 'hot-unproven' : upgradeKind;
}

/** Sets the outputs; called once, when the run ends, whether it succeeded or not. */
export function setOutputs(facts: Facts): void {
  for (const [name, value] of Object.entries(outputsOf(facts))) setOutput(name, value);
}
