import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withIncludes } from '../node/scratch-arguments.js';
import type { Finding } from '../model/finding.js';
import type { BuiltRelease } from '../model/release.js';

/** Tells of emulator flags and applications' settings in vm.args that an upgrade does not apply (H132); by name only. */
export async function argumentFindings(
  release: BuiltRelease,
  upFrom: readonly BuiltRelease[],
): Promise<Finding[]> {
  const now = await argumentsOf(release);
  const findings = await Promise.all(
    upFrom.map(async (from): Promise<Finding[]> => {
      const names = changedArguments(await argumentsOf(from), now);
      if (names.length === 0) return [];
      return [
        {
          id: 'vm-args-changed',
          severity: 'warning',
          message: `vm.args differs between ${from.version} and ${release.version} (${names.join(', ')}), and an upgraded node goes on with the old one.`,
          remedy:
            'Only a restart applies it: restart the node when it suits. An application setting that is to change without a restart belongs in sys.config.',
        },
      ];
    }),
  );
  return findings.flat();
}

/** Name of a flag, for applications' settings and environment variables with what it sets → its values. */
type Arguments = ReadonlyMap<string, string>;

async function argumentsOf({ root, version, applications }: BuiltRelease): Promise<Arguments> {
  for (const name of ['vm.args.src', 'vm.args']) {
    const text = await readFile(join(root, 'releases', version, name), 'utf8').catch(() => undefined);
    if (text !== undefined) {
      return parseArguments(await withIncludes(text, root), new Set(applications.map((one) => one.name)));
    }
  }
  return new Map();
}

/** Reads the text of a vm.args: flags with their values, quoted ones as one. Pure. */
export function parseArguments(text: string, applications: ReadonlySet<string>): Arguments {
  const found = new Map<string, string>();
  const add = (name: string, values: readonly string[]): void => {
    found.set(name, [found.get(name) ?? '', ...values].join(' ').trim());
  };
  for (const [flag, ...values] of flagsIn(text)) {
    if (flag === '-env') add(`-env ${values[0] ?? ''}`, values.slice(1));
    else if (flag.startsWith('-') && applications.has(flag.slice(1))) {
      for (let index = 0; index < values.length; index += 2) {
        add(`${flag} ${values[index] ?? ''}`, values.slice(index + 1, index + 2));
      }
    } else add(flag, values);
  }
  return found;
}

function flagsIn(text: string): [string, ...string[]][] {
  const flags: [string, ...string[]][] = [];
  const uncommented = text.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '$1'));
  for (const [token] of uncommented.join('\n').matchAll(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g)) {
    if (/^[-+]+[A-Za-z]/.test(token)) flags.push([token]);
    else flags.at(-1)?.push(token);
  }
  return flags;
}

/** What differs, by name; whatever concerns the cookie is only called so. Pure. */
export function changedArguments(before: Arguments, after: Arguments): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  const changed = [...names].filter((name) => before.get(name) !== after.get(name));
  return changed.map((name) => (name.includes('setcookie') ? 'the cookie' : name)).sort();
}
