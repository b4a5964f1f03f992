import { compileError, inRepository, type ProjectPlace } from './compile-error.js';
import { ActionError, type CommandFailedError } from '../shared/errors.js';
import { unended } from '../shared/unended.js';

/** H16: 2.4.7 does not compile on OTP 29, and its hooks crash elsewhere. */
const APPUP_PLUGIN =
  /rebar3_appup_plugin[^\n]*(?:failed|error)|(?:failed|errors?)[^\n]*rebar3_appup_plugin|Uncaught error[\s\S]*rebar3_appup_/i;

/** A plugin that rebar3 goes on without: it was fetched when rebar3 began to compile it. */
const PLUGIN_NOT_LOADED = /Errors loading plugin \{?([a-z][\w@]*)/g;

interface KnownFailure {
  readonly pattern: RegExp;
  /** The reason, to follow "…: ". */
  readonly reason: (match: RegExpExecArray) => string;
  readonly remedy: string;
}

/** rebar3's own words (3.19–3.28) for failures that have one cause and one remedy. */
const KNOWN: readonly KnownFailure[] = [
  {
    pattern: /No space left on device|\benospc\b/i,
    reason: () => 'there is no space left on the disk',
    remedy:
      'Free some space before this step, or use a runner with a larger disk: every version is built in a folder of its own.',
  },
  {
    // `{vsn, git}` at a tag with a slash
    pattern: /Assembling release (\S*\/\S*)\.\.\.\s[\s\S]*Uncaught error/,
    reason: (match) => `the version of the release ${match[1]} has a slash and so cannot be a folder's name`,
    remedy: 'Use a tag without "/" (e.g. v1.2.0), or write the version instead of `git`.',
  },
  {
    pattern: /No releases have been specified in the system/,
    reason: () => 'rebar.config defines no release',
    remedy:
      'Add a section `{relx, [{release, {name, "1.0.0"}, [name, sasl]}, {mode, prod}]}.` to rebar.config.',
  },
  {
    pattern: /Must specify the name of the release to build/,
    reason: () => 'rebar.config defines releases with several names',
    remedy: 'Set the input `release` to the name of the one to build.',
  },
  {
    pattern: /No releases exist in the system for (.+?)!/,
    reason: (match) => `rebar.config defines no release named ${match[1]}`,
    remedy:
      'Set the input `release` to a name that stands in a `{release, {Name, Vsn}, …}` entry, or leave it out.',
  },
  {
    // relx's own words; the path is of the worktree, the file's name is what stands in rebar.config
    pattern: /The (\S+) file specified for this release \(\S*\/([^/)]+)\) does not exist/,
    reason: (match) => `${match[2]}, which rebar.config names as ${match[1]}, is not in the repository`,
    remedy:
      'Commit the file, or make it in the input `prepare` (e.g. a copy of its example), which runs for every version.',
  },
  {
    pattern: /Application needed for release not found: (\S+)/,
    reason: (match) =>
      `the release lists the application ${match[1]}, which neither the project, its dependencies nor OTP have`,
    remedy:
      "Correct the name where it stands: in the `{release, …}` entry of rebar.config, or among the `applications` of an .app.src, which may be a dependency's; or add the dependency (a split OTP installation may lack it).",
  },
  {
    // a long one goes on in the next line
    pattern: /Failed to fetch and copy dep: (.+(?:\n +\S.*)*)/,
    reason: (match) => `a dependency could not be fetched: ${(match[1] ?? '').replace(/\n */g, '')}`,
    remedy:
      'Check that the dependency and its tag, branch or commit still exist, and that this job may read it (a token for private repositories).',
  },
  {
    pattern: /Package not found in any repo: (.+)/,
    reason: (match) => `a dependency could not be fetched: ${match[1]}`,
    remedy:
      'Check its name and version on hex.pm, and that this runner can reach hex.pm (HTTPS_PROXY, HEX_CDN).',
  },
  {
    pattern: /OTP release (\S+) or later is required\. Version in use: (\S+)/,
    reason: (match) => `it needs OTP ${match[1]} or newer, and this is ${match[2]}`,
    remedy:
      'Set `otp-version` in the erlef/setup-beam step to one that fits; or change `minimum_otp_vsn` in the rebar.config that asks for it, of the project or of a dependency.',
  },
  {
    pattern: /Cannot (?:re)?allocate \d+ bytes of memory/,
    reason: () => 'there was not enough memory',
    remedy: 'Use a runner with more memory.',
  },
  {
    pattern: APPUP_PLUGIN,
    reason: () => 'rebar3_appup_plugin, named in rebar.config, does not build or crashes on this Erlang/OTP',
    remedy:
      'It was left out of rebar.config, so a dependency names it, too: remove it there, or give an up-from release as a package.',
  },
  {
    pattern: /Error reading file (\S*rebar\.config): (.*)/,
    reason: (match) => `${match[1]} cannot be read, line ${match[2]}`,
    remedy: 'Correct the syntax at that line.',
  },
];

