import { requireArtifactService } from '../../artifact/upload.js';
import { checkPlatform } from '../../build/toolchain.js';
import { requireAttesting } from '../../published/attest.js';
import { requireGithub } from '../../published/repository.js';
import { runAction, type Attendant, type Run } from '../run.js';
import { discard } from '../run-workspace.js';
import { requireTrustedRun } from '../trusted-run.js';
import { attestResult } from './attest-result.js';
import { fromChangeToAnswer } from './check.js';
import { deployHere } from './deploy-here.js';
import { keepFailure } from './failed-result.js';
import { proveUpgrade, type AtDesk } from './prove-upgrade.js';
import type { RelupInputs } from './relup-inputs.js';
import { publishRelease } from './publish-release.js';
import { upload, writeResult } from './result.js';

/** The root action: from the checked-out commit to uploaded packages and, if asked for, an upgraded node; or to an answer. */
export async function relupAction(inputs: RelupInputs, attendant?: Attendant): Promise<void> {
  const story = inputs.mode === 'check' ? fromChangeToAnswer : fromTagToArtifact;
  const desk: AtDesk = attendant === undefined ? {} : { modified: 'leave-out', keep: attendant.keep };
  await runAction(
    async (run) => {
      checkPlatform(process.platform);
      await story(inputs, run, desk);
    },
    { onFailure: (run) => keepFailure(inputs, run), attendant },
  );
}

/** The story, one phase after the other (design: the way of the data). */
async function fromTagToArtifact(inputs: RelupInputs, run: Run, { keep }: AtDesk): Promise<void> {
  requireAll(inputs);
  const { made, builds, erlang } = await proveUpgrade(inputs, run, { keep });
  discard(run.workspace, [...builds.unused.planned, ...builds.unused.packed]);
  await run.phase('Manifest', (note) => writeResult(made, run.record, note));
  if (inputs.attest) await run.phase('Attestation', (note) => attestResult(inputs, run, note));
  if (inputs.upload) await run.phase('Artifact', (note) => upload(inputs, run, note));
  if (inputs.publish === 'release') {
    await run.phase('Release', (note) => publishRelease(inputs, run, note));
  }
  if (inputs.cache !== 'off') await builds.saveToCache();
  if (inputs.deploy !== undefined) await deployHere(inputs.deploy, run, erlang);
}

/** What can only fail at the end is asked for at the beginning. */
function requireAll(inputs: RelupInputs): void {
  if (inputs.upload) requireArtifactService(process.env);
  if (inputs.publish === 'release') requireGithub(inputs.githubToken, process.env);
  if (inputs.attest) requireAttesting(inputs.githubToken, process.env);
  if (inputs.deploy !== undefined) requireTrustedRun(process.env);
}
