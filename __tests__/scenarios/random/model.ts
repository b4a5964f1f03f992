// What a random release consists of, before it becomes text.
import type { Seeded } from './seeded.js';

/** A function that calls others; what it returns shows which code of all of them runs. */
export interface Fn {
  readonly name: string;
  readonly value: number;
  readonly calls: readonly { readonly module: string; readonly fn: string }[];
}

interface Named {
  readonly name: string;
}

export interface PlainModule extends Named {
  readonly kind: 'plain';
  readonly functions: readonly Fn[];
}

/** A process with a record as state. */
export interface ServerModule extends Named {
  readonly kind: 'server' | 'statem';
  readonly value: number;
  /** Fields of the record beside the sum. */
  readonly fields: number;
  /** What `code_change` does; `none`: it is not there. */
  readonly codeChange: 'none' | 'passes' | 'converts';
}

export interface SupervisorModule extends Named {
  readonly kind: 'supervisor';
  readonly strategy: 'one_for_one' | 'rest_for_one';
  /** As tuples instead of maps. */
  readonly tuples: boolean;
  readonly children: readonly Child[];
}

export interface Child {
  /** The module, and the id. */
  readonly module: string;
  readonly shutdown: number;
  readonly isSupervisor: boolean;
}

export type Module = PlainModule | ServerModule | SupervisorModule;

export interface App {
  readonly name: string;
  readonly modules: readonly Module[];
  /** The top supervisor; without one it is a library. */
  readonly top?: string;
  /** Applications that it names as needed. */
  readonly needs: readonly string[];
}

export interface Model {
  readonly apps: readonly App[];
}

const FRUIT = ['apple', 'berry', 'cherry', 'date', 'elder', 'fig', 'grape', 'hazel', 'iris', 'juniper'];

/** A name that the model does not have yet. */
export function freshName(model: Model, random: Seeded, suffix: string): string {
  const taken = new Set(model.apps.flatMap(({ name, modules }) => [name, ...modules.map((one) => one.name)]));
  for (let round = 0; ; round += 1) {
    const name = `${random.oneOf(FRUIT) ?? 'apple'}${round === 0 ? '' : round}_${suffix}`;
    if (!taken.has(name)) return name;
  }
}

/** One to three applications, the first with processes, with calls between their modules. */
export function randomModel(random: Seeded): Model {
  let model: Model = { apps: [] };
  const count = random.between(1, 3);
  for (let index = 0; index < count; index += 1) {
    model = { apps: [...model.apps, randomApp(model, random, index === 0 || random.chance(0.5))] };
  }
  return withCalls(model, random);
}

export function randomApp(model: Model, random: Seeded, hasProcesses: boolean): App {
  const name = freshName(model, random, 'app');
  const modules: Module[] = [];
  const scratch = (): Model => ({ apps: [...model.apps, { name, modules, needs: [] }] });
  const plains = random.between(1, 4);
  for (let index = 0; index < plains; index += 1) modules.push(randomPlain(scratch(), random));
  const needs = model.apps.filter(() => random.chance(0.5)).map((app) => app.name);
  if (!hasProcesses) return { name, modules, needs };
  const top = addSupervisor(scratch, modules, random, 2);
  return { name, modules, needs, top };
}

/** @returns the supervisor's name */
function addSupervisor(scratch: () => Model, modules: Module[], random: Seeded, depth: number): string {
  const name = freshName(scratch(), random, 'sup');
  const place = modules.push({
    kind: 'supervisor',
    name,
    strategy: 'one_for_one',
    tuples: false,
    children: [],
  });
  const children: Child[] = [];
  const count = random.between(depth === 2 ? 1 : 0, 3);
  for (let index = 0; index < count; index += 1) {
    if (depth > 0 && random.chance(0.25)) {
      children.push(childOf(addSupervisor(scratch, modules, random, depth - 1), true));
    } else {
      const server = randomServer(scratch(), random);
      modules.push(server);
      children.push(childOf(server.name, false));
    }
  }
  modules[place - 1] = {
    kind: 'supervisor',
    name,
    strategy: random.chance(0.8) ? 'one_for_one' : 'rest_for_one',
    tuples: random.chance(0.3),
    children,
  };
  return name;
}

export function childOf(module: string, isSupervisor: boolean): Child {
  return { module, isSupervisor, shutdown: 5000 };
}

export function randomPlain(model: Model, random: Seeded): PlainModule {
  const functions = ['f', 'g']
    .slice(0, random.between(1, 2))
    .map((name) => ({ name, value: random.between(1, 9), calls: [] }));
  return { kind: 'plain', name: freshName(model, random, 'lib'), functions };
}

export function randomServer(model: Model, random: Seeded): ServerModule {
  return {
    kind: random.chance(0.75) ? 'server' : 'statem',
    name: freshName(model, random, 'srv'),
    value: random.between(1, 9),
    fields: random.between(0, 2),
    codeChange: random.chance(0.5) ? 'passes' : 'none',
  };
}

/** Calls at random, in cycles, too; into the own application and any other. */
function withCalls(model: Model, random: Seeded): Model {
  const targets = functionsOf(model);
  return mapModules(model, (module) =>
    module.kind !== 'plain'
      ? module
      : {
          ...module,
          functions: module.functions.map((fn) => ({
            ...fn,
            calls: random.shuffled(targets).slice(0, random.between(0, 2)),
          })),
        },
  );
}

export function functionsOf(model: Model): { module: string; fn: string }[] {
  return modulesOf(model).flatMap((module) =>
    module.kind === 'plain' ? module.functions.map(({ name }) => ({ module: module.name, fn: name })) : [],
  );
}

export function modulesOf(model: Model): readonly Module[] {
  return model.apps.flatMap(({ modules }) => modules);
}

export function mapModules(model: Model, change: (module: Module) => Module): Model {
  return { apps: model.apps.map((app) => ({ ...app, modules: app.modules.map(change) })) };
}
