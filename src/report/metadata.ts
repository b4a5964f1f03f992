import { basename } from 'node:path';
import type { Tarball } from '../shared/tarball.js';
import { distinct, type Finding } from '../model/finding.js';
import { reportPage } from './report-file.js';
import type { RunRecord } from './run-record.js';

/** What a later step could want, in one object (output `metadata`); what did not come to pass is left out. Pure. */
export function metadataOf(record: RunRecord): Record<string, unknown> {
  const { refs, toolchain, upFrom, packages, artifact, failedArtifact, report, findings, phases } = record;
  const release = record.release ?? record.brought;
  return {
    releaseName: release?.name,
    version: release?.version,
    ref: refs?.newRef,
    commit: refs?.newCommit ?? record.brought?.commit,
    toolchain,
    upFrom: upFrom?.map(({ version, erts, source }) => ({
      version,
      erts,
      ...(source.kind === 'tarball' ? {} : { ref: source.ref, commit: source.commit }),
    })),
    upgradeKind: record.upgradeKind,
    verdict: record.verdict,
    packages: packages && {
      full: fileOf(packages.full),
      upgrade: packages.upgrade && fileOf(packages.upgrade),
      debug: packages.debug && fileOf(packages.debug),
    },
    manifest: record.manifest,
    report,
    reportPage: report && reportPage(report),
    artifact,
    release: record.published,
    attestation: record.attestation,
    failedArtifact,
    deployedVersion: record.deployed?.deployedVersion,
    nodeState: record.nodeState,
    findings: countsOf(findings),
    seconds: {
      total: rounded(phases.reduce((sum, { seconds }) => sum + seconds, 0)),
      phases: Object.fromEntries(phases.map(({ name, seconds }) => [name, rounded(seconds)])),
    },
    failure: record.failure?.message,
  };
}

function fileOf({ path, size, sha256 }: Tarball): Record<string, unknown> {
  return { name: basename(path), path, size, sha256 };
}

function countsOf(findings: readonly Finding[]): Record<string, number> {
  const all = distinct(findings);
  const count = (is: Finding['severity']): number => all.filter(({ severity }) => severity === is).length;
  return { errors: count('error'), warnings: count('warning'), notices: count('notice') };
}

function rounded(seconds: number): number {
  return Math.round(1000 * seconds) / 1000;
}
