import { join } from 'node:path';
import type { Erlang } from '../../programs/erlang.js';
import type { BuiltRelease } from '../../shared/release.js';
import type { ApplicationChange, ReleaseDifference } from '../../shared/release-difference.js';
import type { ChosenAppup } from '../appups.js';

export type Direction = 'up' | 'down';

/** An instruction of an appup, as src/erlang/relup_check_instructions.erl describes it. */
export interface Instruction {
  /** As Erlang text. */
  readonly text: string;
  /** What becomes of `modules`; `restart` names applications there. */
  readonly what: 'load' | 'delete' | 'update' | 'stop' | 'restart' | 'emulator' | 'other';
  readonly modules: readonly string[];
  /** How an `update` treats the processes; null for other instructions. */
  readonly change: 'advanced' | 'supervisor' | 'soft' | null;
  /** DepMods: modules that must be changed before. */
  readonly needs: readonly string[];
  /** A function that it calls, and whether one of the two releases exports it. */
  readonly applies: { readonly text: string; readonly exported: boolean } | null;
  /** Ids of children that it stops, which are most often named like their modules. */
  readonly restarted: readonly string[];
  /** Its line in the hand-written source; null when that cannot be known. */
  readonly line: number | null;
}

/** One version of a module. */
export interface ModuleSide {
  /** Kinds of processes that run it: gen_server, gen_statem, gen_fsm, gen_event, supervisor, special. */
  readonly kinds: readonly string[];
  /** Whether it loads a native library. */
  readonly native: boolean;
  /** Arities of the exported code_change. */
  readonly codeChange: readonly number[];
  readonly systemCodeChange: boolean;
}

/** A definition in a source file, by the path it was compiled from. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/** What code_change of the newer module does with the state: see src/erlang/relup_check_conversion.erl. */
export type Conversion = 'missing' | 'converts' | 'passes' | 'no_clause';

interface StateStep {
  /** Whether the code that goes on does not know the state it finds. */
  readonly changed: boolean;
  readonly conversion: Conversion;
}

/** How the state of a process compares between two versions of its module. */
export type StateFacts =
  | { readonly unseen: readonly ('old' | 'new')[] }
  | {
      readonly kind: string;
      readonly up: StateStep;
      readonly down: StateStep;
      /** Definitions of the state, as Erlang text. */
      readonly old: readonly string[];
      readonly new: readonly string[];
      readonly place: SourcePlace | null;
      readonly codeChange: SourcePlace | null;
      /** Whether code_change was edited between the two versions. */
      readonly codeChangeDiffers: boolean;
    };

/** A module that differs, or that is updated; a side is null where the module does not exist. */
export interface CheckedModule {
  readonly module: string;
  readonly old: ModuleSide | null;
  readonly new: ModuleSide | null;
  /** Null for modules that no process runs. */
  readonly state: StateFacts | null;
}

/** One application on its way from one up-from release to the new one, and back. */
export interface Step {
  readonly appup: ChosenAppup;
  readonly change: ApplicationChange;
  readonly upFrom: BuiltRelease;
  readonly release: BuiltRelease;
  readonly up: readonly Instruction[];
  readonly down: readonly Instruction[];
  readonly modules: readonly CheckedModule[];
}

export interface FactsOptions {
  readonly erlang: Pick<Erlang, 'query'>;
  readonly release: BuiltRelease;
  /** `_build/<profile>/lib` of the new version's worktree. */
  readonly buildDir: string;
  readonly projectDir: string;
  readonly differences: readonly ReleaseDifference[];
  readonly appups: readonly ChosenAppup[];
}

/** Asks Erlang about every changed application and up-from version in one go. */
export async function readSteps(options: FactsOptions): Promise<Step[]> {
  const { release, differences, appups } = options;
  const pairs = differences.flatMap(({ upFrom, changed }) =>
    changed.flatMap((change) => {
      const appup = appups.find(({ application }) => application === change.name);
      return appup === undefined ? [] : [{ upFrom, change, appup, release }];
    }),
  );
  if (pairs.length === 0) return [];
  const flat = pairs.flatMap(({ upFrom, change, appup }) => [
    change.name,
    change.from as string,
    change.to as string,
    upFrom.root,
    buildDirOf(upFrom),
    appup.origin === 'hand-written' ? join(options.projectDir, appup.file) : '',
    String(change.modules.changed.length),
    ...change.modules.changed,
  ]);
  const answers = await options.erlang.query<Pick<Step, 'up' | 'down' | 'modules'>[]>('check', [
    release.root,
    options.buildDir,
    ...flat,
  ]);
  return pairs.map((pair, index) => ({ ...pair, ...(answers[index] as (typeof answers)[number]) }));
}

/** Where rebar3 compiled an up-from release; a package holds only what it holds. */
function buildDirOf({ root, source }: BuiltRelease): string {
  return source.kind === 'ref' ? join(root, '..', '..', 'lib') : '';
}
