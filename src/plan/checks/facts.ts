import { join } from 'node:path';
import type { Erlang } from '../../programs/erlang.js';
import type { BuiltRelease } from '../../model/release.js';
import type { ApplicationChange, ReleaseDifference } from '../../model/release-difference.js';
import { writeErlangRequest } from '../../programs/erlang-request.js';
import type { ChosenAppup } from '../../model/appup.js';

export type Direction = 'up' | 'down';

/** An instruction of an appup, as src/erlang/relup_check_instructions.erl describes it. */
export interface Instruction {
  /** As Erlang text. */
  readonly text: string;
  /** What becomes of `modules`; `restart` names applications there. */
  readonly what: 'load' | 'delete' | 'update' | 'stop' | 'restart' | 'sync' | 'emulator' | 'other';
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
  /** What processes run it: gen_server, gen_statem, gen_fsm, gen_event, supervisor, special, bridge or other. */
  readonly kind: string;
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
export type Conversion = 'missing' | 'converts' | 'passes' | 'wrong' | 'no_clause';

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
      /** Clauses of code_change that convert it both ways, where they can be told. */
      readonly paste?: string | null;
      /** Records within it that differ: `{inner, X}` becomes `#inner{x = X}`; `{inner, X, _}` goes back to `{inner, X}`. */
      readonly records?: readonly Readonly<Record<'old' | 'becomes' | 'new' | 'back', string>>[];
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
  /** What `init/1` makes otherwise than before, e.g. `ets:new(shop_table, [named_table])`. */
  readonly makes: readonly string[];
  /** Records that it makes, whose fields are others now; see src/erlang/relup_check_stored.erl. */
  readonly stored: readonly StoredRecord[];
  /** Messages that it takes no more; see src/erlang/relup_check_messages.erl. */
  readonly messages: readonly GoneMessage[];
  /** Null for other modules than those of a gen_statem. */
  readonly statem: StatemFacts | null;
  /** Restart strategies of a supervisor that are others now, before and after. */
  readonly strategies: readonly (readonly [string, string])[];
}

/** How a gen_statem calls its module; see src/erlang/relup_check_statem.erl. */
export interface StatemFacts {
  /** What callback_mode/0 returns, before and after, where that differs. */
  readonly modes: readonly [string, string] | readonly [];
  /** What processes of the version left call that the other one does not export, e.g. `idle/3`. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Of callback_mode/0. */
  readonly place: SourcePlace | null;
}

export interface GoneMessage {
  /** `{add, _}` */
  readonly message: string;
  /** What took it, e.g. `handle_call/3`. */
  readonly callback: string;
  /** Messages of the same name that are taken now. */
  readonly instead: readonly string[];
  /** Whether a clause takes whatever comes, so that it is lost without a word. */
  readonly dropped: boolean;
  /** Whether it is a timeout of a gen_statem, which the process has begun itself. */
  readonly timeout: boolean;
  readonly place: SourcePlace | null;
}

export interface StoredRecord {
  readonly record: string;
  /** What puts it into a table, e.g. `ets:insert/2`; null when nothing is seen to. */
  readonly call: string | null;
  /** Its definitions. */
  readonly old: string;
  readonly new: string;
  readonly place: SourcePlace | null;
}

/** How the start code of an application differs; see src/erlang/relup_start_code.erl. */
interface StartFacts {
  /** The callback module. */
  readonly module: string;
  /** What is called now and was not in this way before. */
  readonly calls: readonly string[];
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
  /** Null when it is the same, or not known. */
  readonly start: StartFacts | null;
}

export interface FactsOptions {
  readonly erlang: Pick<Erlang, 'query'>;
  /** A private folder for the request. */
  readonly outFolder: string;
  /** The new release; its `ebin` folders hold the chosen appups. */
  readonly release: BuiltRelease;
  /** `_build/<profile>/lib` of the new version's worktree: beams with debug information. */
  readonly buildDir: string;
  /** The new version's project folder in its worktree. */
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
  const request = [
    release.root,
    options.buildDir,
    pairs.map(({ upFrom, change, appup }) => [
      change.name,
      change.from as string,
      change.to as string,
      upFrom.root,
      buildDirOf(upFrom),
      appup.origin === 'hand-written' ? join(options.projectDir, appup.file) : '',
      [...change.modules.changed, ...change.modules.added].flatMap((module) =>
        ownerOf(upFrom, change.name, module).map(({ name, version }) => [module, name, version]),
      ),
    ]),
  ];
  const file = join(options.outFolder, 'check.request');
  await writeErlangRequest(file, request);
  const answers = await options.erlang.query<Pick<Step, 'up' | 'down' | 'modules' | 'start'>[]>('check', [
    file,
  ]);
  return pairs.map((pair, index) => ({ ...pair, ...(answers[index] as (typeof answers)[number]) }));
}

/** The application that had a module: the same one, unless it moved; none for a module that is new. */
function ownerOf(upFrom: BuiltRelease, application: string, module: string): BuiltRelease['applications'] {
  const owners = upFrom.applications.filter(({ modules }) => Object.hasOwn(modules, module));
  return [owners.find(({ name }) => name === application) ?? owners[0]].filter((one) => one !== undefined);
}

/** Where rebar3 compiled an up-from release; a package holds only what it holds. */
function buildDirOf({ source }: BuiltRelease): string {
  return source.buildDir === undefined ? '' : join(source.buildDir, 'lib');
}
