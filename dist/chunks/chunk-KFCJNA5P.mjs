import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/programs/ssh-address.ts
var ADDRESS = /^(?:ssh:\/\/)?([A-Za-z_][A-Za-z0-9_.-]*)@(?:([A-Za-z0-9][A-Za-z0-9.-]*)|\[([0-9A-Fa-f:.]+)\])(?::([1-9][0-9]{0,4}))?$/;
function parseSshAddress(text) {
  const [, user, name, ipv6, port = "22"] = ADDRESS.exec(text) ?? [];
  const host = name ?? ipv6;
  if (user === void 0 || host === void 0 || Number(port) > 65535) return void 0;
  return { user, host, port: Number(port) };
}
function sshAddressText({ user, host, port }) {
  const shown = host.includes(":") ? `[${host}]` : host;
  return `${user}@${shown}${port === 22 ? "" : `:${port}`}`;
}

export {
  parseSshAddress,
  sshAddressText
};