/** The stack is at the beginning; the rest is rebar3's whole state. */
const CRASH_DUMP_LIMIT = 4000;

/** What is known of a failed `rebar3` call. */
export interface BuildFailure {
  readonly error: CommandFailedError;
  /** What rebar3 left in rebar3.crashdump; empty when it did not crash. */
  readonly crashDump: string;
}

/** What is wrong with rebar3_appup_plugin; undefined when it is not what failed. */
export function appupPluginFailure(failure: BuildFailure): 'not-fetched' | 'broken' | undefined {
  const output = outputOf(failure);
  if (!APPUP_PLUGIN.test(output)) return undefined;
  return pluginsNotFetched(output).includes('rebar3_appup_plugin') ? 'not-fetched' : 'broken';
}

function pluginsNotFetched(output: string): string[] {
  const names = [...output.matchAll(PLUGIN_NOT_LOADED)].map((match) => match[1] as string);
  return [...new Set(names)].filter((name) => !new RegExp(`Compiling (?:\\S*/)?${name}\\b`).test(output));
}

/**
 * Puts a failed `rebar3` call into one sentence; rebar3's output goes into the fold.
 *
 * @param place given when an error may be annotated on the user's file
 */
export function explainBuildFailure(failure: BuildFailure, at: string, place?: ProjectPlace): ActionError {
  const { error } = failure;
  const output = outputOf(failure);
  const plugins = pluginsNotFetched(output);
  if (plugins.length > 0) {
    const what = plugins.length > 1 ? 'plugins' : 'the plugin';
    return new ActionError(
      `The release could not be built at ${at}: ${what} ${plugins.join(', ')} could not be fetched.`,
      {
        remedy:
          'Check name and version in rebar.config, and that this job can reach where it comes from (hex.pm: HTTPS_PROXY, HEX_CDN; a token for private repositories).',
        details: output,
        cause: error,
      },
    );
  }
  for (const known of KNOWN) {
    const match = known.pattern.exec(output);
    if (match === null) continue;
    return new ActionError(`The release could not be built at ${at}: ${known.reason(match)}.`, {
      remedy: known.remedy,
      details: output,
      cause: error,
    });
  }
  const broken = compileError(printedBy(failure));
  const why =
    broken === undefined ? error.message : `${broken.place.file} does not compile: ${unended(broken.text)}.`;
  return new ActionError(`The release could not be built at ${at}: ${why}`, {
    location: broken && place && inRepository(broken.place, place),
    remedy: error.remedy ?? `The end of rebar3's output:\n${lastWords(printedBy(failure))}`,
    details: output,
    cause: error,
  });
}

function outputOf(failure: BuildFailure): string {
  const printed = printedBy(failure);
  return failure.crashDump === '' ? printed : `${printed}\n${failure.crashDump.slice(0, CRASH_DUMP_LIMIT)}`;
}

/** Without colours. */
function printedBy({ error }: BuildFailure): string {
  // eslint-disable-next-line no-control-regex -- colours are escape sequences
  return (error.details ?? '').replace(/\x1b\[[0-9;]*m/g, '');
}

/** From rebar3's last `===>` on: newer versions draw the place of an error over several lines. */
function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const start = lines.findLastIndex((line) => line.startsWith('===>'));
  return lines.slice(Math.max(start, lines.length - 12)).join('\n') || '(no output)';
}
