/**
 * Why a node ended while it booted, from what it printed; undefined when nothing in it says so. Pure.
 *
 * The emulator prints `Kernel pid terminated (application_controller) ({application_start_failure,App,Reason})` for an
 * application that does not start, and `init terminating in do_boot ({Reason,…})` when it comes no further than its boot file.
 */
export function bootFailure(lines: readonly string[]): string | undefined {
  const text = lines.join('\n');
  const application = /\{application_start_failure,'?([a-z][\w@]*)'?,/.exec(text);
  if (application !== null) {
    const child = innermostChild(text.slice(application.index));
    const why = child === undefined ? '' : `: its child ${child.id} failed with ${child.reason}`;
    return `the application ${application[1]} does not start${why}`;
  }
  const boot =
    /\b(?:init terminating in do_boot|Runtime terminating during boot) \((?:\{+)?'?([^\n]{1,120})/.exec(text);
  return boot === null ? undefined : `the boot ended with ${(boot[1] ?? '').replace(/[})]+$/, '')}`;
}

/** Around the reason that people look for. */
const WRAPPERS = ['EXIT', 'badmatch', 'error', 'bad_return_value', 'shutdown'];

/** Supervisors start supervisors: the last one named is the one that failed. */
function innermostChild(text: string): { readonly id: string; readonly reason: string } | undefined {
  const named = text.split('failed_to_start_child,').slice(1).reverse();
  for (const term of named) {
    const [, id, rest = ''] = /^'?([^,']+)'?,(.{1,120})/.exec(term) ?? [];
    const reason = rest.match(/[a-zA-Z]\w*/g)?.find((word) => !WRAPPERS.includes(word));
    if (id !== undefined && reason !== undefined) return { id, reason };
  }
  return undefined;
}
