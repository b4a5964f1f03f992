import type { Found } from './rehearsal-options.js';
import type { StepName } from '../model/rehearsal.js';

/** Of processes under OTP's behaviours, and of those that were begun by spawn, whose end the emulator reports. */
const REPORT = /\b(CRASH|SUPERVISOR) REPORT\b|\bError in process </;

/** How many lines of a report are kept for a fold. */
const REPORT_LINES = 15;

/** Crash and supervisor reports among lines that a node printed during a step. */
export function reportFindings(step: StepName, lines: readonly string[]): Found[] {
  const reports = lines.flatMap((line, index) =>
    REPORT.test(line) ? [lines.slice(index, index + REPORT_LINES).join('\n')] : [],
  );
  const [first] = reports;
  if (first === undefined) return [];
  const crash = firstCrash(lines);
  return [
    {
      id: 'rehearsal-crash-report',
      severity: 'warning',
      step,
      check: 'processes',
      message: `The node printed ${reports.length === 1 ? 'a crash or supervisor report' : `${reports.length} crash and supervisor reports`} during the step "${step}"${crash === undefined ? '' : `; the first: ${crash}`}.`,
      remedy: "Look at the node's log, which is in the details.",
      details: reports.join('\n…\n'),
    },
  ];
}

/** Which process crashed first, and why, e.g. `shop_worker:init/1 crashed (noproc)`; undefined when none did. */
export function firstCrash(lines: readonly string[]): string | undefined {
  const start = lines.findIndex((line) => /\bCRASH REPORT\b|\bError in process </.test(line));
  if (start < 0) return undefined;
  if (!/\bCRASH REPORT\b/.test(lines[start] ?? '')) return plainCrash(lines.slice(start + 1, start + 6));
  const report = lines.slice(start + 1, start + 40);
  const end = report.findIndex((line) => /^=[A-Z ]+REPORT=/.test(line));
  const own = end < 0 ? report : report.slice(0, end);
  const value = (name: string): string | undefined =>
    own.flatMap((line) => new RegExp(`^\\s*${name}: (.*)$`).exec(line)?.[1] ?? [])[0];
  const initial = value('initial call');
  const name = value('registered_name');
  const why = exception(own);
  if (initial === undefined && why === undefined) return undefined;
  const who = name === undefined || name === '[]' ? 'a process' : `the process ${name}`;
  const begun = initial === undefined ? '' : ` begun by ${initial}`;
  return `${who}${begun} crashed${why === undefined ? '' : ` (${why})`}`;
}

/** Of a process that was begun by spawn: the emulator prints its reason and where it was. */
function plainCrash(lines: readonly string[]): string {
  const text = lines.join(' ');
  const kind = /^\s*[{[]*'?([a-z]\w*)/.exec(text)?.[1];
  const [, module, name] = /\[\{'?([a-z][\w.]*)'?,'?([a-z]\w*)'?,/.exec(text) ?? [];
  const where = module === undefined || name === undefined ? '' : ` in ${module}:${name}`;
  return `a process crashed${kind === undefined ? '' : ` (${kind}${where})`}`;
}

/** What was raised, over the lines that it takes; without arguments and terms, which may hold what was in the state. */
function exception(report: readonly string[]): string | undefined {
  const first = report.findIndex((line) => /^\s*exception (error|exit|throw): /.test(line));
  if (first < 0) return undefined;
  const rest = report.slice(first);
  const end = rest.findIndex(
    (line, index) => index > 0 && /^\s*(in (function|call)|[a-z_ ]+:( |$))/.test(line),
  );
  const lines = end < 0 ? rest : rest.slice(0, end);
  const text = lines
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^ ?exception \w+: /, '');
  return (/^[{[]*('?[a-z]\w*'?)[,}]/.exec(text)?.[1] ?? text.split('(')[0] ?? '').trim().slice(0, 120);
}
