import { expect, test } from 'vitest';
import { appupPluginFailure, explainBuildFailure } from '../../src/build/build-failure.js';
import { CommandFailedError } from '../../src/shared/errors.js';

function explain(output: string) {
  const details = `\x1b[0;32m===> Verifying dependencies...\n\x1b[0m\x1b[1;31m===> ${output}\n\x1b[0m`;
  const error = new CommandFailedError('rebar3 as prod tar failed with exit status 1.', 1, { details });
  return explainBuildFailure({ error, crashDump: '' }, 'tag 1');
}

// The texts are rebar3's own, as printed by 3.19, 3.24 and 3.28.
test.each([
  ['No releases have been specified in the system!', 'rebar.config defines no release', /\{relx, \[/],
  [
    'Must specify the name of the release to build when there are multiple releases in the config',
    'rebar.config defines releases with several names',
    /input `release`/,
  ],
  [
    'No releases exist in the system for nonesuch!',
    'rebar.config defines no release named nonesuch',
    /input `release`/,
  ],
  [
    'Application needed for release not found: sassl',
    'the release lists the application sassl',
    /Correct the name/,
  ],
  [
    'The vm.args file specified for this release (/runner/relup-action/build/d5a0f5eea60b/config/prod-vm.args) does not exist!',
    'prod-vm.args, which rebar.config names as vm.args, is not in the repository',
    /`prepare`/,
  ],
  [
    'Failed to fetch and copy dep: {git,"file:///none",{tag,"1"}}',
    'a dependency could not be fetched: {git,"file:///none",{tag,"1"}}',
    /may read it/,
  ],
  [
    '===> Failed to fetch and copy dep: {git,"https://example.com/a/b",\n                                   {tag,"1"}}\n\n',
    'a dependency could not be fetched: {git,"https://example.com/a/b",{tag,"1"}}',
    /tag, branch or commit still exist/,
  ],
  [
    '===> OTP release 27 or later is required. Version in use: 25.2.3\n',
    'it needs OTP 27 or newer, and this is 25.2.3',
    /minimum_otp_vsn/,
  ],
  [
    'Error reading file rebar.config: 14: syntax error before: ',
    'rebar.config cannot be read, line 14: syntax error before',
    /that line/,
  ],
  [
    'Compiling _build/default/plugins/rebar3_appup_plugin/src/rebar3_appup_utils.erl failed',
    'rebar3_appup_plugin',
    /dependency/,
  ],
])('%s', (output, reason, remedy) => {
  const error = explain(output);
  expect(error.message).toContain('The release could not be built at tag 1: ');
  expect(error.message).toContain(reason);
  expect(error.remedy).toMatch(remedy);
  expect(error.details).toContain(output);
});

test.each([
  ['build failed: No space left on device', 'there is no space left on the disk', /Free some space/],
  ['{badmatch,{error,enospc}}', 'there is no space left on the disk', /Free some space/],
  [
    'eheap_alloc: Cannot allocate 3936326656 bytes of memory (of type "heap").',
    'not enough memory',
    /memory/,
  ],
  [
    'Package not found in any repo: cowboy 2.9.0',
    'a dependency could not be fetched: cowboy 2.9.0',
    /hex\.pm/,
  ],
  [
    'Assembling release app-release/1.0...\n===> Uncaught error in rebar_core. Run with DIAGNOSTIC=1',
    "the version of the release app-release/1.0 has a slash and so cannot be a folder's name",
    /without "\/"/,
  ],
])('%s', (output, reason, remedy) => {
  const error = explain(output);
  expect(error.message).toMatch(/^The release could not be built at tag 1: /);
  expect(error.message).toContain(reason);
  expect(error.remedy).toMatch(remedy);
});

test('a build that was killed says so, and why that happens', () => {
  const killed = new CommandFailedError('rebar3 as prod tar was killed by SIGKILL.', undefined, {
    details: '===> Compiling app',
    remedy: 'Most often memory ran out.',
    end: { kind: 'killed', text: 'was killed by SIGKILL' },
  });
  const error = explainBuildFailure({ error: killed, crashDump: '' }, 'tag 1');
  expect(error.message).toBe(
    'The release could not be built at tag 1: rebar3 as prod tar was killed by SIGKILL.',
  );
  expect(error.remedy).toBe('Most often memory ran out.');
});

test('an unknown failure shows the end of the output, without colours', () => {
  const error = explain('Compiling src/a.erl failed\nsrc/a.erl:3:1: syntax error before: foo');
  expect(error.remedy).toBe(
    "The end of rebar3's output:\n===> Compiling src/a.erl failed\nsrc/a.erl:3:1: syntax error before: foo",
  );
});

test('a crash is explained by the crash dump, in which the plugin stands (H16, H22)', () => {
  const failed = new CommandFailedError('rebar3 failed', 1, {
    details: '===> Uncaught error in rebar_core. Run with DIAGNOSTIC=1',
  });
  const crashDump = 'Error: {badmatch,{error,beam_lib,x}}\n[{rebar3_appup_generate,do,1,[{line,12}]}]';
  const error = explainBuildFailure({ error: failed, crashDump }, 'tag 1');
  expect(error.message).toContain('rebar3_appup_plugin, named in rebar.config, does not build or crashes');
  expect(error.details).toContain('{badmatch');
  expect(appupPluginFailure({ error: failed, crashDump })).toBe('broken');
  const other = { error: failed, crashDump: 'Error: {badmatch,1}' };
  expect(explainBuildFailure(other, 'tag 1').message).not.toContain('appup');
  expect(appupPluginFailure(other)).toBeUndefined();
});

// As 3.19 (the first ends with it), 3.24 and 3.28 print it; then the build fails in a hook, or crashes.
test.each([
  'Failed to update package NAME from repo hexpm\n===> Errors loading plugin NAME. Run rebar3 with DEBUG=1 set to see errors.',
  'Fetching NAME (from {git,"file:///none",\n  {tag,"1"}})\n===> Errors loading plugin {NAME,\n  {git,"file:///none",{tag,"1"}}}. Run rebar3',
  'Package not found in any repo: NAME 2.9.9\n===> Errors loading plugin {NAME,"2.9.9"}. Run rebar3',
])('a plugin that cannot be fetched is named, and does not count as one that is broken: %s', (printed) => {
  const fails = (name: string, more: string) => {
    const details = `===> ${printed.replaceAll('NAME', name)}\n===> ${more}`;
    return { error: new CommandFailedError('rebar3 failed', 1, { details }), crashDump: '' };
  };
  const hook = "Unable to run post hooks for 'compile', command 'compile' in namespace 'appup' not found.";
  expect(appupPluginFailure(fails('rebar3_appup_plugin', hook))).toBe('not-fetched');
  expect(appupPluginFailure(fails('rebar3_appup_plugin', 'Compiling rebar3_appup_plugin'))).toBe('broken');
  const error = explainBuildFailure(fails('pc', 'Uncaught error in rebar_core.'), 'tag 1');
  expect(error.message).toBe('The release could not be built at tag 1: the plugin pc could not be fetched.');
});

test("a compiler's own full stop is not doubled", () => {
  const { message } = explain("Compiling src/a.erl failed\nsrc/a.erl:4:2: please use 'try' instead.");
  expect(message).toBe(
    "The release could not be built at tag 1: src/a.erl does not compile: please use 'try' instead.",
  );
});
