import type { Block, Report } from './document/blocks.js';
import { heading } from './document/blocks.js';
import type { RunRecord } from './run-record.js';
import { applications } from './sections/applications.js';
import { desk, raisedVersions } from './sections/check.js';
import { deploy } from './sections/deploy.js';
import { otherFindings, stoppers } from './sections/findings.js';
import { generatedAppups } from './sections/generated-appups.js';
import { byHand, elsewhere, packages } from './sections/packages.js';
import { phases } from './sections/phases.js';
import { rehearsal } from './sections/rehearsal.js';
import { relup } from './sections/relup.js';
import { titleOf, verdict } from './sections/verdict.js';
import { versions } from './sections/versions.js';

/** Record → report, verdict first, whatever is known; for the job summary and report.html alike. Pure. */
export function reportOf(record: RunRecord): Report {
  const { blocks, findings } = verdict(record);
  return {
    title: titleOf(record),
    blocks: [
      ...beginning(record, blocks),
      ...raisedVersions(record),
      ...desk(record),
      ...deploy(record),
      ...rehearsal(record),
      ...otherFindings(record, findings),
      ...applications(record),
      ...generatedAppups(record),
      ...relup(record),
      // A check makes nothing for others.
      ...(record.change === undefined ? [...packages(record), ...byHand(record), ...elsewhere(record)] : []),
      ...versions(record),
      ...phases(record),
    ],
  };
}

/** What must be read, also when there is no room for the rest. */
export function shortReportOf(record: RunRecord): Block[] {
  return beginning(record, verdict(record).blocks);
}

function beginning(record: RunRecord, told: readonly Block[]): Block[] {
  return [heading(1, titleOf(record)), ...told, ...stoppers(record)];
}
