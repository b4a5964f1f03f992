import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/repository.js';

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const page = read('docs/appups.md');
const table = page.slice(page.indexOf('## Findings'), page.indexOf('### How the state is compared'));
const rows = table
  .split('\n')
  .map((line) => /^\| `([a-z-]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|$/.exec(line))
  .filter((row) => row !== null);

/** Findings about appups are made where appups and relups are chosen and checked. */
const SOURCES = ['src/plan/{application-findings,coverage,exposed}.ts', 'src/plan/{appups,checks}/**/*.ts'];

test('docs/appups.md lists every finding about appups, and no other, with severity, meaning and remedy', () => {
  const ids = globSync(SOURCES, { cwd: projectRoot }).flatMap((file) =>
    [...read(file).matchAll(/\bid: '([a-z-]+)',\s*severity:/g)].map(([, id]) => id as string),
  );
  expect(ids.length).toBeGreaterThan(10);
  expect(rows.map(([, id]) => id).sort()).toEqual([...new Set(ids)].sort());
  for (const [, id, severity, meaning, remedy] of rows) {
    expect(severity, id).toMatch(/error|warning|notice/);
    expect(meaning?.trim().length, id).toBeGreaterThan(20);
    expect(remedy?.trim().length, id).toBeGreaterThan(5);
  }
});
