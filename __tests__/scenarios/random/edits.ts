// What happens between two random releases. An edit names what it changes, so that a smaller case can leave others out; one
// whose object is not there any more changes nothing.
import {
  childOf,
  freshName,
  functionsOf,
  mapModules,
  modulesOf,
  randomApp,
  randomPlain,
  randomServer,
  type App,
  type Child,
  type Model,
  type Module,
  type ServerModule,
} from './model.js';
import type { Seeded } from './seeded.js';

export type Edit =
  | { readonly kind: 'change'; readonly module: string }
  | { readonly kind: 'add-module'; readonly app: string; readonly module: Module; readonly caller?: string }
  | { readonly kind: 'remove-module'; readonly module: string }
  | { readonly kind: 'rename-module'; readonly module: string; readonly to: string }
  | { readonly kind: 'move-module'; readonly module: string; readonly app: string }
  | { readonly kind: 'move-function'; readonly module: string; readonly fn: string; readonly to: string }
  | {
      readonly kind: 'state-field';
      readonly module: string;
      readonly fields: number;
      readonly converts: boolean;
    }
  | {
      readonly kind: 'add-child';
      readonly supervisor: string;
      readonly child: Module;
      readonly place: number;
    }
  | {
      readonly kind: 'remove-child';
      readonly supervisor: string;
      readonly child: string;
      readonly module: boolean;
    }
  | { readonly kind: 'change-child'; readonly supervisor: string; readonly child: string }
  | { readonly kind: 'swap-children'; readonly supervisor: string }
  | { readonly kind: 'strategy'; readonly supervisor: string }
  | { readonly kind: 'add-app'; readonly app: App }
  | { readonly kind: 'remove-app'; readonly app: string }
  | { readonly kind: 'raise-version'; readonly app: string };

/** One to six edits that fit the model. */
export function randomEdits(model: Model, random: Seeded): Edit[] {
  const edits: Edit[] = [];
  let now = model;
  const count = random.between(1, 6);
  for (let tries = 0; edits.length < count && tries < 50; tries += 1) {
    const edit = randomEdit(now, random);
    if (edit === undefined) continue;
    edits.push(edit);
    now = applyEdit(now, edit);
  }
  return edits;
}

function randomEdit(model: Model, random: Seeded): Edit | undefined {
  const makers = [
    ...[0, 1, 2].map(() => change),
    ...[addModule, removeModule, renameModule, moveModule, moveFunction, stateField, stateField],
    ...[
      addChild,
      addChild,
      removeChild,
      changeChild,
      swapChildren,
      strategy,
      addApp,
      removeApp,
      raiseVersion,
    ],
  ];
  return random.oneOf(makers)?.(model, random);
}

const change = (model: Model, random: Seeded): Edit | undefined => {
  const module = random.oneOf(modulesOf(model).filter(({ kind }) => kind !== 'supervisor'));
  return module && { kind: 'change', module: module.name };
};

const addModule = (model: Model, random: Seeded): Edit | undefined => {
  const app = random.oneOf(model.apps);
  const caller = random.oneOf(plainNames(model));
  return (
    app && {
      kind: 'add-module',
      app: app.name,
      module: randomPlain(model, random),
      ...(caller === undefined ? {} : { caller }),
    }
  );
};

const removeModule = (model: Model, random: Seeded): Edit | undefined => {
  const module = random.oneOf(plainNames(model));
  return module === undefined ? undefined : { kind: 'remove-module', module };
};

const renameModule = (model: Model, random: Seeded): Edit | undefined => {
  const module = random.oneOf(plainNames(model));
  return module === undefined
    ? undefined
    : { kind: 'rename-module', module, to: freshName(model, random, 'new') };
};

const moveModule = (model: Model, random: Seeded): Edit | undefined => {
  const module = random.oneOf(plainNames(model));
  const app = random.oneOf(model.apps.filter((one) => !one.modules.some(({ name }) => name === module)));
  return module === undefined || app === undefined
    ? undefined
    : { kind: 'move-module', module, app: app.name };
};

const moveFunction = (model: Model, random: Seeded): Edit | undefined => {
  const from = random.oneOf(functionsOf(model));
  const to = random.oneOf(plainNames(model).filter((name) => name !== from?.module));
  return from === undefined || to === undefined ? undefined : { kind: 'move-function', ...from, to };
};

const stateField = (model: Model, random: Seeded): Edit | undefined => {
  const server = random.oneOf(servers(model));
  if (server === undefined) return undefined;
  const fields = random.chance(0.7) || server.fields === 0 ? server.fields + 1 : server.fields - 1;
  return { kind: 'state-field', module: server.name, fields, converts: random.chance(0.75) };
};

