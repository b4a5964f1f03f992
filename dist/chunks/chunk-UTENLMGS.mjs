import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  sshAddressText
} from "./chunk-KFCJNA5P.mjs";
import {
  NodeRefusedError
} from "./chunk-SYJ4VKPM.mjs";

// src/programs/ssh-failure.ts
function sshFailure(address, printed) {
  const told = keyFailure(address, printed) ?? loginFailure(address, printed) ?? networkFailure(address, printed);
  if (told === void 0) return void 0;
  const { sentence, remedy } = told;
  return new NodeRefusedError(sentence, { remedy, details: printed });
}
function keyFailure({ host, port }, printed) {
  if (/No \S+ host key is known for/.test(printed)) {
    return {
      sentence: `ssh-known-hosts names no key for ${host}, port ${port}, so it is not known whether the right machine answers.`,
      remedy: `Add its line: \`ssh-keyscan${port === 22 ? "" : ` -p ${port}`} ${host}\` prints it; compare it with /etc/ssh/ssh_host_*_key.pub on that machine before you trust it.`
    };
  }
  if (!/HOST IDENTIFICATION HAS CHANGED|Host key verification failed|REVOKED HOST KEY/.test(printed)) {
    return void 0;
  }
  return {
    sentence: `The machine that answers as ${host}, port ${port}, has another host key than ssh-known-hosts says.`,
    remedy: "If the machine got a new key, take it from the machine itself; if not, find out who answers before you deploy."
  };
}
function loginFailure({ user, host }, printed) {
  if (!/Permission denied/.test(printed)) return void 0;
  return {
    sentence: `${host} lets ${user} in with none of the keys of the ssh agent.`,
    remedy: `Add the public key (\`ssh-add -L\` prints it) to ~/.ssh/authorized_keys of ${user} on that machine.`
  };
}
function networkFailure(address, printed) {
  const said = /connect to host .*|Could not resolve hostname .*/.exec(printed)?.[0];
  if (said === void 0) return void 0;
  return {
    sentence: `${sshAddressText(address)} cannot be reached from this runner: ${said.trim()}.`,
    remedy: "Check the address, and whether a firewall lets this runner through to that port."
  };
}

export {
  sshFailure
};
