import { error, notice, startGroup, endGroup, info, warning, type AnnotationProperties } from '@actions/core';
import { ActionError, errorMessage, type Location } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import { defined } from '../shared/optional.js';
import { neutralise } from '../shared/workflow-commands.js';

/** Shows a finding on the file that a person should edit. */
export function annotate(finding: Finding): void {
  const text = finding.remedy === undefined ? finding.message : `${finding.message}\n${finding.remedy}`;
  const show = { error, warning, notice }[finding.severity];
  show(text, properties(`relup: ${finding.id}`, finding.location));
}

/** Tells why the run failed: one sentence and the remedy as an annotation, the raw output in a fold before it. */
export function annotateFailure(failure: unknown): void {
  if (!(failure instanceof ActionError)) {
    const stack = failure instanceof Error ? failure.stack : undefined;
    error(`Unexpected error, a defect of relup-action: ${errorMessage(failure)}\n${stack ?? ''}`);
    return;
  }
  if (failure.details !== undefined && failure.details.trim() !== '') {
    startGroup('Details');
    for (const line of failure.details.split(/\r\n|\n|\r/)) info(neutralise(line));
    endGroup();
  }
  const text = failure.remedy === undefined ? failure.message : `${failure.message}\n${failure.remedy}`;
  error(text, properties('relup-action', failure.location));
}

function properties(title: string, location: Location | undefined): AnnotationProperties {
  if (location === undefined) return { title };
  const { file, line: startLine, column: startColumn } = location;
  return { title, file, ...defined({ startLine, startColumn }) };
}
