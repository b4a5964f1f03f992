import type { AppupEntry, ChosenAppup } from '../model/appup.js';
import { code, codeBlock, fold, plain, table } from './markdown.js';
import type { RunRecord } from './run-record.js';

/** Rows of a table that may have thousands. */
const ROWS = 200;

/** The generated appups: a fold for each with the text to adopt and what every instruction does. */
export function generatedAppups({ appups, release }: RunRecord): string {
  const generated = (appups ?? []).filter(({ origin }) => origin === 'generated');
  if (generated.length === 0) return '';
  const intro =
    'Made from what changed in the code. They are in use; to make one your own, save it under the name shown and commit it. The artifact has them in `appups/`.';
  const folds = generated.map((appup) => fold(title(appup), body(appup, release?.version ?? '')));
  return `## Generated appups\n\n${intro}\n\n${folds.join('\n')}`;
}

function title({ application, version, up }: ChosenAppup): string {
  return `${plain(application)} ${up.map(({ upFrom }) => plain(upFrom)).join(', ')} → ${plain(version)}`;
}

function body({ file, text, up, down }: ChosenAppup, version: string): string {
  const tables = [
    ...up.map((entry) => steps(`up from ${entry.upFrom}`, entry)),
    ...down.map((entry) => steps(`down to ${entry.upFrom}`, entry)),
  ];
  const name = `Save it as ${code(file)} (release ${plain(version)}):`;
  return [name, codeBlock((text ?? '').trim(), 'erlang'), ...tables].join('\n\n');
}

function steps(direction: string, { instructions, explained = [] }: AppupEntry): string {
  if (instructions.length === 0) return `${plain(direction)}: nothing to do, the code is the same.`;
  const rows = instructions
    .slice(0, ROWS)
    .map((instruction, index) => [code(instruction), plain(explained[index] ?? '')]);
  const more = instructions.length > ROWS ? [[`${instructions.length - ROWS} more`, '']] : [];
  return table([plain(direction), 'what it does'], [...rows, ...more]);
}
