// What stays when the demo has ended: the artifact, packed and unpacked, the job summary and the log.
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const UNZIP = '[Zip, Dir] = init:get_plain_arguments(), {ok, _} = zip:unzip(Zip, [{cwd, Dir}]), halt(0).';

/**
 * @typedef {object} Results
 * @property {string} folder
 * @property {string | undefined} artifactFolder the unpacked artifact
 */

/**
 * @param {import('./commands.mjs').Commands} commands
 * @param {import('./runner.mjs').Runner} runner
 * @param {string} summaryFile
 * @param {readonly string[]} log
 * @returns {Promise<Results>}
 */
export async function keepResults(commands, runner, summaryFile, log) {
  const folder = await mkdtemp(join(tmpdir(), 'relup-demo-results-'));
  await writeFile(join(folder, 'action.log'), `${log.join('\n')}\n`);
  await copyFile(summaryFile, join(folder, 'summary.md'));
  const [artifact] = runner.artifacts();
  if (artifact === undefined) return { folder, artifactFolder: undefined };
  const zip = join(folder, `${artifact.name}.zip`);
  const artifactFolder = join(folder, artifact.name);
  await copyFile(artifact.path, zip);
  // A zip reader other than the one it was written with.
  await commands.run('erl', [
    '-noinput',
    '-boot',
    'no_dot_erlang',
    '-eval',
    UNZIP,
    '-extra',
    zip,
    artifactFolder,
  ]);
  return { folder, artifactFolder };
}

/**
 * The SHA-256 of a file, lower-case hex.
 * @param {string} file
 */
export async function sha256(file) {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
