import { startResident, type ResidentOptions, type ResidentProgram } from './resident-program.js';

/**
 * Flags a user's environment may carry (a node name, a cookie) must not reach our own emulators, and an emulator that
 * crashes must not leave a dump in the user's tree.
 */
const CLEAN_ENVIRONMENT = {
  ERL_FLAGS: undefined,
  ERL_AFLAGS: undefined,
  ERL_ZFLAGS: undefined,
  ERL_CRASH_DUMP_BYTES: '0',
};

/** File names are UTF-8, whatever the runner's locale is. */
const COMMON_FLAGS = ['-noinput', '+fnu'];

/** An emulator that can be started, and what it needs for that. */
export interface Emulator {
  readonly program: string;
  /** Boot file and the like. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The `erl` on the PATH. */
export const ERL: Emulator = { program: 'erl', flags: ['-boot', 'no_dot_erlang'], env: {} };

export interface StartOptions extends ResidentOptions {
  /** Emulator flags before `-extra`, e.g. distribution flags of the control process. */
  readonly flags?: readonly string[];
}

/** The emulator that runs `Module:main()` of one of our modules. */
export type Running = (module: string, flags?: readonly string[]) => Emulator;

/** @param main the flags that make an emulator run `Module:main()` */
export function runningBy(emulator: Emulator, main: (module: string) => readonly string[]): Running {
  return (module, flags = []) => ({
    program: emulator.program,
    flags: [...COMMON_FLAGS, ...emulator.flags, ...flags, ...main(module), '-extra'],
    env: { ...CLEAN_ENVIRONMENT, ...emulator.env },
  });
}

/** Starts one that stays. */
export function startEmulator(
  { program, flags, env }: Emulator,
  args: readonly string[],
  options: ResidentOptions,
): ResidentProgram {
  return startResident(program, [...flags, ...args], { ...options, env: { ...env, ...options.env } });
}
