// Measures, and writes the tables of docs/performance.md: `npm run bench` for all, `npm run bench -- NAME…` for some.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchAppups } from './appups.mjs';
import { benchBuild } from './build.mjs';
import { benchFleet } from './fleet.mjs';
import { benchProfile } from './profile.mjs';
import { benchRehearsal } from './rehearsal.mjs';
import { benchScale } from './scale.mjs';
import { benchSizes } from './sizes.mjs';
import { benchStart } from './start.mjs';
import { benchUpgrade } from './upgrade.mjs';

const parts = {
  start: benchStart,
  sizes: benchSizes,
  build: benchBuild,
  profile: benchProfile,
  scale: benchScale,
  appups: benchAppups,
  rehearsal: benchRehearsal,
  upgrade: benchUpgrade,
  fleet: benchFleet,
};
const document = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in parts));
if (unknown !== undefined) {
  process.stderr.write(`There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.\n`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'relup-bench-'));
try {
  for (const name of names.length > 0 ? names : Object.keys(parts)) {
    process.stderr.write(`${name}\n`);
    replacePart(name, await parts[name](folder));
  }
  replacePart('machine', machine());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Puts a part between its markers. */
function replacePart(name, text) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const before = readFileSync(document, 'utf8');
  const from = before.indexOf(start);
  const to = before.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no part ${start}`);
  writeFileSync(document, `${before.slice(0, from + start.length)}\n${text}\n${before.slice(to)}`);
}

function machine() {
  const [{ model }] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${date}.`;
}
