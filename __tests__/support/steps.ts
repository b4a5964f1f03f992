import type { CheckedModule, Instruction, Step } from '../../src/plan/checks/facts.js';
import type { AppupOrigin } from '../../src/model/appup.js';
import { compareReleases } from '../../src/model/release-difference.js';
import type { BuiltRelease } from '../../src/model/release.js';
import { application, builtRelease } from './releases.js';

/** An instruction that does nothing; everything can be replaced. */
export function instruction(changes: Partial<Instruction> = {}): Instruction {
  return {
    text: '{point, p}',
    what: 'other',
    modules: [],
    change: null,
    needs: [],
    applies: null,
    restarted: [],
    line: null,
    ...changes,
  };
}

export const load = (...modules: string[]): Instruction =>
  instruction({ text: `{load_module, ${modules.join()}}`, what: 'load', modules });

export const advanced = (module: string, line: number | null = null): Instruction =>
  instruction({
    text: `{update,${module},{advanced,[]}}`,
    what: 'update',
    modules: [module],
    change: 'advanced',
    line,
  });

export const remove = (module: string): Instruction =>
  instruction({ text: `{delete_module,${module}}`, what: 'delete', modules: [module] });

export const emulatorRestart: Instruction = instruction({ text: 'restart_new_emulator', what: 'emulator' });

/** The module of a gen_server that exports code_change/3. */
export function serverModule(module: string, changes: Partial<CheckedModule> = {}): CheckedModule {
  const side = { kind: 'gen_server', native: false, codeChange: [3], systemCodeChange: false };
  return {
    module,
    old: side,
    new: side,
    state: null,
    makes: [],
    strategies: [],
    stored: [],
    messages: [],
    statem: null,
    ...changes,
  };
}

/** The application `app` on its way from 1 to 2, in releases 1.0.0 and 1.1.0. */
export function step(
  changes: Partial<Pick<Step, 'up' | 'down' | 'modules' | 'start'>> = {},
  options: {
    origin?: AppupOrigin;
    pattern?: string;
    old?: Record<string, string>;
    new?: Record<string, string>;
    releases?: readonly [BuiltRelease, BuiltRelease];
  } = {},
): Step {
  const [upFrom, release] = options.releases ?? [
    builtRelease('1.0.0', [application('app', '1', options.old ?? { m: 'old', gone: 'g' })]),
    builtRelease('1.1.0', [application('app', '2', options.new ?? { m: 'new', fresh: 'f' })]),
  ];
  const [change] = compareReleases(upFrom, release).changed;
  if (change === undefined) throw new Error('the application did not change');
  const entry = { upFrom: '1', pattern: options.pattern ?? '"1"', instructions: [] };
  return {
    appup: {
      application: 'app',
      version: '2',
      origin: options.origin ?? 'hand-written',
      file: 'src/app.appup.src',
      up: [entry],
      down: [entry],
    },
    change,
    upFrom,
    release,
    start: null,
    up: [],
    down: [],
    modules: [],
    ...changes,
  };
}

/** A project that lies nowhere, in the folder `sub` of its repository. */
export const places = { projectDir: '/nowhere', projectPath: 'sub' };
