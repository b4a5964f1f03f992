import { getInput } from '@actions/core';
import { isAbsolute } from 'node:path';
import { parseSshAddress } from '../../programs/ssh-address.js';
import { BadInputError } from '../../shared/errors.js';
import type { OverSsh } from '../deploy-over-ssh/deploy-over-ssh.js';

/**
 * Where a deploy goes, from `ssh` and `ssh-known-hosts`. What is named by a path then lies on that machine, where nothing is
 * relative to this job.
 *
 * @throws {BadInputError}
 */
export function readSshInput(value: string, knownHosts: string): OverSsh | undefined {
  if (value === '') return undefined;
  const address = parseSshAddress(value);
  if (address === undefined) {
    throw new BadInputError(`The input \`ssh\` is "${value}".`, {
      remedy: 'Write user@host or user@host:port, e.g. deploy@10.0.0.7; an IPv6 address stands in brackets.',
    });
  }
  if (knownHosts === '') {
    throw new BadInputError(
      'The input `ssh` is set, but `ssh-known-hosts` is empty, so it cannot be known whether the right machine answers.',
      {
        remedy: 'Write the lines of that machine as in a known_hosts file; `ssh-keyscan <host>` prints them.',
      },
    );
  }
  for (const name of ['deploy-root', 'env-file']) {
    const path = getInput(name);
    if (path === '' || isAbsolute(path)) continue;
    throw new BadInputError(`With \`ssh\`, the input \`${name}\` must be a whole path, and is "${path}".`, {
      remedy: 'It is a path on that machine: let it begin with a slash.',
    });
  }
  return { address, knownHosts };
}
