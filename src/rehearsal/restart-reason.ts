import { firstCrash } from './crash-reports.js';
import type { Finding } from '../model/finding.js';
import type { Lane } from './lane.js';

/** release_handler_1 asks workers for their modules, and takes a supervisor's as they stand. */
const DYNAMIC = /\{lists,member,\[[^,\]]+,dynamic\]/;
const DYNAMIC_REASON = 'a child specification of a supervisor, type => supervisor, says modules => dynamic';

/**
 * What release_handler prints before it restarts the emulator names the module, wrapped over many lines; the first crash since
 * the step began says more.
 */
export function reasonIn(lane: Lane, printed: number): string {
  const lines = lane.running.log.slice(printed);
  const text = lines.join('').replaceAll(/\s/g, '');
  const [, module] = /failed,Reason=\{code_change_failed,[^,]*,([^,]*),.*$/.exec(text) ?? [];
  const [, why, doing, ended] =
    /failed,Reason=\{'EXIT',\{(\w+),\{sys,(\w+),\[[^,\]]*(?:,(\w+))?/.exec(text) ?? [];
  const reasons = [
    ...(module === undefined ? [] : [`code_change of ${module} failed`]),
    ...(why === undefined
      ? []
      : [
          `a process${ended === undefined ? '' : ` of ${ended}`} ended (${why}) before release_handler's sys:${doing ?? ''} reached it`,
        ]),
    ...(DYNAMIC.test(text) ? [DYNAMIC_REASON] : []),
    ...[firstCrash(lines)].filter((crash) => crash !== undefined),
  ];
  return reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
}

/** Whose code_change failed. */
function conversionIn(reason: string): string | undefined {
  return /code_change of ([\w@']+) failed/.exec(reason)?.[1];
}

/** Whose code it is about. */
export function codeOf({ context }: Lane, reason: string): Pick<Finding, 'application' | 'module'> {
  const module = conversionIn(reason);
  const owner = context.manifest.applications.find(({ modules }) => Object.hasOwn(modules, module ?? ''));
  return module === undefined || owner === undefined ? {} : { application: owner.name, module };
}

/** What to do about it; `otherwise` when the reason says nothing special. */
export function remedyFor(reason: string, otherwise: string): string {
  const converted = conversionIn(reason);
  if (converted !== undefined) {
    return `Give ${converted}:code_change/3 a clause for the state that its processes have at that moment, both for the version before and for {down, Vsn} (of a supervisor init/1 is called instead, with the argument that it was started with: it must take that, and do nothing but return child specifications): the details show that state. If it need not be kept, have the application restarted: \`{Application, [{strategy, restart}]}.\` in relup.config, beside rebar.config.`;
  }
  if (reason.includes(DYNAMIC_REASON)) {
    return `Write modules => [Module] there, with the callback module of the supervisor below: dynamic is for event managers only. Running nodes have the old specification, so that the version with the right one needs a restart.`;
  }
  const [, module] = /a process of ([\w@']+) ended \(/.exec(reason) ?? [];
  if (module === undefined) return otherwise;
  return `Another process stops processes of ${module} (terminate_child or exit) while they are suspended for their new code. Have it suspended before them: save the generated appup, which is in the job summary, under the name shown there, and in both directions write {update, Stopper, [${module}]}, {update, ${module}, {advanced, []}}, where Stopper is the module of that other process. Or have the application restarted: \`{Application, [{strategy, restart}]}.\` in relup.config, beside rebar.config.`;
}
