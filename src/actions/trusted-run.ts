import { readFileSync } from 'node:fs';
import { NodeRefusedError } from '../shared/errors.js';
import { untrustedEvent, type EventPayload } from './untrusted-event.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Refuses to go near a node in a run that strangers can start or decide about (H101, H103).
 *
 * @throws {NodeRefusedError}
 */
export function requireTrustedRun(env: Environment): void {
  const reason = untrustedEvent(env.GITHUB_EVENT_NAME ?? '', eventPayload(env));
  if (reason === undefined) return;
  throw new NodeRefusedError(`This run may not deploy: ${reason}.`, {
    remedy:
      'Deploy from runs for pushed tags, releases or workflow_dispatch; build pull requests in jobs without nodes.',
  });
}

/** A payload that cannot be read says nothing, which counts against a run of a doubtful event. */
export function eventPayload({ GITHUB_EVENT_PATH: path }: Environment): EventPayload {
  try {
    return (JSON.parse(readFileSync(path ?? '', 'utf8')) as EventPayload | null) ?? {};
  } catch {
    return {};
  }
}
