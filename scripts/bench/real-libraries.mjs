// Real code as dependencies: what rabbitmq-server vendors, from Debian's source package.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchSources, worldFolder } from '../world/fetch.mjs';
import { commit, repositoryIn, resource } from './generated-project.mjs';

const TARBALL = 'rabbitmq-server_4.0.5.orig.tar.xz';
/** Those that rebar3 compiles without plugins of a package registry. */
const NAMES = [
  ...[
    'accept',
    'aten',
    'cowboy',
    'cowlib',
    'gen_batch_server',
    'gun',
    'horus',
    'jose',
    'khepri',
    'observer_cli',
  ],
  ...['prometheus', 'quantile_estimator', 'ra', 'ranch', 'recon', 'redbug', 'seshat'],
  ...['stdout_formatter', 'syslog', 'sysmon_handler', 'thoas'],
];

/**
 * A git repository for each library, with a tag 1.0.0 and a rebar.config that only compiles.
 * @param {string} dir a folder that does not exist yet
 */
export async function realLibraries(dir) {
  await fetchSources();
  mkdirSync(dir);
  const members = NAMES.map((name) => `*/deps/${name}`);
  const unpack = ['-xf', join(worldFolder, TARBALL), '-C', dir, '--strip-components=2', '--wildcards'];
  execFileSync('tar', [...unpack, ...members]);
  return NAMES.map((name) => {
    const folder = join(dir, name);
    const others = ['rebar.config', 'rebar.config.script', 'rebar.lock', '_build', 'ebin'];
    for (const other of others) rmSync(join(folder, other), { recursive: true, force: true });
    writeFileSync(join(folder, 'rebar.config'), '{erl_opts, [debug_info]}.\n');
    const app = join(folder, 'src', `${name}.app.src`);
    if (!existsSync(app)) writeFileSync(app, resource(name, '1.0.0', ['kernel', 'stdlib']));
    repositoryIn(folder);
    return { name, folder, head: commit(folder, '1.0.0') };
  });
}

/** @param {readonly { folder: string }[]} libraries */
export function countModules(libraries) {
  const files = libraries.flatMap(({ folder }) => readdirSync(join(folder, 'src'), { recursive: true }));
  return files.filter((file) => String(file).endsWith('.erl')).length;
}