const addChild = (model: Model, random: Seeded): Edit | undefined => {
  const supervisor = random.oneOf(supervisors(model));
  if (supervisor === undefined) return undefined;
  const place = random.between(0, supervisor.children.length);
  return { kind: 'add-child', supervisor: supervisor.name, child: randomServer(model, random), place };
};

const removeChild = (model: Model, random: Seeded): Edit | undefined => {
  const supervisor = random.oneOf(supervisors(model).filter(({ children }) => children.length > 0));
  const child = random.oneOf(supervisor?.children ?? []);
  if (supervisor === undefined || child === undefined) return undefined;
  return {
    kind: 'remove-child',
    supervisor: supervisor.name,
    child: child.module,
    module: random.chance(0.6),
  };
};

const changeChild = (model: Model, random: Seeded): Edit | undefined => {
  const supervisor = random.oneOf(supervisors(model));
  const child = random.oneOf((supervisor?.children ?? []).filter(({ isSupervisor }) => !isSupervisor));
  if (supervisor === undefined || child === undefined) return undefined;
  return { kind: 'change-child', supervisor: supervisor.name, child: child.module };
};

const swapChildren = (model: Model, random: Seeded): Edit | undefined => {
  const supervisor = random.oneOf(supervisors(model).filter(({ children }) => children.length > 1));
  return supervisor && { kind: 'swap-children', supervisor: supervisor.name };
};

const strategy = (model: Model, random: Seeded): Edit | undefined => {
  const supervisor = random.oneOf(supervisors(model));
  return supervisor && { kind: 'strategy', supervisor: supervisor.name };
};

const addApp = (model: Model, random: Seeded): Edit => ({
  kind: 'add-app',
  app: randomApp(model, random, random.chance(0.5)),
});

const removeApp = (model: Model, random: Seeded): Edit | undefined => {
  const app = random.oneOf(model.apps.slice(1));
  return app && { kind: 'remove-app', app: app.name };
};

const raiseVersion = (model: Model, random: Seeded): Edit | undefined => {
  const app = random.oneOf(model.apps);
  return app && { kind: 'raise-version', app: app.name };
};

function plainNames(model: Model): string[] {
  return modulesOf(model)
    .filter(({ kind }) => kind === 'plain')
    .map(({ name }) => name);
}

function servers(model: Model): ServerModule[] {
  return modulesOf(model).filter(
    (module): module is ServerModule => module.kind === 'server' || module.kind === 'statem',
  );
}

function supervisors(model: Model) {
  return modulesOf(model).filter((module) => module.kind === 'supervisor');
}

/** The release after an edit. */
export function applyEdit(model: Model, edit: Edit): Model {
  switch (edit.kind) {
    case 'change':
      return mapModules(model, (module) => (module.name === edit.module ? changed(module) : module));
    case 'add-module':
      return withCall(
        inApp(model, edit.app, (modules) => [...modules, edit.module]),
        edit,
      );
    case 'remove-module':
      return withoutCallsInto(without(model, [edit.module]), edit.module);
    case 'rename-module':
      return renamed(model, edit.module, edit.to);
    case 'move-module': {
      const moved = modulesOf(model).find(({ name }) => name === edit.module);
      if (moved === undefined || !model.apps.some(({ name }) => name === edit.app)) return model;
      return inApp(without(model, [edit.module]), edit.app, (modules) => [...modules, moved]);
    }
    case 'move-function':
      return functionMoved(model, edit);
    case 'state-field':
      return mapModules(model, (module) =>
        module.name === edit.module && (module.kind === 'server' || module.kind === 'statem')
          ? { ...module, fields: edit.fields, codeChange: edit.converts ? 'converts' : module.codeChange }
          : module,
      );
    case 'add-child': {
      const app = model.apps.find(({ modules }) => modules.some(({ name }) => name === edit.supervisor));
      if (app === undefined) return model;
      const added = inApp(model, app.name, (modules) => [...modules, edit.child]);
      return inSupervisor(added, edit.supervisor, (children) =>
        children.toSpliced(edit.place, 0, childOf(edit.child.name, false)),
      );
    }
    case 'remove-child': {
      const rest = inSupervisor(model, edit.supervisor, (children) =>
        children.filter(({ module }) => module !== edit.child),
      );
      return edit.module ? without(rest, below(rest, edit.child)) : rest;
    }
    case 'change-child':
      return inSupervisor(model, edit.supervisor, (children) =>
        children.map((child) =>
          child.module === edit.child ? { ...child, shutdown: child.shutdown + 1 } : child,
        ),
      );
    case 'swap-children':
      return inSupervisor(model, edit.supervisor, (children) => [...children].reverse());
    case 'strategy':
      return mapModules(model, (module) =>
        module.name === edit.supervisor && module.kind === 'supervisor'
          ? { ...module, strategy: module.strategy === 'one_for_one' ? 'rest_for_one' : 'one_for_one' }
          : module,
      );
    case 'add-app':
      return { apps: [...model.apps, edit.app] };
    case 'remove-app':
      return removedApp(model, edit.app);
    case 'raise-version':
      return model;
  }
}

