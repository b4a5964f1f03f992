import { NodeRefusedError } from '../shared/errors.js';
import { sshAddressText, type SshAddress } from './ssh-address.js';

/** What to tell of a connection that was not made. */
interface Told {
  readonly sentence: string;
  readonly remedy: string;
}

/**
 * Why ssh made no connection, in words, from what it printed (in English: it is run with LC_ALL=C). Pure.
 *
 * @returns undefined when a connection may have been there
 */
export function sshFailure(address: SshAddress, printed: string): NodeRefusedError | undefined {
  const told =
    keyFailure(address, printed) ?? loginFailure(address, printed) ?? networkFailure(address, printed);
  if (told === undefined) return undefined;
  const { sentence, remedy } = told;
  return new NodeRefusedError(sentence, { remedy, details: printed });
}

function keyFailure({ host, port }: SshAddress, printed: string): Told | undefined {
  if (/No \S+ host key is known for/.test(printed)) {
    return {
      sentence: `ssh-known-hosts names no key for ${host}, port ${port}, so it is not known whether the right machine answers.`,
      remedy: `Add its line: \`ssh-keyscan${port === 22 ? '' : ` -p ${port}`} ${host}\` prints it; compare it with /etc/ssh/ssh_host_*_key.pub on that machine before you trust it.`,
    };
  }
  if (!/HOST IDENTIFICATION HAS CHANGED|Host key verification failed|REVOKED HOST KEY/.test(printed)) {
    return undefined;
  }
  return {
    sentence: `The machine that answers as ${host}, port ${port}, has another host key than ssh-known-hosts says.`,
    remedy:
      'If the machine got a new key, take it from the machine itself; if not, find out who answers before you deploy.',
  };
}

function loginFailure({ user, host }: SshAddress, printed: string): Told | undefined {
  if (!/Permission denied/.test(printed)) return undefined;
  return {
    sentence: `${host} lets ${user} in with none of the keys of the ssh agent.`,
    remedy: `Add the public key (\`ssh-add -L\` prints it) to ~/.ssh/authorized_keys of ${user} on that machine.`,
  };
}

function networkFailure(address: SshAddress, printed: string): Told | undefined {
  const said = /connect to host .*|Could not resolve hostname .*/.exec(printed)?.[0];
  if (said === undefined) return undefined;
  return {
    sentence: `${sshAddressText(address)} cannot be reached from this runner: ${said.trim()}.`,
    remedy: 'Check the address, and whether a firewall lets this runner through to that port.',
  };
}
