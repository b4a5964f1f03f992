import { describe, expect, it } from 'vitest';
import { untrustedCheck, untrustedEvent, type EventPayload } from '../../src/actions/untrusted-event.js';

const ours = { full_name: 'octo/project' };
const fork = { full_name: 'mallory/project' };
const pull = (head: object | null | undefined, base: object | undefined = ours): EventPayload => ({
  repository: ours,
  pull_request: { head: { repo: head as never }, base: { repo: base } },
});
const after = (event: string, head: object | null | undefined = ours): EventPayload => ({
  repository: ours,
  workflow_run: { event, head_repository: head as never, repository: ours },
});

describe('may deploy', () => {
  it.each<[string, EventPayload]>([
    ['push', { repository: ours }],
    ['push', {}],
    ['release', {}],
    ['workflow_dispatch', {}],
    ['schedule', {}],
    ['merge_group', {}],
    ['', {}],
    ['pull_request', pull(ours)],
    ['pull_request', pull({ full_name: 'Octo/Project' })],
    ['pull_request', { repository: ours, pull_request: { head: { repo: ours } } }],
    ['workflow_run', after('push')],
    ['workflow_run', after('pull_request')],
  ])('%s %j', (name, payload) => {
    expect(untrustedEvent(name, payload)).toBeUndefined();
  });
});

describe('may not deploy', () => {
  it.each<[string, EventPayload, RegExp]>([
    ['pull_request', pull(fork), /comes from a fork/],
    ['pull_request_review', pull(fork), /comes from a fork/],
    ['pull_request_review_comment', pull(fork), /comes from a fork/],
    // the fork was deleted meanwhile
    ['pull_request', pull(null), /comes from a fork/],
    ['pull_request', {}, /comes from a fork/],
    ['pull_request', { pull_request: null }, /comes from a fork/],
    ['pull_request', pull({}), /comes from a fork/],
    ['pull_request_target', pull(ours), /pull_request_target/],
    ['pull_request_target', {}, /pull_request_target/],
    ['workflow_run', after('pull_request', fork), /ran for a fork/],
    ['workflow_run', after('push', fork), /ran for a fork/],
    ['workflow_run', after('pull_request', null), /ran for a fork/],
    ['workflow_run', after('pull_request_target'), /started by pull_request_target/],
    ['workflow_run', {}, /an event that is not named/],
  ])('%s %j', (name, payload, reason) => {
    expect(untrustedEvent(name, payload)).toMatch(reason);
  });
});

describe('a check', () => {
  it.each<[string, EventPayload]>([
    ['pull_request', pull(fork)],
    ['pull_request', pull(ours)],
    ['push', {}],
    ['merge_group', {}],
    ['workflow_run', after('pull_request')],
  ])('may run: %s %j', (name, payload) => {
    expect(untrustedCheck(name, payload)).toBeUndefined();
  });

  it.each<[string, EventPayload]>([
    ['pull_request_target', pull(fork)],
    ['pull_request_target', pull(ours)],
    ['workflow_run', after('pull_request', fork)],
    ['workflow_run', after('pull_request_target')],
  ])('may not run: %s %j', (name, payload) => {
    expect(untrustedCheck(name, payload)).toBeDefined();
  });
});
