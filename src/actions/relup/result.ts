import { info } from '@actions/core';
import { basename, dirname } from 'node:path';
import { appupFiles, writeAppupFiles } from '../../phases/appups/files.js';
import { uploadArtifact } from '../../phases/artifact.js';
import { manifestOf, writeManifest } from '../../phases/manifest.js';
import { proofOf, type Proof } from '../../phases/proof.js';
import { makePackages, verifyPackage, type Package } from '../../phases/package.js';
import type { Refs } from '../../phases/refs.js';
import type { Toolchain } from '../../phases/toolchain.js';
import type { Erlang } from '../../programs/erlang.js';
import type { Facts } from '../../report/facts.js';
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

/** Makes the packages and reads them back, in a folder that outlives the run; once more when appups were corrected. */
export async function makeCheckedPackages(options: ResultOptions): Promise<void> {
  const { facts, workspace, release } = options;
  const folder =
    facts.packages === undefined
      ? workspace.resultFolder(`relup-${release.name}-${release.version}`)
      : dirname(facts.packages.full.path);
  forgetFindings(facts);
  delete facts.packages;
  try {
    await makeInFolder(options, folder);
  } catch (error) {
    // Nothing may lie about that looks like a package and was not checked.
    workspace.dropResult();
    throw error;
  }
}

/** Packages that are made anew, with corrected appups, tell their own findings only. */
function forgetFindings({ findings, packages }: Facts): void {
  const kept = findings.filter((finding) => packages?.findings.includes(finding) !== true);
  findings.splice(0, findings.length, ...kept);
}

async function makeInFolder({ facts, erlang, release, mtime }: ResultOptions, folder: string): Promise<void> {
  const relupFor = facts.relup === undefined ? [] : (facts.upFrom ?? []);
  const packages = await makePackages({
    tree: release.root,
    release,
    upFrom: relupFor,
    makeUpgrade: facts.relup !== undefined,
    folder,
    mtime,
  });
  const made = [packages.full, packages.upgrade].filter((one) => one !== undefined);
  await Promise.all(made.map((one) => verifyPackage(erlang, one, release, relupFor)));
  for (const one of made) logPackage(one);
  facts.packages = packages;
  facts.findings.push(...packages.findings);
  // Proven is what was rehearsed; until then a hot upgrade is made and checked, no more.
  const upgradeKind = facts.upgradeKind ?? 'none';
  facts.verdict = upgradeKind === 'hot' ? 'unproven' : upgradeKind;
}

/** Writes manifest and report beside the packages: the manifest tells what was proven, so it comes last. */
export async function writeResult({ facts, release, refs, toolchain }: ResultOptions): Promise<void> {
  const { packages, upgradeKind = 'none', verdict = upgradeKind } = facts;
  if (packages === undefined) throw new Error('there are no packages');
  const folder = dirname(packages.full.path);
  facts.manifest = await writeManifest(
    folder,
    manifestOf({
      release,
      ref: refs.newRef,
      commit: refs.newCommit,
      toolchain,
      upgradeKind,
      verdict,
      upFrom: facts.upFrom ?? [],
      appups: facts.appups ?? [],
      relup: facts.relup,
      full: packages.full,
      upgrade: packages.upgrade,
      debug: packages.debug,
      findings: facts.findings,
      keeps: packages.keeps,
      selfMade: [...new Set(facts.rehearsal?.versions.flatMap((one) => one.selfMade))].sort(),
      proof: proof(facts),
    }),
  );
  await writeAppupFiles(folder, facts.appups ?? []);
  facts.report = await writeReport(folder, facts);
}

/** Nothing to prove without a relup. */
function proof({ rehearsal, unproven, upgradeKind }: Facts): Proof | undefined {
  if (rehearsal !== undefined) return proofOf(rehearsal, rehearsal.corrections);
  return upgradeKind === 'hot'
    ? { outcome: 'unproven', reason: unproven ?? '', upFrom: [], corrections: [] }
    : undefined;
}

function logPackage({ path, size: bytes, sha256, files }: Package): void {
  info(`${basename(path)}: ${size(bytes)}, ${files.length} files, SHA-256 ${sha256}`);
}

export function artifactNameOf({ artifactName }: RelupInputs, { release }: Facts): string {
  return artifactName ?? `${release?.name}-${release?.version}-relup`;
}

/** Uploads packages, manifest and report as one artifact. */
export async function upload(inputs: RelupInputs, facts: Facts, workspace: Workspace): Promise<void> {
  const { packages, manifest, report } = facts;
  const rootDir = dirname(manifest as string);
  const adoptable = appupFiles(rootDir, facts.appups ?? []).map(({ path }) => path);
  const made = [packages?.full, packages?.upgrade, packages?.debug].map((one) => one?.path);
  const files = [...made, manifest, report, ...adoptable].filter((file) => file !== undefined);
  const artifact = await uploadArtifact({
    name: artifactNameOf(inputs, facts),
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
