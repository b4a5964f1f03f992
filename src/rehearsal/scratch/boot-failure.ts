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
    const rest = text.slice(application.index);
    // the innermost one: supervisors start supervisors
    const child = [...rest.matchAll(/failed_to_start_child,'?([^,]+?)'?,[{[]*'?([a-z]\w*)'?/g)].findLast(
      ([, , reason]) => reason !== 'shutdown' && reason !== 'EXIT',
    );
    const why = child === undefined ? '' : `: its child ${child[1]} failed with ${child[2]}`;
    return `the application ${application[1]} does not start${why}`;
  }
  const boot =
    /\b(?:init terminating in do_boot|Runtime terminating during boot) \((?:\{+)?'?([^\n]{1,120})/.exec(text);
  return boot === null ? undefined : `the boot ended with ${(boot[1] ?? '').replace(/[})]+$/, '')}`;
}
