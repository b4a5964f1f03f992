import { ActionError } from '../shared/errors.js';

/** What `relup_cli:answer/2` gives. */
export type Answer<T> = { ok: T } | { error: { reason: string; text: string; term: string } };

/** An answer `{error, …}` of our Erlang code: what OTP said, in words (`text`) and as a term (`details`). */
export class ErlangError extends ActionError {
  constructor(
    /** Machine-readable reason, e.g. `enoent` or `no_relup`. */
    readonly reason: string,
    text: string,
    term: string,
  ) {
    super(text, { details: term });
  }
}

/** @throws {ErlangError} when the answer is an error */
export function valueIn<T>(answer: Answer<T>): T {
  if ('error' in answer) throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
  return answer.ok;
}
