import { writeFile } from 'node:fs/promises';

/** A question to our Erlang code that is too long for the command line: texts, and lists of them. */
export type ErlangRequest = string | readonly ErlangRequest[];

/** Writes the file that src/erlang/relup_request.erl reads. */
export async function writeErlangRequest(file: string, request: ErlangRequest): Promise<void> {
  await writeFile(file, itemsOf(request).join('\0'));
}

function itemsOf(request: ErlangRequest): string[] {
  return typeof request === 'string' ? [`s${request}`] : ['[', ...request.flatMap(itemsOf), ']'];
}
