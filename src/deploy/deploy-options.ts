import type { DeployManifest, DeployPackage } from '../model/deploy-input.js';
import type { CommandTexts } from '../model/deploy-command.js';
import type { Erlang } from '../programs/erlang.js';
import type { Commands } from './commands/commands.js';
import type { HealthOptions } from './health/until-healthy.js';
import type { PhaseRunner } from './upgrade-node.js';

export interface DeployOptions {
  /** Of the build; by default the installed release's own emulator does the work. */
  readonly erlang?: Erlang;
  /** Folder of the installed release (with bin, lib, releases) that a node runs from; or an empty one, or none yet. */
  readonly deployRoot: string;
  /** For a hot upgrade; undefined when there is none. */
  readonly upgradePackage?: DeployPackage | undefined;
  /** For installations and restarts. */
  readonly fullPackage?: DeployPackage | undefined;
  readonly manifest: DeployManifest;
  /** A private folder (0700) for request files and copies; the caller removes it. */
  readonly privateFolder: string;
  /** How the node is found healthy between installation and making permanent. */
  readonly health?: HealthOptions;
  /** Where the user's commands run; default: the current folder. */
  readonly cwd?: string;
  /** Whether a node that cannot be upgraded hot may be stopped and started with the new release; default: not. */
  readonly allowRestart?: boolean;
  /** The user's commands, to be run by this process; `commands` has them run elsewhere. */
  readonly commandTexts?: CommandTexts;
  readonly commands?: Commands;
  /** The release is installed already, and no package is at hand. */
  readonly goesBack?: boolean;
  /** What becomes of a new release that does not run as it should, or is not healthy; default `downgrade`. */
  readonly onFailure?: 'downgrade' | 'leave';
  /** What a crash of a process between installation and making permanent means; default `fail`: not healthy. */
  readonly onCrash?: 'fail' | 'warn';
  /** How many releases stay installed after a success, the new one included; default 3. */
  readonly keepReleases?: number;
  /** What the service will be started with; added to, and preferred to, the environment of the node's process (H119). */
  readonly serviceEnvironment?: Readonly<Record<string, string>>;
  /** Only tells whether the node can be upgraded, and if not, why. */
  readonly dryRun?: boolean;
  /** How long one step of release_handler may take, in seconds; default 300. */
  readonly stepSeconds?: number;
  /** How long a node that gave no answer is watched; default 120. */
  readonly watchSeconds?: number;
  /** How long a node may take to stop; default 120. */
  readonly stopSeconds?: number;
  /** How long another deploy that is at work on the node is waited for; default 120. */
  readonly lockSeconds?: number;
  /** Aborted, with the signal's name, when the job is cancelled: the step at work is finished, and nothing more begun. */
  readonly cancel?: AbortSignal;
  /** Runs each part of the deploy; default: in a log group. */
  readonly phase?: PhaseRunner;
}
