import { info } from '@actions/core';
import { join, relative, resolve } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import type { Correction } from '../shared/correction.js';
import { compareReleases, type ReleaseDifference } from '../shared/release-difference.js';
import type { BuiltRelease } from '../shared/release.js';
import { versionLocation } from '../shared/version-location.js';
import { neutralise } from '../shared/workflow-commands.js';
import type { Workspace } from '../shared/workspace.js';
import { argumentFindings } from './argument-findings.js';
import { checkAppups, refuseErrors } from './appups/checks.js';
import { applicationFindings } from './appups/application-findings.js';
import { exposedFindings } from './appups/exposed.js';
import { readAppupConfig, releasesOf, type AppupConfig } from './appups/config.js';
import type { Purge } from './appups/generator.js';
import { chooseAppups, type AppupChoice, type AppupMode, type ChosenAppup } from './appups.js';
import type { Assembly } from './build.js';
import { checkCoverage } from './appups/coverage.js';
import type { Finding } from '../shared/findings.js';
import { makeRelup, type Relup } from './relup.js';
import { checkRestart, checkRuntime, checkVersionsRaised } from './upgrade-kind.js';

export interface UpgradeOptions {
  readonly erlang: Erlang;
  readonly workspace: Workspace;
  /** The new release, unpacked from rebar3's own tarball; relup and appups are added to its tree. */
  readonly release: BuiltRelease;
  /** The same release as rebar3 assembled it in its worktree. */
  readonly assembly: Pick<Assembly, 'projectDir' | 'root' | 'buildDir'>;
  readonly upFrom: readonly BuiltRelease[];
  readonly profile: string;
  readonly projectPath: string;
  readonly allowRestart: boolean;
  readonly appups: AppupMode;
  readonly purge: Purge;
  /** What a rehearsal found missing in generated appups: called with them again, everything is made anew. */
  readonly corrections?: readonly Correction[];
}

/** What an upgrade consists of, as far as it got; filled in step by step, so that a refusal still shows what was found. */
export interface Upgrade {
  readonly findings: Finding[];
  differences?: readonly ReleaseDifference[];
  appups?: readonly ChosenAppup[];
  relup?: Relup;
  upgradeKind?: 'hot' | 'restart' | 'none';
}

/**
 * From the releases to appups and relup.
 *
 * @throws {RefusedError} when the new release cannot be reached from the up-from releases (design: verdicts)
 */
export async function planUpgrade(options: UpgradeOptions, upgrade: Upgrade): Promise<void> {
  const { release, upFrom } = options;
  forgetFindings(upgrade);
  if (upFrom.length === 0) {
    info('There is no release to upgrade from: a plain release package, no relup.');
    upgrade.upgradeKind = 'none';
    return;
  }
  upgrade.differences = upFrom.map((from) => compareReleases(from, release));
  const { projectDir } = options.assembly;
  const restart = checkRuntime(release, upFrom, options.allowRestart);
  if (restart.length > 0) {
    info(
      `OTP differs (${restart.join('; ')}): no relup is made; nodes are restarted to run the full package.`,
    );
    upgrade.upgradeKind = 'restart';
    return;
  }
  const otp = new Set(release.applications.flatMap(({ name, otp }) => (otp === true ? [name] : [])));
  checkVersionsRaised(upgrade.differences, {
    topDir: resolve(projectDir, relative(options.projectPath, '')),
    locate: (application) => versionLocation(projectDir, options.projectPath, application),
    isOwn: (application) => !otp.has(application),
  });
  const { differences } = upgrade;
  const config = await readAppupConfig(
    options.erlang,
    { projectDir, projectPath: options.projectPath },
    releasesOf(release, differences),
  );
  const { appups, findings } = await choose(options, differences, config);
  upgrade.appups = appups;
  note(upgrade, findings);
  for (const { application, version, origin, file } of appups) {
    info(`${application} ${version}: ${origin} appup${origin === 'generated' ? '' : ` ${file}`}`);
  }
  const buildDir = join(options.assembly.buildDir, 'lib');
  const { projectPath } = options;
  const outFolder = await options.workspace.folder('appups');
  const { allowsNative } = config;
  const checked = await checkAppups({
    ...options,
    outFolder,
    buildDir,
    projectDir,
    differences,
    appups,
    allowsNative,
  });
  note(upgrade, checked);
  refuseErrors(checked);
  upgrade.relup = await makeRelup(options.erlang, release.root, {
    release,
    upFrom,
    appups,
    projectDir,
    projectPath,
  });
  for (const warning of upgrade.relup.warnings) info(neutralise(`systools: ${warning.trim()}`));
  upgrade.upgradeKind = checkRestart(upgrade.relup, options.allowRestart);
  note(upgrade, applicationFindings(differences, upgrade.relup));
  note(upgrade, exposedFindings(upgrade.relup, appups, { projectDir, projectPath }));
  note(upgrade, await argumentFindings(release, upFrom));
  note(upgrade, checkCoverage(upgrade.relup, differences, appups, projectPath));
}

/** What the last plan of a run found: one made anew, with corrected appups, tells its own findings only. */
const planned = new WeakMap<Upgrade, Set<Finding>>();

function forgetFindings(upgrade: Upgrade): void {
  const earlier = planned.get(upgrade);
  const kept = upgrade.findings.filter((finding) => earlier?.has(finding) !== true);
  upgrade.findings.splice(0, upgrade.findings.length, ...kept);
  planned.set(upgrade, new Set());
}

function note(upgrade: Upgrade, found: readonly Finding[]): void {
  upgrade.findings.push(...found);
  for (const finding of found) planned.get(upgrade)?.add(finding);
}

async function choose(
  options: UpgradeOptions,
  differences: readonly ReleaseDifference[],
  config: AppupConfig,
): Promise<AppupChoice> {
  const { erlang, release, assembly, purge, projectPath } = options;
  const { projectDir, root, buildDir } = assembly;
  return chooseAppups({
    erlang,
    release,
    differences,
    purge,
    projectPath,
    mode: options.appups,
    strategyOf: config.strategyOf,
    configFile: config.file,
    corrections: options.corrections ?? [],
    buildDir,
    places: { projectDir, root, buildDir },
    outFolder: await options.workspace.folder('appups'),
  });
}
