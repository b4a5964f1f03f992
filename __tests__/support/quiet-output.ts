import { beforeEach } from 'vitest';

// What the code under test prints is told when a test fails; the log of a good run stays readable.
const write = process.stdout.write.bind(process.stdout);
const LINES = 200;
let printed: string[] = [];

process.stdout.write = (text: Uint8Array | string, ...rest: unknown[]): boolean => {
  printed.push(typeof text === 'string' ? text : Buffer.from(text).toString());
  const done = rest.at(-1);
  if (typeof done === 'function') process.nextTick(done);
  return true;
};

beforeEach(({ task, onTestFailed }) => {
  printed = [];
  onTestFailed(() => {
    const lines = printed.join('').split('\n').slice(-LINES).join('\n');
    write(`--- what "${task.name}" printed at last\n${lines}\n---\n`);
  });
});
