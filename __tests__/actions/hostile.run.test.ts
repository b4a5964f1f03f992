import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { fails, folder, keep, removeKept } from '../support/failures.js';
import { plainProject, projectRepository, rebarConfig, serverApplication } from '../support/projects.js';
import type { TestRepository } from '../support/repository.js';

let repository: TestRepository;
/** What hostile names try to make; it must never be there. */
let mark: string;
beforeAll(() => {
  repository = keep(plainProject());
  mark = join(folder(), 'executed');
});
afterAll(() => {
  removeRuns();
  removeKept();
});

const env = (): Record<string, string> => ({ MARK: mark });

/** What git allows as tag names; the first three would make the file in a shell. */
const TAGS = [
  'v1.0.0;touch${IFS}$MARK',
  'v1.0.0$(touch${IFS}$MARK)',
  'v1.0.0`touch${IFS}$MARK`',
  `v1.0.0'"'"`,
  'v1.0.0|id&&x>y',
  'v1.0.0%0A%0D',
  'v1.0.0<script>@octocat#1',
  'v-ünïcode-日本',
  'v\u202e0.1',
];

function noCommand(run: ActionRun): void {
  expect(existsSync(mark)).toBe(false);
  expect(run.log).not.toMatch(/^\s*::(?:set-output|set-env|add-mask|add-path|stop-commands)|##\[/m);
}

test('hostile tags beside a release, and one that started the run, are data (H99)', async () => {
  const hostile = keep(plainProject());
  for (const tag of TAGS) hostile.git('tag', tag, '1.0.0');
  // `git tag` itself refuses it; a server that takes pushes does not have to.
  hostile.git('update-ref', 'refs/tags/--upload-pack=touch${IFS}$MARK', '1.0.0');
  const run = await runAction({
    workspace: hostile.dir,
    inputs: { upload: 'false', 'tag-pattern': '**' },
    env: {
      ...env(),
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REF_NAME: 'v9$(touch $MARK)\n::set-output name=a::b\r../x',
    },
  });
  expect(run.exitCode, run.log).toBe(0);
  noCommand(run);
  expect(run.outputs).toMatchObject({ version: '1.1.0', 'up-from': '["1.0.0"]' });
  for (const tag of TAGS) expect(run.log).toContain(`dropped ${tag}: not a release version`);
  expect(run.log).toContain('dropped --upload-pack=touch${IFS}$MARK: not a release version');
  expect(run.log).toMatch(/^::warning::The workflow runs for the tag v9\$\(touch \$MARK\)%0A::set-output/m);
  expect(run.summary).not.toMatch(/<script>|@octocat/);
  expect(run.summary).toContain('&#60;script&#62;');
});

test.each(TAGS.slice(0, 2))('a release can be upgraded from the tag %s', async (tag) => {
  const hostile = keep(plainProject());
  hostile.git('tag', tag, '1.0.0');
  const prepare = 'test "$RELUP_ROLE" = new || printf "%s\\n" "prepared $RELUP_REF" >> "$SEEN"';
  const seen = join(folder(), 'seen');
  const run = await runAction({
    workspace: hostile.dir,
    inputs: { upload: 'false', 'upgrade-from': tag, prepare },
    env: { ...env(), SEEN: seen },
  });
  expect(run.exitCode, run.log).toBe(0);
  noCommand(run);
  expect(run.outputs['up-from']).toBe('["1.0.0"]');
  expect(readFileSync(seen, 'utf8')).toBe(`prepared ${tag}\n`);
});

test.each([
  ['--upload-pack=touch${IFS}$MARK', 'cannot be the name of a tag, branch or commit'],
  ['v1.0.0; touch $MARK', 'cannot be the name of a tag, branch or commit'],
  ['../x', '"../x" cannot be the name of a tag, branch or commit'],
  ['v1.0.0$(touch${IFS}$MARK)', 'there is no tag, branch or commit v1.0.0$(touch${IFS}$MARK)'],
  ["'1.0.0'", "there is no tag, branch or commit '1.0.0'"],
  ['1.0.0\r::error::x', 'cannot be the name of a tag, branch or commit'],
  ['ünïcode', 'there is no tag, branch or commit ünïcode'],
  ['$(touch $MARK).tar.gz', 'there is no file $(touch $MARK).tar.gz'],
  ['-rf.tar.gz', 'there is no file -rf.tar.gz'],
])('upgrade-from %j is refused in a sentence', async (item, message) => {
  const failed = await fails(repository, { 'upgrade-from': item }, { env: env() });
  expect(failed.message).toContain(`upgrade-from: `);
  expect(failed.message).toContain(message);
  noCommand(failed.run);
});

test.each<[string, Record<string, string>, string]>([
  [
    'a release version that climbs',
    { 'rebar.config': rebarConfig('../../../../../../../../climbed') },
    'The version of release app (tag 1.1.0) is "../../../../../../../../climbed", which cannot be a folder\'s name.',
  ],
  [
    'a release version with a slash',
    { 'rebar.config': rebarConfig('1.1/0') },
    'The version of release app (tag 1.1.0) is "1.1/0", which cannot be a folder\'s name.',
  ],
  [
    'an application version that climbs',
    serverApplication('app', '1/../../../../../../../climbed', 'new'),
    'The version of application app (tag 1.1.0) is "1/../../../../../../../climbed", which cannot be a folder\'s name.',
  ],
  [
    'a release name that climbs',
    { 'rebar.config': rebarConfig('1.1.0', { name: "'../../../../../climbed'", applications: 'app, sasl' }) },
    'The release name "../../../../../climbed" (tag 1.1.0) cannot be part of a file\'s name.',
  ],
  [
    'a release in a profile',
    { 'rebar.config': rebarConfig('1.1.0', { profile: '{release, {app, "../../x"}, [app, sasl]}' }) },
    'The version of release app (tag 1.1.0) is "../../x", which cannot be a folder\'s name.',
  ],
])('%s is refused before anything is built (H15)', async (_, files, message) => {
  const temp = join(folder(), 'deep/er');
  const failed = await fails(keep(plainProject(files)), {}, { temp });
  expect(failed.message).toContain(message);
  expect(failed.run.log).not.toContain('===>');
  expect(failed.run.outputs.verdict).toBe('refused');
  expect(existsSync(join(temp, 'climbed'))).toBe(false);
  expect(existsSync(join(temp, '../climbed'))).toBe(false);
});

test.each<[string, Record<string, string>, string]>([
  [
    'a release version with a space and shell syntax',
    { 'rebar.config': rebarConfig('1.1.0 $(touch $MARK);') },
    'The version of release app (tag 1.1.0) is "1.1.0 $(touch $MARK);", which cannot be a folder\'s name.',
  ],
  [
    'a release name with shell syntax',
    { 'rebar.config': rebarConfig('1.1.0', { name: "'a;touch $MARK'", applications: 'app, sasl' }) },
    'The release name "a;touch $MARK" (tag 1.1.0) cannot be part of a file\'s name.',
  ],
])('%s is refused once it is known (H15)', async (_, files, message) => {
  const failed = await fails(keep(plainProject(files)), {}, { env: env() });
  expect(failed.message).toContain(message);
  noCommand(failed.run);
});

test('{vsn, git} at a tag with a slash is refused with its reason', async () => {
  const sliced = keep(
    projectRepository({
      'release/1.0.0': { 'rebar.config': rebarConfig('git'), ...serverApplication('app', '1.0.0', 'old') },
    }),
  );
  const failed = await fails(sliced, { 'tag-pattern': 'release/*' });
  expect(failed.message).toContain(
    "The release could not be built at tag release/1.0.0: the version of the release app-release/1.0.0 has a slash and so cannot be a folder's name.",
  );
});

type Member = Pick<Header, 'name'> & Partial<Header> & { content?: string };

/** A release package with a few hostile members, or lies in its headers. */
async function archive(name: string, ...members: Member[]): Promise<string> {
  const tar = pack();
  for (const { content, ...header } of members) tar.entry({ mtime: new Date(0), ...header }, content ?? '');
  tar.finalize();
  const path = join(folder(), `${name}.tar.gz`);
  writeFileSync(path, gzipSync(await buffer(tar)));
  return path;
}

/** A member whose header promises so many bytes. */
function bomb(name: string, size: number): string {
  const header = Buffer.alloc(512);
  header.write('lib/zeros', 0);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const path = join(folder(), `${name}.tar.gz`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(Buffer.concat([header, Buffer.alloc(4096)])));
  return path;
}

const REL = '{release,{"app","1.0.0"},{erts,"14.0"},[{kernel,"9.0"},{sasl,"4.0"}]}.';

test.each<[string, () => string | Promise<string>, string]>([
  [
    'an absolute path',
    () => archive('a', { name: '/etc/relup-climbed', content: 'x' }),
    'leads out of the folder',
  ],
  [
    'a hard link',
    () => archive('a', { name: 'x', type: 'link', linkname: '/etc/passwd' }),
    'the hard link x',
  ],
  ['a named pipe', () => archive('a', { name: 'x', type: 'fifo' }), 'not a file, folder or symbolic link'],
  [
    'a device',
    () => archive('a', { name: 'x', type: 'block-device', devmajor: 8 }),
    'not a file, folder or symbolic',
  ],
  [
    'a link and a file through it',
    () =>
      archive('a', { name: 'x', type: 'symlink', linkname: '../..' }, { name: 'x/climbed', content: 'x' }),
    'the symbolic link x to ../..',
  ],
  ['a promise of 8 GiB', () => bomb('b', 0o77777777777), 'is damaged or incomplete'],
  [
    'a version that climbs',
    () => archive('a', { name: 'releases/start_erl.data', content: '14.0 ../../climbed' }),
    'its release version "../../climbed" cannot be a folder\'s name',
  ],
  [
    'a release name with a command',
    () =>
      archive(
        'a',
        { name: 'releases/start_erl.data', content: '14.0 1.0.0' },
        { name: 'releases/1.0.0/$(id).rel', content: REL.replace('app', '$(id)') },
      ),
    'The release name "$(id)" (a.tar.gz) cannot be part of a file\'s name.',
  ],
  [
    'an application that climbs',
    () =>
      archive(
        'a',
        { name: 'releases/start_erl.data', content: '14.0 1.0.0' },
        { name: 'releases/1.0.0/app.rel', content: REL.replace('"9.0"', '"9/../../../climbed"') },
      ),
    'The version of application kernel (a.tar.gz) is "9/../../../climbed"',
  ],
])('a package with %s is refused (H105)', async (_, make, message) => {
  const path = await make();
  const failed = await fails(repository, { 'upgrade-from': path }, { env: env() });
  expect(failed.message).toContain(message);
  expect(existsSync('/etc/relup-climbed')).toBe(false);
  expect(execFileSync('find', [failed.run.temp, '-name', '*climbed*'], { encoding: 'utf8' })).toBe('');
  noCommand(failed.run);
});
