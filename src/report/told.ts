import type { Finding } from '../model/finding.js';
import type { RunRecord } from './run-record.js';

/** Whether the failure says this finding already: that of a check is the first finding that stops it, on its file. Pure. */
export function isTold({ message }: Finding, { change, failure }: RunRecord): boolean {
  return change !== undefined && failure?.message.endsWith(message) === true;
}
