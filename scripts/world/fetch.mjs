// The sources of the world corpus, from Debian's source packages: each by the SHA-256 of the upstream tarball, kept in
// ~/.cache/relup-action/world (or $RELUP_WORLD_DIR). apt-get runs with lists and folders of its own: the machine's stay as they are.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const SUITES = ['bullseye', 'bookworm', 'trixie', 'forky', 'sid'];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const HELPER = '/usr/lib/apt/apt-helper';

/** Where the tarballs are kept. */
export const worldFolder =
  process.env.RELUP_WORLD_DIR ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'relup-action/world');

/** @returns {readonly {package: string, file: string, sha256: string}[]} */
export function sources() {
  const file = fileURLToPath(new URL('../../__tests__/world/sources.json', import.meta.url));
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Fetches what is not there yet.
 *
 * @returns the files that could not be had, each with the reason
 */
export async function fetchSources() {
  const missing = [];
  for (const source of sources()) {
    if (!(await isThere(source))) missing.push(source);
  }
  if (missing.length === 0) return [];
  if (!existsSync(HELPER)) return missing.map(({ file }) => `${file}: this machine has no apt-get`);
  const env = { ...process.env, APT_CONFIG: await privateConfiguration() };
  const places = await whereTheyAre(missing, env);
  const failed = [];
  for (const source of missing) {
    const reason = await download(source, places.get(source.sha256), env);
    if (reason !== undefined) failed.push(`${source.file}: ${reason}`);
  }
  return failed;
}

async function isThere({ file, sha256 }) {
  const path = join(worldFolder, file);
  return existsSync(path) && (await hashOf(path)) === sha256;
}

async function hashOf(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Sources, lists and downloads of our own; the mirrors are those that the machine itself uses. */
async function privateConfiguration() {
  const apt = join(worldFolder, 'apt');
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(apt, folder), { recursive: true });
  }
  const lines = mirrors().flatMap((mirror) =>
    SUITES.map((suite) => `deb-src [signed-by=${KEYRING}] ${mirror} ${suite} main`),
  );
  writeFileSync(join(apt, 'sources.list'), `${lines.join('\n')}\n`);
  const configuration = join(apt, 'apt.conf');
  writeFileSync(
    configuration,
    `Dir::State "${apt}/state";\nDir::Cache "${apt}/cache";\n` +
      `Dir::Etc::sourcelist "${apt}/sources.list";\nDir::Etc::sourceparts "-";\n` +
      'Acquire::Languages "none";\nAcquire::Check-Valid-Until "false";\nAPT::Sandbox::User "root";\n',
  );
  // One suite that a mirror lacks fails the update as a whole; what counts is what is found afterwards.
  await execute('apt-get', ['update'], { env: { ...process.env, APT_CONFIG: configuration } }).catch(
    () => {},
  );
  return configuration;
}

/** What the machine's own sources call `…/debian`. */
function mirrors() {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  ];
  const texts = files
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  const words = texts.join('\n').replace(/^#.*$/gm, '').split(/\s+/);
  return [...new Set(words.filter((word) => /^[a-z+]+:\/\/\S+\/debian\/?$/.test(word)))];
}

/** SHA-256 → address, from the lists of all suites. */
async function whereTheyAre(wanted, env) {
  const names = [...new Set(wanted.map((source) => source.package))];
  const { stdout } = await execute('apt-cache', ['showsrc', '--only-source', ...names], {
    env,
    maxBuffer: 1 << 28,
  }).catch(() => ({ stdout: '' }));
  const [mirror = ''] = mirrors();
  const places = new Map();
  for (const entry of stdout.split('\n\n')) {
    const directory = /^Directory: (.*)$/m.exec(entry)?.[1];
    const sums = /^Checksums-Sha256:\n((?: .*\n?)+)/m.exec(entry)?.[1] ?? '';
    for (const line of sums.trim().split('\n')) {
      const [sha256, , file] = line.trim().split(' ');
      places.set(sha256, `${mirror.replace(/\/$/, '')}/${directory}/${file}`);
    }
  }
  return places;
}

async function download({ file, sha256 }, address, env) {
  if (address === undefined) return 'no suite has it';
  const partial = join(worldFolder, `${file}.partial`);
  rmSync(partial, { force: true });
  try {
    await execute(HELPER, ['download-file', address, partial, `SHA256:${sha256}`], { env });
  } catch {
    return 'the mirror does not serve it';
  }
  if ((await hashOf(partial)) !== sha256) return 'what the mirror serves has another SHA-256';
  renameSync(partial, join(worldFolder, file));
  return undefined;
}
