// What rebar3 does while it assembles and packs a release in which nothing has changed: sampled stacks of its emulator.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownEnvironment } from '../demo/commands.mjs';
import { generateProject } from './generated-project.mjs';
import { runTimed } from './measure.mjs';
import { ratio, seconds, table } from './table.mjs';

const SIZES = [300, 1000, 3000];

/** Functions by which a sample is known; one sample may count for several. */
const KINDS = {
  'in the file server, one process for all': '{file_server,handle_call,3}',
  'asking for file information': '{prim_file,read_info_1,3}',
  'copying files': '{file,copy_opened_int,4}',
  'reading beams (xref, systools)': '{beam_lib,scan_beam1,2}',
  'compressing the tarball': '{raw_file_io_deflate,opened,3}',
  'loading code': '{erl_prim_loader,loop,3}',
};

export async function benchProfile(folder) {
  const dir = join(folder, 'profile');
  mkdirSync(dir);
  execFileSync('erlc', ['-o', dir, fileURLToPath(new URL('relup_sampler.erl', import.meta.url))]);
  const columns = [];
  for (const modules of SIZES) columns.push(await sample(dir, modules));
  return table([
    ['modules in one application', ...SIZES],
    ['elapsed', ...columns.map(({ elapsed }) => seconds(elapsed))],
    ...Object.entries(KINDS).map(([kind, name]) => [
      kind,
      ...columns.map(({ samples }) => ratio((samples.get(name) ?? 0) / samples.get('all'))),
    ]),
  ]);
}

/** @returns how often each function was found in the stack of a process that ran */
async function sample(dir, modules) {
  const versions = ['1.0.0'];
  const source = join(dir, String(modules));
  const cwd = generateProject({ dir: source, versions, modules, perApplication: modules, devMode: true });
  const config = readFileSync(join(cwd, 'rebar.config'), 'utf8');
  const started = '{extended_start_script, true}';
  writeFileSync(join(cwd, 'rebar.config'), config.replace(started, `${started}, {src_tests, false}`));
  const env = ownEnvironment();
  await runTimed('rebar3', ['as', 'prod', 'release'], { cwd, env });
  const file = join(dir, `${modules}.samples`);
  const run = await runTimed('rebar3', ['as', 'prod', 'tar'], {
    cwd,
    env: { ...env, ERL_AFLAGS: `-pa ${dir} -s relup_sampler`, RELUP_SAMPLES: file },
  });
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const samples = lines.map((line) => {
    const space = line.indexOf(' ');
    return [line.slice(space + 1), Number(line.slice(0, space))];
  });
  return { elapsed: run.seconds, samples: new Map(samples) };
}
