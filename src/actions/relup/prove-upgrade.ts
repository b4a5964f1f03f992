import { buildAll, type Builds } from '../../build/build.js';
import { startCheckouts } from '../../build/checkouts.js';
import { modifiedFindings, openProject, treeFindings, type Project } from '../../build/repository.js';
import type { Correction } from '../../model/correction.js';
import { planUpgrade } from '../../plan/plan.js';
import type { Erlang } from '../../programs/erlang.js';
import type { RehearsalOptions } from '../../rehearsal/rehearsal-options.js';
import type { Made } from '../../rehearsal/prove.js';
import { defined } from '../../shared/optional.js';
import type { Run } from '../run.js';
import { discard } from '../run-workspace.js';
import { chooseVersions } from './choose-versions.js';
import { startProbing, tellProbed } from './probe.js';
import { takePublishedPackages } from './published-packages.js';
import { raiseVersions } from './raise-versions.js';
import { rehearseMade } from './rehearse-made.js';
import type { RelupInputs } from './relup-inputs.js';
import { makeCheckedPackages } from './result.js';

/** What was made, and by what. */
export interface ProvenUpgrade {
  readonly made: Made;
  readonly builds: Builds;
  readonly project: Project;
  readonly erlang: Erlang;
}

/** What only the command line asks for. */
export interface AtDesk {
  readonly modified?: 'refuse' | 'leave-out';
  readonly keep?: RehearsalOptions['keep'];
}

/** From the checked-out commit to packages that were tried; the same for a release and a check. */
export async function proveUpgrade(
  inputs: RelupInputs,
  run: Run,
  { modified = 'refuse', keep }: AtDesk = {},
): Promise<ProvenUpgrade> {
  const { workspace } = run;
  const { probing } = await startProbing(workspace);
  const project = await openProject(inputs.workingDirectory, await workspace.folder('git'), modified);
  const leftOut = modified === 'leave-out' ? await modifiedFindings(project) : [];
  run.note('Project', { findings: [...leftOut, ...(await treeFindings(project))] });
  const chosen = await run.phase('Refs', (note) => chooseVersions(inputs, project, note));
  const refs = await takePublishedPackages(chosen, { inputs, project, run });
  const checkouts = startCheckouts({ git: project.git, workspace }, refs);
  const { toolchain, erlang } = await run.phase('Toolchain', (note) => tellProbed(probing, note));
  const { profile, prepare, release: name, allowRestart, appups, purge } = inputs;
  const { git, path: projectPath } = project;
  const check = inputs.mode === 'check';
  const context = {
    git,
    erlang,
    workspace,
    profile,
    prepare,
    projectPath,
    check,
    checkouts,
    ...defined({ release: name }),
  };
  const builds = await run.phase('Build', async (note) => {
    // Versions are raised where the new release was built.
    const cache = check && inputs.cache === 'release' ? 'auto' : inputs.cache;
    const all = await buildAll({ context, toolchain, cache }, refs);
    const built = check ? await raiseVersions(all, context, note) : all;
    note({ release: built.release, upFrom: built.upFrom, findings: built.findings });
    return built;
  });
  const { release, assembly, upFrom, unused } = builds;
  discard(workspace, unused.now);
  const mtime = await git.commitTime(refs.newCommit);
  const make = async (corrections: readonly Correction[] = []): Promise<Made> => {
    const options = { ...context, allowRestart, appups, purge, release, assembly, upFrom, corrections };
    const plan = await run.phase('Appups and relup', (note) => planUpgrade(options, note));
    // A rehearsal may show that another plan is needed.
    if (inputs.rehearse === 'false') discard(workspace, unused.planned);
    const packages = await run.phase('Package', (note) =>
      makeCheckedPackages({ erlang, workspace, release, upFrom, plan, mtime }, note),
    );
    return { plan, packages };
  };
  const first = await make();
  const made =
    first.plan.upgradeKind === 'hot'
      ? await run.phase('Rehearsal', (note) =>
          rehearseMade(first, {
            inputs,
            project,
            erlang,
            workspace,
            release,
            assembly,
            upFrom,
            make,
            note,
            keep,
          }),
        )
      : first;
  return { made, builds, project, erlang };
}
