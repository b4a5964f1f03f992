import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { distinct, isError } from '../../model/finding.js';
import { writeReport } from '../../report/report-file.js';
import type { RunRecord } from '../../report/run-record.js';
import { ActionError, RefusedError } from '../../shared/errors.js';
import { defined } from '../../shared/optional.js';
import type { Run } from '../run.js';
import { eventPayload } from '../trusted-run.js';
import { untrustedCheck } from '../untrusted-event.js';
import { answerOf, changedFile } from './answer.js';
import { proveUpgrade, type AtDesk } from './prove-upgrade.js';
import type { RelupInputs } from './relup-inputs.js';

const ANSWER = 'Answer';

/**
 * A check: both versions are built and the upgrade is rehearsed as for a release, and nothing of it leaves the run but the
 * answer.
 *
 * @throws {RefusedError} when the change cannot be upgraded to
 */
export async function fromChangeToAnswer(inputs: RelupInputs, run: Run, desk: AtDesk): Promise<void> {
  requireOwnRights(process.env);
  try {
    const { made } = await proveUpgrade(inputs, run, desk);
    const { full, upgrade, debug } = made.packages;
    await Promise.all([full, upgrade, debug].map(async (one) => one && rm(one.path, { force: true })));
    run.note(ANSWER, { answer: answerOf(run.record) });
    run.note(ANSWER, { report: await writeReport(dirname(full.path), run.record) });
  } catch (error) {
    throw error instanceof RefusedError ? inWords(error, run.record) : error;
  }
}

/** @throws {ActionError} when code that anybody may have written would be run with the rights of the repository (H103) */
function requireOwnRights(env: NodeJS.ProcessEnv): void {
  const reason = untrustedCheck(env.GITHUB_EVENT_NAME ?? '', eventPayload(env));
  if (reason === undefined) return;
  throw new ActionError(`A check does not run here: ${reason}.`, {
    remedy:
      'Start the workflow by `on: pull_request`, which has neither secrets nor the right to write for forks.',
  });
}

/** One annotation says it all: the first finding that stops the run stands for the refusal, on a file of the change. */
function inWords(error: RefusedError, record: RunRecord): RefusedError {
  const [first, ...others] = distinct(record.findings.filter(isError));
  const cause = first ?? error;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const { remedy, location = changedFile(record) } = cause;
  return new RefusedError(`No hot upgrade${more}: ${cause.message}`, {
    cause: error,
    ...defined({ remedy, location, details: error.details }),
  });
}
