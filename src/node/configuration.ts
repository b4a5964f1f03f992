import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailedError, NodeRefusedError } from '../shared/errors.js';
import { run } from '../programs/exec.js';
import { replaceFile } from './durable-file.js';
import { placeInRoot } from './inside-root.js';
import type { NodeProcess } from './node-process.js';
import { exists } from '../shared/exists.js';
import { nothingOfOurs } from '../programs/runner-environment.js';

export interface ConfigurationInput {
  readonly node: NodeProcess;
  /** Release name and version whose configuration is put in place. */
  readonly name: string;
  readonly version: string;
  readonly privateFolder: string;
}

/**
 * Puts `sys.config` and `vm.args` of an unpacked release into the state that the release's start script would put them
 * into at its next start: templates (`.src`) filled in from the service's environment. release_handler does not do this,
 * and installs what lies there (H79, H80).
 *
 * @returns the files that were written, relative to the installed root.
 * @throws {NodeRefusedError} when a variable is missing or a placeholder would be left.
 */
export async function placeConfiguration(input: ConfigurationInput): Promise<string[]> {
  const written: string[] = [];
  for (const file of ['sys.config', 'vm.args']) {
    const target = `releases/${input.version}/${file}`;
    const source = await startSource(input, file);
    if (source.path === join(input.node.deployRoot, target)) continue;
    await (source.template ? render(input, source.path, target) : copy(input, source.path, target));
    written.push(target);
  }
  await refusePlaceholders(join(input.node.deployRoot, `releases/${input.version}/sys.config`));
  return written;
}

/** Files that {@link placeConfiguration} may write, relative to the installed root. */
export function configurationFiles(version: string): string[] {
  return ['sys.config', 'vm.args', 'sys.config.orig', 'vm.args.orig'].map(
    (file) => `releases/${version}/${file}`,
  );
}

interface Source {
  readonly path: string;
  readonly template: boolean;
}

/** Where the start script takes a file from, in its own order. */
async function startSource({ node, version }: ConfigurationInput, file: string): Promise<Source> {
  const packaged = join(node.deployRoot, 'releases', version, file);
  const base = (await configuredPath(node, file)) ?? packaged;
  if (await exists(`${base}.src`)) return { path: `${base}.src`, template: true };
  const original = (await exists(`${base}.orig`)) ? `${base}.orig` : base;
  if (!(node.environment['RELX_REPLACE_OS_VARS'] ?? '')) return { path: original, template: false };
  // the script keeps the unfilled file beside the filled one, and starts from it the next time
  if (original === packaged)
    await put({ node, target: `releases/${version}/${file}.orig`, source: packaged });
  return { path: original === packaged ? `${packaged}.orig` : original, template: true };
}

/** The service, or a file in the root, may replace a release's own `sys.config`; vm.args is not used by an upgrade. */
async function configuredPath(node: NodeProcess, file: string): Promise<string | undefined> {
  if (file !== 'sys.config') return undefined;
  const inRoot = join(node.deployRoot, file);
  return node.environment['RELX_CONFIG_PATH'] || ((await exists(inRoot)) ? inRoot : undefined);
}

function copy({ node }: ConfigurationInput, source: string, target: string): Promise<void> {
  return put({ node, target, source });
}

/** @param like whose permissions it gets; default: the source */
async function put({
  node,
  target,
  source,
  like = source,
}: {
  readonly node: NodeProcess;
  readonly target: string;
  readonly source: string;
  readonly like?: string;
}): Promise<void> {
  const mode = (await stat(like)).mode & 0o7777;
  await replaceFile(await placeInRoot(node.deployRoot, target), source, {
    uid: node.uid,
    gid: node.gid,
    mode,
  });
}

async function render(input: ConfigurationInput, source: string, target: string): Promise<void> {
  const { node, privateFolder } = input;
  const environment = startEnvironment(input);
  refuseMissing(source, missingVariables(await readFile(source, 'utf8'), environment));
  const folder = await mkdtemp(join(privateFolder, 'configuration-'));
  const rendered = join(folder, 'rendered');
  try {
    await fillIn({ input, source, rendered, environment });
    await put({ node, target, source: rendered, like: source });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the start script's own shell function on the file: what it makes of quotes, backslashes and nested placeholders
 * depends on it and on the host's awk, and the next start must give the same. The script itself is never run (H119).
 */
async function fillIn({
  input,
  source,
  rendered,
  environment,
}: {
  readonly input: ConfigurationInput;
  readonly source: string;
  readonly rendered: string;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<void> {
  const { node, name, version } = input;
  const script = join(node.deployRoot, 'bin', `${name}-${version}`);
  const text = await readFile(script, 'utf8').catch(() => '');
  const definition = /^replace_os_vars\(\) \{\n[\s\S]*?\n\}$/m.exec(text)?.[0];
  if (definition === undefined) {
    throw new NodeRefusedError(
      `${source} is a template, but bin/${name}-${version} has no code that fills it in.`,
      {
        remedy:
          "Keep relx's extended start script ({extended_start_script, true}), or ship a plain sys.config.",
      },
    );
  }
  try {
    await run('sh', ['-c', `${definition}\nreplace_os_vars "$1" "$2"`, 'sh', source, rendered], {
      env: { ...nothingOfOurs(), ...environment },
      timeoutSeconds: 10,
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new NodeRefusedError(
      `The start script's code cannot fill in ${source}: it fails or does not end.`,
      {
        remedy:
          'Keep regular expression characters such as [ ] ( ) + * ? | & out of the defaults in ${NAME:-default}.',
        ...(error.details === undefined ? {} : { details: error.details }),
        cause: error,
      },
    );
  }
}

/** The service's environment, with what the new release's start script would set differently. */
function startEnvironment({ node, version }: ConfigurationInput): Record<string, string> {
  return { ...node.environment, RELEASE_VSN: version, PROGNAME: 'erl' };
}

/** Variables that a template names without default and that the environment lacks: they would become empty (H119). */
export function missingVariables(template: string, environment: Readonly<Record<string, string>>): string[] {
  const names = [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, placeholder = '']) => placeholder);
  const required = names.filter((placeholder) => !placeholder.includes(':-'));
  return [...new Set(required)].filter((variable) => environment[variable] === undefined);
}

function refuseMissing(source: string, missing: readonly string[]): void {
  const [first] = missing;
  if (first === undefined) return;
  throw new NodeRefusedError(
    `${source} needs ${missing.map((name) => `\${${name}}`).join(', ')}, which the service's environment does not have.`,
    { remedy: `Set it for the service, or write a default: \${${first}:-default}.` },
  );
}

async function refusePlaceholders(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [placeholder] = /\$\{[A-Z_][A-Z0-9_]*(:-[^}]*)?\}/.exec(text) ?? [];
  if (placeholder === undefined) return;
  throw new NodeRefusedError(`${file} holds ${placeholder}, and nothing would fill it in.`, {
    remedy: 'Name the file sys.config.src in the project and give it to relx as {sys_config_src, "…"}.',
  });
}