function changed(module: Module): Module {
  if (module.kind === 'supervisor') return module;
  if (module.kind !== 'plain') return { ...module, value: module.value + 1 };
  return { ...module, functions: module.functions.map((fn) => ({ ...fn, value: fn.value + 1 })) };
}

function inApp(model: Model, name: string, change: (modules: readonly Module[]) => readonly Module[]): Model {
  return {
    apps: model.apps.map((app) => (app.name === name ? { ...app, modules: change(app.modules) } : app)),
  };
}

function inSupervisor(
  model: Model,
  name: string,
  change: (children: readonly Child[]) => readonly Child[],
): Model {
  return mapModules(model, (module) =>
    module.name === name && module.kind === 'supervisor'
      ? { ...module, children: change(module.children) }
      : module,
  );
}

function without(model: Model, names: readonly string[]): Model {
  return {
    apps: model.apps.map((app) => ({
      ...app,
      modules: app.modules.filter(({ name }) => !names.includes(name)),
    })),
  };
}

/** A child's module, and all below it when it is a supervisor. */
function below(model: Model, name: string): string[] {
  const module = modulesOf(model).find((one) => one.name === name);
  if (module?.kind !== 'supervisor') return [name];
  return [name, ...module.children.flatMap((child) => below(model, child.module))];
}

function withoutCallsInto(model: Model, removed: string): Model {
  return mapCalls(model, (call) => (call.module === removed ? undefined : call));
}

interface Call {
  readonly module: string;
  readonly fn: string;
}

function mapCalls(model: Model, change: (call: Call) => Call | undefined): Model {
  return mapModules(model, (module) =>
    module.kind !== 'plain'
      ? module
      : {
          ...module,
          functions: module.functions.map((fn) => ({
            ...fn,
            calls: fn.calls.map(change).filter((call) => call !== undefined),
          })),
        },
  );
}

function renamed(model: Model, from: string, to: string): Model {
  const named = mapModules(model, (module) => (module.name === from ? { ...module, name: to } : module));
  return mapCalls(named, (call) => (call.module === from ? { ...call, module: to } : call));
}

function withCall(model: Model, { module, caller }: Extract<Edit, { kind: 'add-module' }>): Model {
  const fn = module.kind === 'plain' ? module.functions[0]?.name : undefined;
  if (fn === undefined) return model;
  return mapModules(model, (one) =>
    one.name === caller && one.kind === 'plain'
      ? {
          ...one,
          functions: one.functions.map((own, index) =>
            index === 0 ? { ...own, calls: [...own.calls, { module: module.name, fn }] } : own,
          ),
        }
      : one,
  );
}

function functionMoved(model: Model, { module, fn, to }: Extract<Edit, { kind: 'move-function' }>): Model {
  const source = modulesOf(model).find(({ name }) => name === module);
  const moved = source?.kind === 'plain' ? source.functions.find(({ name }) => name === fn) : undefined;
  const target = modulesOf(model).find(({ name }) => name === to);
  if (moved === undefined || target?.kind !== 'plain') return model;
  const name = `${fn}_of_${module}`;
  if (target.functions.some((own) => own.name === name)) return model;
  const placed = mapModules(model, (one) => {
    if (one.kind !== 'plain') return one;
    if (one.name === module) return { ...one, functions: one.functions.filter((own) => own.name !== fn) };
    return one.name === to ? { ...one, functions: [...one.functions, { ...moved, name }] } : one;
  });
  return mapCalls(placed, (call) =>
    call.module === module && call.fn === fn ? { module: to, fn: name } : call,
  );
}

function removedApp(model: Model, name: string): Model {
  const app = model.apps.find((one) => one.name === name);
  const rest = {
    apps: model.apps
      .filter((one) => one.name !== name)
      .map((one) => ({ ...one, needs: one.needs.filter((need) => need !== name) })),
  };
  return (app?.modules ?? []).reduce((now, module) => withoutCallsInto(now, module.name), rest as Model);
}
