import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeControl } from '../../node/control.js';
import type { Told } from '../../node/node-state.js';
import type { NodeSnapshot } from '../../model/node.js';

/** A key of an application's environment. */
export interface EnvironmentKey {
  /** Of the value, without process identifiers, node name and installed root; the value itself never leaves the node. */
  readonly hash: number;
  /** Whether the application resource file or sys.config sets it; else the command line did, or it was set at run time. */
  readonly configured: boolean;
  /** Of what the files say, as they lie where the node booted from; null where they do not name the key. */
  readonly file: number | null;
  /** Whether the command line (vm.args) sets it, which wins over the files. */
  readonly argument: boolean;
}

/** How a supervisor starts a child. */
export interface ChildSpec {
  /** `module:function/arity`; the arity is `'_'` where the supervisor does not keep the arguments. */
  readonly start: string;
  readonly module: string;
  /** Hash of the start function's arguments, as in {@link EnvironmentKey}. */
  readonly arguments: number;
  /** Restart, shutdown, type, modules, significant, each as Erlang text. */
  readonly options: Readonly<Record<string, string>>;
}

/** A supervised process, or the top process of an application. */
export interface ObservedProcess {
  readonly pid: string;
  /** The registered name as Erlang text. */
  readonly name: string | null;
  /** `dynamic`: a supervisor of equal children (simple_one_for_one); `unresponsive`: one that did not answer in a second. */
  readonly kind: 'worker' | 'supervisor' | 'dynamic' | 'unresponsive';
  /** A supervisor's callback module as Erlang text; null for others. */
  readonly callback: string | null;
  readonly children?: readonly ObservedChild[];
  /** Ids of the children that init/1 lists, as Erlang text; null when that is not known, absent when nobody asked. */
  readonly listed?: readonly string[] | null;
  /** Of the children of a dynamic supervisor. */
  readonly spec?: ChildSpec | null;
  readonly count?: number;
  /** As in {@link ObservedChild}, of some of the children of a dynamic supervisor. */
  readonly unnamed?: readonly string[];
}

export interface ObservedChild {
  /** The child id as Erlang text. */
  readonly id: string;
  /** Hash of the id, the same on another node. */
  readonly key: number;
  /** Ids that are atoms stand in a supervisor's own list; others are mostly made up at run time. */
  readonly isAtom: boolean;
  readonly type: 'worker' | 'supervisor';
  /** Callback modules that its process runs and that its specification does not name. */
  readonly unnamed: readonly string[];
  readonly spec: ChildSpec | null;
  /** Null when the child does not run. */
  readonly process: ObservedProcess | null;
}

/** A named ETS table of an application that is not OTP's base. */
interface ObservedTable {
  readonly application: string;
  /** Type, protection, key position, and the registered name of the owner (null for none). */
  readonly options: Readonly<Record<string, string | number | null>>;
  /** Of a small table, as far as they are atoms. */
  readonly keys: readonly string[];
}

/** What start code leaves on a node beside processes. */
interface ObservedRemains {
  readonly tables: Readonly<Record<string, ObservedTable>>;
  /** Keys of persistent terms, as Erlang text. */
  readonly terms: readonly string[];
  /** mnesia table → attributes, type and so on, as Erlang text. */
  readonly mnesia: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** logger's handlers. */
  readonly handlers: Readonly<Record<string, { readonly module: string; readonly level: string }>>;
}

/** A snapshot with everything that a rehearsal compares (see relup_observe.erl). */
export interface NodeObservation extends NodeSnapshot {
  /** In embedded mode a module that is not loaded stays so. */
  readonly mode: 'embedded' | 'interactive';
  /** Application → key as Erlang text. */
  readonly environmentKeys: Readonly<Record<string, Readonly<Record<string, EnvironmentKey>>>>;
  /** Application → how it was started: permanent, transient or temporary. */
  readonly types: Readonly<Record<string, string>>;
  readonly remains: ObservedRemains;
  /** Top process of every application that has one. */
  readonly trees: Readonly<Record<string, ObservedProcess>>;
  readonly registered: readonly string[];
  /** Registered name → the callback module of its process, as far as it is a gen_server or the like. */
  readonly callbacks: Readonly<Record<string, string>>;
  /** Whether crash reports are among what the node prints: its logger neither drops them nor writes them elsewhere. */
  readonly printsErrors: boolean;
  /** Milliseconds since the node was started. */
  readonly uptime: number;
  /** How many processes and ports there are. */
  readonly processes: number;
  readonly ports: number;
  /** Where the node listens for other nodes; null when its epmd module does not tell. */
  readonly distributionPort: number | null;
  /** Processes that run, or hold funs of, code that was replaced (H77, H78). */
  readonly oldProcesses: readonly { readonly module: string; readonly processes: readonly string[] }[];
  /** What holds funs of code that was replaced (H78): `ETS table t`, `persistent term k`. */
  readonly oldFuns: readonly { readonly module: string; readonly holder: string }[];
  /** What keeps the path of an application's old folder: `process shop_server`, `ETS table t`, `persistent term k`. */
  readonly oldPaths: readonly { readonly application: string; readonly holder: string }[];
}

export interface ObservationRequest {
  /** Module → module MD5 (hex) of the other release, for the modules whose code differs. */
  readonly oldCode: Readonly<Record<string, string>>;
  /** Application → its folder in the other release (`lib/shop-1.0.0`), where that is another one. */
  readonly oldFolders: Readonly<Record<string, string>>;
  /**
   * Whether supervisors' `init/1` is called to learn what children it lists. It may do more than that, so only on a node
   * that nothing else is done with.
   */
  readonly asksInit: boolean;
}

/**
 * Takes a full snapshot of a node; one call, about as long as {@link readNodeState}.
 *
 * @param folder a private folder for the request
 * @throws {ControlError}
 */
export async function observeNode({
  control,
  request,
  folder,
  timeoutSeconds = 60,
}: {
  readonly control: NodeControl;
  readonly request: ObservationRequest;
  readonly folder: string;
  readonly timeoutSeconds?: number;
}): Promise<NodeObservation> {
  const { oldCode, oldFolders, asksInit } = request;
  const file = join(folder, `old-code-${randomUUID()}`);
  const lines = Object.entries(oldCode).map(([module, md5]) => `${module} ${md5}\n`);
  await writeFile(file, lines.join(''));
  try {
    // an empty argument would be lost on its way
    const paths = ['', ...Object.entries(oldFolders).map(([application, path]) => `${application} /${path}`)];
    const args = [file, String(asksInit), `${paths.join('\n')}\n`];
    const told = await control.call<Told<NodeObservation>>('observe', args, timeoutSeconds);
    return { ...told, modules: await control.code.addTo(told.modules) };
  } finally {
    await rm(file, { force: true });
  }
}
