import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Under which name and cookie a scratch node runs. */
export interface ScratchName {
  readonly nameFlag: '-name' | '-sname';
  readonly nodeName: string;
  readonly cookie: string;
}

/** Nested `-args_file` flags deeper than this are a circle. */
const DEPTH = 10;

/**
 * Flags that a scratch node must not take over: its name and cookie are its own, heart would start it again when it is
 * ended, and fixed ports would clash with the same release elsewhere on the machine (H54, H55).
 */
const DROPPED = [
  /-s?name[ \t]+\S+/g,
  /-setcookie[ \t]+\S+/g,
  /-heart\b(?![ \t]+[^-\s])/g,
  /-erl_epmd_port[ \t]+\S+/g,
  /-detached\b/g,
  /(?:-kernel[ \t]+)?\binet_dist_listen_(?:min|max)[ \t]+\d+/g,
  /(?:-kernel[ \t]+)?\binet_dist_use_interface[ \t]+(?:"[^"]*"|'[^']*'|\{[^}]*\})/g,
];

/**
 * vm.args for a scratch node: the release's own without name, cookie, heart and fixed ports, then ours. Files that it
 * includes (`-args_file`) are copied into it, because they may hold the same flags.
 *
 * @param text the text of vm.args or vm.args.src
 * @param keepName whether the node is reached from other hosts' names, so that it must not listen on loopback only
 */
export async function scratchArguments({
  text,
  scratchName,
  folder,
  keepName,
}: {
  readonly text: string;
  readonly scratchName: ScratchName;
  readonly folder: string;
  readonly keepName: boolean;
}): Promise<string> {
  const { nameFlag, nodeName, cookie } = scratchName;
  const own = dropFlags(await withIncludes(text, folder, DEPTH));
  const loopback = keepName ? '' : ' inet_dist_use_interface {127,0,0,1}';
  // On the command line they win over sys.config.
  const ports = `-kernel inet_dist_listen_min 0 inet_dist_listen_max 0${loopback}`;
  return `${own.trimEnd()}\n${nameFlag} ${nodeName}\n-setcookie ${cookie}\n-start_epmd false\n${ports}\n`;
}

/** The release's own name of the node, e.g. `-sname` and `hello`; undefined when vm.args has none, or a variable. */
export function nameIn(text: string): Pick<ScratchName, 'nameFlag' | 'nodeName'> | undefined {
  const [, flag, nodeName] = /^[ \t]*(-s?name)[ \t]+(\S+)/m.exec(text) ?? [];
  if (flag === undefined || nodeName === undefined) return undefined;
  return { nameFlag: flag === '-name' ? '-name' : '-sname', nodeName };
}

function dropFlags(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .map((line) => DROPPED.reduce((rest, flag) => rest.replaceAll(flag, ''), line))
    .filter((line) => !/^\s*-start_epmd\b/.test(line))
    .join('\n');
}

/** @param folder what relative paths are relative to: the installed root, where the start script changes to */
export async function withIncludes(text: string, folder: string, depth = DEPTH): Promise<string> {
  if (depth === 0) return '';
  const lines = await Promise.all(
    text.split('\n').map(async (line) => {
      const [, path] = /^[ \t]*-args_file[ \t]+(\S+)[ \t]*$/.exec(line) ?? [];
      if (path === undefined) return line;
      const file = resolve(folder, path);
      const included = await readFile(file, 'utf8').catch(() => undefined);
      return included === undefined ? line : withIncludes(included, folder, depth - 1);
    }),
  );
  return lines.join('\n');
}

/** Where vm.args, or the template that it is made from, lies for one release version; the start script's own order. */
export function argumentFiles(root: string, version: string, configured: string | undefined): string[] {
  return [
    ...(configured === undefined || configured === '' ? [] : [configured]),
    join(root, 'vm.args'),
    join(root, 'releases', version, 'vm.args'),
  ].map((path) => resolve(dirname(path), path));
}
