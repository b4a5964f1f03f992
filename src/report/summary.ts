import { markdownOf } from './document/markdown.js';
import { reportOf, shortReportOf } from './report.js';
import type { RunRecord } from './run-record.js';
import { tooLong } from './sections/verdict.js';

/** GitHub drops a summary over 1 MiB as a whole. */
const LIMIT = 1_000_000;

/** The job summary: record → Markdown. Pure. */
export function summaryOf(record: RunRecord): string {
  const text = `${markdownOf(reportOf(record).blocks)}\n`;
  if (Buffer.byteLength(text) <= LIMIT) return text;
  return `${markdownOf([...shortReportOf(record), ...tooLong()])}\n`;
}
