// A random pair of releases as a scenario.
import { callback } from '../modules.js';
import type { ApplicationText, Question, ReleaseText, Scenario } from '../scenario.js';
import type { Edit } from './edits.js';
import { applyEdit } from './edits.js';
import {
  type App,
  type Fn,
  type Model,
  type Module,
  modulesOf,
  type ServerModule,
  type SupervisorModule,
} from './model.js';

/** How deep functions call each other when they are asked; cycles end there. */
const DEPTH = 3;

/** The scenario of a model and its edits. Nothing is expected but that it is not wrong in silence. */
export function renderScenario(name: string, before: Model, edits: readonly Edit[]): Scenario {
  const after = edits.reduce(applyEdit, before);
  const raised = edits.flatMap((edit) => (edit.kind === 'raise-version' ? [edit.app] : []));
  return {
    name,
    upFrom: renderRelease(before, before),
    to: renderChange(before, after, raised),
    expect: 'equal',
    before: [
      ...common(before, after).map(({ name }) => `ok = gen_server:call(${name}, {add, 3})`),
      'ok',
    ].join(', '),
    asks: questions(before, after),
  };
}

function renderRelease(model: Model, other: Model): ReleaseText {
  return { apps: Object.fromEntries(model.apps.map((app) => [app.name, renderApp(app, model, other)])) };
}

function renderApp(app: App, model: Model, other: Model): ApplicationText {
  const modules = app.modules.map((module) => [module.name, renderModule(module, other)] as const);
  const src = Object.fromEntries(modules);
  if (app.top === undefined) return { applications: needed(app, model), src };
  return {
    mod: `{${app.name}_main, []}`,
    applications: needed(app, model),
    src: { [`${app.name}_main`]: callback(app.top), ...src },
  };
}

function needed({ needs }: App, model: Model): string[] {
  return needs.filter((need) => model.apps.some(({ name }) => name === need));
}

/** Applications whose text is the same keep their version. */
function renderChange(before: Model, after: Model, raised: readonly string[]): ReleaseText {
  const old = renderRelease(before, before).apps ?? {};
  const changed = Object.entries(renderRelease(after, before).apps ?? {}).filter(
    ([name, app]) => raised.includes(name) || JSON.stringify(app) !== JSON.stringify(old[name]),
  );
  const gone = before.apps.filter(({ name }) => !after.apps.some((app) => app.name === name));
  return {
    apps: {
      ...Object.fromEntries(
        changed.map(([name, app]) => [name, app === null ? null : withGone(app, old[name])]),
      ),
      ...Object.fromEntries(gone.map(({ name }) => [name, null])),
    },
  };
}

function withGone(app: ApplicationText, before: ApplicationText | null | undefined): ApplicationText {
  const gone = Object.keys(before?.src ?? {}).filter((name) => app.src?.[name] === undefined);
  return { ...app, src: { ...app.src, ...Object.fromEntries(gone.map((name) => [name, null])) } };
}

function renderModule(module: Module, other: Model): string {
  if (module.kind === 'plain') return renderPlain(module.functions);
  if (module.kind === 'supervisor') return renderSupervisor(module);
  const counterpart = modulesOf(other).find(({ name }) => name === module.name);
  const fields = counterpart !== undefined && 'fields' in counterpart ? counterpart.fields : module.fields;
  return module.kind === 'server' ? renderServer(module, fields) : renderStatem(module, fields);
}

function renderPlain(functions: readonly Fn[]): string {
  const exports = functions.map(({ name }) => `${name}/1`).join(', ');
  const clauses = functions.map(({ name, value, calls }) => {
    const called = calls.map(({ module, fn }) => `, ${module}:${fn}(D - 1)`).join('');
    return `${name}(0) -> 0;\n${name}(D) -> {${value}${called}${called === '' ? ', D' : ''}}.\n`;
  });
  return `-export([${exports}]).\n${clauses.join('')}`;
}

function renderSupervisor({ name, strategy, tuples, children }: SupervisorModule): string {
  const specs = children.map(({ module, shutdown, isSupervisor }) => {
    const type = isSupervisor ? 'supervisor' : 'worker';
    return tuples
      ? `{${module}, {${module}, start_link, []}, permanent, ${shutdown}, ${type}, [${module}]}`
      : `#{id => ${module}, start => {${module}, start_link, []}, shutdown => ${shutdown}, type => ${type}}`;
  });
  const flags = tuples ? `{${strategy}, 1, 5}` : `#{strategy => ${strategy}}`;
  return `-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, ${name}}, ${name}, []).
init([]) -> {ok, {${flags}, [${specs.join(',\n  ')}]}}.
`;
}

function record(fields: number): string {
  return `-record(state, {sum = 0${Array.from({ length: fields }, (_, index) => `, f${index} = ${index}`).join('')}}).`;
}

