import { NodeRefusedError } from '../../shared/errors.js';
import { FACT } from './target-commands.js';

/** What is known of the other machine. */
export interface TargetFacts {
  /** The private folder that was made there; absolute. */
  readonly folder: string;
  /** Path of its own Node, when that is new enough for us; undefined: ours is brought along. */
  readonly node: string | undefined;
}

/** This runner, as far as its Node could run there. */
export interface OwnMachine {
  readonly arch: string;
}

/** How `uname -m` names what Node calls by another name. */
const MACHINES: Readonly<Record<string, string>> = {
  x86_64: 'x64',
  amd64: 'x64',
  aarch64: 'arm64',
  arm64: 'arm64',
  armv7l: 'arm',
  ppc64le: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
};

/**
 * Reads what the machine told of itself. Pure.
 *
 * @param name the machine, as messages name it
 * @throws {NodeRefusedError} when nothing can be deployed there; the folder may be there all the same
 */
export function readFacts(printed: string, name: string, own: OwnMachine): TargetFacts {
  const facts = factsIn(printed);
  const folder = folderIn(printed);
  const system = facts.get('system');
  if (system === undefined) throw noShell(name, printed);
  const details = printed;
  if (system !== 'Linux') {
    throw new NodeRefusedError(
      `${name} runs ${system || 'an unknown system'}, and a deploy runs on Linux only.`,
      {
        remedy: 'Name a Linux machine.',
        details,
      },
    );
  }
  const missing = facts.get('missing') ?? '';
  if (missing !== '') {
    throw new NodeRefusedError(`${name} lacks programs that a deploy needs: ${missing}.`, {
      remedy: 'Install them there (Debian, Ubuntu: packages bash, coreutils, tar, gzip).',
      details,
    });
  }
  if (folder === undefined) {
    throw new NodeRefusedError(
      `No folder could be made in /tmp on ${name}: ${facts.get('refused') ?? 'mktemp named none'}.`,
      { remedy: 'Let the ssh user write to /tmp there, and free some space.', details },
    );
  }
  return { folder, node: nodeFor(facts, name, own) };
}

/** What a login without a shell, or a forced command, comes to. Pure. */
export function noShell(name: string, printed: string): NodeRefusedError {
  return new NodeRefusedError(`${name} runs no shell for this login.`, {
    remedy:
      'Give the ssh user a login shell such as /bin/sh, and let no `command=` stand before its key in authorized_keys.',
    details: printed,
  });
}

/** The folder that was made, and nothing else: it is removed later. Pure. */
export function folderIn(printed: string): string | undefined {
  const folder = factsIn(printed).get('folder') ?? '';
  return /^\/tmp\/relup-action-[A-Za-z0-9]{10}$/.test(folder) ? folder : undefined;
}

function nodeFor(facts: ReadonlyMap<string, string>, name: string, { arch }: OwnMachine): string | undefined {
  const path = facts.get('node') ?? '';
  if (path.startsWith('/') && isNewEnough(facts.get('version') ?? '')) return path;
  const machine = facts.get('machine') ?? '';
  if (MACHINES[machine] === arch) return undefined;
  throw new NodeRefusedError(
    `${name} has no Node 22.13 or newer, and this runner's own (${arch}) does not run on its processor (${machine}).`,
    { remedy: 'Install Node there, or deploy from a runner with the same processor.' },
  );
}

/** As the command line asks for. */
function isNewEnough(version: string): boolean {
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  return Number(major) > 22 || (Number(major) === 22 && Number(minor) >= 13);
}

function factsIn(printed: string): Map<string, string> {
  const lines = printed.split(/\r?\n/).filter((line) => line.startsWith(`${FACT} `));
  return new Map(
    lines.map((line) => {
      const [, name = '', ...value] = line.split(' ');
      return [name, value.join(' ').trim()];
    }),
  );
}
