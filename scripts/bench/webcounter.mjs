// examples/webcounter, built and installed, for deploying its next version in one way or the other.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { InstalledRelease, freePort } from '../demo/node.mjs';
import { checkOutTag, makeRepository } from '../demo/repository.mjs';

/**
 * A git repository with tags of the versions, and rebar3's own tarball of each that is to be installed as it is.
 * @param {import('../demo/commands.mjs').Commands} commands
 * @param {string} folder
 * @param {readonly string[]} versions
 */
export async function prepareWebcounter(commands, folder, versions) {
  const repository = join(folder, 'repository');
  const nodeName = `webcounter_${randomBytes(4).toString('hex')}@localhost`;
  await makeRepository(commands, repository, versions, nodeName, 'webcounter');
  /** @type {Record<string, string>} */
  const tarballs = {};
  for (const version of versions) {
    const build = join(folder, `build-${version}`);
    await checkOutTag(commands, repository, build, version);
    await commands.run('rebar3', ['as', 'prod', 'tar'], { cwd: build });
    tarballs[version] = join(build, `_build/prod/rel/webcounter/webcounter-${version}.tar.gz`);
  }
  return { repository, tarballs };
}

/**
 * Installs a tarball.
 * @param {import('../demo/commands.mjs').Commands} commands
 * @param {string} folder that does not exist yet
 * @param {string} tarball
 * @param {{ port: number, epmdPort: number }} ports
 */
export async function installWebcounter(commands, folder, tarball, { port, epmdPort }) {
  await mkdir(folder);
  const release = new InstalledRelease(commands, folder, epmdPort, {
    name: 'webcounter',
    environment: { WEBCOUNTER_PORT: String(port) },
    isUp: () => answers(port),
  });
  await release.install(tarball);
  return release;
}

export async function freePorts() {
  return { port: await freePort(), epmdPort: await freePort() };
}

async function answers(port) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/total`, { headers: { connection: 'close' } });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
