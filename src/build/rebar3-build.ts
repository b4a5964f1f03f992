import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyCache, rebar3, rebar3Version } from '../programs/rebar3.js';
import { CommandFailedError } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import { defined } from '../shared/optional.js';
import { appupPluginFailure, explainBuildFailure, type BuildFailure } from './build-failure.js';
import type { BuildContext, Version } from './version.js';
import { changedConfiguration } from './rebar-configuration.js';

/**
 * One rebar3 call; when rebar3_appup_plugin is what fails, a second one without it (H16): an up-from version cannot be mended
 * any more.
 *
 * @throws {ActionError} with the reason in words
 */
export async function buildWithRebar3({
  context,
  version,
  cwd,
  at,
  onLine,
  relxAlone,
}: {
  readonly context: BuildContext;
  readonly version: Version;
  readonly cwd: string;
  readonly at: string;
  readonly onLine: ((line: string) => void) | undefined;
  /** Whether nothing but relx has a part in assembling and packing. */
  readonly relxAlone: boolean;
}): Promise<Finding[]> {
  // Two rebar3 at once write the same download cache, so the up-from builds get a copy of it.
  const cacheDir =
    version.role === 'new'
      ? undefined
      : await copyCache(await context.workspace.folder('rebar3-cache', version.commit.slice(0, 12)));
  const options = {
    cwd,
    profile: context.profile,
    ...defined({ release: context.release, cacheDir, onLine }),
  };
  const attempt = async (withoutAppupPlugin: boolean): Promise<BuildFailure | undefined> => {
    const configFile = await configurationFor(context, version, withoutAppupPlugin);
    try {
      await rebar3(relxAlone ? 'tar-alone' : 'tar', { ...options, configFile });
      return undefined;
    } catch (error) {
      if (error instanceof CommandFailedError) return { error, crashDump: await crashDump(cwd) };
      throw error;
    }
  };
  // Annotations of an up-from version would land on lines of the new commit.
  const place = version.role === 'new' ? { topDir: cwd, projectPath: context.projectPath } : undefined;
  const first = await attempt(false);
  if (first === undefined) return [];
  const plugin = appupPluginFailure(first);
  if (plugin === undefined) {
    // it may not run at all on this OTP: then that is what is told
    if (first.error.end.kind === 'exited')
      await rebar3Version(await context.workspace.folder('rebar3-version'));
    throw explainBuildFailure(first, at, place);
  }
  const second = await attempt(true);
  if (second !== undefined) throw explainBuildFailure(second, at, place);
  return [pluginFinding({ context, version, at, problem: PLUGIN_PROBLEM[plugin] })];
}

/** The new version is checked for undefined functions, so that its warnings are shown. */
async function configurationFor(
  { workspace }: BuildContext,
  { commit, role, raised }: Version,
  withoutAppupPlugin: boolean,
): Promise<string> {
  const withoutUndefinedCheck = role === 'up-from';
  const kind = withoutAppupPlugin ? 'without-appup-plugin' : 'own';
  const folder = await workspace.folder('rebar-config', commit.slice(0, 12), kind);
  return changedConfiguration(folder, { withoutAppupPlugin, withoutUndefinedCheck, ...defined({ raised }) });
}

const PLUGIN_PROBLEM = {
  'not-fetched': 'could not be fetched',
  broken: 'does not build or crashes on this Erlang/OTP',
} as const;

function pluginFinding({
  context,
  version,
  at,
  problem,
}: {
  readonly context: BuildContext;
  readonly version: Version;
  readonly at: string;
  readonly problem: string;
}): Finding {
  const { role } = version;
  const { projectPath } = context;
  return {
    id: 'appup-plugin-left-out',
    severity: 'warning',
    message: `rebar3_appup_plugin ${problem}, so ${at} was built without it.`,
    remedy:
      'Remove it and its provider_hooks from rebar.config: relup-action compiles .appup.src files and packs appups itself.',
    ...(role === 'new' ? { location: { file: join(projectPath, 'rebar.config') } } : {}),
  };
}

/** rebar3 prints only that it crashed; why (e.g. in which plugin) stands in a file. */
async function crashDump(projectDir: string): Promise<string> {
  return readFile(join(projectDir, 'rebar3.crashdump'), 'utf8').catch(() => '');
}
