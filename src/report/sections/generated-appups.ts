import type { AppupEntry, ChosenAppup } from '../../model/appup.js';
import {
  type Block,
  code,
  codeBlock,
  fold,
  heading,
  type Line,
  paragraph,
  list,
} from '../document/blocks.js';
import type { RunRecord } from '../run-record.js';

/** Of a list that may have thousands. */
const MOST = 200;

/** The generated appups: a fold for each with the text to adopt and what every instruction does. */
export function generatedAppups({ appups = [], release, failure, packages }: RunRecord): Block[] {
  const generated = appups.filter(({ origin }) => origin === 'generated');
  if (generated.length === 0) return [];
  const isUsed = failure === undefined || packages !== undefined;
  return [
    heading(2, 'Generated appups'),
    paragraph('Made from what changed in the code. ', ...(isUsed ? USED : UNUSED)),
    ...generated.map((appup) => fold([title(appup)], body(appup, release?.version ?? ''))),
  ];
}

const USED: Line = [
  'They are in the packages; to make one your own, save it under the name shown and commit it. The artifact has them in ',
  code('appups/'),
  '.',
];
const UNUSED: Line = [
  'No package has them, because the upgrade was stopped; to change one, save it under the name shown, mend it there and commit it.',
];

function title({ application, version, up }: ChosenAppup): string {
  return `${application} ${up.map(({ upFrom }) => upFrom).join(', ')} → ${version}`;
}

function body({ file, text, up, down }: ChosenAppup, version: string): Block[] {
  return [
    paragraph('Save it as ', code(file), ` (release ${version}):`),
    codeBlock((text ?? '').trim(), 'erlang'),
    ...up.flatMap((entry) => steps(`up from ${entry.upFrom}`, entry)),
    ...down.flatMap((entry) => steps(`down to ${entry.upFrom}`, entry)),
  ];
}

function steps(direction: string, { instructions, explained = [] }: AppupEntry): Block[] {
  if (instructions.length === 0) return [paragraph(`${direction}: nothing to do, the code is the same.`)];
  const items: Line[] = instructions.slice(0, MOST).map((instruction, index) => {
    const words = explained[index] ?? '';
    return [code(instruction), words === '' ? '' : `: ${words}`];
  });
  const rest = instructions.length - MOST;
  return [paragraph(`What it does, ${direction}:`), list(rest > 0 ? [...items, [`${rest} more`]] : items)];
}
