import { summary, warning } from '@actions/core';
import { dirname } from 'node:path';
import { errorMessage } from '../shared/errors.js';
import { distinct } from '../model/finding.js';
import { annotate, annotateAnswer } from './annotations.js';
import type { RunRecord } from './run-record.js';
import { setOutputs } from './outputs.js';
import { writeReport } from './report-file.js';
import { summaryOf } from './summary.js';
import { isTold } from './told.js';

/** Shows everything the run learned, whether it succeeded or not; called once, as the last thing. */
export async function publish(record: RunRecord): Promise<void> {
  for (const finding of distinct(record.findings)) {
    if (!isTold(finding, record)) annotate(finding, record.failure);
  }
  if (record.answer !== undefined) annotateAnswer(record.answer, record.verdict);
  const { report } = record;
  if (report !== undefined) await attempt('The report', () => writeReport(dirname(report), record));
  // Outside of a runner (the demo by hand, a local run) there is nowhere to write it.
  if (process.env.GITHUB_STEP_SUMMARY) {
    await attempt('The job summary', () => summary.addRaw(summaryOf(record)).write());
  }
  if (record.failure === undefined) setOutputs(record);
  else await attempt('The outputs', () => Promise.resolve(setOutputs(record)));
}

/** What is only told must not fail a run, nor hide why it failed. */
async function attempt(what: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    warning(`${what} could not be written: ${errorMessage(error)}`);
  }
}
