import { readFile, glob } from 'node:fs/promises';
import { join } from 'node:path';
import type { Location } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import type { BuiltRelease } from '../model/release.js';

/** A `-setcookie` whose value is not left to a variable of the environment (`${COOKIE}`). */
const LITERAL_COOKIE = /^\s*-setcookie\s+(?!\$\{)(\S+)/m;

/**
 * Warns of a cookie that is packed in clear text (H49, H106): whoever can download the artifact could control the node.
 *
 * @param projectDir the project folder in the worktree, to point at the file the cookie comes from
 */
export async function cookieFindings(
  release: BuiltRelease,
  projectDir: string,
  projectPath: string,
): Promise<Finding[]> {
  for (const name of ['vm.args', 'vm.args.src']) {
    const packed = `releases/${release.version}/${name}`;
    const text = await readFile(join(release.root, packed), 'utf8').catch(() => '');
    const cookie = LITERAL_COOKIE.exec(text)?.[1];
    // The release's name, which relx writes where the project has no vm.args, is no secret that an artifact could tell.
    if (cookie === undefined || cookie === release.name) continue;
    const location = await locate(projectDir, projectPath);
    return [
      {
        id: 'literal-cookie',
        severity: 'warning',
        message: `The packages hold the node's cookie in clear text (${packed}), for everybody who can download the artifact.`,
        remedy:
          'Write -setcookie ${NODE_COOKIE} in a vm_args_src file and set the variable where the node runs, or leave it to ~/.erlang.cookie there.',
        ...(location === undefined ? {} : { location }),
      },
    ];
  }
  return [];
}

async function locate(projectDir: string, projectPath: string): Promise<Location | undefined> {
  const files = glob('**/vm*.args*', {
    cwd: projectDir,
    exclude: (name) => name === '_build' || name === 'node_modules',
  });
  for await (const file of files) {
    const lines = (await readFile(join(projectDir, file), 'utf8').catch(() => '')).split('\n');
    const line = lines.findIndex((text) => LITERAL_COOKIE.test(text)) + 1;
    if (line > 0) return { file: join(projectPath, file), line };
  }
  return undefined;
}
