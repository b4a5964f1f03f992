import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cookieFindings } from '../../src/plan/cookie-findings.js';
import { builtRelease } from '../support/releases.js';
import { temporaryFolder } from '../support/repository.js';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'root/releases/1.1.0'), { recursive: true });
  mkdirSync(join(folder, 'project/config'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function findings(name: string, text: string) {
  writeFileSync(join(folder, 'root/releases/1.1.0', name), text);
  writeFileSync(join(folder, 'project/config', name), text);
  const release = builtRelease('1.1.0', [], { root: join(folder, 'root') });
  return cookieFindings(release, join(folder, 'project'), 'server');
}

test.each(['vm.args', 'vm.args.src'])(
  'a cookie in %s is told with file and line, and never shown (H49, H106)',
  async (name) => {
    const [finding] = await findings(name, '-sname app\n## cookie\n-setcookie s3cret\n');
    expect(finding).toMatchObject({
      id: 'literal-cookie',
      location: { file: `server/config/${name}`, line: 3 },
    });
    expect(JSON.stringify(finding)).not.toContain('s3cret');
  },
);

// The third is what relx writes where there is no vm.args: the release's name.
test.each([
  '-sname app\n',
  '-setcookie ${NODE_COOKIE}\n',
  '-sname NAME\n\n-setcookie NAME\n',
  '# -setcookie s3cret\n',
])('%j holds no cookie', async (text) => {
  const { name } = builtRelease('1.1.0');
  expect(await findings('vm.args.src', text.replaceAll('NAME', name))).toEqual([]);
});
