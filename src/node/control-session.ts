import { CommandFailedError, NodeRefusedError } from '../shared/errors.js';
import { AnswerSession, type StartSession } from '../programs/answer-session.js';

/**
 * The control process cannot run with the distribution flags of the node: it ended before it answered anything. Asking
 * again does not help, and what it printed says why.
 */
export class ControlStartError extends NodeRefusedError {
  constructor(how: string, output: readonly string[]) {
    super(
      `The control process, which asks the node, cannot be started: it ${how} before it answered anything.`,
      {
        remedy:
          'See its output in the details: most often a module or a file that the -proto_dist, -epmd_module or ' +
          '-ssl_dist_optfile flags of vm.args name cannot be read on this machine.',
        details: output.join('\n'),
      },
    );
  }
}

/** The control process ended or hung; that is ours, and says nothing about the node. A new one can be started. */
export class ControlLostError extends CommandFailedError {}

function lost(how: string): ControlLostError {
  return new ControlLostError(`The control process, which asks the node, ${how}.`, undefined, {
    remedy: 'Run this step again. If it is ended again, look at what ends it: most often memory ran out.',
    end: { kind: 'killed', text: how },
  });
}

/** The requests and answers of one control process (src/erlang/relup_session.erl). */
export class ControlSession extends AnswerSession {
  constructor(start: StartSession) {
    super(start, {
      lost,
      unable: (how, output) => new ControlStartError(how, output),
      late: (seconds) => lost(`gave no answer within ${seconds} seconds`),
    });
  }
}
