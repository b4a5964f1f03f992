import { Command, CommanderError, Option } from 'commander';
import project from '../../../package.json' with { type: 'json' };
import { optionsOf, type ActionCommand } from './option-table.js';
import { EXIT } from './outcome.js';
import { DEFAULT_OUTPUT } from './results.js';
import { runCommand, type DeskOptions } from './run-command.js';
import { statusCommand } from './status-command.js';

const COMMANDS: readonly (readonly [ActionCommand, string])[] = [
  [
    'check',
    'Tell whether the checked-out commit can be upgraded to hot, as for a pull request; makes nothing.',
  ],
  ['build', 'Make the packages of the checked-out commit, without a rehearsal.'],
  ['rehearse', 'Make the packages, and try the upgrade on scratch nodes of this machine.'],
  [
    'deploy',
    'Install, upgrade or restart the node in a folder of this machine, with packages that were made before.',
  ],
];

/** A deploy here takes packages from a folder, never from an artifact. */
const NEEDED = ['package', 'version'];

/** The command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = new Command('relup-action')
    .description(project.description)
    .version(project.version)
    .exitOverride()
    // `deploy --version` is the command's
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for the options)');
  for (const [name, description] of COMMANDS) {
    const command = program.command(name).description(description);
    addOptions(command, name);
    command.action(async () => {
      const { given, desk } = valuesOf(command);
      if (name === 'deploy' && NEEDED.every((one) => given[one] === undefined)) {
        command.error('error: give --package, or --version for a release that is installed already');
      }
      status = await runCommand(name, given, desk);
    });
  }
  program
    .command('status')
    .description('Tell what is installed and running in a folder of this machine; changes nothing.')
    .requiredOption('--deploy-root <path>', 'Folder where the release is installed.')
    .option('--json', 'Write it as JSON.')
    .action(async ({ deployRoot, json }: { deployRoot: string; json?: boolean }) => {
      status = await statusCommand(deployRoot, { json: json === true });
    });
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  }
}

function addOptions(command: Command, name: ActionCommand): void {
  for (const { name: input, description, fallback, isFlag } of optionsOf(name)) {
    const option = new Option(`--${input} ${isFlag ? '[value]' : '<value>'}`, description);
    if (isFlag) option.preset('true');
    option.makeOptionMandatory(name === 'deploy' && input === 'deploy-root');
    command.addOption(fallback === '' ? option : option.default(fallback));
  }
  command
    .option(
      '--output <folder>',
      'Folder for what is made (report, packages, logs).',
      name === 'build' || name === 'rehearse' ? DEFAULT_OUTPUT : undefined,
    )
    .option('--json', 'Write the report to standard output as JSON, and everything else to standard error.')
    .option('--verbose', 'On a terminal, show what the programs print, too.');
  if (name !== 'rehearse') return;
  command.option(
    '--keep',
    'Leave the nodes of the rehearsal running until Ctrl-C, for an hour at most, and tell how to attach.',
  );
}

/** Inputs by their own names, and the rest. */
function valuesOf(command: Command): {
  readonly given: Record<string, string>;
  readonly desk: DeskOptions;
} {
  const values = command.opts<Record<string, string | boolean | undefined>>();
  const { json, verbose, output, keep } = values;
  const inputs = command.options.flatMap((option) => {
    const value = values[option.attributeName()];
    const name = option.long?.slice(2) ?? '';
    return typeof value === 'string' && name !== 'output' ? [[name, value]] : [];
  });
  return {
    given: Object.fromEntries(inputs) as Record<string, string>,
    desk: {
      json: json === true,
      verbose: verbose === true,
      keep: keep === true,
      output: typeof output === 'string' ? output : undefined,
    },
  };
}
