import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleaseDifference } from '../../model/release-difference.js';
import type { BuiltRelease } from '../../model/release.js';
import type { Erlang } from '../../programs/erlang.js';
import { ErlangError } from '../../programs/erlang-answer.js';
import { BadInputError, RefusedError } from '../../shared/errors.js';
import type { AppupNeed } from './needs.js';

/** What is done about an application whose version differs; docs/appups.md explains each. */
type AppupStrategy = 'restart' | 'generate' | 'require' | 'refuse';

/** A project's `relup.config`, as far as TypeScript decides by it. */
export interface AppupConfig {
  /** Absolute path; empty when the project has none. */
  readonly file: string;
  /** Undefined: as the input `appups` says. */
  readonly strategyOf: (application: string) => AppupStrategy | undefined;
  /** Whether the application's native code may be exchanged on a running node. */
  readonly allowsNative: (application: string) => boolean;
}

interface ConfigEntry {
  readonly application: string;
  readonly strategy: AppupStrategy | null;
  readonly native: boolean;
}

/** Beside rebar.config. */
const FILE = 'relup.config';

/**
 * Reads and checks `relup.config` (src/erlang/relup_config.erl).
 *
 * @throws {BadInputError} when it cannot be read, or names an application that is in no release
 */
export async function readAppupConfig(
  erlang: Pick<Erlang, 'query'>,
  { projectDir, projectPath }: { readonly projectDir: string; readonly projectPath: string },
  releases: readonly BuiltRelease[],
): Promise<AppupConfig> {
  const file = join(projectDir, FILE);
  if (!existsSync(file)) return { file: '', strategyOf: () => undefined, allowsNative: () => false };
  const location = { file: join(projectPath, FILE) };
  try {
    const entries = await erlang.query<ConfigEntry[]>('config', [file]);
    const known = new Set(releases.flatMap(({ applications }) => applications.map(({ name }) => name)));
    const unknown = entries.find(({ application }) => !known.has(application));
    if (unknown !== undefined) {
      throw new BadInputError(
        `relup.config names ${unknown.application}, which is in none of the releases.`,
        {
          remedy: 'Write the name of an application of the release, or remove the entry.',
          location,
        },
      );
    }
    const named = new Map(entries.map((entry) => [entry.application, entry]));
    return {
      file,
      strategyOf: (application) => named.get(application)?.strategy ?? undefined,
      allowsNative: (application) => named.get(application)?.native === true,
    };
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new BadInputError(`relup.config cannot be used: ${error.message}.`, {
      remedy: 'Write it as docs/appups.md shows.',
      location,
      cause: error,
    });
  }
}

/** The releases that differences are between. */
export function releasesOf(release: BuiltRelease, differences: readonly ReleaseDifference[]): BuiltRelease[] {
  return [release, ...differences.map(({ upFrom }) => upFrom)];
}

/** For applications that relup.config allows no hot upgrade of. */
export function refusedByConfig(needs: readonly AppupNeed[], projectPath: string): RefusedError {
  const list = needs.map(
    ({ application, version, upFrom }) => `${application} ${upFrom.join(', ')} → ${version}`,
  );
  return new RefusedError(`relup.config refuses hot upgrades of ${list.join('; ')}.`, {
    remedy: 'Restart the node into the full package, or change the strategy in relup.config.',
    location: { file: join(projectPath, FILE) },
  });
}
