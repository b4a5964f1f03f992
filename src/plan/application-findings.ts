import type { Finding } from '../model/finding.js';
import type { ReleaseDifference } from '../model/release-difference.js';
import type { Relup, StartTypeChange } from '../model/relup.js';

/** What happens to whole applications, which no appup tells (H35), and what an upgrade does not do. Pure. */
export function applicationFindings(differences: readonly ReleaseDifference[], relup: Relup): Finding[] {
  return [
    ...differences.flatMap(({ upFrom, added, removed }) => [
      ...added.map(({ name }) => applicationAdded(name, upFrom.version)),
      ...removed.map(({ name }) => applicationRemoved(name, upFrom.version)),
    ]),
    ...differences.flatMap(movedModules),
    ...relup.startPhases.map(startPhaseAdded),
    ...relup.startTypes.map((change) => startTypeChanged(change, relup)),
    ...differences.flatMap((difference) => dependentsKept(difference, relup)),
    ...configReaders(relup),
  ];
}

function applicationAdded(application: string, version: string): Finding {
  return {
    id: 'application-added',
    severity: 'notice',
    application,
    message: `${application} is not in ${version}: the upgrade loads and starts it after the applications it needs, the downgrade stops and removes it.`,
  };
}

function applicationRemoved(application: string, version: string): Finding {
  return {
    id: 'application-removed',
    severity: 'notice',
    application,
    message: `${application} is in ${version} only: the upgrade stops and removes it, the downgrade loads and starts it.`,
  };
}

function movedModules({ upFrom, changed, added, removed }: ReleaseDifference): Finding[] {
  const all = [...changed, ...added, ...removed];
  const gone = new Map(all.flatMap(({ name, modules }) => modules.removed.map((module) => [module, name])));
  return all.flatMap(({ name, modules }) =>
    modules.added.flatMap((module): Finding[] => {
      const from = gone.get(module);
      if (from === undefined) return [];
      return [
        {
          id: 'module-moved',
          severity: 'notice',
          application: name,
          module,
          message: `The module ${module} moved from ${from} to ${name} since ${upFrom.version}: it is loaded from there and not removed.`,
        },
      ];
    }),
  );
}

function startPhaseAdded({ application, phases }: Relup['startPhases'][number]): Finding {
  return {
    id: 'start-phase-added',
    severity: 'notice',
    application,
    message: `${application} has new start phases (${phases.join(', ')}), which run when it is started, and not in an upgrade.`,
    remedy:
      'If a running node needs what they do, call it in the appup: {apply, {Module, start_phase, [Phase, normal, Arguments]}}.',
  };
}

function startTypeChanged(change: StartTypeChange, relup: Relup): Finding {
  const { application, upFrom, before, now } = change;
  const [was, is] = [before, now].map(stateOf);
  const said = `The start type of ${application} is ${now}, and was ${before} in ${upFrom}`;
  if (was !== is) {
    const [up, down] = [is, was].map((to, index) => DOES[`${[was, is][index] ?? ''} ${to ?? ''}`] ?? '');
    return {
      id: 'start-type-changed',
      severity: 'notice',
      application,
      message: `${said}: the upgrade ${up ?? ''} it, the downgrade ${down ?? ''} it.`,
    };
  }
  const restarts = relup.up.some(({ version, starts }) => version === upFrom && starts.includes(application));
  return {
    id: 'start-type-changed',
    severity: restarts ? 'notice' : 'warning',
    application,
    message: restarts
      ? `${said}: the upgrade starts it anew.`
      : `${said}: a running application keeps the type that it was started with, so the upgrade does not change what its end means for the node.`,
    ...(restarts
      ? {}
      : {
          remedy: `Restart the node when it suits; or stop ${application} and start it anew in an appup, if it can be without its state: {apply, {application, stop, [${application}]}}, {apply, {application, start, [${application}, ${now}]}}.`,
        }),
  };
}

function stateOf(type: string): string {
  return type === 'load' || type === 'none' ? type : 'running';
}

const DOES: Readonly<Record<string, string>> = {
  'none load': 'loads',
  'load none': 'unloads',
  'none running': 'starts',
  'load running': 'starts',
  'running load': 'stops',
  'running none': 'stops',
};

/** Processes may keep identifiers of processes and tables of an application that they need and that is started anew. */
function dependentsKept({ upFrom, changed }: ReleaseDifference, relup: Relup): Finding[] {
  const script = relup.up.find(({ version }) => version === upFrom.version);
  if (script === undefined || script.restartsEmulator) return [];
  const restarted = (name: string): boolean => script.starts.includes(name);
  return changed.flatMap(({ name }): Finding[] => {
    const kept = (relup.dependents[name] ?? []).filter((other) => !restarted(other));
    if (!restarted(name) || kept.length === 0) return [];
    return [
      {
        id: 'dependents-not-restarted',
        severity: 'warning',
        application: name,
        message: `The upgrade from ${upFrom.version} restarts ${name}, but not ${kept.join(', ')}, which ${kept.length === 1 ? 'needs' : 'need'} it and may keep process identifiers, monitors or tables of it that are gone then.`,
        remedy: `Look at what ${kept.join(', ')} ${kept.length === 1 ? 'keeps' : 'keep'} of ${name}: restart ${kept.length === 1 ? 'it' : 'them'}, too ({${name}, [{up, [{'after', [{restart_application, ${kept[0] ?? ''}}]}]}, {down, …}]}. in relup.config, or the instruction in the appup), or update ${name} without a restart.`,
      },
    ];
  });
}

function configReaders({ configReaders: found }: Relup): Finding[] {
  return found.map(({ application, module }) => ({
    id: 'reads-config-argument',
    severity: 'notice',
    application,
    module,
    message: `${module} (${application}) calls init:get_argument(config): once the upgrade is permanent, OTP answers the path of sys.config without ".config", which is not a file.`,
    remedy:
      'Read settings with application:get_env, or take releases/<version>/sys.config; the check at stage after-permanent can try it.',
  }));
}
