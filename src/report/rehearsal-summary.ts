import type { RehearsedStep, RehearsedVersion } from '../model/rehearsal.js';
import type { RunRecord } from './run-record.js';
import { code, codeBlock, fold, plain, table } from './markdown.js';

const CHECKS = [
  ['done', 'carried out'],
  ['code', 'code'],
  ['applications', 'applications'],
  ['environment', 'environment'],
  ['supervision', 'supervision'],
  ['processes', 'processes'],
  ['command', 'check'],
] as const satisfies readonly (readonly [keyof RehearsedStep['checks'], string])[];

const RESULTS = { ok: 'ok', warning: '**warning**', failed: '**failed**' };

/** What was rehearsed: steps × checks for every up-from version, what was corrected, trees that differ. Pure. */
export function rehearsalSummary({ rehearsal, release }: RunRecord): string {
  if (rehearsal === undefined) return '';
  const corrections = rehearsal.corrections.map(
    ({ application, direction, instruction }) => `%% ${application}, ${direction}\n${instruction}`,
  );
  const corrected =
    corrections.length === 0
      ? ''
      : fold(
          'Instructions that generated appups got from the rehearsal',
          codeBlock(corrections.join('\n'), 'erlang'),
        );
  return [...rehearsal.versions.map((version) => versionText(version, release?.version ?? '')), corrected]
    .filter((text) => text !== '')
    .join('\n\n');
}

function versionText(version: RehearsedVersion, to: string): string {
  const { upFrom, outcome, reason, seconds, steps } = version;
  // what failed stands above, with what to do
  const why = reason === undefined || outcome === 'failed' ? '' : ` – ${plain(reason)}`;
  const head = ['step', ...CHECKS.map(([, name]) => name), 'time', 'installation', 'longest suspension'];
  const rows = steps.map((step) => row(version, step));
  return [
    `## Rehearsal, ${plain(upFrom)} → ${plain(to)}: ${outcome}`,
    `${seconds.toFixed(1)} s${why}`,
    ...(rows.length === 0 ? [] : [table(head, rows)]),
    ...trees(version),
    ...details(version),
  ].join('\n\n');
}

function row({ installations }: RehearsedVersion, { name, seconds, checks }: RehearsedStep): string[] {
  const install = installations[name];
  const { suspended } = install ?? {};
  return [
    name,
    ...CHECKS.map(([check]) => {
      const result = checks[check];
      return result === undefined ? '–' : RESULTS[result];
    }),
    `${seconds.toFixed(1)} s`,
    install === undefined ? '–' : milliseconds(install.seconds),
    suspended === undefined
      ? '–'
      : `${milliseconds(suspended.longestSeconds)} (${count(suspended.processes, install?.supervised)})`,
  ];
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(1)} ms`;
}

function trees({ trees }: RehearsedVersion): string[] {
  return trees.map(({ step, application, found, booted }) =>
    fold(
      `Supervision tree of ${code(application)} after the step ${plain(step)}, and after a boot`,
      `After the step:\n\n${codeBlock(found)}\n\nAfter a boot:\n\n${codeBlock(booted)}`,
    ),
  );
}

/** What the nodes printed; the report holds it all. */
function details({ findings }: RehearsedVersion): string[] {
  return findings.flatMap(({ step, id, details }) =>
    details === undefined || details.trim() === ''
      ? []
      : [fold(`Details of ${code(id)}, step ${plain(step)}`, codeBlock(details.slice(-10_000)))],
  );
}

/** Processes that begin or end meanwhile, or wait more than once, may make it more than all: then there is no share of them. */
function count(processes: number, supervised = 0): string {
  if (processes <= supervised) return `${processes} of ${supervised} processes`;
  return processes === 1 ? '1 process' : `${processes} processes`;
}
