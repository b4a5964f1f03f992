// Job summaries and reports as they look on GitHub and in a browser: npm run screenshots -- FOLDER [--height PIXELS] [FILE…]
// Each FILE (.md or .html) at two widths, light and dark; without files the snapshots of the tests. With a height only the top.
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startChromium } from './browser/chromium.mjs';
import { showMarkdown } from './browser/github-page.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { height: { type: 'string' } },
});
const [folder, ...given] = positionals;
if (folder === undefined) {
  process.stderr.write('usage: npm run screenshots -- FOLDER [--height PIXELS] [FILE…]\n');
  process.exit(1);
}
const snapshots = fileURLToPath(new URL('../__tests__/report/summaries/', import.meta.url));
const files =
  given.length > 0 ? given : globSync('*.{md,html}', { cwd: snapshots }).map((name) => join(snapshots, name));

mkdirSync(folder, { recursive: true });
const browser = await startChromium();
try {
  for (const file of files) {
    for (const width of [1012, 390]) {
      for (const colorScheme of /** @type {const} */ (['light', 'dark']))
        await shoot(file, { width, colorScheme });
    }
  }
} finally {
  await browser.close();
}

/**
 * @param {string} file
 * @param {{ width: number, colorScheme: 'light' | 'dark' }} how
 */
async function shoot(file, { width, colorScheme }) {
  const page = await browser.newPage({
    viewport: { width, height: Number(values.height ?? 600) },
    colorScheme,
  });
  if (extname(file) === '.html') await page.goto(pathToFileURL(resolve(file)).href);
  else
    for (const failure of await showMarkdown(page, readFileSync(file, 'utf8')))
      process.stderr.write(`${file}: ${failure}\n`);
  const name = `${basename(file).replace('.', '-')}-${width}-${colorScheme}.png`;
  await page.screenshot({ path: join(folder, name), fullPage: values.height === undefined });
  await page.close();
}
