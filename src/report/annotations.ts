import { error, notice, startGroup, endGroup, info, warning, type AnnotationProperties } from '@actions/core';
import type { Answer } from '../model/answer.js';
import type { Verdict } from '../model/upgrade.js';
import { ActionError, errorMessage, type Location, StoppedError } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import { defined } from '../shared/optional.js';
import { neutralise } from '../shared/workflow-commands.js';

/**
 * Shows a finding on the file that a person should edit, and what explains it in a fold before it, unless the failure that follows
 * ({@link annotateFailure}) shows the same.
 */
export function annotate(finding: Finding, failure?: { readonly details?: string | undefined }): void {
  if (finding.details !== failure?.details) showDetails(finding.details);
  const show = { error, warning, notice }[finding.severity];
  show(textOf(finding), properties(`relup: ${finding.id}`, finding.location));
}

/** What a check says of a change, on a file of it. */
export function annotateAnswer(
  { sentence, beforeTag, location }: Answer,
  verdict: Verdict | undefined,
): void {
  const show = verdict === 'hot' || verdict === 'none' ? notice : warning;
  show([sentence, beforeTag].filter((text) => text !== undefined).join('\n'), properties('relup', location));
}

/**
 * Tells why the run failed: one sentence and the remedy as an annotation, the raw output in a fold before it. Where findings
 * stopped it, they have the annotations, one for each cause.
 */
export function annotateFailure(failure: unknown): void {
  if (!(failure instanceof ActionError)) {
    const stack = failure instanceof Error ? failure.stack : undefined;
    error(`Unexpected error, a defect of relup-action: ${errorMessage(failure)}\n${stack ?? ''}`);
    return;
  }
  showDetails(failure.details);
  if (failure instanceof StoppedError) info(neutralise(failure.message));
  else error(textOf(failure), properties('relup-action', failure.location));
}

function showDetails(details = ''): void {
  if (details.trim() === '') return;
  startGroup('Details');
  for (const line of details.split(/\r\n|\n|\r/)) info(neutralise(line));
  endGroup();
}

/** What lists of annotations show is the first line, so it ends as a sentence does. */
function textOf({ message, remedy }: { message: string; remedy?: string | undefined }): string {
  const text = message.replace(/:(?=\n)/, '.');
  return remedy === undefined ? text : `${text}\n${remedy}`;
}

function properties(title: string, location: Location | undefined): AnnotationProperties {
  if (location === undefined) return { title };
  const { file, line: startLine, column: startColumn } = location;
  return { title, file, ...defined({ startLine, startColumn }) };
}
