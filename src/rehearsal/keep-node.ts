import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError } from '../shared/errors.js';
import type { Lane } from './lane.js';

/**
 * Leaves the node of a rehearsal running, and tells of it. One that had to end before others could be tried is booted once more.
 *
 * @returns whether it runs
 */
export async function keepNode(lane: Lane): Promise<boolean> {
  const { context } = lane;
  try {
    if (!lane.isOpen) await lane.boot();
  } catch (error) {
    if (error instanceof ActionError) return false;
    throw error;
  }
  const { pid, nodeName } = lane.running.process;
  const attach = await writeAttach(lane);
  context.options.keep?.told({ upFrom: context.upFrom.version, nodeName, pid, attach });
  return true;
}

/** The cookie is in it, so it is for its owner alone. */
async function writeAttach({ context, root, name, running }: Lane): Promise<string> {
  const { environment, process } = running;
  const variables = Object.entries(environment).map(([key, value]) => quoted(`${key}=${value}`));
  const command =
    environment['VMARGS_PATH'] === undefined
      ? shellOf(process)
      : `${quoted(join(root, 'bin', context.manifest.name))} "\${@:-remote_console}"`;
  const path = join(context.folder, name, 'attach');
  const text = `#!/bin/bash\ncd ${quoted(root)}\nexec env -i TERM="$TERM" ${variables.join(' ')} ${command}\n`;
  await writeFile(path, text, { mode: 0o700 });
  return path;
}

/** For a release without a start script of its own. */
function shellOf({ nameFlag, nodeName, cookie }: Lane['running']['process']): string {
  const own = `attach_$$@${nodeName.slice(nodeName.indexOf('@') + 1)}`;
  return [
    'erl',
    '-hidden',
    nameFlag,
    `"${own}"`,
    '-setcookie',
    quoted(cookie),
    '-remsh',
    quoted(nodeName),
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
