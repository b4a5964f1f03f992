/** A machine, and as whom it is entered. */
export interface SshAddress {
  readonly user: string;
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Neither may look like an option, and both are handed to ssh as they are. */
const ADDRESS =
  /^(?:ssh:\/\/)?([A-Za-z_][A-Za-z0-9_.-]*)@(?:([A-Za-z0-9][A-Za-z0-9.-]*)|\[([0-9A-Fa-f:.]+)\])(?::([1-9][0-9]{0,4}))?$/;

/** `user@host`, `user@host:port`, both also with `ssh://` before them; undefined for anything else. Pure. */
export function parseSshAddress(text: string): SshAddress | undefined {
  const [, user, name, ipv6, port = '22'] = ADDRESS.exec(text) ?? [];
  const host = name ?? ipv6;
  if (user === undefined || host === undefined || Number(port) > 65_535) return undefined;
  return { user, host, port: Number(port) };
}

/** As messages name it, and as it may be written. Pure. */
export function sshAddressText({ user, host, port }: SshAddress): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${user}@${shown}${port === 22 ? '' : `:${port}`}`;
}
