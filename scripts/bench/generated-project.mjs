// A rebar3 project of any size in a git repository with two (or more) releases, for measuring.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * One application, or an umbrella of several when there are more modules than one holds, with a committed rebar.lock.
 * @param {object} options
 * @param {string} options.dir a folder that does not exist yet
 * @param {number} options.modules modules of the project's own applications
 * @param {number} [options.perApplication] how many of them one application holds
 * @param {number} [options.dependencies] local git dependencies, each with `dependencyModules` modules
 * @param {number} [options.dependencyModules]
 * @param {readonly { name: string, folder: string, head: string }[]} [options.libraries] other git dependencies, with a tag 1.0.0
 * @param {boolean} [options.devMode] relx is configured as in the usual how-to: `dev_mode`, which the prod profile takes back;
 * relx's mode stays `dev`, and so sources are in the release, too
 * @param {string[]} options.versions release versions, oldest first; each changes one module, and so one application
 * @returns {string} the repository, the last version checked out
 */
export function generateProject(options) {
  const { dir, modules, perApplication = 50, dependencies = 0, dependencyModules = 60, versions } = options;
  const { libraries = [] } = options;
  const modes = options.devMode === true ? DEV_MODES : PROD_MODES;
  const made = Array.from({ length: dependencies }, (_, index) => dependency(dir, index, dependencyModules));
  const deps = [...made, ...libraries];
  const applications = split(modules, perApplication);
  const repository = join(dir, 'project');
  repositoryIn(repository);
  for (const [index, version] of versions.entries()) {
    const files = {
      '.gitignore': '_build/\n',
      'rebar.config': config(version, applications, deps, modes),
      'rebar.lock': lock(deps),
    };
    for (const [position, { name, folder, count }] of applications.entries()) {
      // big is the application that starts the others; it is the one that the versions change.
      const others = position === 0 ? applications.slice(1).map((other) => other.name) : [];
      const used = ['kernel', 'stdlib', ...others, ...deps.map((one) => one.name)];
      const vsn = position === 0 ? version : versions[0];
      files[`${folder}src/${name}.app.src`] = resource(name, vsn, used);
      if (position === 0) files[`${folder}src/${name}.appup.src`] = appup(version, versions.slice(0, index));
      for (let number = 0; number < count; number++) {
        // Only one module differs between two versions: what a patch release looks like.
        const value = position === 0 && number === 1 ? version : 'same';
        files[`${folder}src/${name}_${number}.erl`] = moduleText(
          `${name}_${number}`,
          `${name}_${(number + 1) % count}`,
          value,
          made[number % (made.length || 1)]?.name,
        );
      }
    }
    write(repository, files);
    commit(repository, version);
  }
  return repository;
}

/** The project's own applications: name, folder in the repository, and number of modules. */
function split(modules, perApplication) {
  const count = Math.ceil(modules / perApplication);
  return Array.from({ length: count }, (_, index) => {
    const name = index === 0 ? 'big' : `big${index}`;
    const folder = count === 1 ? '' : `apps/${name}/`;
    return { name, folder, count: Math.min(perApplication, modules - index * perApplication) };
  });
}

function dependency(dir, index, modules) {
  const name = `dep${index}`;
  const folder = join(dir, name);
  repositoryIn(folder);
  const files = { [`src/${name}.app.src`]: resource(name, '1.0.0', ['kernel', 'stdlib']) };
  for (let number = 0; number < modules; number++) {
    files[`src/${name}_${number}.erl`] = moduleText(
      `${name}_${number}`,
      `${name}_${(number + 1) % modules}`,
      'same',
    );
  }
  write(folder, files);
  return { name, folder, head: commit(folder, '1.0.0') };
}

const PROD_MODES = { own: '{dev_mode, false}, {include_erts, true}', profile: '' };
const DEV_MODES = {
  own: '{dev_mode, true}, {include_erts, false}',
  profile: '{relx, [{dev_mode, false}, {include_erts, true}]}',
};

function config(version, applications, deps, modes) {
  const sources = deps.map(({ name, folder }) => `{${name}, {git, "file://${folder}", {tag, "1.0.0"}}}`);
  const names = [...applications, ...deps].map(({ name }) => name).concat('sasl');
  return `{erl_opts, [debug_info]}.
{deps, [${sources.join(',\n        ')}]}.
{relx, [{release, {big, "${version}"}, [${names.join(', ')}]}, {extended_start_script, true},
        ${modes.own}]}.
{profiles, [{prod, [${modes.profile}]}]}.
`;
}

/** As rebar3 writes it. */
function lock(deps) {
  const entries = deps.map(
    ({ name, folder, head }) => `{<<"${name}">>,\n  {git,"file://${folder}",\n       {ref,"${head}"}},\n  0}`,
  );
  return `[${entries.join(',\n ')}].\n`;
}

export function resource(name, version, applications) {
  return `{application, ${name}, [{description, "generated"}, {vsn, "${version}"}, {registered, []},
 {applications, [${applications.join(', ')}]}, {env, []}]}.
`;
}

function appup(version, earlier) {
  const entries = earlier.map((from) => `{"${from}", [{load_module, big_1}]}`).join(', ');
  return `{"${version}", [${entries}], [${entries}]}.\n`;
}

/** About 60 lines of ordinary code: functions, records, pattern matching, calls to other modules. */
export function moduleText(name, other, value, dependencyName) {
  const functions = Array.from(
    { length: 10 },
    (_, index) => `
step_${index}(#state{count = Count, items = Items} = State, Arg) when is_integer(Arg) ->
    Sum = lists:foldl(fun(Item, Acc) -> Item * ${index + 1} + Acc end, Arg, Items),
    case Sum rem ${index + 3} of
        0 -> State#state{count = Count + ${index}, name = <<"${name}_${index}">>};
        _ -> ${other}:call(Sum, State#state{items = [Sum | Items]})
    end.`,
  );
  const dependencyCall = dependencyName === undefined ? 'ok' : `${dependencyName}_0:value()`;
  return `-module(${name}).
-export([call/2, value/0, new/0]).
-export([${functions.map((_, index) => `step_${index}/2`).join(', ')}]).
-record(state, {count = 0, items = [], name = <<>>}).

new() -> #state{}.
value() -> {<<"${value}">>, ${dependencyCall}}.
call(0, State) -> {done, State};
call(Arg, State) -> step_0(State, Arg - 1).
${functions.join('\n')}
`;
}

export function repositoryIn(folder) {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
}

function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Commits everything, and tags it. @returns {string} the commit */
export function commit(folder, version) {
  git(folder, 'add', '--all');
  git(
    folder,
    '-c',
    'user.name=Bench',
    '-c',
    'user.email=bench@example.invalid',
    'commit',
    '--quiet',
    '-m',
    version,
  );
  git(folder, 'tag', version);
  return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim();
}

function git(folder, ...args) {
  execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
