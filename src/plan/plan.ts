import { info } from '@actions/core';
import { join, relative, resolve } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import type { Correction } from '../model/correction.js';
import { compareReleases, type ReleaseDifference } from '../model/release-difference.js';
import type { BuiltRelease } from '../model/release.js';
import { versionLocation } from './version-location.js';
import { neutralise } from '../shared/workflow-commands.js';
import type { Workspace } from '../shared/workspace.js';
import { argumentFindings } from './argument-findings.js';
import { checkAppups, refuseErrors } from './checks/checks.js';
import { applicationFindings } from './application-findings.js';
import { readAppupConfig, releasesOf, type AppupConfig } from './appups/relup-config.js';
import type { Purge } from './appups/generator.js';
import type { AppupPlaces } from './appups/sources.js';
import { chooseAppups, type AppupChoice } from './appups/choose.js';
import type { AppupMode } from './appups/appup-options.js';
import { cookieFindings } from './cookie-findings.js';
import { exposedFindings } from './exposed.js';
import { checkCoverage } from './coverage.js';
import type { Finding } from '../model/finding.js';
import { makeRelup } from './relup.js';
import { checkRestart, checkRuntime, checkVersionsRaised } from './upgrade-kind.js';
import type { ChosenAppup } from '../model/appup.js';
import type { Relup } from '../model/relup.js';
import type { Upgrade } from '../model/upgrade.js';

export interface UpgradeOptions {
  readonly erlang: Erlang;
  readonly workspace: Workspace;
  /** The new release, unpacked from rebar3's own tarball; relup and appups are added to its tree. */
  readonly release: BuiltRelease;
  /** The same release as rebar3 assembled it in its worktree. */
  readonly assembly: AppupPlaces;
  readonly upFrom: readonly BuiltRelease[];
  readonly profile: string;
  readonly projectPath: string;
  readonly allowRestart: boolean;
  readonly appups: AppupMode;
  readonly purge: Purge;
  /** What a rehearsal found missing in generated appups: called with them again, everything is made anew. */
  readonly corrections?: readonly Correction[];
}

/** Is told what was found as soon as it is, so that a refusal still shows it. */
export type NotePlan = (
  part: Partial<Upgrade> & { readonly findings?: readonly Finding[]; readonly restartReason?: string },
) => void;

/**
 * From the releases to appups and relup.
 *
 * @throws {RefusedError} when the new release cannot be reached from the up-from releases (design: verdicts)
 */
export async function planUpgrade(options: UpgradeOptions, note: NotePlan): Promise<Upgrade> {
  const { release, upFrom, allowRestart, assembly, projectPath } = options;
  note({ findings: await cookieFindings(release, assembly.projectDir, projectPath) });
  if (upFrom.length === 0) {
    info('There is no release to upgrade from: a plain release package, no relup.');
    return withoutRelup('none', [], note);
  }
  const differences = upFrom.map((from) => compareReleases(from, release));
  note({ differences });
  const restart = checkRuntime(release, upFrom, allowRestart);
  if (restart.length > 0) {
    info(
      `OTP differs (${restart.join('; ')}): no relup is made; nodes are restarted to run the full package.`,
    );
    note({ restartReason: `OTP differs (${restart.join('; ')})` });
    return withoutRelup('restart', differences, note);
  }
  refuseSameVersions(options, differences);
  const appups = await chooseAndCheck(options, differences, note);
  const relup = await relupOf(options, appups);
  note({ relup });
  const upgradeKind = checkRestart(relup, allowRestart);
  if (upgradeKind === 'restart') note({ restartReason: 'the relup restarts the emulator' });
  note({
    upgradeKind,
    findings: [
      ...applicationFindings(differences, relup),
      ...exposedFindings(relup, appups, { projectDir: assembly.projectDir, projectPath }),
      ...(await argumentFindings(release, upFrom)),
      ...checkCoverage({ relup, differences, appups, projectPath }),
    ],
  });
  return { upgradeKind, differences, appups, relup };
}

function withoutRelup(
  upgradeKind: 'none' | 'restart',
  differences: readonly ReleaseDifference[],
  note: NotePlan,
): Upgrade {
  note({ upgradeKind });
  return { upgradeKind, differences, appups: [] };
}

function refuseSameVersions(options: UpgradeOptions, differences: readonly ReleaseDifference[]): void {
  const { release, assembly, projectPath } = options;
  const otp = new Set(release.applications.flatMap(({ name, otp }) => (otp === true ? [name] : [])));
  checkVersionsRaised(differences, {
    topDir: resolve(assembly.projectDir, relative(projectPath, '')),
    locate: (application) => versionLocation(assembly.projectDir, projectPath, application),
    isOwn: (application) => !otp.has(application),
  });
}

async function chooseAndCheck(
  options: UpgradeOptions,
  differences: readonly ReleaseDifference[],
  note: NotePlan,
): Promise<readonly ChosenAppup[]> {
  const { erlang, release, projectPath } = options;
  const { projectDir, buildDir } = options.assembly;
  const config = await readAppupConfig(erlang, { projectDir, projectPath }, releasesOf(release, differences));
  const { appups, findings } = await choose(options, differences, config);
  note({ appups, findings });
  for (const { application, version, origin, file } of appups) {
    info(`${application} ${version}: ${origin} appup${origin === 'generated' ? '' : ` ${file}`}`);
  }
  const checked = await checkAppups({
    ...options,
    outFolder: await options.workspace.folder('appups'),
    buildDir: join(buildDir, 'lib'),
    projectDir,
    differences,
    appups,
    allowsNative: config.allowsNative,
  });
  note({ findings: checked });
  refuseErrors(checked);
  return appups;
}

async function relupOf(options: UpgradeOptions, appups: readonly ChosenAppup[]): Promise<Relup> {
  const { erlang, release, upFrom, projectPath } = options;
  const { projectDir } = options.assembly;
  const relup = await makeRelup(erlang, release.root, { release, upFrom, appups, projectDir, projectPath });
  for (const warning of relup.warnings) info(neutralise(`systools: ${warning.trim()}`));
  return relup;
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
