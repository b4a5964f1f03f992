import type { Edit } from './edits.js';
import type { App, Model, Module } from './model.js';

export interface Case {
  readonly model: Model;
  readonly edits: readonly Edit[];
}

/**
 * Leaves out edits, applications, modules, children and calls as long as it still fails.
 *
 * @param fails whether a case still fails; one that cannot be built does not
 */
export async function shrink(first: Case, fails: (smaller: Case) => Promise<boolean>): Promise<Case> {
  let now = first;
  for (;;) {
    const smaller = await firstThat(candidates(now), fails);
    if (smaller === undefined) return now;
    now = smaller;
  }
}

async function firstThat(
  cases: Iterable<Case>,
  fails: (smaller: Case) => Promise<boolean>,
): Promise<Case | undefined> {
  for (const one of cases) if (await fails(one)) return one;
  return undefined;
}

function* candidates({ model, edits }: Case): Generator<Case> {
  for (const index of edits.keys()) yield { model, edits: edits.toSpliced(index, 1) };
  for (const app of model.apps) {
    if (model.apps.length > 1) yield { model: { apps: model.apps.filter((one) => one !== app) }, edits };
    for (const module of app.modules) {
      if (module.name !== app.top) yield { model: withApp(model, app, withoutModule(app, module)), edits };
      for (const lighter of lighterModules(module)) {
        const modules = app.modules.map((one) => (one === module ? lighter : one));
        yield { model: withApp(model, app, { ...app, modules }), edits };
      }
    }
    if (app.needs.length > 0) yield { model: withApp(model, app, { ...app, needs: [] }), edits };
  }
}

function withApp(model: Model, app: App, lighter: App): Model {
  return { apps: model.apps.map((one) => (one === app ? lighter : one)) };
}

function withoutModule(app: App, gone: Module): App {
  const modules = app.modules
    .filter((module) => module !== gone)
    .map((module) =>
      module.kind === 'supervisor'
        ? { ...module, children: module.children.filter((child) => child.module !== gone.name) }
        : module,
    );
  return { ...app, modules };
}

function* lighterModules(module: Module): Generator<Module> {
  if (module.kind === 'plain' && module.functions.some(({ calls }) => calls.length > 0)) {
    yield { ...module, functions: module.functions.map((fn) => ({ ...fn, calls: [] })) };
  }
  if (module.kind === 'supervisor' && module.tuples) yield { ...module, tuples: false };
  if ((module.kind === 'server' || module.kind === 'statem') && module.fields > 0)
    yield { ...module, fields: 0 };
}
