import { awaitSigns } from '../../programs/life-signs.js';

/**
 * Takes the loss of the runner for a cancel, so that the step at work is finished and nothing more begun (H110): the end of
 * standard input, a hang-up, or a minute of silence, which ssh itself may notice much later. What is written then must neither
 * end this process nor hold it up.
 *
 * @returns to be called when there is nothing left to cancel
 */
export function cancelWhenAlone(): () => void {
  let told = false;
  const cancel = (): void => {
    signs.stop();
    // a second signal would not wait for the step
    if (!told) process.kill(process.pid, 'SIGINT');
    told = true;
  };
  const signs = awaitSigns(() => {
    // a pipe that nobody empties would stop us in the middle of a step
    process.stdout.write = () => true;
    process.stderr.write = () => true;
    cancel();
  });
  process.stdin.on('data', () => signs.sign());
  process.stdin.once('end', cancel);
  process.stdin.once('error', cancel);
  process.once('SIGHUP', cancel);
  // It is no reason to stay when the deploy is done.
  (process.stdin as { unref?: () => void }).unref?.();
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  return () => signs.stop();
}
