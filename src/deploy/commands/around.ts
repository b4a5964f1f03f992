import { info } from '@actions/core';
import type { NodeState } from '../../model/deploy.js';
import { ActionError } from '../../shared/errors.js';
import { beforeRun, type DeploySession } from '../session/deploy-session.js';
import type { CommandFacts, Commands } from './commands.js';

/** The user's `before`, noted, so that it runs once for each deploy. @throws {ActionError} when it fails */
export async function runBefore(
  session: DeploySession,
  commands: Commands,
  facts: CommandFacts,
): Promise<void> {
  const { unfinished } = session.journal;
  if (!commands.has('before') || unfinished === undefined) return;
  const run = beforeRun(unfinished, session.journal);
  if (run === 'done') {
    info('The `before` command has run already, in an earlier run of this deploy.');
    return;
  }
  await session.note({ step: 'before' });
  await commands.run('before', { ...facts, again: run === 'interrupted' }).catch((error: unknown) => {
    // a command that was ended with its job has not failed
    session.stopIfCancelled();
    throw error;
  });
  await session.note({ step: 'before-done' });
  session.stopIfCancelled();
}

/**
 * The user's `after`, when it is due: the deploy is over, and did something that they may notice.
 *
 * @returns why it failed; the journal stays open then
 */
export async function runAfter(
  session: DeploySession,
  commands: Commands,
  facts: CommandFacts & { readonly nodeState: NodeState },
): Promise<ActionError | undefined> {
  if (!session.afterIsDue) return undefined;
  try {
    await commands.run('after', facts);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error;
  }
  if (session.journal.last?.step === 'after') await session.endWhole(facts.nodeState);
  return undefined;
}
