import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Toolchain } from '../../model/toolchain.js';
import { sha256 } from '../../shared/sha256.js';

/** Everything that two builds must have in common for one to stand in for the other (H62), by name. */
export type CacheKeyParts = Readonly<Record<string, string>>;

/** What of a toolchain decides about what it makes. */
export function toolchainParts(toolchain: Toolchain): CacheKeyParts {
  const { libc, architecture, otpVersion, erts, rebar3 } = toolchain;
  return { os: libc, arch: architecture, otp: otpVersion, erts, rebar3 };
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that compilers take options from, and the runner image, whose libraries native code is linked with: Erlang's
 * (`compile`), rebar3's, and those that its compiler for C and `make` know.
 */
const COMPILING = [
  ...[
    'ERL_COMPILER_OPTIONS',
    'ERL_LIBS',
    'ERL_CFLAGS',
    'ERL_LDFLAGS',
    'ERL_AFLAGS',
    'ERL_FLAGS',
    'ERL_ZFLAGS',
  ],
  ...['REBAR_CONFIG', 'REBAR_TARGET_ARCH', 'REBAR_SKIP_PROJECT_PLUGINS'],
  ...['CC', 'CXX', 'CFLAGS', 'CPPFLAGS', 'CXXFLAGS', 'LDFLAGS', 'MAKEFLAGS', 'ImageOS'],
];

/** A digest of everything in the environment that may change what a build makes. */
export function environmentDigest(env: Environment): string {
  return sha256(JSON.stringify(COMPILING.map((name) => env[name] ?? null)));
}

/**
 * A key of at most 512 characters without commas; it differs whenever one of the parts does.
 *
 * @param kind what the entry holds
 * @param readable parts that a person may look for in the list of the repository's caches
 */
export function cacheKey(kind: string, parts: CacheKeyParts, readable: readonly string[]): string {
  const shown = [kind, ...readable].map((part) => part.replaceAll(/[^\w.+]/g, '_').slice(0, 40)).join('-');
  const all = Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1));
  return `relup-v2-${shown}-${createHash('sha256')
    .update(JSON.stringify([kind, ...all]))
    .digest('hex')}`;
}

/** Events that run the default branch's own code; others that run on that branch may have been caused by anyone. */
const TRUSTED_EVENTS = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'];

/**
 * Whether this run may write to the cache: only runs of the default branch by that branch's own code (H102). GitHub gives
 * entries of other branches and of tags to nobody else anyway.
 */
export function maySaveCache(env: Environment): boolean {
  const event = env.GITHUB_EVENT_NAME ?? '';
  if (env.GITHUB_REF_TYPE !== 'branch' || !TRUSTED_EVENTS.includes(event)) return false;
  const branch = defaultBranch(env.GITHUB_EVENT_PATH);
  // A scheduled run is always one of the default branch, and its payload does not name the repository.
  if (branch === undefined) return event === 'schedule';
  return env.GITHUB_REF_NAME === branch;
}

function defaultBranch(eventPath: string | undefined): string | undefined {
  if (!eventPath) return undefined;
  try {
    const event = JSON.parse(readFileSync(eventPath, 'utf8')) as {
      repository?: { default_branch?: string };
    };
    return event.repository?.default_branch;
  } catch {
    return undefined;
  }
}
