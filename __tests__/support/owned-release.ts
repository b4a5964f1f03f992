import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findNode, type NodeProcess } from '../../src/node/node-process.js';
import { InstalledRelease, type InstallOptions } from './running-release.js';
import type { TestUser } from './test-user.js';

/** An installed release that belongs to a user of its own, closed to everybody else. */
export async function installFor(
  owner: TestUser,
  tarball: string,
  options: InstallOptions = {},
): Promise<InstalledRelease> {
  const installed = await InstalledRelease.install(tarball, options);
  execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, installed.folder]);
  execFileSync('chmod', ['-R', 'o=', installed.folder]);
  // InstalledRelease makes no folder for it, and everybody passes through
  execFileSync('chmod', ['o=x', installed.folder]);
  return installed;
}

/** Starts it as its owner, as a service manager does. */
export async function startAs(owner: TestUser, installed: InstalledRelease): Promise<NodeProcess> {
  // The first node on a machine starts epmd, as its own user; others may come to need it, so it must not be this user's.
  const erts = readdirSync(installed.root).find((name) => name.startsWith('erts-')) ?? '';
  execFileSync(join(installed.root, erts, 'bin/epmd'), ['-daemon']);
  const child = spawn(installed.script, ['foreground'], {
    cwd: installed.root,
    env: { ...installed.environment },
    uid: owner.uid,
    gid: owner.gid,
    stdio: 'ignore',
  });
  installed.started(child.pid as number);
  for (;;) {
    const answer = await installed.ask('os getpid').catch(() => '');
    if (answer !== '') return findNode(installed.root);
    if (child.exitCode !== null) throw new Error(`The node ended with ${child.exitCode}.`);
    await setTimeout(100);
  }
}

/** Ids of all owners of a folder and what is in it. */
export function ownersOf(folder: string): number[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [...new Set([folder, ...paths].map((path) => lstatSync(path).uid))];
}
