import { requireArtifactService } from '../../artifact/upload.js';
import { buildAll } from '../../build/build.js';
import { openProject, treeFindings } from '../../build/repository.js';
import { checkPlatform } from '../../build/toolchain.js';
import type { Correction } from '../../model/correction.js';
import { planUpgrade } from '../../plan/plan.js';
import { requireGithub } from '../../published/repository.js';
import type { Made } from '../../rehearsal/prove.js';
import { defined } from '../../shared/optional.js';
import { runAction, type Run } from '../run.js';
import { discard } from '../run-workspace.js';
import { requireTrustedRun } from '../trusted-run.js';
import { chooseVersions } from './choose-versions.js';
import { deployHere } from './deploy-here.js';
import { keepFailure } from './failed-result.js';
import type { RelupInputs } from './relup-inputs.js';
import { probe } from './probe.js';
import { takePublishedPackages } from './published-packages.js';
import { publishRelease } from './publish-release.js';
import { rehearseMade } from './rehearse-made.js';
import { makeCheckedPackages, upload, writeResult } from './result.js';

/** The root action: from the checked-out commit to uploaded packages and, if asked for, an upgraded node. */
export async function relupAction(inputs: RelupInputs): Promise<void> {
  await runAction(
    (run) => fromTagToArtifact(inputs, run),
    (run) => keepFailure(inputs, run),
  );
}

/** The story, one phase after the other (design: the way of the data). */
async function fromTagToArtifact(inputs: RelupInputs, run: Run): Promise<void> {
  const { workspace } = run;
  requireAll(inputs);
  const project = await openProject(inputs.workingDirectory, await workspace.folder('git'));
  run.note('Project', { findings: await treeFindings(project) });
  const { toolchain, erlang } = await run.phase('Toolchain', (note) => probe(workspace, note));
  const chosen = await run.phase('Refs', (note) => chooseVersions(inputs, project, note));
  const refs = await takePublishedPackages(chosen, { inputs, project, run });
  const { profile, prepare, release: name, allowRestart, appups, purge } = inputs;
  const { git, path: projectPath } = project;
  const context = { git, erlang, workspace, profile, prepare, projectPath, ...defined({ release: name }) };
  const builds = await run.phase('Build', async (note) => {
    const { findings, ...built } = await buildAll({ context, toolchain, cache: inputs.cache }, refs);
    note({ release: built.release, upFrom: built.upFrom, findings });
    return built;
  });
  const { release, assembly, upFrom } = builds;
  const mtime = await git.commitTime(refs.newCommit);
  const make = async (corrections: readonly Correction[] = []): Promise<Made> => {
    const options = { ...context, allowRestart, appups, purge, release, assembly, upFrom, corrections };
    const plan = await run.phase('Appups and relup', (note) => planUpgrade(options, note));
    const packages = await run.phase('Package', (note) =>
      makeCheckedPackages({ erlang, workspace, release, upFrom, plan, mtime }, note),
    );
    return { plan, packages };
  };
  const first = await make();
  const made =
    first.plan.upgradeKind === 'hot'
      ? await run.phase('Rehearsal', (note) =>
          rehearseMade(first, { inputs, project, erlang, workspace, release, assembly, upFrom, make, note }),
        )
      : first;
  discard(workspace, builds.unused);
  await run.phase('Manifest', (note) => writeResult(made, run.record, note));
  if (inputs.upload) await run.phase('Artifact', (note) => upload(inputs, run, note));
  if (inputs.publish === 'release') {
    await run.phase('Release', (note) => publishRelease(inputs, run, note));
  }
  if (inputs.cache !== 'off') await builds.saveToCache();
  if (inputs.deploy !== undefined) await deployHere(inputs.deploy, run, erlang);
}

/** What can only fail at the end is asked for at the beginning. */
function requireAll(inputs: RelupInputs): void {
  checkPlatform(process.platform);
  if (inputs.upload) requireArtifactService(process.env);
  if (inputs.publish === 'release') requireGithub(inputs.githubToken, process.env);
  if (inputs.deploy !== undefined) requireTrustedRun(process.env);
}
