// Failures that a test orders: the next requests of a method fail in a given way.
import { setTimeout as delay } from 'node:timers/promises';

/**
 * `method` is the name of a call (`CreateArtifact`, `GetCacheEntryDownloadURL`, ...), a blob request (`PutBlob`, `PutBlock`,
 * `PutBlockList`, `GetBlob`, `HeadBlob`), a request to the REST API (`ListRunArtifacts`, `DownloadArtifactZip`), or `*` for any. `times` is the number of requests it is good for, default 1.
 *
 * - `status`: answered with this status and nothing is done
 * - `refuse`: answered as if the token, or the signature of the URL, were wrong
 * - `delay`: answered as usual, after so many milliseconds
 * - `reset`: the connection is reset
 * - `cut`: the answer breaks off in the middle (only GitHub's storage of releases does)
 * @typedef {{ method: string, times?: number } & (
 *   | { kind: 'status', status: number, message?: string, headers?: Record<string, string> }
 *   | { kind: 'refuse' }
 *   | { kind: 'delay', milliseconds: number }
 *   | { kind: 'reset' }
 *   | { kind: 'cut' }
 * )} Fault
 */

export class Faults {
  /** @param {readonly Fault[]} faults */
  constructor(faults) {
    this.pending = faults.map((fault) => ({ fault, left: fault.times ?? 1 }));
  }

  /** @param {Fault} fault */
  add(fault) {
    this.pending.push({ fault, left: fault.times ?? 1 });
  }

  /**
   * The fault for this request, which is then used up by one.
   * @param {string} method
   * @returns {Fault | undefined}
   */
  take(method) {
    const entry = this.pending.find(({ fault, left }) => left > 0 && ['*', method].includes(fault.method));
    if (entry !== undefined) entry.left -= 1;
    return entry?.fault;
  }

  /**
   * Lets the ordered fault happen.
   * @param {string} method
   * @param {import('node:http').IncomingMessage} request
   * @param {AbortSignal} closing
   * @returns {Promise<{ status: number, message?: string, headers?: Record<string, string> } | 'reset' | 'cut' | undefined>} a failure to answer with; `reset` when there is no one left
   *   to answer; undefined to go on
   */
  async happen(method, request, closing) {
    const fault = this.take(method);
    switch (fault?.kind) {
      case 'status':
        return fault;
      case 'refuse':
        return { status: 401 };
      case 'reset':
        request.socket.resetAndDestroy();
        return 'reset';
      case 'cut':
        return 'cut';
      case 'delay':
        await delay(fault.milliseconds, undefined, { signal: closing });
        return undefined;
      default:
        return undefined;
    }
  }
}
