import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ApplicationText, ReleaseText } from './scenario.js';

/** The release's name in every scenario. */
export const RELEASE = 'shopfront';

/** One version of a scenario on disk, laid out as a worktree after `rebar3 as prod release`. */
export interface Project {
  readonly dir: string;
  /** `_build/prod/rel/<name>`. */
  readonly root: string;
  /** Release version. */
  readonly version: string;
  readonly text: ReleaseText;
}

/** Writes everything that is text; the compiled and assembled rest comes from `scenario_build`. */
export function writeProject(dir: string, version: string, text: ReleaseText): Project {
  const root = join(dir, '_build/prod/rel', RELEASE);
  for (const [name, app] of applications(text)) writeApplication(dir, root, name, app);
  for (const [path, content] of Object.entries(text.files ?? {})) {
    if (content !== null) write(join(dir, path), content);
  }
  write(join(dir, 'rebar.config'), `{relx, [{release, {${RELEASE}, "${version}"}, [sasl]}]}.\n`);
  write(join(root, 'releases', version, 'sys.config'), text.config ?? '[].\n');
  write(join(root, 'releases', version, 'vm.args'), '');
  for (const folder of ['lib', 'bin']) mkdirSync(join(root, folder), { recursive: true });
  return { dir, root, version, text };
}

/** What `scenario_build` makes of it, as an Erlang map. */
export function buildSpec(project: Project, mayFail: boolean): string {
  const { dir, root, version, text } = project;
  const otp = ['kernel', 'stdlib', ...(text.sasl === false ? [] : ['sasl']), ...(text.otp ?? [])];
  const apps = applications(text).map(([name, app]) => {
    const source = sourceDir(dir, name, app);
    const include = [source, join(source, '../include'), join(dir, 'apps')].map(string).join(', ');
    return (
      `#{name => ${atom(name)}, vsn => ${string(app.vsn ?? '1.0.0')}, type => ${text.types?.[name] ?? 'permanent'}, ` +
      `src => ${string(source)}, ebin => ${string(join(libDir(root, name, app), 'ebin'))}, include => [${include}], ` +
      `options => ${app.options ?? '[debug_info]'}${app.transform === undefined ? '' : `, transform => ${app.transform}`}}`
    );
  });
  return `#{root => ${string(root)}, name => ${string(RELEASE)}, vsn => ${string(version)}, otp => [${otp.join(', ')}], apps => [${apps.join(',\n  ')}]${mayFail ? ', may_fail => true' : ''}}`;
}

/** The applications of a release that are not OTP's. */
export function applications(text: ReleaseText): [string, ApplicationText][] {
  return Object.entries(text.apps ?? {}).filter(
    (entry): entry is [string, ApplicationText] => entry[1] !== null,
  );
}

function writeApplication(dir: string, root: string, name: string, app: ApplicationText): void {
  const source = sourceDir(dir, name, app);
  const lib = libDir(root, name, app);
  const modules: string[] = [];
  for (const [file, content] of Object.entries(app.src ?? {})) {
    if (content === null) continue;
    const isModule = !basename(file).includes('.') || file.startsWith('Elixir.');
    if (isModule) modules.push(file);
    write(
      join(source, isModule ? `${file}.erl` : file),
      isModule ? `-module(${atom(file)}).\n${content}` : content,
    );
  }
  for (const [path, content] of Object.entries(app.files ?? {})) {
    if (content === null) continue;
    write(join(source, '..', path), content);
    if (/^(priv|ebin)\//.test(path)) write(join(lib, path), content);
  }
  const resource = resourceFile(name, app, modules);
  write(join(source, `${name}.app.src`), resource);
  write(join(lib, 'ebin', `${name}.app`), resource);
}

function resourceFile(name: string, app: ApplicationText, modules: readonly string[]): string {
  const entries = [
    `{description, ${string(name)}}`,
    `{vsn, ${string(app.vsn ?? '1.0.0')}}`,
    `{modules, [${modules.map(atom).join(', ')}]}`,
    `{registered, []}`,
    `{applications, [${['kernel', 'stdlib', ...(app.applications ?? [])].join(', ')}]}`,
    ...(app.included === undefined ? [] : [`{included_applications, [${app.included.join(', ')}]}`]),
    ...(app.mod === undefined ? [] : [`{mod, ${app.mod}}`]),
    ...(app.properties === undefined ? [] : [app.properties]),
  ];
  return `{application, ${atom(name)}, [\n  ${entries.join(',\n  ')}\n]}.\n`;
}

function sourceDir(dir: string, name: string, app: ApplicationText): string {
  return join(dir, app.dependency === true ? '_build/prod/lib' : 'apps', name, 'src');
}

function libDir(root: string, name: string, app: ApplicationText): string {
  return join(root, 'lib', `${name}-${app.vsn ?? '1.0.0'}`);
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** An Erlang string. */
export function string(text: string): string {
  return JSON.stringify(text);
}

/** An Erlang atom. */
export function atom(name: string): string {
  return /^[a-z]\w*$/.test(name) ? name : `'${name}'`;
}
