import type { ScriptEffects } from '../../src/model/relup.js';
import type {
  NodeObservation,
  ObservedChild,
  ObservedProcess,
} from '../../src/rehearsal/compare/observation.js';
import { webSnapshot } from './snapshot.js';

let lastPid = 100;

/** A running worker child of a supervisor's own list. */
export function worker(id: string, changes: Partial<ObservedChild> = {}): ObservedChild {
  lastPid += 1;
  return {
    id,
    key: [...id].reduce((sum, char) => sum * 31 + (char.codePointAt(0) ?? 0), 7),
    isAtom: /^[a-z]/.test(id),
    type: 'worker',
    unnamed: [],
    spec: {
      start: `${id}:start_link/0`,
      module: id,
      arguments: 1,
      options: { restart: 'permanent', shutdown: '5000', type: 'worker' },
    },
    process: { pid: `<0.${lastPid}.0>`, name: id, callback: null, kind: 'worker' },
    ...changes,
  };
}

/** A script of a relup that does nothing else. */
export function script(does: Partial<ScriptEffects> = {}): ScriptEffects {
  return {
    purgesSoftly: [],
    suspends: [],
    waits: {},
    stops: [],
    starts: [],
    stopsApplications: [],
    children: [],
    applies: [],
    syncs: [],
    ...does,
  };
}

/** A supervisor as a process, or as the child of another. */
export function supervisor(name: string, children: readonly ObservedChild[]): ObservedProcess {
  return { pid: '<0.90.0>', name, callback: name, kind: 'supervisor', children };
}

/** A node that runs `web`, with these children below its supervisor. */
export function observation(
  children: readonly ObservedChild[],
  changes: Partial<NodeObservation> = {},
): NodeObservation {
  return {
    ...webSnapshot(),
    mode: 'embedded',
    environmentKeys: { web: { port: { hash: 80, configured: true, file: 80, argument: false } } },
    types: { web: 'permanent' },
    remains: { tables: {}, terms: [], mnesia: {}, handlers: {} },
    trees: { web: supervisor('web_sup', children) },
    registered: ['init', 'web_sup'],
    callbacks: {},
    printsErrors: true,
    uptime: 1000,
    processes: 50,
    ports: 5,
    distributionPort: 4000,
    oldProcesses: [],
    oldFuns: [],
    oldPaths: [],
    ...changes,
  };
}
