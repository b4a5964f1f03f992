import { ActionError } from '../../shared/errors.js';
import type { Finding } from '../../model/finding.js';
import type { NodeContext } from '../../node/node-context.js';

/**
 * From now on it is noted which processes crash.
 *
 * @returns why that is not possible, for people
 */
export async function watchCrashes({ control }: NodeContext): Promise<Finding | undefined> {
  try {
    await control.call('watch-crashes');
    return undefined;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return {
      id: 'crashes-not-watched',
      severity: 'warning',
      message: `It could not be watched whether processes crash: ${error.message}`,
      remedy: 'See the log of the node for crash reports.',
    };
  }
}

/** What crashed until now also crashes without an installation: crashes like these do not count from now on. */
export async function markCrashes({ control }: NodeContext): Promise<void> {
  await control.call('mark-crashes', [], 15).catch((error: unknown) => {
    if (!(error instanceof ActionError)) throw error;
  });
}

/**
 * Who crashed since the mark, without crashes like those before it, each for people: process, how it was begun, kind of the
 * reason, where. At most a hundred.
 */
export async function readCrashes({ control }: NodeContext): Promise<string[]> {
  return control.call<string[]>('crashes');
}

/** Ends the noting. */
export async function forgetCrashes({ control }: NodeContext): Promise<void> {
  await control.call('forget-crashes', [], 15).catch((error: unknown) => {
    if (!(error instanceof ActionError)) throw error;
  });
}

/** `2 processes crashed: <0.1.0>, begun by …: undef in …` */
export function crashesText(crashes: readonly string[]): string {
  const shown = crashes.slice(0, 3).join('; ');
  const more = crashes.length > 3 ? `; and ${crashes.length - 3} more` : '';
  const count = crashes.length === 1 ? '1 process' : `${crashes.length} processes`;
  return `${count} crashed: ${shown}${more}`;
}
