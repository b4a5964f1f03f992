import { NodeRefusedError } from '../shared/errors.js';
import { sshAddressText, type SshAddress } from './ssh-address.js';

/**
 * Why ssh made no connection, in words, from what it printed (in English: it is run with LC_ALL=C). Pure.
 *
 * @returns undefined when a connection may have been there
 */
export function sshFailure(address: SshAddress, printed: string): NodeRefusedError | undefined {
  const { user, host, port } = address;
  const name = sshAddressText(address);
  const refused = (message: string, remedy: string): NodeRefusedError =>
    new NodeRefusedError(message, { remedy, details: printed });
  if (/No \S+ host key is known for/.test(printed)) {
    return refused(
      `ssh-known-hosts names no key for ${host}, port ${port}, so it is not known whether the right machine answers.`,
      `Add its line: \`ssh-keyscan${port === 22 ? '' : ` -p ${port}`} ${host}\` prints it; compare it with /etc/ssh/ssh_host_*_key.pub on that machine before you trust it.`,
    );
  }
  if (/HOST IDENTIFICATION HAS CHANGED|Host key verification failed|REVOKED HOST KEY/.test(printed)) {
    return refused(
      `The machine that answers as ${host}, port ${port}, has another host key than ssh-known-hosts says.`,
      'If the machine got a new key, take it from the machine itself; if not, find out who answers before you deploy.',
    );
  }
  if (/Permission denied/.test(printed)) {
    return refused(
      `${host} lets ${user} in with none of the keys of the ssh agent.`,
      `Add the public key (\`ssh-add -L\` prints it) to ~/.ssh/authorized_keys of ${user} on that machine.`,
    );
  }
  const reason = /(?:ssh: )?(?:connect to host .*|Could not resolve hostname .*)/.exec(printed)?.[0];
  if (reason === undefined) return undefined;
  return refused(
    `${name} cannot be reached from this runner: ${reason.replace(/^ssh: /, '').trim()}.`,
    'Check the address, and whether a firewall lets this runner through to that port.',
  );
}
