import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { captureOutput, Deploying } from '../../support/deploying.js';
import { packFull } from '../../support/full-package.js';
import { Placing } from '../../support/placing.js';
import { InstalledRelease } from '../../support/running-release.js';

// The package of the old release, of whatever OTP; by default the one of this machine
// (RELUP_OLD_RELEASE=… scripts/otp-run 27 vitest run handed-over).
const OLD = process.env['RELUP_OLD_RELEASE'];

let deploying: Deploying;
let installed: InstalledRelease;

/** 0.2.0 starts with the count that a file has. */
function readCount(project: string): void {
  const source = join(project, 'src/helloworld.erl');
  const text = readFileSync(source, 'utf8');
  if (!text.includes('"Hello, world!"')) return;
  const init = `init([]) ->
    case file:read_file(os:getenv("COUNT_FILE", "")) of
        {ok, Count} -> {ok, binary_to_integer(string:trim(Count))};
        _ -> {ok, 0}
    end.`;
  writeFileSync(source, text.replace('init([]) ->\n    {ok, 0}.', init));
}

beforeAll(async () => {
  deploying = await Deploying.prepare(readCount);
});
afterAll(() => deploying.remove());
afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

it('hands its state over by a file that before writes, also to a release of another OTP', async () => {
  const output = captureOutput();
  installed = await InstalledRelease.install(OLD ?? deploying.built.oldTarball);
  const node = await installed.start();
  for (let n = 0; n < 3; n += 1) await installed.ask('helloworld helloworld');
  const count = join(installed.folder, 'count');
  const variables = Object.entries(installed.environment).map(([name, value]) => `${name}='${value}'`);
  const before = `env ${variables.join(' ')} "$RELUP_ROOT/bin/$RELUP_NAME" rpc helloworld calls > '${count}'`;
  const full = await packFull(deploying.erlang, deploying.built);
  const result = await new Placing(deploying, full).deploy(installed, {
    commandTexts: { before, after: '', start: '', stop: '' },
    serviceEnvironment: { ...installed.environment, COUNT_FILE: count },
  });
  expect(result).toMatchObject({ nodeState: 'restarted', deployedVersion: '0.2.0' });
  expect(await installed.ask('helloworld calls')).toBe('3');
  expect(result.after?.osPid).not.toBe(String(node.pid));
  if (OLD !== undefined)
    expect(output()).toMatch(/because the node runs OTP \d+ \(ERTS .*\), and the package/);
});
