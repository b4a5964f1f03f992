import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/programs/exec.js';
import type { BuiltScenario } from '../scenarios/build.js';
import { judge } from '../scenarios/oracle.js';
import { RELEASE, type Project } from '../scenarios/project.js';
import { runAction, type ActionRun } from '../support/action.js';
import { annotations } from './annotations.js';
import { VERSIONS, makeProject, type Sources } from './project.js';
import type { Row } from './row.js';
import { unchangedModules } from './unchanged.js';

/** What became of a row. */
export interface Outcome {
  readonly name: string;
  /** The action's verdict. */
  readonly verdict: string;
  /** Ids of all findings, and of those that are errors. */
  readonly findings: readonly string[];
  readonly errors: readonly string[];
  /** The sentence of the refusal. */
  readonly reason?: string;
  /** Ends of the findings that are errors or warnings, to read. */
  readonly messages: readonly string[];
  /** What the oracle saw that is not as it should be. */
  readonly lines: readonly string[];
  /** Of the action, builds and rehearsal included. */
  readonly seconds: number;
}

/** Asks the library at every stage of the rehearsal, as a user would. */
const CHECK = `answer=$("$RELUP_ROOT/bin/$RELUP_NAME" eval 'world_server:use().' 2>&1) || true
[[ $answer == ok ]] || { printf 'world_server:use() answers %s\\n' "$answer"; exit 1; }`;

/** What a row is run with. */
export interface Bench {
  readonly sources: Sources;
  /** The compiled programs of the scenario corpus. */
  readonly programs: string;
  /** An empty folder, for everything. */
  readonly folder: string;
}

/** Takes a row through the action, and then asks the oracle whether the action was right. */
export async function outcomeOf(row: Row, bench: Bench): Promise<Outcome> {
  const { sources, folder } = bench;
  const project = makeProject(row, sources, folder);
  const started = performance.now();
  const temp = join(folder, 'tmp');
  mkdirSync(temp);
  const action = await runAction({
    workspace: project.dir,
    temp: join(folder, 'runner'),
    inputs: { rehearse: 'true', upload: 'false', cache: 'false', check: CHECK },
    env: { TMPDIR: temp, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: `v${VERSIONS[1]}` },
  });
  const seconds = (performance.now() - started) / 1000;
  writeFileSync(join(folder, 'action.log'), action.log);
  const { findings, reason } = annotations(action.log);
  const lines = action.outputs.verdict === 'hot' ? await askOracle(row, action, bench) : [];
  return {
    name: row.name,
    verdict: action.outputs.verdict ?? 'refused',
    findings: ids(findings),
    errors: ids(findings.filter(({ severity }) => severity === 'error')),
    messages: findings
      .filter(({ severity }) => severity !== 'notice')
      .map(({ id, message }) => `${id}: ${message}`),
    lines,
    seconds: Math.round(seconds),
    ...(reason === undefined ? {} : { reason }),
  };
}

function ids(findings: readonly { id: string }[]): string[] {
  return [...new Set(findings.map(({ id }) => id))].sort();
}

/** The up-from release as somebody built it elsewhere; the new one as the action packed it. */
async function askOracle(
  row: Row,
  { outputs }: ActionRun,
  { sources, programs, folder }: Bench,
): Promise<string[]> {
  const [from, to] = VERSIONS;
  const elsewhere = join(folder, 'elsewhere');
  execFileSync('git', ['clone', '--quiet', '--branch', `v${from}`, join(folder, 'project'), elsewhere], {
    stdio: 'pipe',
  });
  await run('rebar3', ['as', 'prod', 'tar'], { cwd: elsewhere, timeoutSeconds: 300 });
  const before = unpack(
    join(elsewhere, `_build/prod/rel/${RELEASE}/${RELEASE}-${from}.tar.gz`),
    join(folder, 'from'),
  );
  const after = unpack(outputs.tarball as string, join(folder, 'to'));
  const apps = Object.fromEntries(ownApplications(before, after).map((name) => [name, {}]));
  const release = (root: string, version: string): Project => ({ dir: root, root, version, text: { apps } });
  const built: BuiltScenario = {
    scenario: {
      name: row.name,
      upFrom: {},
      to: {},
      expect: 'equal',
      asks: [
        { ask: 'world_version:number()', upFrom: '1', to: '2' },
        { ask: 'world_server:use()', upFrom: 'ok', to: 'ok' },
      ],
      ...(row.replaced === undefined ? {} : { replaced: row.replaced }),
    },
    folder,
    upFrom: [release(before, from)],
    to: release(after, to),
    builtElsewhere: {
      applications: ownApplications(before, after, true),
      modules: unchangedModules(row, sources),
    },
    crashes: join(folder, 'crashes.log'),
  };
  return judge(programs, built, outputs['upgrade-tarball'] as string);
}

function unpack(tarball: string, folder: string): string {
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  return folder;
}

/** Applications that are not OTP's; `same`: only those that both releases have at one version. */
function ownApplications(before: string, after: string, same = false): string[] {
  const otp = new Set(readdirSync(otpLib()));
  const [old, recent] = [before, after].map((root) =>
    readdirSync(join(root, 'lib')).filter((folder) => !otp.has(folder)),
  ) as [string[], string[]];
  const folders = same ? old.filter((folder) => recent.includes(folder)) : [...old, ...recent];
  return [...new Set(folders.map((folder) => folder.replace(/-[^-]*$/, '')))];
}

function otpLib(): string {
  const code = 'io:put_chars(code:lib_dir()), halt().';
  return execFileSync('erl', ['-noinput', '-boot', 'no_dot_erlang', '-eval', code], { encoding: 'utf8' });
}
