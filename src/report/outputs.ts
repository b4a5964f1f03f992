import { setOutput } from '@actions/core';
import { metadataOf } from './metadata.js';
import type { RunRecord } from './run-record.js';

/** The outputs of action.yml for what did succeed; what did not is left out, not set to an empty text. Pure. */
export function outputsOf(record: RunRecord): Record<string, string> {
  const { artifact, deployed } = record;
  // A check makes nothing for others.
  const packages = record.change === undefined ? record.packages : undefined;
  const release = record.release ?? record.brought;
  const outputs: Record<string, string | undefined> = {
    'release-name': release?.name,
    version: release?.version,
    'up-from':
      record.upFrom === undefined ? undefined : JSON.stringify(record.upFrom.map(({ version }) => version)),
    'upgrade-kind': kindFor(record),
    verdict: record.verdict,
    tarball: packages?.full.path,
    'tarball-sha256': packages?.full.sha256,
    'upgrade-tarball': packages?.upgrade?.path,
    'upgrade-tarball-sha256': packages?.upgrade?.sha256,
    manifest: record.manifest,
    report: record.report,
    'artifact-name': artifact?.name,
    'artifact-id': artifact === undefined ? undefined : String(artifact.id),
    'artifact-url': artifact?.url,
    'artifact-digest': artifact?.digest,
    'release-url': record.published?.url,
    'attestation-url': record.attestation?.url,
    'deployed-version': deployed?.deployedVersion || undefined,
    'node-state': record.nodeState,
    metadata: release === undefined ? undefined : JSON.stringify(metadataOf(record)),
  };
  return Object.fromEntries(
    Object.entries(outputs).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** A workflow that asks for the kind alone must not take for proven what was only made. */
function kindFor({ upgradeKind, verdict }: RunRecord): string | undefined {
  return upgradeKind === 'hot' && verdict !== 'hot' ? 'hot-unproven' : upgradeKind;
}

/** Sets the outputs; called once, when the run ends, whether it succeeded or not. */
export function setOutputs(record: RunRecord): void {
  for (const [name, value] of Object.entries(outputsOf(record))) setOutput(name, value);
}
