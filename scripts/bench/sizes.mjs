// Full and upgrade package of a release in which one module changed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { generateProject } from './generated-project.mjs';
import { byAction } from './sequences.mjs';
import { megabytes, table } from './table.mjs';

const CASES = [
  { name: '3 modules in one application', modules: 3 },
  { name: '300 modules in six applications', modules: 300 },
  { name: '300 modules in one application', modules: 300, perApplication: 300 },
];

export async function benchSizes(folder) {
  const rows = [['project', 'full package', 'upgrade package', 'share']];
  for (const [index, { name, ...size }] of CASES.entries()) {
    const dir = join(folder, `sizes-${index}`);
    mkdirSync(dir);
    const repository = generateProject({ dir: join(dir, 'source'), ...size, versions: ['1.0.0', '1.1.0'] });
    const { packages } = await byAction(dir, repository, { to: '1.1.0' });
    const { full, upgrade } = packages;
    rows.push([
      name,
      megabytes(full.size),
      `${(upgrade.size / 1000).toFixed(0)} kB`,
      `${((100 * upgrade.size) / full.size).toFixed(2)} %`,
    ]);
  }
  return table(rows);
}
