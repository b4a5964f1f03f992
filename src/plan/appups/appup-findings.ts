import type { Finding } from '../../model/finding.js';
import { versionLocation } from '../version-location.js';
import type { GeneratorNotice } from './generator.js';

type Told = Pick<Finding, 'id' | 'severity' | 'message' | 'remedy'>;

const WORDS: Readonly<
  Record<GeneratorNotice['id'], (modules: string, application: string, functions: string) => Told>
> = {
  'application-restarted': (_modules, application) => ({
    id: 'application-restarted',
    severity: 'notice',
    message: `All processes of ${application} are stopped and started anew by the upgrade, because relup.config says restart: what they hold in memory is lost.`,
    remedy: 'Take the strategy out of relup.config again when the next release does not need it.',
  }),
  'child-replaced': (modules, application) => ({
    id: 'child-replaced',
    severity: 'notice',
    message: `The processes of ${modules} (${application}) are stopped and started anew by the upgrade, because their start function or its arguments changed: what they hold in memory is lost.`,
    remedy:
      'If it must survive, keep the start function and its arguments in this version, and let code_change take over what is new.',
  }),
  'call-cycle': (modules, application) => ({
    id: 'call-cycle',
    severity: 'notice',
    message: `Modules of ${application} call functions of each other that are new in this version, in a circle (${modules}), so no order of loading is right for all; they are loaded in the order of their names.`,
    remedy:
      'Ship the new functions of one of them one version before their callers, or write an appup by hand that makes the processes wait which call them.',
  }),
  'function-gone': (modules, application, functions) => ({
    id: 'function-gone',
    severity: 'notice',
    message: `Modules of ${application} that did not change over yet would call ${functions}, which is gone, while the upgrade exchanges one after the other; so the processes of ${modules} wait meanwhile.`,
    remedy:
      'To keep them running, ship the new version with the old function still in it, and remove that in the next one. A process without a supervisor cannot be made to wait.',
  }),
  'process-replaced': (modules, application) => ({
    id: 'process-replaced',
    severity: 'notice',
    message: `The processes of ${modules} (${application}) are stopped and started anew by the upgrade: the module is the callback of another kind of process now, so their state cannot be kept.`,
    remedy: 'Write an appup by hand if the state must survive.',
  }),
  'supervisor-children-unknown': (modules, application) => ({
    id: 'supervisor-children-unknown',
    severity: 'notice',
    message: `What children the changed supervisor ${modules} (${application}) has cannot be read from its code alone, so the generated appup starts and stops none of them.`,
    remedy:
      'A rehearsal shows whether any are missing. Known are the children of a supervisor with debug information, a registered name and an init/1 that depends on nothing but its own application.',
  }),
};

/** What the generator noticed, as findings on the file that names the application's version. */
export function generatorFindings(
  notices: readonly GeneratorNotice[],
  projectDir: string,
  projectPath: string,
): Finding[] {
  return notices.map(({ id, application, modules, functions = '' }) => ({
    ...WORDS[id](modules.join(', '), application, functions),
    application,
    ...(modules.length === 1 ? { module: modules[0] as string } : {}),
    location: versionLocation(projectDir, projectPath, application),
  }));
}
