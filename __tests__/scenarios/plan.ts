import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkRelease, type ReleaseDescription } from '../../src/build/release-checks.js';
import type { Correction } from '../../src/model/correction.js';
import type { Packages } from '../../src/model/package.js';
import type { BuiltRelease } from '../../src/model/release.js';
import { makePackages } from '../../src/package/package.js';
import { verifyPackage } from '../../src/package/verify.js';
import { planUpgrade, type NotePlan } from '../../src/plan/plan.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { Workspace } from '../../src/shared/workspace.js';
import type { BuiltScenario } from './build.js';
import { applications, type Project } from './project.js';

/** What the action makes of a scenario before anything runs. */
export interface Planned {
  readonly release: BuiltRelease;
  readonly upFrom: readonly BuiltRelease[];
  readonly packages: Packages;
}

/** A rehearsal may find instructions that an appup lacks; then all is made anew with them. */
export interface Attempt {
  readonly number: number;
  readonly corrections: readonly Correction[];
}

/**
 * The action's own way from the releases to the packages: describe, compare, appups, relup, checks, package.
 *
 * @throws {RefusedError} as the action does
 */
export async function plan(
  erlang: Erlang,
  built: BuiltScenario,
  note: NotePlan,
  attempt: Attempt,
): Promise<Planned> {
  const { to } = built;
  const folder = join(built.folder, `attempt-${attempt.number}`);
  const upFrom = await Promise.all(built.upFrom.map((project) => describe(erlang, project, true)));
  const tree = packageTree(to, join(folder, 'tree'));
  const release = { ...(await describe(erlang, to)), root: tree };
  await planUpgrade(
    {
      erlang,
      workspace: await Workspace.open(join(folder, 'run')),
      release,
      assembly: { projectDir: to.dir, root: to.root, buildDir: join(to.root, '../..') },
      upFrom,
      profile: 'prod',
      projectPath: '',
      allowRestart: false,
      appups: built.scenario.inputs?.appups ?? 'generate',
      corrections: attempt.corrections,
      purge: built.scenario.inputs?.purge ?? 'brutal',
    },
    note,
  );
  const packages = await makePackages({
    tree,
    release,
    upFrom,
    makeUpgrade: true,
    folder: join(folder, 'packages'),
    mtime: 0,
  });
  if (packages.upgrade !== undefined)
    await verifyPackage({ erlang, finished: packages.upgrade, release, upFrom });
  return { release, upFrom, packages };
}

async function describe(
  erlang: Erlang,
  { dir: projectDir, root, version }: Project,
  isUpFrom = false,
): Promise<BuiltRelease> {
  const described = await erlang.query<ReleaseDescription>('describe', [root]);
  // OTP's applications are links here, which no package has
  const applications = described.applications.map((one) => ({ ...one, link: false }));
  checkRelease({ ...described, applications }, `tag ${version}`, { isUpFrom });
  const buildDir = join(root, '../..');
  const source = { kind: 'ref', ref: version, commit: '0'.repeat(40), projectDir, buildDir } as const;
  return { ...described, root, source };
}

/** The release without the OTP applications that every release has: they are links here, and never differ. */
function packageTree({ root, text }: Project, tree: string): string {
  mkdirSync(join(tree, 'lib'), { recursive: true });
  cpSync(join(root, 'releases'), join(tree, 'releases'), { recursive: true });
  for (const name of readdirSync(join(root, 'lib'))) {
    const added = text.otp?.some((application) => name.startsWith(`${application}-`)) === true;
    if (added)
      cpSync(join(root, 'lib', name), join(tree, 'lib', name), { recursive: true, dereference: true });
  }
  for (const [name, app] of applications(text)) {
    const folder = `lib/${name}-${app.vsn ?? '1.0.0'}`;
    cpSync(join(root, folder), join(tree, folder), { recursive: true });
  }
  return tree;
}
