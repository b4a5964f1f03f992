import { resolve } from 'node:path';
import { annotateFailure } from '../../report/annotations.js';
import { NOTHING, type RunRecord } from '../../report/run-record.js';
import { failureOf, type Attendant } from '../run.js';
import { DeskRunner } from './desk-runner.js';
import type { Display } from './display.js';
import { prepareEnvironment } from './environment.js';
import { inputsOf, type ActionCommand } from './option-table.js';
import { KeptNodes } from './kept-nodes.js';
import { exitStatus } from './outcome.js';
import { PlainDisplay } from './plain-display.js';
import { closingLine } from './closing-line.js';
import { copyResults, reportFor } from './results.js';
import { TerminalDisplay } from './terminal-display.js';

/** Options that are no inputs. */
export interface DeskOptions {
  /** The report on standard output, everything else on standard error. */
  readonly json: boolean;
  /** Whether a terminal shows what the programs print, too. */
  readonly verbose: boolean;
  /** Folder for what is made. */
  readonly output: string | undefined;
  /** Whether the rehearsal's nodes stay until Ctrl-C. */
  readonly keep: boolean;
}

/** Runs an action without a runner, and shows it. @returns the exit status */
export async function runCommand(
  command: ActionCommand,
  given: Readonly<Record<string, string>>,
  options: DeskOptions,
): Promise<number> {
  const runner = DeskRunner.start();
  const display = displayFor(runner, options);
  runner.show(display);
  prepareEnvironment(inputsOf(command, given));
  let record: RunRecord = NOTHING;
  let failure: unknown;
  try {
    await act(command, {
      onEnd: (whole) => {
        record = whole;
      },
      ...(options.keep ? keeping(display) : {}),
    });
  } catch (error) {
    failure = error;
    record = { ...record, failure: record.failure ?? failureOf(error) };
    annotateFailure(error);
  }
  const target = options.output === undefined ? undefined : resolve(options.output);
  const files = target === undefined ? [] : await copyResults(record, target);
  display.end();
  for (const line of closingLine(record, { target, files })) display.say(line);
  runner.stop();
  if (options.json) process.stdout.write(reportFor(record, target));
  return exitStatus(command, record, failure);
}

function keeping(display: Display): Pick<Attendant, 'keep' | 'beforeEnd'> {
  const kept = new KeptNodes(display);
  return { keep: kept.keep, beforeEnd: (run) => kept.hold(run) };
}

/** Loaded only now: the command line itself needs none of it. */
async function act(command: ActionCommand, attendant: Attendant): Promise<void> {
  if (command === 'deploy') {
    const { readInputs } = await import('../deploy/deploy-action-inputs.js');
    const inputs = readInputs();
    const { deployAction } = await import('../deploy/deploy-action.js');
    return deployAction(inputs, attendant);
  }
  const { readInputs } = await import('../relup/relup-inputs.js');
  const inputs = readInputs();
  const { relupAction } = await import('../relup/relup-action.js');
  return relupAction(inputs, attendant);
}

function displayFor(runner: DeskRunner, { json, verbose }: DeskOptions): Display {
  const stream = json ? process.stderr : process.stdout;
  const write = json
    ? (text: string): void => void process.stderr.write(text)
    : (text: string): void => runner.write(text);
  return stream.isTTY ? new TerminalDisplay({ stream, write, verbose }) : new PlainDisplay(write);
}
