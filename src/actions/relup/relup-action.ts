import { info } from '@actions/core';
import { join } from 'node:path';
import { requireArtifactService } from '../../phases/artifact.js';
import { buildAll } from '../../phases/builds.js';
import { cookieFindings } from '../../phases/cookie-findings.js';
import { chooseRefs, type Refs } from '../../phases/refs.js';
import { checkPlatform, probeToolchain } from '../../phases/toolchain.js';
import { planUpgrade } from '../../phases/upgrade.js';
import { emptyFacts, type Facts } from '../../report/facts.js';
import { finish, noteFailure } from '../../report/finish.js';
import { logRefs } from '../../report/log.js';
import type { Correction } from '../../shared/correction.js';
import { defined } from '../../shared/optional.js';
import { explainFailure } from '../../shared/system-failure.js';
import type { Workspace } from '../../shared/workspace.js';
import { deployHere } from './deploy-here.js';
import { keepFailure } from './failed-result.js';
import type { RelupInputs } from './inputs.js';
import { phase } from '../phase.js';
import { requireTrustedRun } from '../trusted-run.js';
import { openProject, treeFindings, type Project } from './project.js';
import { rehearseUpgrade } from './rehearse.js';
import { makeCheckedPackages, upload, writeResult } from './result.js';
import { closeWorkspace, discard, openWorkspace } from '../run-workspace.js';

/** The root action: from the checked-out commit to uploaded packages and, if asked for, an upgraded node. */
export async function relupAction(inputs: RelupInputs): Promise<void> {
  const facts = emptyFacts();
  const workspace = await openWorkspace();
  try {
    await fromTagToArtifact(inputs, facts, workspace);
  } catch (error) {
    const failure = await explainFailure(error, workspace.dir);
    noteFailure(facts, failure);
    await keepFailure(inputs, facts, workspace);
    throw failure;
  } finally {
    await closeWorkspace(workspace);
    await finish(facts);
  }
}

/** The story, one phase after the other (design: the way of the data). */
async function fromTagToArtifact(inputs: RelupInputs, facts: Facts, workspace: Workspace): Promise<void> {
  checkPlatform(process.platform);
  // What can only fail at the end is asked for at the beginning.
  if (inputs.upload) requireArtifactService(process.env);
  if (inputs.deploy !== undefined) requireTrustedRun(process.env);
  const project = await openProject(inputs.workingDirectory, await workspace.folder('git'));
  facts.findings.push(...(await treeFindings(project)));
  const { toolchain, erlang } = await phase(facts, 'Toolchain', () => probe(workspace));
  facts.toolchain = toolchain;
  const refs = await phase(facts, 'Refs', () => chooseVersions(inputs, project));
  facts.refs = refs;
  facts.build = {
    profile: inputs.profile,
    release: inputs.release,
    prepared: inputs.prepare.trim() !== '',
    projectPath: project.path,
  };
  const context = {
    git: project.git,
    erlang,
    workspace,
    profile: inputs.profile,
    prepare: inputs.prepare,
    projectPath: project.path,
    ...defined({ release: inputs.release }),
  };
  const builds = await phase(facts, 'Build', () => buildAll(context, refs, toolchain, inputs.cache));
  const { release, assembly, upFrom } = builds;
  facts.findings.push(...builds.findings);
  facts.findings.push(...(await cookieFindings(release, assembly.projectDir, project.path)));
  Object.assign(facts, { release, upFrom });
  const { allowRestart, appups, purge } = inputs;
  const plan = { ...context, allowRestart, appups, purge, release, assembly, upFrom };
  await phase(facts, 'Appups and relup', () => planUpgrade(plan, facts));
  const mtime = await project.git.commitTime(refs.newCommit);
  const result = { facts, erlang, release, refs, toolchain, mtime, workspace };
  await phase(facts, 'Package', () => makeCheckedPackages(result));
  if (facts.upgradeKind === 'hot') {
    const again = async (corrections: readonly Correction[]): Promise<void> => {
      await planUpgrade({ ...plan, corrections }, facts);
      await makeCheckedPackages(result);
    };
    const { dir: projectDir, path: projectPath } = project;
    const buildDir = join(assembly.buildDir, 'lib');
    await phase(facts, 'Rehearsal', () =>
      rehearseUpgrade({ inputs, facts, erlang, workspace, buildDir, projectDir, projectPath, again }),
    );
  }
  discard(workspace, builds.unused);
  await phase(facts, 'Manifest', () => writeResult(result));
  if (inputs.upload) await phase(facts, 'Artifact', () => upload(inputs, facts, workspace));
  if (inputs.cache === 'auto') await builds.saveToCache();
  const { deploy } = inputs;
  if (deploy !== undefined) {
    await deployHere(deploy, facts, erlang, workspace);
  }
}

async function probe(workspace: Workspace): ReturnType<typeof probeToolchain> {
  const probed = await probeToolchain(await workspace.folder('erlang'));
  const { otpVersion, rebar3, architecture, libc } = probed.toolchain;
  info(`Erlang/OTP ${otpVersion}, rebar3 ${rebar3}, ${architecture}, ${libc}`);
  return probed;
}

async function chooseVersions(inputs: RelupInputs, project: Project): Promise<Refs> {
  const { GITHUB_REF_TYPE: refType, GITHUB_REF_NAME: refName, GITHUB_EVENT_NAME: eventName } = process.env;
  const refs = await chooseRefs(project.git, {
    upgradeFrom: inputs.upgradeFrom,
    tagPattern: inputs.tagPattern,
    baseDir: project.dir,
    event: defined({ refType, refName, eventName }),
  });
  logRefs(refs);
  return refs;
}
