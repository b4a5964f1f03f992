import type { RehearsedStep, RehearsedVersion } from '../../model/rehearsal.js';
import {
  type Block,
  code,
  codeBlock,
  fold,
  heading,
  type Line,
  list,
  paragraph,
  strong,
  table,
} from '../document/blocks.js';
import { milliseconds, seconds } from '../figures.js';
import type { RunRecord } from '../run-record.js';
import { cluster } from './cluster.js';
import { supervision } from './supervision.js';
import { timelineOf } from './timeline.js';

const CHECKS = [
  ['done', 'carried out'],
  ['code', 'code'],
  ['applications', 'applications'],
  ['environment', 'environment'],
  ['supervision', 'supervision'],
  ['processes', 'processes'],
  ['cluster', 'cluster'],
  ['command', 'check'],
] as const satisfies readonly (readonly [keyof RehearsedStep['checks'], string])[];

/** What was rehearsed from every up-from version, what was corrected, trees that differ. */
export function rehearsal({ rehearsal, release }: RunRecord): Block[] {
  if (rehearsal === undefined) return [];
  const corrections = rehearsal.corrections.map(
    ({ application, direction, instruction }) => `%% ${application}, ${direction}\n${instruction}`,
  );
  return [
    ...rehearsal.versions.flatMap((version) => versionBlocks(version, release?.version ?? '')),
    ...(corrections.length === 0
      ? []
      : [
          fold(
            ['Instructions that generated appups got from the rehearsal'],
            [codeBlock(corrections.join('\n'), 'erlang')],
          ),
        ]),
  ];
}

function versionBlocks(version: RehearsedVersion, to: string): Block[] {
  const { upFrom, outcome, seconds: time, steps } = version;
  return [
    heading(2, `Rehearsal, ${upFrom} → ${to}: ${outcome}`),
    paragraph(
      `It took ${seconds(time)} on nodes of this runner`,
      outcome === 'unproven' ? '.' : '; what each step led to was compared with a boot of the same release.',
    ),
    ...(steps.length === 0
      ? []
      : [
          { kind: 'timeline', lanes: timelineOf(steps) } as const,
          table(
            ['step', 'result', 'time'],
            steps.map(({ name, checks, seconds: took }) => [[name], resultOf(checks), [seconds(took)]]),
          ),
          ...suspensions(version),
          fold(['What was looked at in each step'], [list(steps.map((step) => looked(version, step)))]),
        ]),
    ...supervision(version),
    ...cluster(version, to),
    ...trees(version),
    ...details(version),
  ];
}

/** How long processes stood still. */
function suspensions({ installations, steps }: RehearsedVersion): Block[] {
  const each = steps.flatMap(({ name }) => {
    const { suspended, supervised } = installations[name] ?? {};
    if (suspended === undefined) return [];
    return [`${name} ${milliseconds(suspended.longestSeconds)} (${count(suspended.processes, supervised)})`];
  });
  return each.length === 0 ? [] : [paragraph(`Longest suspension of a process: ${each.join(', ')}.`)];
}

/** What is not as it should be. */
function resultOf(checks: RehearsedStep['checks']): Line {
  const bad = CHECKS.flatMap(([check, name]) => {
    const result = checks[check];
    if (result === undefined || result === 'ok') return [];
    return [strong(check === 'done' ? 'not carried out' : `${name}: ${result}`)];
  });
  return bad.length === 0 ? ['ok'] : bad.flatMap((one, index) => (index === 0 ? [one] : [', ', one]));
}

function looked({ installations }: RehearsedVersion, { name, checks }: RehearsedStep): Line {
  const names = CHECKS.flatMap(([check, what]) => (checks[check] === undefined ? [] : [what]));
  const install = installations[name];
  const time =
    install === undefined ? '' : `; release_handler was at work for ${milliseconds(install.seconds)}`;
  return [`${name}: ${names.join(', ')}${time}`];
}

function trees({ trees }: RehearsedVersion): Block[] {
  return trees.map(({ step, application, found, booted }) =>
    fold(
      ['Supervision tree of ', code(application), ` after the step ${step}, and after a boot`],
      [paragraph('After the step:'), codeBlock(found), paragraph('After a boot:'), codeBlock(booted)],
    ),
  );
}

/** What the nodes printed; the report holds it all. */
function details({ findings }: RehearsedVersion): Block[] {
  return findings.flatMap(({ step, id, details }) =>
    details === undefined || details.trim() === ''
      ? []
      : [fold(['Details of ', code(id), `, step ${step}`], [codeBlock(details.slice(-10_000))])],
  );
}

/** Processes that begin or end meanwhile, or wait more than once, may make it more than all: then there is no share of them. */
function count(processes: number, supervised = 0): string {
  if (processes <= supervised) return `${processes} of ${supervised} processes`;
  return processes === 1 ? '1 process' : `${processes} processes`;
}
