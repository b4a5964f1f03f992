import { expect, vi } from 'vitest';
import type { WorkflowRun } from './runner.js';

/** The run ended as it should, and nothing of it is there any more but what the workflow itself wanted to keep. */
export async function expectCleanEnd(run: WorkflowRun, exitCode: number): Promise<void> {
  expect(run.exitCode, run.output).toBe(exitCode);
  await expectNothingLeft(run);
}

/** No process, no temporary file, nothing in the home folder. */
async function expectNothingLeft(run: WorkflowRun): Promise<void> {
  await vi.waitFor(() => expect(run.processes()).toEqual([]), { timeout: 10_000 });
  expect(run.temporaryFiles).toEqual([]);
  expect(run.homeFiles).toEqual([]);
}