/** A record with this many fields as a pattern or a term; fields that the pattern lacks get their default. */
function tuple(fields: number, known: number): string {
  const rest = Array.from({ length: fields }, (_, index) => (index < known ? `, F${index}` : `, ${index}`));
  return `{state, Sum${rest.join('')}}`;
}

function pattern(fields: number, used: number): string {
  const rest = Array.from({ length: fields }, (_, index) => (index < used ? `, F${index}` : `, _`));
  return `{state, Sum${rest.join('')}}`;
}

function codeChange(
  { codeChange, fields }: ServerModule,
  other: number,
  args: string,
  result: string,
): string {
  if (codeChange === 'none') return '';
  const clause = (vsn: string, input: string, output: string): string =>
    `code_change(${vsn}, ${args.replace('DATA', input)}, _Extra) -> {ok, ${result.replace('DATA', output)}}`;
  if (codeChange === 'passes') return `${clause('_Vsn', 'Data', 'Data')}.\n`;
  const down = clause('{down, _Vsn}', pattern(fields, other), tuple(other, fields));
  const up = clause('_Vsn', pattern(other, fields), tuple(fields, other));
  return `${down};\n${up}.\n`;
}

function renderServer(server: ServerModule, other: number): string {
  const { name, value, fields } = server;
  return `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).
${server.codeChange === 'none' ? '' : '-export([code_change/3]).'}
${record(fields)}
start_link() -> gen_server:start_link({local, ${name}}, ${name}, [], []).
init([]) -> {ok, #state{}}.
handle_call({add, M}, _From, #state{sum = N} = State) -> {reply, ok, State#state{sum = N + M}};
handle_call(total, _From, #state{sum = N} = State) -> {reply, {${value}, N}, State}.
handle_cast(_Message, State) -> {noreply, State}.
${codeChange(server, other, 'DATA', 'DATA')}`;
}

function renderStatem(server: ServerModule, other: number): string {
  const { name, value, fields } = server;
  return `-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, handle_event/4]).
${server.codeChange === 'none' ? '' : '-export([code_change/4]).'}
${record(fields)}
start_link() -> gen_statem:start_link({local, ${name}}, ${name}, [], []).
init([]) -> {ok, ready, #state{}}.
callback_mode() -> handle_event_function.
handle_event({call, From}, {add, M}, ready, #state{sum = N} = State) -> {keep_state, State#state{sum = N + M}, [{reply, From, ok}]};
handle_event({call, From}, total, ready, #state{sum = N}) -> {keep_state_and_data, [{reply, From, {${value}, N}}]}.
${codeChange(server, other, 'Name, DATA', 'Name, DATA')}`;
}

/** Processes that are in both releases, below a supervisor of a running application, and of one kind. */
function common(before: Model, after: Model): ServerModule[] {
  const later = new Map(running(after).map((server) => [server.name, server]));
  return running(before).filter(({ name, kind }) => later.get(name)?.kind === kind);
}

function running(model: Model): ServerModule[] {
  return model.apps.flatMap(({ top, modules }) => {
    const reached = new Set<string>();
    const walk = (name: string): void => {
      reached.add(name);
      const module = modules.find((one) => one.name === name);
      if (module?.kind === 'supervisor') module.children.forEach((child) => walk(child.module));
    };
    if (top !== undefined) walk(top);
    return modules.filter(
      (one): one is ServerModule => (one.kind === 'server' || one.kind === 'statem') && reached.has(one.name),
    );
  });
}

function questions(before: Model, after: Model): Question[] {
  const later = new Map(modulesOf(after).map((module) => [module.name, module]));
  const totals = common(before, after).map(({ name, value }): Question => {
    const now = later.get(name) as ServerModule;
    return { ask: `gen_server:call(${name}, total)`, upFrom: `{${value},3}`, to: `{${now.value},3}` };
  });
  const calls = modulesOf(before).flatMap((module): Question[] => {
    const now = later.get(module.name);
    if (module.kind !== 'plain' || now?.kind !== 'plain') return [];
    const shared = module.functions.filter(({ name }) => now.functions.some((fn) => fn.name === name));
    return shared.map(({ name }) => ({
      ask: `${module.name}:${name}(${DEPTH})`,
      upFrom: evaluate(before, module.name, name, DEPTH),
      to: evaluate(after, module.name, name, DEPTH),
    }));
  });
  // a smaller case may have lost what is called
  return [...totals, ...calls.filter(({ upFrom, to }) => !`${upFrom}${to}`.includes('undef'))];
}

/** What the function returns, as `~0tp` prints it. */
function evaluate(model: Model, module: string, name: string, depth: number): string {
  if (depth === 0) return '0';
  const found = modulesOf(model).find((one) => one.name === module);
  const fn = found?.kind === 'plain' ? found.functions.find((one) => one.name === name) : undefined;
  if (fn === undefined) return 'undef';
  const called = fn.calls.map((call) => evaluate(model, call.module, call.fn, depth - 1));
  return `{${[fn.value, ...(called.length === 0 ? [depth] : called)].join(',')}}`;
}
