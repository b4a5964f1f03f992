// The main job from beginning to end, on this machine: a repository with two tags, a running node, and relup-action, which
// upgrades the node to the second tag as it would in a workflow run.
//   npm run demo              about half a minute; everything is stopped at the end
//   npm run demo -- --keep    the upgraded node keeps running
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Commands, DemoError } from './commands.mjs';
import { Screen } from './screen.mjs';
import { tellStory } from './story.mjs';

async function main() {
  const keep = readOptions(process.argv.slice(2));
  const commands = new Commands();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Each may come several times: from the terminal, and again from npm.
    process.on(signal, () => commands.interrupt(`Interrupted by ${signal}.`));
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'relup-demo-')));
  /** @type {(() => Promise<unknown>)[]} */
  const ending = [() => rm(folder, { recursive: true, force: true, maxRetries: 3 })];
  let ok = false;
  try {
    await tellStory({ commands, screen: new Screen(), folder, keep, onEnd: (work) => ending.push(work) });
    ok = true;
  } finally {
    const kept = keep && ok ? ending.filter(({ name }) => name === 'closeServices') : ending;
    for (const end of kept.reverse()) await end();
  }
}

/** @param {readonly string[]} args */
function readOptions(args) {
  const unknown = args.find((arg) => arg !== '--keep');
  if (unknown !== undefined) throw new DemoError(`There is no option ${unknown}; the only one is --keep.`);
  if (process.platform !== 'linux') throw new DemoError('The demo runs on Linux only, as the action does.');
  return args.includes('--keep');
}
