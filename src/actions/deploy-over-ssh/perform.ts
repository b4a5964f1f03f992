import { DeployError } from '../../deploy/deploy-error.js';
import { awaitSigns, HUNG, SIGN } from '../../programs/life-signs.js';
import { deferringCancel } from '../../shared/cancel.js';
import { passedOn } from './passed-on.js';
import type { Target } from './target.js';

/** How often the other machine learns that we are there. */
const BEAT_MS = 2000;

/** As ssh tells that it failed itself. */
const BROKEN = 'ended with 255';

const REMEDY = 'Run this step again: it goes on from the journal that lies in deploy-root there.';

interface End {
  readonly how: string;
  /** What it answered. */
  readonly outcome: string | undefined;
  /** Whether nothing ran there, as far as is known. */
  readonly silent: boolean;
  /** What ssh, and what ran there, wrote to standard error. */
  readonly errors: string;
}

/**
 * Has the deploy done there, and shows what it says.
 *
 * @param word what the line begins with that is the answer
 * @returns the answer, as `resultOf` reads it
 * @throws {DeployError} when none came
 */
export async function perform(target: Target, word: string): Promise<string> {
  const { how, outcome, errors, silent } = await deferringCancel((cancel) => ended(target, word, cancel));
  if (outcome !== undefined) return outcome;
  const refused = how === BROKEN && silent ? target.notConnected(errors) : undefined;
  if (refused !== undefined) throw refused;
  if (how === HUNG) await target.end();
  const message =
    how === BROKEN
      ? `The connection to ${target.name} broke while the deploy was at work there; it ends the step it is at, and then stops.`
      : `The part of the deploy that runs on ${target.name} ${how}.`;
  throw new DeployError(message, 'unknown', { remedy: REMEDY, details: errors });
}

/** It takes the end of its standard input for a cancel, and so the end of the connection. */
function ended(target: Target, word: string, cancel: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    let outcome: string | undefined;
    let silent = true;
    const errors: string[] = [];
    const end = (how: string): void => {
      clearInterval(beat);
      signs.stop();
      resolve({ how, outcome, silent, errors: errors.join('\n') });
    };
    const signs = awaitSigns(() => {
      program.kill();
      end(HUNG);
    });
    const program = target.start({
      onLine: (line) => {
        signs.sign();
        silent = false;
        if (line.startsWith(`${word} `)) outcome = line.slice(word.length + 1);
        else if (line !== SIGN) process.stdout.write(`${passedOn(line)}\n`);
      },
      onErrorLine: (line) => void errors.push(line),
      onEnd: end,
    });
    const beat = setInterval(() => program.send(SIGN), BEAT_MS);
    cancel.addEventListener(
      'abort',
      () => {
        clearInterval(beat);
        program.close();
      },
      { once: true },
    );
  });
}
