import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstalledStatus } from '../../../src/deploy/status.js';
import { runCommandLine } from '../../support/command-line.js';
import { isAlive } from '../../support/processes.js';
import { helloworldRepository, temporaryFolder, type TestRepository } from '../../support/repository.js';
import { InstalledRelease } from '../../support/running-release.js';

let repository: TestRepository;
let installed: InstalledRelease;
const outputs = temporaryFolder();
beforeAll(async () => {
  repository = helloworldRepository();
  for (const version of ['0.1.0', '0.2.0']) {
    repository.git('checkout', '--quiet', '--detach', version);
    const upgrade = version === '0.2.0';
    const made = await runCommandLine(repository.dir, [
      ...[upgrade ? 'rehearse' : 'build', '--output', join(outputs, version)],
    ]);
    if (made.status !== 0) throw new Error(made.stdout);
  }
  installed = await InstalledRelease.install(join(outputs, '0.1.0/helloworld-0.1.0.tar.gz'));
});
afterAll(async () => {
  await installed.remove();
  repository.remove();
  rmSync(outputs, { recursive: true, force: true });
});

const status = async (): Promise<InstalledStatus> => {
  const run = await runCommandLine('/', ['status', '--deploy-root', installed.root, '--json']);
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(run.stdout) as InstalledStatus;
};

test('status, deploy, status: on a machine without a runner, without Erlang on the PATH', async () => {
  expect(await status()).toEqual({
    deployRoot: installed.root,
    boots: '0.1.0',
    journal: [],
    unfinished: false,
  });
  const node = await installed.start();
  const before = await status();
  expect(before.node).toMatchObject({
    osPid: String(node.pid),
    status: 'started',
    releases: [{ name: 'helloworld', version: '0.1.0', status: 'permanent' }],
  });
  const where = ['--deploy-root', installed.root, '--package', join(outputs, '0.2.0')];
  const soak = ['--soak', '1s'];
  const tried = await runCommandLine('/', ['deploy', ...where, ...soak, '--dry-run']);
  expect(tried.status, tried.stdout).toBe(0);
  expect((await status()).node).toEqual(before.node);
  const path = join(temporaryFolderWith('bash', 'sh', 'timeout', 'cat', 'sed', 'rm'), 'bin');
  const run = await runCommandLine('/', ['deploy', ...where, ...soak], { env: { PATH: path } });
  expect(run.status, run.stdout).toBe(0);
  expect(run.stdout).toContain('The node runs 0.2.0 (upgraded).');
  expect(run.stdout).not.toMatch(/^::/m);
  expect(run.stdout).not.toContain(installed.cookie);
  expect(isAlive(node.pid)).toBe(true);
  const after = await runCommandLine('/', ['status', '--deploy-root', installed.root]);
  expect(after.stdout).toContain('helloworld 0.2.0  permanent, boots next\n  helloworld 0.1.0  old\n');
  expect(after.stdout).toMatch(/Latest deploy:\n {2}\d\d:\d\d:\d\d begin: helloworld 0\.1\.0 → 0\.2\.0\n/);
  expect(after.stdout).toMatch(/ end: upgraded\n$/);
  const again = await runCommandLine('/', ['deploy', ...where, '--package', '/nowhere']);
  expect(again.status, again.stdout).toBe(2);
});

/** A folder with links to these programs alone. */
function temporaryFolderWith(...programs: readonly string[]): string {
  const dir = join(outputs, 'path');
  execFileSync('mkdir', ['-p', join(dir, 'bin')]);
  for (const program of programs) {
    const path = execFileSync('which', [program], { encoding: 'utf8' }).trim();
    execFileSync('ln', ['-s', path, join(dir, 'bin', program)]);
  }
  return dir;
}

test('rehearse --keep leaves the node running, says how to attach, and ends it with itself', async () => {
  let attached: string | undefined;
  let nodePid = 0;
  const run = await runCommandLine(
    repository.dir,
    ['rehearse', '--keep', '--output', join(outputs, 'kept')],
    {
      onOutput: (text, pid) => {
        const attach = /attach to it: (.*)/.exec(text)?.[1];
        if (attach === undefined || !text.includes('Ctrl-C') || attached !== undefined) return;
        nodePid = Number(/process id (\d+)/.exec(text)?.[1]);
        attached = '';
        attached = execFileSync(attach, ['rpc', 'helloworld', 'helloworld'], { encoding: 'utf8' });
        process.kill(pid, 'SIGINT');
      },
    },
  );
  expect(run.status, run.stdout).toBe(0);
  expect(attached).toContain('Hello, world!');
  expect(isAlive(nodePid)).toBe(false);
  expect(run.stdout).toContain('helloworld 0.2.0, from 0.1.0: hot, proven on a node');
  expect(existsSync(join(outputs, 'kept/report.json'))).toBe(true);
  const attach = /attach to it: (.*)/.exec(run.stdout)?.[1] as string;
  expect(existsSync(attach)).toBe(false);
  expect(readdirSync(join(outputs, 'kept'))).toContain('helloworld-0.2.0.upgrade.tar.gz');
});
