// What an input error costs, next to starting Node for nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate } from './measure.mjs';
import { ratio, table } from './table.mjs';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

export async function benchStart() {
  const env = { ...process.env, INPUT_UPLOAD: 'perhaps' };
  const start = async (args, expected) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    const [code] = await once(child, 'close');
    if (code !== expected) throw new Error(`node ${args.join(' ')} ended with ${code}, not ${expected}`);
    return (performance.now() - started) / 1000;
  };
  const medians = await alternate(
    { nothing: () => start(['-e', '0'], 0), bundle: () => start([join(dist, 'relup/index.mjs')], 1) },
    21,
  );
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(dist.length), size: statSync(path).size }))
    .sort((a, b) => b.size - a.size);
  return [
    `An input error costs ${ratio(medians.bundle / medians.nothing)} × \`node -e 0\` (${Math.round(1000 * medians.bundle)} ms, medians of 21).`,
    table([
      ['file in dist', 'kB'],
      ...files.map(({ name, size }) => [`\`${name}\``, (size / 1000).toFixed(1)]),
    ]),
  ].join('\n\n');
}
