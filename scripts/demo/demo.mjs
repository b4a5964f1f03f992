// The main job from beginning to end, on this machine: a repository with two tags, a running node, and relup-action, which
// upgrades the node to the second tag as it would in a workflow run.
//   npm run demo              everything is stopped at the end
//   npm run demo -- --keep    the upgraded node keeps running
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Commands, DemoError } from './commands.mjs';
import { InstalledRelease, freePort } from './node.mjs';
import { Screen } from './screen.mjs';
import { tellStory } from './story.mjs';

/** @param {readonly string[]} args */
async function main(args) {
  const keep = readOptions(args);
  const commands = new Commands();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Each may come several times: from the terminal, and again from npm.
    process.on(signal, () => commands.interrupt(`Interrupted by ${signal}.`));
  }
  process.stdout.on('error', () => commands.interrupt('Nobody reads what it prints any more.'));
  const screen = new Screen();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'relup-demo-')));
  const release = new InstalledRelease(commands, folder, await freePort());
  let succeeded = false;
  try {
    await tellStory({ commands, screen, folder, release });
    succeeded = true;
  } finally {
    if (keep && succeeded) tellHowToStop(screen, folder, release);
    else await release.stop();
    if (!(keep && succeeded)) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @param {readonly string[]} args */
function readOptions(args) {
  const unknown = args.find((arg) => arg !== '--keep');
  if (unknown !== undefined) throw new DemoError(`There is no option ${unknown}; the only one is --keep.`);
  if (Number.parseInt(process.versions.node, 10) < 24) {
    throw new DemoError('The demo needs Node 24, on which the action runs; start it with: npm run demo');
  }
  if (process.platform !== 'linux') throw new DemoError('The demo runs on Linux only, as the action does.');
  return args.includes('--keep');
}

/**
 * @param {Screen} screen
 * @param {string} folder
 * @param {InstalledRelease} release
 */
function tellHowToStop(screen, folder, release) {
  const script = `ERL_EPMD_PORT=${release.epmdPort} ${release.script}`;
  screen.title('\nThe node keeps running.');
  screen.say(`A shell on it (leave with Ctrl-G, then q):  ${script} remote_console`);
  screen.say(`Ask it something:  ${script} eval 'helloworld:helloworld().'`);
  screen.say(
    `Stop it, and remove everything but the results:\n  ${script} stop; kill ${release.epmdPid()}; rm -r ${folder}`,
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const text = error instanceof DemoError ? error.message : error?.stack;
  console.error(`\nThe demo failed: ${text}`);
  process.exitCode = 1;
}
