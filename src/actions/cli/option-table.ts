import action from '../../../action.yml';
import deployAction from '../../../deploy/action.yml';

/** A command that does what an action does. */
export type ActionCommand = 'check' | 'build' | 'rehearse' | 'deploy';

/** An option: an input of action.yml under the same name. */
export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly fallback: string;
  /** May stand without a value, which then is true. */
  readonly isFlag: boolean;
}

/** What is about a workflow run: its artifacts, its cache, its tokens. */
const RUNS_ONLY = [
  ...['mode', 'upload', 'artifact-name', 'artifact-digest', 'retention-days', 'overwrite', 'cache'],
  ...['run-id', 'github-token', 'publish', 'report-artifact'],
  ...['attest', 'verify-attestation', 'attestation-trusted-root'],
];

/** The names of all inputs. */
export const INPUTS: ReadonlySet<string> = new Set(
  [action, deployAction].flatMap(({ inputs }) => Object.keys(inputs)),
);

/** Of the root action, which also deploys; these two are about what is made, too. */
const ABOUT_DEPLOYS = Object.keys(deployAction.inputs).filter(
  (name) => !['check', 'allow-restart'].includes(name),
);

/** What makes the command what it is. */
const FIXED: Readonly<Record<ActionCommand, Readonly<Record<string, string>>>> = {
  check: { mode: 'check' },
  build: { rehearse: 'false', 'rehearse-cluster': 'false' },
  rehearse: {},
  deploy: {},
};

/** The options of a command, from the same table as the inputs of the action. */
export function optionsOf(command: ActionCommand): CommandOption[] {
  const { inputs } = command === 'deploy' ? deployAction : action;
  const others = command === 'deploy' ? [] : ['deploy', ...ABOUT_DEPLOYS];
  const hidden = new Set([...RUNS_ONLY, ...others, ...Object.keys(FIXED[command])]);
  return Object.entries(inputs)
    .filter(([name]) => !hidden.has(name))
    .map(([name, { description, default: fallback = '' }]) => ({
      name,
      description: description.replaceAll(/\s+/g, ' ').trim(),
      fallback,
      isFlag: fallback === 'true' || fallback === 'false',
    }));
}

/** All inputs as the action gets them: what was given, what the command fixes, and the defaults. */
export function inputsOf(
  command: ActionCommand,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const { inputs } = command === 'deploy' ? deployAction : action;
  const defaults = Object.entries(inputs).map(([name, { default: fallback = '' }]): [string, string] => [
    name,
    fallback,
  ]);
  return {
    ...Object.fromEntries(defaults),
    'github-token': process.env.GITHUB_TOKEN ?? '',
    ...given,
    ...(command === 'deploy' ? {} : { upload: 'false', cache: 'false', publish: 'none', attest: 'false' }),
    ...FIXED[command],
  };
}
