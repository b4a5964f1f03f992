import { summary, warning } from '@actions/core';
import { dirname } from 'node:path';
import { ActionError, errorMessage, RefusedError } from '../shared/errors.js';
import { distinct } from '../shared/findings.js';
import { annotate } from './annotations.js';
import type { Facts } from './facts.js';
import { setOutputs } from './outputs.js';
import { writeReport } from './report-file.js';
import { summaryOf } from './summary.js';

/** Notes why the run failed, so that summary and report can tell it. */
export function noteFailure(facts: Facts, error: unknown): void {
  const { remedy, details } = error instanceof ActionError ? error : {};
  facts.failure = { message: errorMessage(error), remedy, details };
  if (error instanceof RefusedError) facts.verdict = 'refused';
}

/** Shows everything the run learned, whether it succeeded or not; called once, as the last thing. */
export async function finish(facts: Facts): Promise<void> {
  for (const finding of distinct(facts.findings)) annotate(finding);
  const { report } = facts;
  if (report !== undefined) await attempt('The report', () => writeReport(dirname(report), facts));
  // Outside of a runner (the demo by hand, a local run) there is nowhere to write it.
  if (process.env.GITHUB_STEP_SUMMARY) {
    await attempt('The job summary', () => summary.addRaw(summaryOf(facts)).write());
  }
  if (facts.failure === undefined) setOutputs(facts);
  else await attempt('The outputs', () => Promise.resolve(setOutputs(facts)));
}

/** What is only told must not fail a run, nor hide why it failed. */
async function attempt(what: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    warning(`${what} could not be written: ${errorMessage(error)}`);
  }
}
