import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { DeployResult } from '../../src/model/deploy.js';
import { NOTHING } from '../../src/report/run-record.js';
import { readme } from '../../scripts/action-tables.mjs';
import { outputsOf } from '../../src/report/outputs.js';
import { projectRoot } from '../support/repository.js';

interface ActionFile {
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const action = parse(read('action.yml')) as ActionFile;
const deployAction = parse(read('deploy/action.yml')) as ActionFile;
const rollingAction = parse(read('rolling/action.yml')) as ActionFile;

const namesIn = (file: string): string[] =>
  [...read(file).matchAll(/(?:getInput|flag|list|oneOf|plainName|duration|number)\('([a-z-]+)'/g)].map(
    ([, name]) => name as string,
  );
/** The inputs about the node, which both actions have. */
const shared = namesIn('src/actions/deploy-inputs.ts');

test.each([
  ['action.yml', action, 'src/actions/relup/relup-inputs.ts'],
  ['deploy/action.yml', deployAction, 'src/actions/deploy/deploy-action-inputs.ts'],
])('every input of %s is read by the code, and no other', (_file, { inputs }, source) => {
  expect([...new Set([...namesIn(source), ...shared])].sort()).toEqual(Object.keys(inputs).sort());
});

test('every input and output of rolling/action.yml is one of the code, and no other', () => {
  const inputs = namesIn('src/actions/rolling/rolling-inputs.ts');
  expect([...new Set(inputs)].sort()).toEqual(Object.keys(rollingAction.inputs).sort());
  const outputs = [...read('src/actions/rolling/rolling-action.ts').matchAll(/setOutput\('([a-z-]+)'/g)];
  expect(outputs.map(([, name]) => name).sort()).toEqual(Object.keys(rollingAction.outputs).sort());
});

interface Workflow {
  readonly on: {
    readonly workflow_call: { readonly inputs: Readonly<Record<string, { default?: unknown }>> };
  };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

test('rolling-deploy.yml hands on all inputs of deploy/action.yml that it has, with the same defaults', () => {
  const workflow = parse(read('.github/workflows/rolling-deploy.yml')) as Workflow;
  const { inputs } = workflow.on.workflow_call;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  const deploys = steps.filter(({ uses }) => uses === 'OWNER/relup-action/deploy@v1');
  expect(deploys).toHaveLength(4);
  for (const { with: given = {} } of deploys) {
    expect(Object.keys(given).filter((name) => !(name in deployAction.inputs))).toEqual([]);
    for (const [name, { default: value }] of Object.entries(inputs)) {
      if (!(name in deployAction.inputs) || ['deploy-root', 'on-failure'].includes(name)) continue;
      expect(given[name], name).toBe(`\${{ inputs.${name} }}`);
      expect(String(value), name).toBe(deployAction.inputs[name]?.default);
    }
  }
});

test('descriptions are short enough for the Marketplace', () => {
  for (const { description } of [action, deployAction, rollingAction])
    expect(description.length).toBeLessThan(125);
});

test('what both actions have means the same in both', () => {
  expect(shared.length).toBeGreaterThan(2);
  for (const name of shared.filter((one) => one !== 'deploy-root')) {
    expect(deployAction.inputs[name], name).toEqual(action.inputs[name]);
  }
});

const outputsInCode = (): string[] => {
  const source = read('src/report/outputs.ts');
  const body = source.slice(source.indexOf('const outputs'), source.indexOf('};'));
  return [...body.matchAll(/^ {4}'?([a-z0-9-]+)'?:/gm)].map(([, name]) => name as string);
};

test('every output of action.yml is set by the code, and no other', () => {
  expect(outputsInCode().sort()).toEqual(Object.keys(action.outputs).sort());
});

test('the outputs of deploy/action.yml are among them, and all that a deploy alone can set', () => {
  const names = Object.keys(deployAction.outputs);
  expect(names.filter((name) => !outputsInCode().includes(name))).toEqual([]);
  const record = {
    ...NOTHING,
    brought: { name: 'hello', version: '1.1.0', commit: '' },
    deployed: { deployedVersion: '1.1.0' } as DeployResult,
    nodeState: 'upgraded' as const,
    report: '/report.json',
  };
  expect(Object.keys(outputsOf(record)).sort()).toEqual(names.sort());
});

test.each(['', 'deploy', 'rolling'])(
  "README's tables are what action.yml says: %s/ (npm run tables)",
  (folder) => {
    const { text, wanted } = readme(folder);
    expect(text).toBe(wanted);
  },
);

interface Types {
  readonly inputs: Readonly<Record<string, { readonly type: string; 'allowed-values'?: readonly string[] }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

test.each([
  ['action-types.yml', action],
  ['deploy/action-types.yml', deployAction],
  ['rolling/action-types.yml', rollingAction],
])('%s knows every input and output, and defaults are of their type', (file, { inputs, outputs }) => {
  const types = parse(read(file)) as Types;
  expect(Object.keys(types.inputs).sort()).toEqual(Object.keys(inputs).sort());
  expect(Object.keys(types.outputs).sort()).toEqual(Object.keys(outputs).sort());
  for (const [name, { default: value = '' }] of Object.entries(inputs)) {
    const { type, 'allowed-values': values = [] } = types.inputs[name] ?? { type: 'unknown' };
    if (type === 'boolean') expect(['true', 'false'], name).toContain(value);
    if (type === 'integer') expect(value, name).toMatch(/^\d*$/);
    if (type === 'enum') expect(values, name).toContain(value);
  }
});

test('all run what is in dist, on the Node that the bundles are made for', () => {
  const using = 'node24';
  expect(action.runs).toEqual({ using, main: 'dist/relup/index.mjs', post: 'dist/cleanup/index.mjs' });
  expect(deployAction.runs).toEqual({
    using,
    main: '../dist/deploy/index.mjs',
    post: '../dist/cleanup/index.mjs',
  });
  expect(rollingAction.runs).toEqual({ using, main: '../dist/rolling/index.mjs' });
});
