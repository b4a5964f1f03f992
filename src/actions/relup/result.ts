import { info } from '@actions/core';
import { basename, dirname } from 'node:path';
import { appupFiles, writeAppupFiles } from '../../phases/appup-files.js';
import { uploadArtifact } from '../../phases/artifact.js';
import { manifestOf, writeManifest } from '../../phases/manifest.js';
import { makePackages, verifyPackage, type Package } from '../../phases/package.js';
import type { Refs } from '../../phases/refs.js';
import type { Toolchain } from '../../phases/toolchain.js';
import type { Erlang } from '../../programs/erlang.js';
import type { Facts, Verdict } from '../../report/facts.js';
import { size } from '../../report/markdown.js';
import { writeReport } from '../../report/report-file.js';
import { defined } from '../../shared/optional.js';
import type { BuiltRelease } from '../../shared/release.js';
import type { Workspace } from '../../shared/workspace.js';
import type { RelupInputs } from './inputs.js';

export interface ResultOptions {
  readonly facts: Facts;
  readonly erlang: Erlang;
  readonly release: BuiltRelease;
  readonly refs: Refs;
  readonly toolchain: Toolchain;
  /** Unix seconds for every member of the packages: the new commit's time. */
  readonly mtime: number;
  readonly workspace: Workspace;
}

/** Makes the packages, reads them back, and writes manifest and report beside them, in a folder that outlives the run. */
export async function makeResult(options: ResultOptions): Promise<void> {
  const { facts, workspace, release } = options;
  const folder = workspace.resultFolder(`relup-${release.name}-${release.version}`);
  try {
    await fillResult(options, folder);
  } catch (error) {
    // Nothing may lie about that looks like a package and was not checked.
    if (facts.packages === undefined) workspace.dropResult();
    throw error;
  }
}

async function fillResult(options: ResultOptions, folder: string): Promise<void> {
  const { facts, erlang, release } = options;
  const upFrom = facts.upFrom ?? [];
  const upgradeKind = facts.upgradeKind ?? 'none';
  const relupFor = facts.relup === undefined ? [] : upFrom;
  const packages = await makePackages({
    tree: release.root,
    release,
    upFrom: relupFor,
    makeUpgrade: facts.relup !== undefined,
    folder,
    mtime: options.mtime,
  });
  const made = [packages.full, packages.upgrade].filter((one) => one !== undefined);
  await Promise.all(made.map((one) => verifyPackage(erlang, one, release, relupFor)));
  for (const one of made) logPackage(one);
  facts.packages = packages;
  facts.findings.push(...packages.findings);
  // Proven is what was rehearsed; until then a hot upgrade is made and checked, no more.
  const verdict: Verdict = upgradeKind === 'hot' ? 'unproven' : upgradeKind;
  facts.verdict = verdict;
  facts.manifest = await writeManifest(
    folder,
    manifestOf({
      release,
      ref: options.refs.newRef,
      commit: options.refs.newCommit,
      toolchain: options.toolchain,
      upgradeKind,
      verdict,
      upFrom,
      appups: facts.appups ?? [],
      relup: facts.relup,
      full: packages.full,
      upgrade: packages.upgrade,
      findings: facts.findings,
    }),
  );
  await writeAppupFiles(folder, facts.appups ?? []);
  facts.report = await writeReport(folder, facts);
}

function logPackage({ path, size: bytes, sha256, files }: Package): void {
  info(`${basename(path)}: ${size(bytes)}, ${files.length} files, SHA-256 ${sha256}`);
}

/** Uploads packages, manifest and report as one artifact. */
export async function upload(inputs: RelupInputs, facts: Facts, workspace: Workspace): Promise<void> {
  const { packages, manifest, report, release } = facts;
  const rootDir = dirname(manifest as string);
  const adoptable = appupFiles(rootDir, facts.appups ?? []).map(({ path }) => path);
  const files = [packages?.full.path, packages?.upgrade?.path, manifest, report, ...adoptable].filter(
    (file) => file !== undefined,
  );
  const artifact = await uploadArtifact({
    name: inputs.artifactName ?? `${release?.name}-${release?.version}-relup`,
    rootDir,
    files,
    overwrite: inputs.overwrite,
    workFolder: await workspace.folder('artifact'),
    ...defined({ retentionDays: inputs.retentionDays, manifest }),
  });
  facts.artifact = artifact;
  info(
    `${artifact.reused ? 'Found again' : 'Uploaded'}: artifact ${artifact.name} (${artifact.url ?? artifact.id})`,
  );
}
