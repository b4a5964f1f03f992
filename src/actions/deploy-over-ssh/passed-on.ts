import { parseCommand } from '../cli/workflow-command.js';
import { neutralise } from '../../shared/workflow-commands.js';

/** What another machine may say to the runner; nothing that sets outputs, state or the environment. */
const PASSED_ON = ['group', 'endgroup', 'add-mask', 'debug', 'notice', 'warning', 'error'];

/** A line of the other machine as it may stand in this step's log. Pure. */
export function passedOn(line: string): string {
  const command = parseCommand(line);
  return command !== undefined && PASSED_ON.includes(command.name) ? line : neutralise(line);
}
