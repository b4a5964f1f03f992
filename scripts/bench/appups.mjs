// What it costs to compare two versions of an application and to generate its appup, next to OTP's own comparison of the
// same two folders, `beam_lib:cmp_dirs/2`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { moduleText, resource } from './generated-project.mjs';
import { alternate, runTimed } from './measure.mjs';
import { megabytes, ratio, table } from './table.mjs';

const SIZES = [100, 1000, 5000];
const RUNS = 5;
// CommonJS packages call `require`, which an ES module does not have.
const BANNER = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
const VERSIONS = ['1.0.0', '1.1.0'];
const HEAD = [
  'modules',
  'changed',
  'cmp_dirs',
  'compare',
  'ratio',
  'compare and generate',
  'ratio',
  'peak memory',
];

export async function benchAppups(folder) {
  const program = await bundle(folder);
  const rows = [HEAD];
  for (const modules of SIZES) {
    const dir = join(folder, `appups-${modules}`);
    makeReleases(dir, modules);
    const work = async (task, options) => {
      const { output, peakTree } = await runTimed(process.execPath, [program, dir, task], options);
      const { changed, seconds } = JSON.parse(output.trim().split('\n').at(-1));
      if (changed !== modules / 10) throw new Error(`${changed} of ${modules} modules differ`);
      return { seconds, peakTree };
    };
    const medians = await alternate(
      {
        cmpDirs: async () => (await runTimed('erl', comparison(dir))).seconds,
        compare: async () => (await work('compare')).seconds,
        generate: async () => (await work('generate')).seconds,
      },
      RUNS,
    );
    const { peakTree } = await work('generate');
    rows.push([
      modules,
      modules / 10,
      milliseconds(medians.cmpDirs),
      milliseconds(medians.compare),
      ratio(medians.compare / medians.cmpDirs),
      milliseconds(medians.generate),
      ratio(medians.generate / medians.cmpDirs),
      megabytes(peakTree),
    ]);
  }
  return `${table(rows)}\n\nMedians of ${RUNS} runs in turn.`;
}

const milliseconds = (value) => `${Math.round(1000 * value)} ms`;

/** The phases themselves, as one program: they are TypeScript. */
async function bundle(folder) {
  const outfile = join(folder, 'program/appups.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./appups-program.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: BANNER },
  });
  cpSync(fileURLToPath(new URL('../../src/erlang', import.meta.url)), join(folder, 'erlang'), {
    recursive: true,
  });
  return outfile;
}

/** OTP's comparison, its emulator's start counted as ours are. */
function comparison(dir) {
  const [before, after] = VERSIONS.map((version) => JSON.stringify(ebinOf(dir, version)));
  const code = `{_, _, Different} = beam_lib:cmp_dirs(${before}, ${after}), io:format("~b", [length(Different)]), halt().`;
  return ['-noinput', '-boot', 'no_dot_erlang', '-eval', code];
}

/** Two releases of one application; every tenth module differs. */
function makeReleases(dir, modules) {
  const names = Array.from({ length: modules }, (_, number) => `big_${number}`);
  for (const version of VERSIONS) {
    write(join(dir, version, `releases/${version}/bench.rel`), rel(version));
    write(join(dir, version, 'releases/start_erl.data'), `13.0 ${version}\n`);
    write(join(ebinOf(dir, version), 'big.app'), resource('big', version, ['kernel', 'stdlib']));
    for (const [number, name] of names.entries()) {
      const value = number % 10 === 0 ? version : 'same';
      write(join(dir, 'src', version, `${name}.erl`), moduleText(name, names[(number + 1) % modules], value));
    }
    process.stderr.write(`  compiling ${modules} modules of ${version}\n`);
    compile(join(dir, 'src', version), ebinOf(dir, version));
  }
}

function ebinOf(dir, version) {
  return join(dir, version, 'lib', `big-${version}`, 'ebin');
}

function rel(version) {
  return `{release, {"bench", "${version}"}, {erts, "13.0"}, [{big, "${version}"}]}.\n`;
}

/** In one emulator, on all cores. */
function compile(src, ebin) {
  const code = `
    Files = filelib:wildcard("*.erl", "${src}"),
    Compile = fun(File) -> {ok, _} = compile:file(filename:join("${src}", File), [debug_info, {outdir, "${ebin}"}]) end,
    Share = fun(Index) -> [File || {N, File} <- lists:enumerate(Files), N rem erlang:system_info(schedulers_online) =:= Index] end,
    Workers = [spawn_monitor(fun() -> lists:foreach(Compile, Share(Index)) end) || Index <- lists:seq(0, erlang:system_info(schedulers_online) - 1)],
    [receive {'DOWN', Reference, process, _, normal} -> ok end || {_, Reference} <- Workers],
    halt().`;
  execFileSync('erl', ['-noinput', '-boot', 'no_dot_erlang', '-eval', code], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
