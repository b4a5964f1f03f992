import { describe, expect, it, vi } from 'vitest';
import { AnsweredCommands, AskedCommands } from '../../../src/actions/deploy-as-user/asked-commands.js';

vi.mock('@actions/core');

const TEXTS = { before: '', after: '', start: '', stop: '' };

describe('what the helper prints', () => {
  it.each([
    ['no JSON', 'relup-command {'],
    ['nothing at all', 'relup-command '],
    ['null', 'relup-command null'],
    ['no variables', 'relup-command {"id":"1","command":"before"}'],
    [
      'variables that are no texts',
      'relup-command {"id":"1","command":"before","variables":{"RELUP_ROOT":1}}',
    ],
    ['an id that is no text', 'relup-command {"id":1,"command":"before","variables":{}}'],
  ])('is no question when there is %s in it', (_, line) => {
    const send = vi.fn();
    const commands = new AnsweredCommands({ texts: TEXTS, environment: {} } as never, send);
    expect(commands.take(line)).toBe(false);
    expect(send).not.toHaveBeenCalled();
  });

  it('gets a refusal for a command that the workflow did not give', async () => {
    const send = vi.fn<(line: string) => void>();
    const commands = new AnsweredCommands({ texts: TEXTS, environment: {} } as never, send);
    const asked = new AskedCommands({ ...TEXTS, before: 'true' }, (line) => commands.take(line));
    send.mockImplementation((line) => void asked.take(line));
    await expect(asked.run('before', {} as never)).rejects.toThrow('There is no `before` command.');
  });
});
