// The user's commands run as the step's user, also when the deploy runs as the node's: the helper asks for one by a line on its
// standard output, naming only which and what it is told, and the step answers by a line on the helper's standard input.
import { info } from '@actions/core';
import { randomUUID } from 'node:crypto';
import { COMMAND_SECONDS, type Commands, variablesOf } from '../../deploy/commands/commands.js';
import { isGiven, runCommand, type StepCommandsOptions } from '../../deploy/commands/step-commands.js';
import type { CommandTexts, DeployCommand } from '../../model/deploy-command.js';
import { ActionError, errorMessage } from '../../shared/errors.js';
import { hints } from '../../shared/hints.js';

const ASK = 'relup-command ';
const ANSWER = 'relup-answered ';
/** Sent to the helper when the job is cancelled; the end of its standard input means the same. */
const CANCEL = 'relup-cancel';

interface Question {
  readonly id: string;
  readonly command: DeployCommand;
  readonly variables: Readonly<Record<string, string>>;
}

interface Answer {
  readonly id: string;
  readonly failure?: Pick<ActionError, 'message'> & Partial<Pick<ActionError, 'remedy' | 'details'>>;
}

interface Waiting {
  readonly command: DeployCommand;
  readonly take: (answer: Answer) => void;
}

/** In the helper: commands that somebody else runs. */
export class AskedCommands implements Commands {
  private readonly waiting = new Map<string, Waiting>();
  private isGone = false;

  constructor(
    private readonly texts: CommandTexts,
    private readonly say: (line: string) => void,
  ) {}

  has(command: DeployCommand): boolean {
    return isGiven(this.texts, command);
  }

  async run(command: DeployCommand, facts: Parameters<Commands['run']>[1]): Promise<void> {
    if (this.isGone) throw gone(command);
    const id = randomUUID();
    const question: Question = { id, command, variables: variablesOf(command, facts) };
    const answer = await new Promise<Answer>((resolve) => {
      // it also keeps us from ending meanwhile
      const limit = setTimeout(() => resolve({ id, failure: gone(command) }), 1000 * (COMMAND_SECONDS + 60));
      const take = (given: Answer): void => {
        clearTimeout(limit);
        resolve(given);
      };
      this.waiting.set(id, { command, take });
      this.say(`${ASK}${JSON.stringify(question)}`);
    });
    this.waiting.delete(id);
    const { failure } = answer;
    if (failure !== undefined) throw new ActionError(failure.message, failure);
  }

  /** A line from the step. @returns whether it was an answer */
  take(line: string): boolean {
    if (!line.startsWith(ANSWER)) return false;
    const answer = JSON.parse(line.slice(ANSWER.length)) as Answer;
    this.waiting.get(answer.id)?.take(answer);
    return true;
  }

  /** The step is gone, and with it whoever could run a command. */
  end(): void {
    this.isGone = true;
    for (const [id, { command, take }] of this.waiting) take({ id, failure: gone(command) });
  }
}

function gone(command: DeployCommand): ActionError {
  return new ActionError(`The \`${command}\` command cannot be run: the step that would run it has ended.`, {
    remedy: 'Run this step again: it goes on from the journal.',
  });
}

/** In the step: runs what the helper asks for, and nothing but what the workflow gave. */
export class AnsweredCommands {
  constructor(
    private readonly options: StepCommandsOptions,
    private readonly send: (line: string) => void,
  ) {}

  /** A line of the helper's, or of whoever may write as its user. @returns whether it was a question */
  take(line: string): boolean {
    const question = line.startsWith(ASK) ? questionIn(line.slice(ASK.length)) : undefined;
    if (question === undefined) return false;
    void this.answer(question);
    return true;
  }

  /** Tells the helper that the job was cancelled. */
  cancel(): void {
    this.send(CANCEL);
  }

  private async answer({ id, command, variables }: Question): Promise<void> {
    const told = Object.entries(variables).filter(([name]) => name.startsWith('RELUP_'));
    try {
      if (!isGiven(this.options.texts, command)) throw new ActionError(`There is no \`${command}\` command.`);
      await runCommand(this.options, command, Object.fromEntries(told));
      this.reply({ id });
    } catch (error) {
      info(errorMessage(error));
      this.reply({ id, failure: { message: errorMessage(error), ...hints(error) } });
    }
  }

  private reply(answer: Answer): void {
    this.send(`${ANSWER}${JSON.stringify(answer)}`);
  }
}

function questionIn(text: string): Question | undefined {
  try {
    const { id, command, variables } = JSON.parse(text) as Question;
    const isQuestion =
      typeof id === 'string' && Object.values(variables).every((one) => typeof one === 'string');
    return isQuestion ? { id, command, variables } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a line tells the helper that the job was cancelled. */
export function isCancel(line: string): boolean {
  return line === CANCEL;
}
