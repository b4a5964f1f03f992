/** One script of a relup: the instructions that take a node from or to one other release version. */
export interface RelupScript {
  /** Release version upgraded from, or downgraded to. */
  readonly version: string;
  /** Instructions as Erlang text, in the order release_handler carries them out. */
  readonly instructions: readonly string[];
  /** Modules whose code it loads, and modules that it removes. */
  readonly loads: readonly string[];
  readonly removes: readonly string[];
  /** Applications that it starts. */
  readonly starts: readonly string[];
  /** Whether it holds `restart_new_emulator` or `restart_emulator` (H38). */
  readonly restartsEmulator: boolean;
}

/** What a script of a relup does (src/erlang/relup_effects.erl). */
export interface ScriptEffects {
  /** Modules whose old code it purges only when nobody uses it. */
  readonly purgesSoftly: readonly string[];
  /** Modules whose processes it suspends, or stops. */
  readonly suspends: readonly string[];
  /** By module that it loads: modules whose processes are suspended then. */
  readonly waits: Readonly<Record<string, readonly string[]>>;
  readonly stops: readonly string[];
  /** Applications that it starts, or stops. */
  readonly starts: readonly string[];
  readonly stopsApplications: readonly string[];
  /** Calls of `supervisor` for one child. */
  readonly children: readonly ChildCall[];
  /** Other functions that it calls, but OTP's: `shop:stop_listening/0`. */
  readonly applies: readonly string[];
  /** Where it waits until other nodes have come as far (`sync_nodes`). */
  readonly syncs: readonly Sync[];
}

/** The nodes stand in a list, or a function tells them when it is time. */
export interface Sync {
  readonly nodes: readonly string[];
  /** `shop:nodes/0`; null for a list. */
  readonly call: string | null;
}

interface ChildCall {
  /** E.g. `restart_child`. */
  readonly call: string;
  /** The supervisor's name, and the child's id, as Erlang text. */
  readonly supervisor: string;
  readonly id: string;
}

/** What a relup does on the way from, and back to, one release version. */
export interface RelupEffects {
  readonly up: ScriptEffects;
  readonly down: ScriptEffects;
}

/** How a release starts an application: permanent, transient, temporary, load or none. */
export interface StartTypeChange {
  readonly application: string;
  /** Release version that is upgraded from. */
  readonly upFrom: string;
  readonly before: string;
  readonly now: string;
}

/** A call that fails while modules are exchanged one after the other, and that processes which do not wait may get to. */
export interface ExposedCall {
  readonly upFrom: string;
  readonly direction: 'up' | 'down';
  /** `util:next/1`, of this application. */
  readonly function: string;
  readonly application: string;
  /** The modules between whose exchanges the call fails. */
  readonly exchanged: readonly string[];
  /** Whose processes may get to it. */
  readonly modules: readonly string[];
}

export interface Relup {
  /** Absolute path of the file. */
  readonly file: string;
  readonly up: readonly RelupScript[];
  readonly down: readonly RelupScript[];
  /** What systools warned of. */
  readonly warnings: readonly string[];
  /** Start phases that applications have from now on. */
  readonly startPhases: readonly { readonly application: string; readonly phases: readonly string[] }[];
  /** Applications of both releases that are started in another way than before. */
  readonly startTypes: readonly StartTypeChange[];
  /** Application that had processes → others with processes that need it. */
  readonly dependents: Readonly<Record<string, readonly string[]>>;
  /** Modules, but OTP's, that ask for the path of sys.config. */
  readonly configReaders: readonly { readonly application: string; readonly module: string }[];
  /** Calls that fail between two loads, and that processes which do not wait may get to. */
  readonly exposed: readonly ExposedCall[];
}
