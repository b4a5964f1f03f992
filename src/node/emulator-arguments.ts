import { basename } from 'node:path';

/** What an emulator was told on its command line; flags of vm.args and of `ERL_FLAGS` stand there expanded. */
export interface EmulatorArguments {
  /** `-root`: the folder whose `lib` and `releases` the emulator uses. */
  readonly root: string | undefined;
  /** `-boot`: the boot file, without `.boot`. */
  readonly boot: string | undefined;
  /** `-name` (long names) or `-sname` (short names); undefined when the node is not distributed. */
  readonly nameFlag: '-name' | '-sname' | undefined;
  /** As given: without host, the node took the host's own name. */
  readonly nodeName: string | undefined;
  readonly cookie: string | undefined;
  /** `-home`: where `.erlang.cookie` is looked for. */
  readonly home: string | undefined;
  /** Flags that whoever connects must use, too, e.g. `['-proto_dist', 'inet_tls']`. */
  readonly distribution: readonly string[];
}

const DISTRIBUTION_FLAGS = [
  '-proto_dist',
  '-epmd_module',
  '-start_epmd',
  '-erl_epmd_port',
  '-ssl_dist_optfile',
  '-ssl_dist_opt',
];

/** Boot files of relx that start no release: remote shells and the start script's own helpers use them. */
const HELPER_BOOTS = ['start_clean', 'no_dot_erlang', 'start_none'];

/** Reads `/proc/<pid>/cmdline` of an emulator, split at its zero bytes. */
export function parseEmulatorArguments(argv: readonly string[]): EmulatorArguments {
  const flags = userFlags(argv);
  const first = (name: string) => flags.find((flag) => flag.name === name)?.values[0];
  const nameFlag = (['-name', '-sname'] as const).find((name) => first(name) !== undefined);
  return {
    root: first('-root'),
    boot: first('-boot'),
    nameFlag,
    nodeName: nameFlag === undefined ? undefined : first(nameFlag),
    // The form with two values, `-setcookie Node Cookie`, is for other nodes.
    cookie: flags.find((flag) => flag.name === '-setcookie' && flag.values.length === 1)?.values[0],
    home: first('-home'),
    distribution: flags
      .filter((flag) => DISTRIBUTION_FLAGS.includes(flag.name))
      .flatMap((flag) => [flag.name, ...flag.values]),
  };
}

/** Whether the emulator runs a release, not a remote shell or a helper of the start script. */
export function runsRelease(emulator: EmulatorArguments): boolean {
  return emulator.boot === undefined || !HELPER_BOOTS.includes(basename(emulator.boot));
}

interface Flag {
  readonly name: string;
  readonly values: readonly string[];
}

/** Before the first `--` stand the emulator's own flags; `-extra` ends all flags. */
function userFlags(argv: readonly string[]): Flag[] {
  const flags: { name: string; values: string[] }[] = [];
  let open = false;
  for (const argument of argv.slice(argv.indexOf('--') + 1)) {
    if (argument === '-extra') break;
    if (argument === '--') {
      open = false;
    } else if (argument.startsWith('-')) {
      flags.push({ name: argument, values: [] });
      open = true;
    } else if (open) {
      flags.at(-1)?.values.push(argument);
    }
  }
  return flags;
}
