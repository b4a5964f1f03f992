import { info } from '@actions/core';
import { basename, dirname } from 'node:path';
import { uploadArtifact } from '../../artifact/upload.js';
import { manifestOf } from '../../model/manifest.js';
import type { Package, Packages } from '../../model/package.js';
import { proofOf, type Proof } from '../../model/proof.js';
import type { BuiltRelease } from '../../model/release.js';
import type { Upgrade } from '../../model/upgrade.js';
import { makePackages } from '../../package/package.js';
import { verifyPackage } from '../../package/verify.js';
import { writeManifest } from '../../package/write-manifest.js';
import { appupFiles, writeAppupFiles } from '../../plan/appups/appup-files.js';
import type { Erlang } from '../../programs/erlang.js';
import type { Made } from '../../rehearsal/prove.js';
import { size } from '../../report/figures.js';
import { reportPage, writeReport } from '../../report/report-file.js';
import type { RunRecord } from '../../report/run-record.js';
import { defined } from '../../shared/optional.js';
import type { Workspace } from '../../shared/workspace.js';
import type { Note, Run } from '../run.js';
import type { RelupInputs } from './relup-inputs.js';

export interface PackageOptions {
  readonly erlang: Erlang;
  readonly workspace: Workspace;
  readonly release: BuiltRelease;
  readonly upFrom: readonly BuiltRelease[];
  readonly plan: Upgrade;
  /** Unix seconds for every member of the packages: the new commit's time. */
  readonly mtime: number;
}

/** Makes the packages and reads them back, in a folder that outlives the run; once more when appups were corrected. */
export async function makeCheckedPackages(options: PackageOptions, note: Note): Promise<Packages> {
  try {
    const packages = await makeInFolder(options);
    note({ packages, findings: packages.findings });
    return packages;
  } catch (error) {
    // Nothing may lie about that looks like a package and was not checked.
    options.workspace.dropResult();
    throw error;
  }
}

async function makeInFolder(options: PackageOptions): Promise<Packages> {
  const { erlang, workspace, release, plan, mtime } = options;
  const upFrom = plan.relup === undefined ? [] : options.upFrom;
  const packages = await makePackages({
    tree: release.root,
    release,
    upFrom,
    makeUpgrade: plan.relup !== undefined,
    folder: workspace.resultFolder(`relup-${release.name}-${release.version}`),
    mtime,
  });
  const made = [packages.full, packages.upgrade].filter((one) => one !== undefined);
  await Promise.all(made.map((one) => verifyPackage({ erlang, finished: one, release, upFrom })));
  for (const one of made) logPackage(one);
  return packages;
}

/** Writes manifest and report beside the packages: the manifest tells what was proven, so it comes last. */
export async function writeResult({ plan, packages }: Made, record: RunRecord, note: Note): Promise<void> {
  const { refs, release, toolchain, verdict, upFrom = [], findings, rehearsal } = record;
  if (refs === undefined || release === undefined || toolchain === undefined || verdict === undefined) {
    throw new Error('there is nothing to write a manifest of');
  }
  const folder = dirname(packages.full.path);
  const manifest = manifestOf({
    release,
    ref: refs.newRef,
    commit: refs.newCommit,
    projectPath: record.build?.projectPath ?? '',
    toolchain,
    upgradeKind: plan.upgradeKind,
    verdict,
    upFrom,
    appups: plan.appups,
    relup: plan.relup,
    full: packages.full,
    upgrade: packages.upgrade,
    debug: packages.debug,
    findings,
    keeps: packages.keeps,
    selfMade: [...new Set(rehearsal?.versions.flatMap((one) => one.selfMade))].sort(),
    proof: proof(record),
  });
  note({ manifest: await writeManifest(folder, manifest) });
  await writeAppupFiles(folder, plan.appups);
  note({ report: await writeReport(folder, record) });
}

/** Nothing to prove without a relup. */
function proof({ rehearsal, unproven, upgradeKind }: RunRecord): Proof | undefined {
  if (rehearsal !== undefined) return proofOf(rehearsal, rehearsal.corrections);
  return upgradeKind === 'hot'
    ? { outcome: 'unproven', reason: unproven ?? '', upFrom: [], corrections: [] }
    : undefined;
}

function logPackage({ path, size: bytes, sha256, files }: Package): void {
  info(`${basename(path)}: ${size(bytes)}, ${files.length} files, SHA-256 ${sha256}`);
}

export function artifactNameOf({ artifactName }: RelupInputs, { release }: RunRecord): string {
  return artifactName ?? `${release?.name}-${release?.version}-relup`;
}

/** Uploads packages, manifest and both forms of the report as one artifact. */
export async function upload(inputs: RelupInputs, run: Run, note: Note): Promise<void> {
  const { packages, manifest = '', report, appups = [] } = run.record;
  const rootDir = dirname(manifest);
  const adoptable = appupFiles(rootDir, appups).map(({ path }) => path);
  const made = [packages?.full, packages?.upgrade, packages?.debug].map((one) => one?.path);
  const reports = report === undefined ? [] : [report, reportPage(report)];
  const files = [...made, manifest, ...reports, ...adoptable].filter((file) => file !== undefined);
  const artifact = await uploadArtifact({
    name: artifactNameOf(inputs, run.record),
    rootDir,
    files,
    overwrite: inputs.overwrite,
    workFolder: await run.workspace.folder('artifact'),
    ...defined({ retentionDays: inputs.retentionDays, manifest }),
  });
  note({ artifact });
  info(
    `${artifact.reused ? 'Found again' : 'Uploaded'}: artifact ${artifact.name} (${artifact.url ?? artifact.id})`,
  );
}
