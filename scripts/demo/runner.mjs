// A runner for one step: the committed bundle gets what GitHub's runner would give it, and is asked for nothing else.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRunnerServices } from '../runner-services/index.mjs';
import { readActionFile } from './action-file.mjs';
import { ownEnvironment } from './commands.mjs';
import { parseFileCommands } from './file-commands.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The files through which a step talks to the runner. */
const FILES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY', 'GITHUB_ENV', 'GITHUB_PATH'];

/**
 * @typedef {object} StepResult
 * @property {number | null} exitCode
 * @property {Record<string, string>} outputs
 * @property {Record<string, string>} state
 * @property {string} summaryFile
 */

export class Runner {
  #commands;
  #dir;
  #services;
  #action;

  /**
   * @param {import('./commands.mjs').Commands} commands
   * @param {string} dir
   * @param {Awaited<ReturnType<typeof startRunnerServices>>} services
   * @param {import('./action-file.mjs').ActionFile} action
   */
  constructor(commands, dir, services, action) {
    this.#commands = commands;
    this.#dir = dir;
    this.#services = services;
    this.#action = action;
  }

  /**
   * Starts the services, and reads action.yml.
   * @param {import('./commands.mjs').Commands} commands
   * @param {string} dir for everything a runner keeps
   */
  static async start(commands, dir) {
    const action = await readActionFile(root);
    const services = await startRunnerServices({ dir: join(dir, 'services') });
    return new Runner(commands, dir, services, action);
  }

  get temp() {
    return join(this.#dir, 'temp');
  }

  artifacts() {
    return this.#services.artifacts();
  }

  close() {
    return this.#services.close();
  }

  /**
   * Runs the action for a pushed tag.
   * @param {{ workspace: string, tag: string, commit: string }} job
   * @param {Record<string, string>} inputs what stands under `with:`; the rest are the defaults of action.yml
   * @param {(line: string) => void} onLine
   * @returns {Promise<StepResult>}
   */
  async runAction(job, inputs, onLine) {
    const given = Object.entries({ ...this.#action.defaults, ...inputs });
    // As the runner does: upper case, spaces become underscores, dashes stay.
    const variables = given.map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]);
    return this.#runStep(this.#action.main, job, Object.fromEntries(variables), onLine);
  }

  /**
   * Runs the action's post step, as at the end of the job.
   * @param {{ workspace: string, tag: string, commit: string }} job
   * @param {Record<string, string>} state what the action saved
   * @param {(line: string) => void} onLine
   */
  async runPost(job, state, onLine) {
    const variables = Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]);
    return this.#runStep(this.#action.post, job, Object.fromEntries(variables), onLine);
  }

  /** @returns {Promise<StepResult>} */
  async #runStep(program, job, variables, onLine) {
    const files = await this.#stepFiles(program.replaceAll('/', '-'));
    const env = {
      ...ownEnvironment(),
      ...this.#services.env,
      ...(await this.#jobVariables(job)),
      ...files,
      ...variables,
    };
    const cwd = job.workspace;
    const { exitCode } = await this.#commands.attempt(process.execPath, [join(root, program)], {
      cwd,
      env,
      onLine,
    });
    const [outputs, state] = await Promise.all(
      [files.GITHUB_OUTPUT, files.GITHUB_STATE].map(async (file) =>
        parseFileCommands(await readFile(file, 'utf8')),
      ),
    );
    return { exitCode, outputs, state, summaryFile: files.GITHUB_STEP_SUMMARY };
  }

  async #stepFiles(name) {
    const folder = join(this.#dir, 'file-commands', name);
    await mkdir(folder, { recursive: true });
    await mkdir(this.temp, { recursive: true });
    const files = FILES.map((variable) => [variable, join(folder, variable)]);
    for (const [, file] of files) await writeFile(file, '');
    return Object.fromEntries(files);
  }

  async #jobVariables({ workspace, tag, commit }) {
    const event = join(this.#dir, 'event.json');
    await writeFile(
      event,
      JSON.stringify({ ref: `refs/tags/${tag}`, repository: { default_branch: 'main' } }),
    );
    return {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_API_URL: 'https://api.github.com',
      GITHUB_REPOSITORY: 'demo/helloworld',
      GITHUB_RUN_ID: '1',
      GITHUB_RUN_NUMBER: '1',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: `refs/tags/${tag}`,
      GITHUB_REF_NAME: tag,
      GITHUB_REF_TYPE: 'tag',
      GITHUB_SHA: commit,
      GITHUB_WORKSPACE: workspace,
      RUNNER_OS: 'Linux',
      RUNNER_ARCH: process.arch.toUpperCase(),
      RUNNER_TEMP: this.temp,
      RUNNER_TOOL_CACHE: join(this.#dir, 'tools'),
    };
  }
}
