import { expect, vi } from 'vitest';
import type { WorkflowRun } from './runner.js';

/** The run ended as it should, and nothing of it is there any more but what the workflow itself wanted to keep. */
export async function expectCleanEnd(run: WorkflowRun, exitCode: number): Promise<void> {
  expect(run.exitCode, run.output).toBe(exitCode);
  await expectNothingLeft(run);
}

/** The same for a run of which failed jobs have left their reports, as they do for later steps. */
export async function expectEnd(run: WorkflowRun, exitCode: number): Promise<void> {
  const temporaryFiles = run.temporaryFiles.filter((name) => !name.startsWith('relup-deploy-'));
  await expectCleanEnd({ ...run, temporaryFiles }, exitCode);
}

/** No process, no temporary file, nothing in the home folder. */
async function expectNothingLeft(run: WorkflowRun): Promise<void> {
  await vi.waitFor(() => expect(run.processes()).toEqual([]), { timeout: 10_000 });
  expect(run.temporaryFiles).toEqual([]);
  expect(run.homeFiles).toEqual([]);
}
