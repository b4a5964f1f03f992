import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { startGithubReleases, type GithubReleases } from '../../../scripts/github-releases/index.mjs';
import { startRunnerServices, type RunnerServices } from '../../../scripts/runner-services/index.mjs';
import { projectRoot, temporaryFolder, type TestRepository } from '../repository.js';
import { jobResult, parseLog, stepRun, type LogEntry, type StepRun } from './act-log.js';
import { runAct, TOKEN } from './act-process.js';
import { repositoryName, type WorkflowEvent } from './events.js';
import { contentOf, endProcessesOf, processesOf, runnerTemps } from './remains.js';
import { copyAction, localRepositories } from './stand-ins.js';

export interface WorkflowOptions {
  readonly repository: TestRepository;
  readonly event: WorkflowEvent;
  /** Which cache service the jobs have: the stand-in (protocol version 2, default), act's own (version 1), or none. */
  readonly cache?: 'v2' | 'v1' | 'none';
  /** GITHUB_RUN_ATTEMPT; all runs of one runner are attempts of the same workflow run. */
  readonly attempt?: number;
  /** Replacements in the workflow's text, for what cannot be the same here, such as folders. */
  readonly replace?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** The run is cancelled, as by the button, when its log has this text. */
  readonly cancelAt?: string;
}

/** What a run of a workflow showed and left behind. */
export interface WorkflowRun {
  readonly exitCode: number | null;
  /** Everything that was printed, for a failing test to show. */
  readonly output: string;
  job(id: string): string | undefined;
  step(job: string, id: string, stage?: 'Main' | 'Post'): StepRun;
  /** What the jobs wrote into the folder TEST_RESULTS. */
  readonly results: string;
  /** Names in the folders for temporary files: RUNNER_TEMP of failed jobs, and the machine's own. */
  readonly temporaryFiles: readonly string[];
  /** Names in the home folder. */
  readonly homeFiles: readonly string[];
  /** Processes of the run that are still there. */
  processes(): number[];
}

/** Runs workflows by act, on this machine and without containers, with stand-ins for what GitHub offers to jobs. */
export class WorkflowRunner {
  private runs = 0;

  private constructor(
    private readonly dir: string,
    readonly services: RunnerServices,
    readonly github: GithubReleases,
  ) {}

  static async start(): Promise<WorkflowRunner> {
    const dir = temporaryFolder('relup-workflow-');
    copyAction(join(dir, 'action'));
    const github = { dir: join(dir, 'github'), repository: repositoryName, token: TOKEN };
    return new WorkflowRunner(
      dir,
      await startRunnerServices({ dir: join(dir, 'services') }),
      await startGithubReleases(github),
    );
  }

  /** Entries in the folder of act's own cache service. */
  cachedByAct(): string[] {
    const folder = join(this.dir, 'act-cache/cache');
    return contentOf(folder).filter((name) => name !== 'tmp');
  }

  /** @param workflow a file of `__tests__/workflows`, or an absolute path */
  async run(workflow: string, options: WorkflowOptions): Promise<WorkflowRun> {
    const dir = this.newRunFolder();
    const { refType, refName, sha } = options.event;
    if (refType === 'tag') this.github.releases.tags.set(refName, sha);
    const path = isAbsolute(workflow) ? workflow : join(projectRoot, '__tests__/workflows', workflow);
    let text = readFileSync(path, 'utf8');
    for (const [from, to] of Object.entries(options.replace ?? {})) text = text.replaceAll(from, to);
    writeFileSync(join(dir, 'workflow.yml'), text);
    writeFileSync(join(dir, 'event.json'), JSON.stringify(options.event.payload));
    const args = [
      ...[options.event.name, '--eventpath', join(dir, 'event.json')],
      ...['--workflows', join(dir, 'workflow.yml'), '--strict'],
      ...['--cache-server-path', join(this.dir, 'act-cache'), '--cache-server-addr', '127.0.0.1'],
      ...(options.cache === 'none' ? ['--no-cache-server'] : []),
      ...Object.entries(options.secrets ?? {}).flatMap(([name, value]) => ['--secret', `${name}=${value}`]),
      ...localRepositories(text, join(this.dir, 'action')),
      ...Object.entries(this.variables(options, dir)).flatMap(([name, value]) => [
        '--env',
        `${name}=${value}`,
      ]),
    ];
    const { exitCode, output } = await runAct({ dir, cwd: options.repository.dir, args, ...options });
    return described(dir, exitCode, output);
  }

  /** Stops the services, ends what a failed test has left, and removes everything. */
  async close(): Promise<void> {
    await this.services.close();
    await this.github.close();
    endProcessesOf(this.dir);
    rmSync(this.dir, { recursive: true, force: true });
  }

  private newRunFolder(): string {
    const dir = join(this.dir, `run-${++this.runs}`);
    mkdirSync(join(dir, 'results'), { recursive: true });
    return dir;
  }

  private variables({ event, cache = 'v2', attempt = 1, repository }: WorkflowOptions, dir: string) {
    const { ACTIONS_RESULTS_URL, ACTIONS_RUNTIME_TOKEN, NO_PROXY, no_proxy, ...others } =
      this.services.newJobEnv();
    return {
      ...{ ACTIONS_RESULTS_URL, ACTIONS_RUNTIME_TOKEN, NO_PROXY, no_proxy },
      // Without these, which include ACTIONS_CACHE_SERVICE_V2, act starts its own cache service.
      ...(cache === 'v2' ? others : {}),
      GITHUB_REPOSITORY: repositoryName,
      GITHUB_API_URL: this.github.env.GITHUB_API_URL,
      GITHUB_RUN_ID: '1000',
      GITHUB_RUN_ATTEMPT: String(attempt),
      GITHUB_REF: event.ref,
      GITHUB_REF_TYPE: event.refType,
      GITHUB_REF_NAME: event.refName,
      // act's name for GITHUB_SHA
      SHA_REF: event.sha,
      // for the stand-ins
      CHECKOUT_SOURCE: repository.dir,
      OTHER_JOB_TOKEN: this.services.newJobEnv().ACTIONS_RUNTIME_TOKEN,
      PROJECT_MODULES: join(projectRoot, 'node_modules'),
      TEST_RESULTS: join(dir, 'results'),
    };
  }
}

function described(dir: string, exitCode: number | null, output: string): WorkflowRun {
  const entries: LogEntry[] = parseLog(output);
  return {
    exitCode,
    output: entries.map(({ msg }) => msg.trimEnd()).join('\n'),
    job: (id) => jobResult(entries, id),
    step: (job, id, stage = 'Main') => stepRun(entries, job, id, stage),
    results: join(dir, 'results'),
    temporaryFiles: contentOf(join(dir, 'tmp'), ...runnerTemps(join(dir, 'cache/act'))),
    homeFiles: contentOf(join(dir, 'home')),
    processes: () => processesOf(dir),
  };
}
