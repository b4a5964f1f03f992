import type { Finding } from '../model/finding.js';
import type { ChosenAppup } from '../model/appup.js';
import type { ExposedCall, Relup } from '../model/relup.js';
import { appupPlace } from './appups/places.js';

/**
 * Processes that die when they get to a function which is gone while modules are exchanged one after the other (H131). A generated
 * appup has them wait; in one that a person wrote they may be forgotten, and whether a rehearsal hits that moment is luck. Which
 * way a process takes is not known, so it is a warning. Pure.
 */
export function exposedFindings(
  { exposed }: Relup,
  appups: readonly ChosenAppup[],
  { projectDir, projectPath }: { readonly projectDir: string; readonly projectPath: string },
): Finding[] {
  return exposed.flatMap((call) => {
    const appup = appups.find(({ application }) => application === call.application);
    // what a dependency ships is its authors' matter
    if (appup === undefined || appup.origin === 'shipped') return [];
    const { annotate: file } = appupPlace(call.application, projectDir, projectPath);
    return [{ ...said(call, appup.origin), application: call.application, location: { file } }];
  });
}

function said(
  { upFrom, direction, function: name, exchanged, modules }: ExposedCall,
  origin: ChosenAppup['origin'],
): Finding {
  const way = direction === 'up' ? `upgrade from ${upFrom}` : `downgrade to ${upFrom}`;
  const list = modules.join(', ');
  const waiting = `{suspend, [${list}]} before the instructions for ${exchanged.join(' and ')} and {resume, [${list}]} after them, in both directions`;
  const write =
    origin === 'generated'
      ? `Save the generated appup, which is in the job summary, under the name shown there, and put ${waiting}`
      : `Put ${waiting}; or remove the appup, a generated one has them wait where they can`;
  return {
    id: 'function-gone',
    severity: 'warning',
    message: `While the ${way} exchanges ${exchanged.join(' and ')} one after the other, calls of ${name} fail, and processes of ${list} may get to one and die: the appup does not have them wait.`,
    remedy: `${write}; or ship the new version with the old function still in it, and remove that in the next one.`,
  };
}
