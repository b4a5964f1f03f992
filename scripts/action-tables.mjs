// Writes the tables of inputs and outputs in README.md and deploy/README.md from the action files and their types.
//   node scripts/action-tables.mjs            writes them
//   node scripts/action-tables.mjs --check    fails when they are not what would be written
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Folders of the actions. */
const ACTIONS = ['', 'deploy', 'rolling'];

/** @param {string} folder @returns {{ file: string, text: string, wanted: string }} the README as it is, and as it should be */
export function readme(folder) {
  const read = (name) => readFileSync(join(root, folder, name), 'utf8');
  const action = parse(read('action.yml'));
  const types = parse(read('action-types.yml'));
  const file = join(folder, 'README.md');
  const text = read('README.md');
  const wanted = [
    ['inputs', inputTable(action.inputs, types.inputs)],
    ['outputs', outputTable(action.outputs)],
  ].reduce((before, [name, table]) => replaced(before, name, table), text);
  return { file, text, wanted };
}

function inputTable(inputs, types) {
  const rows = Object.entries(inputs).map(([name, { description, default: value, required }]) => {
    const shown = value === undefined || value === '' ? '' : `\`${value}\``;
    return `| \`${name}\` | ${typeOf(types[name])} | ${required ? 'required' : shown} | ${inTable(description)} |`;
  });
  return ['| input | type | default | |', '|---|---|---|---|', ...rows].join('\n');
}

function outputTable(outputs) {
  const rows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${inTable(description)} |`,
  );
  return ['| output | |', '|---|---|', ...rows].join('\n');
}

function typeOf({ type, 'allowed-values': values, name }) {
  if (type === 'enum') return values.map((value) => `\`${value}\``).join(', ');
  if (name !== undefined) return name;
  return { string: 'text', integer: 'number', list: 'list' }[type] ?? type;
}

function inTable(description) {
  return description.trim().replaceAll('|', '\\|');
}

/** What lies between the two comments that name a part. */
function replaced(text, name, table) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`There is no part ${start} … ${end}.`);
  return `${text.slice(0, from + start.length)}\n\n${table}\n\n${text.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isCheck = process.argv.includes('--check');
  for (const { file, text, wanted } of ACTIONS.map(readme)) {
    if (text === wanted) continue;
    if (isCheck) {
      process.stderr.write(`${file} is not what its action.yml says; run \`npm run tables\`.\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(join(root, file), wanted);
    }
  }
}
