import { getInput } from '@actions/core';
import type { CacheUse } from '../../build/provide.js';
import { BadInputError } from '../../shared/errors.js';
import { isReleaseName } from '../../shared/names.js';
import { duration, flag, oneOf } from '../inputs.js';
import { readDeployInputs, type DeployInputs } from '../deploy-inputs.js';

/** The inputs of action.yml, read and checked. Looking at the disk is left to the phases. */
export interface RelupInputs {
  /** `check`: nothing is made for others, only the question answered whether it could be. */
  readonly mode: 'release' | 'check';
  /** Folder where rebar.config is, relative to the workspace. */
  readonly workingDirectory: string;
  /** rebar3 profile, or several separated by commas. */
  readonly profile: string;
  /** Release name; undefined when the configuration defines only one. */
  readonly release: string | undefined;
  /** `auto`, `release`, `none`, git refs, `release:<tag>` and paths that end in `.tar.gz`. */
  readonly upgradeFrom: readonly string[];
  /** Globs that tell release tags from others. */
  readonly tagPattern: readonly string[];
  /** Command run in every worktree before rebar3; empty for none. */
  readonly prepare: string;
  /** Whether applications without a valid appup get a generated one. */
  readonly appups: 'generate' | 'require';
  /** What generated appups do about processes that still run old code. */
  readonly purge: 'brutal' | 'soft';
  /** Whether an upgrade that restarts the emulator is acceptable. */
  readonly allowRestart: boolean;
  /** `true`: a failed rehearsal fails the run; `required`: so does one that could not be done. */
  readonly rehearse: 'true' | 'required' | 'false';
  /** Command run at every stage of the rehearsal; empty for none. */
  readonly check: string;
  /** How long the rehearsal of one up-from version may take, in seconds. */
  readonly rehearseTimeout: number;
  /** Under which name scratch nodes run. */
  readonly nodeName: 'random' | 'keep';
  /** Whether the upgrade is also tried on one of two connected nodes. */
  readonly rehearseCluster: boolean;
  readonly upload: boolean;
  /** Undefined: `<name>-<version>-relup`. */
  readonly artifactName: string | undefined;
  /** Undefined: the repository's default. */
  readonly retentionDays: number | undefined;
  readonly overwrite: boolean;
  /** `release`: packages and manifest are attached to the GitHub release of the tag. */
  readonly publish: 'none' | 'release';
  /** Whether the build provenance of packages and manifest is signed. */
  readonly attest: boolean;
  /** For GitHub's REST API; empty for none. */
  readonly githubToken: string;
  readonly cache: CacheUse;
  /** Undefined: no deploy. */
  readonly deploy: DeployInputs | undefined;
}

/**
 * Reads all inputs of the root action.
 *
 * @throws {BadInputError} naming the input, its value and what is allowed
 */
export function readInputs(): RelupInputs {
  const mode = oneOf('mode', ['release', 'check']);
  const deploy = flag('deploy', false);
  if (deploy && mode === 'check') {
    throw new BadInputError('`deploy: true` needs a release, and `mode: check` makes none.', {
      remedy: 'Deploy in a workflow that runs for tags, and leave out deploy: true here.',
    });
  }
  if (deploy && getInput('rehearse') === 'false') {
    throw new BadInputError('`deploy: true` needs a proven upgrade, and `rehearse: false` proves none.', {
      remedy: 'Leave out rehearse: false, or deploy: true.',
    });
  }
  return {
    mode,
    workingDirectory: getInput('working-directory') || '.',
    profile: profile(),
    release: plainName('release'),
    upgradeFrom: list('upgrade-from', ['auto']),
    tagPattern: list('tag-pattern', ['v*', '[0-9]*']),
    prepare: getInput('prepare', { trimWhitespace: false }),
    appups: oneOf('appups', ['generate', 'require']),
    purge: oneOf('purge', ['brutal', 'soft']),
    allowRestart: flag('allow-restart', false),
    rehearse: oneOf('rehearse', ['true', 'required', 'false']),
    check: getInput('check', { trimWhitespace: false }),
    rehearseTimeout: duration('rehearse-timeout', '5m', 1),
    nodeName: oneOf('node-name', ['random', 'keep']),
    rehearseCluster: rehearseCluster(),
    upload: flag('upload', true) && mode === 'release',
    artifactName: getInput('artifact-name') || undefined,
    retentionDays: retentionDays(),
    overwrite: flag('overwrite', false),
    publish: mode === 'check' ? 'none' : oneOf('publish', ['none', 'release']),
    attest: flag('attest', false) && mode === 'release',
    githubToken: getInput('github-token'),
    cache: cache(),
    deploy: deploy ? readDeployInputs() : undefined,
  };
}

/** Lines and commas both separate items, so that `a, b` and a block of lines read the same. */
function list(name: string, fallback: readonly string[]): readonly string[] {
  const items = getInput(name)
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.length === 0 ? fallback : items;
}

function profile(): string {
  const value = getInput('profile') || 'prod';
  if (/^[a-z][A-Za-z0-9_]*(,[a-z][A-Za-z0-9_]*)*$/.test(value)) return value;
  throw new BadInputError(
    `The input \`profile\` is ${JSON.stringify(value)}, which is not a rebar3 profile.`,
    {
      remedy:
        'Write the name of a profile in rebar.config, e.g. prod; several are separated by commas without spaces.',
    },
  );
}

function plainName(name: string): string | undefined {
  const value = getInput(name);
  if (value === '') return undefined;
  if (isReleaseName(value)) return value;
  throw new BadInputError(
    `The input \`${name}\` is ${JSON.stringify(value)}, which cannot be a release name.`,
    {
      remedy: 'Write the name that stands in {release, {Name, Vsn}, …} in rebar.config.',
    },
  );
}

function retentionDays(): number | undefined {
  const value = getInput('retention-days');
  if (value === '') return undefined;
  const days = Number(value);
  if (/^[0-9]+$/.test(value) && days >= 1 && days <= 400) return days;
  throw new BadInputError(`The input \`retention-days\` is "${value}".`, {
    remedy: 'Write a whole number from 1 to 400, or leave it out for the default of the repository.',
  });
}

function rehearseCluster(): boolean {
  if (!flag('rehearse-cluster', false)) return false;
  if (getInput('rehearse') === 'false') {
    throw new BadInputError('`rehearse-cluster: true` needs a rehearsal, and `rehearse: false` makes none.', {
      remedy: 'Leave out one of the two.',
    });
  }
  if (getInput('node-name') === 'keep') {
    throw new BadInputError(
      '`rehearse-cluster: true` needs two nodes with different names, and `node-name: keep` gives both the same.',
      {
        remedy:
          'Leave out node-name: keep. Where the configuration names nodes, let a variable of the environment do it, and set that in the step.',
      },
    );
  }
  return true;
}

function cache(): CacheUse {
  const value = getInput('cache') || 'auto';
  if (value === 'auto' || value === 'release') return value;
  if (value === 'false') return 'off';
  throw new BadInputError(`The input \`cache\` is "${value}".`, { remedy: 'Write auto, release or false.' });
}
