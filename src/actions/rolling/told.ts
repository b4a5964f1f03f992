import { ActionError } from '../../shared/errors.js';
import { alert, code, heading, strong, table, type Block, type Line } from '../../report/document/blocks.js';
import type { Row } from './rows.js';

/** In these a node runs what it was to run, for good. */
const DONE: readonly string[] = ['upgraded', 'installed', 'restarted'];

/** How a rollout came out. */
export interface Outcome {
  readonly done: boolean;
  /** One sentence. */
  readonly sentence: string;
  readonly blocks: readonly Block[];
}

/** What became of all nodes, in words and as a table. Pure. */
export function outcomeOf(rows: readonly Row[]): Outcome {
  const done = rows.every(isDone);
  const sentence = done ? allDone(rows) : notAll(rows);
  return {
    done,
    sentence,
    blocks: [
      heading(2, 'Nodes'),
      alert(done ? 'tip' : 'caution', [sentence]),
      table(['node', 'before', 'after', 'state', ''], rows.map(tableRow)),
    ],
  };
}

/** What the last job fails with. Pure. */
export function failureOf({ sentence }: Outcome): ActionError {
  return new ActionError(`The rollout was not completed: ${sentence}`, {
    remedy:
      'See why in the job of that node, then start all jobs of the run again, or deploy a corrected release.',
  });
}

function isDone({ state, failure }: Row): boolean {
  return DONE.includes(state) && failure === undefined;
}

function allDone(rows: readonly Row[]): string {
  const versions = [...new Set(rows.map(({ after }) => after))].join(', ');
  return rows.length === 1 ? `The node runs ${versions}.` : `All ${rows.length} nodes run ${versions}.`;
}

function notAll(rows: readonly Row[]): string {
  const failed = rows.filter((row) => row.failure !== undefined);
  const parts = [
    ...failed.map(({ node, state }) =>
      state === 'not begun' ? `${node} cannot be upgraded` : `${node} failed`,
    ),
    part(rows, (row) => row.failure === undefined && row.state === 'downgraded', 'went back'),
    part(rows, (row) => row.failure === undefined && row.state === 'not begun', 'not begun'),
    part(rows, (row) => row.failure === undefined && row.changed && row.state !== 'downgraded', 'changed'),
  ].filter((text) => text !== undefined);
  return `${parts.join('; ')}.`;
}

function part(rows: readonly Row[], is: (row: Row) => boolean, what: string): string | undefined {
  const names = rows.filter(is).map(({ node }) => node);
  return names.length === 0 ? undefined : `${what}: ${names.join(', ')}`;
}

function tableRow({ node, before, after, state, failure = '' }: Row): Line[] {
  return [[code(node)], [before ?? '–'], [after ?? '?'], [strong(state)], [failure]];
}
