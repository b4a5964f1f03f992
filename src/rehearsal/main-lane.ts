import { join } from 'node:path';
import type { DeployPackage } from '../model/deploy-input.js';
import { moduleMd5s } from '../node/code-digests.js';
import { codeDifferences, moduleList, selfMadeModules } from '../node/node-code.js';
import type { NodeObservation } from './compare/observation.js';
import type { NodeContext } from '../node/node-context.js';
import { askToMakePermanent, verifyPermanent } from '../node/permanent.js';
import { replaceStartScript } from '../node/release-script.js';
import { checkInstall, configLostByDowngrade } from '../node/release-handler.js';
import { compareReleases } from '../model/release-difference.js';
import { checkStage } from './check-stage.js';
import { installVersion, unpackVersion } from './install-step.js';
import { StepError } from './step-error.js';
import type { Lane, VersionContext } from './lane.js';
import type { Stage, StepName } from '../model/rehearsal.js';
import type { RelupEffects } from '../model/relup.js';
import { callbackFindings, dynamicFinding, pathFindings } from './compare/left-behind.js';
import { reportFindings } from './crash-reports.js';
import { hangingFindings, survivalFindings } from './compare/survival.js';
import { countProcesses } from './compare/supervision.js';

/** What was seen on the node, stage by stage; what is absent was not reached. */
export interface Seen {
  /** After the boot of the up-from release. */
  booted?: NodeObservation;
  /** After the check before the upgrade. */
  beforeUpgrade?: NodeObservation;
  upgraded?: NodeObservation;
  downgraded?: NodeObservation;
  upgradedAgain?: NodeObservation;
  /** After the restart into the new release. */
  restarted?: NodeObservation;
  /** Whether the downgrade is known to lose settings. */
  losesConfig?: boolean;
  /** What the relup that was installed does. */
  relup?: RelupEffects;
}

/** Boots the up-from release. @throws {BootError} */
export async function bootUpFrom(lane: Lane, seen: Seen): Promise<void> {
  await lane.boot();
  seen.booted = await lane.observe();
  lane.context.recorder.note('boot', 'processes');
  for (const finding of hangingFindings('boot', seen.booted)) lane.context.recorder.add(finding);
}

/** Up, down, up again, permanent, restart, on one node; what is seen is noted as it goes, also when a step fails. */
export async function upAndDown(lane: Lane, upgradePackage: DeployPackage, seen: Seen): Promise<void> {
  const { recorder, upFrom, manifest } = lane.context;
  const old = upFrom.version;
  const steps = new Steps(lane, oldCode(lane.context));
  await recorder.take('upgrade', async () => {
    await checkStage(lane, { step: 'boot', stage: 'before-upgrade', runs: old });
    seen.beforeUpgrade = hasChecks(lane.context) ? await lane.observe() : (seen.booted as NodeObservation);
    const context = await unpackVersion(lane, upgradePackage, { runs: old });
    seen.relup = await steps.readRelup(context);
    const dynamic = dynamicFinding(seen.beforeUpgrade, seen.relup);
    if (dynamic !== undefined) throw new StepError(dynamic);
    await installVersion({ lane, step: 'upgrade', context, version: manifest.version });
    await steps.look({
      step: 'upgrade',
      stage: 'after-upgrade',
      runs: manifest.version,
      before: seen.beforeUpgrade,
      keep: (after) => {
        seen.upgraded = after;
      },
    });
  });
  await recorder.take('downgrade', async () => {
    const context = lane.nodeContext(upgradePackage);
    await context.control.call('check-install', [old], context.stepSeconds);
    const lost = await configLostByDowngrade(context, old);
    if (lost !== undefined) {
      seen.losesConfig = true;
      recorder.add({ ...lost, step: 'downgrade', check: 'environment' });
    }
    await installVersion({ lane, step: 'downgrade', context, version: old });
    const before = seen.upgraded as NodeObservation;
    await steps.look({
      step: 'downgrade',
      stage: 'after-downgrade',
      runs: old,
      before,
      keep: (after) => {
        seen.downgraded = after;
      },
    });
  });
  await recorder.take('upgrade again', async () => {
    const context = lane.nodeContext(upgradePackage);
    await checkInstall(context, old);
    await installVersion({ lane, step: 'upgrade again', context, version: manifest.version });
    const before = seen.downgraded as NodeObservation;
    await steps.look({
      step: 'upgrade again',
      stage: 'after-second-upgrade',
      runs: manifest.version,
      before,
      keep: (after) => {
        seen.upgradedAgain = after;
      },
    });
  });
  await recorder.take('restart', async () => {
    const context = lane.nodeContext(upgradePackage);
    await askToMakePermanent(context);
    await replaceStartScript(context.deployRoot, manifest.name, manifest.version);
    await verifyPermanent(context);
    await checkStage(lane, { step: 'restart', stage: 'after-permanent', runs: manifest.version });
    await lane.running.stop(lane.context.remaining());
    await lane.boot();
    const restarted = await lane.observe();
    requireNewCode(lane, restarted, seen);
    seen.restarted = restarted;
    await checkStage(lane, { step: 'restart', stage: 'after-restart', runs: manifest.version });
  });
}

/** Module MD5 of the up-from release for the modules that differ. */
function oldCode({ upFrom, options }: VersionContext): Record<string, string> {
  const { changed } = compareReleases(upFrom, options.release);
  const names = new Set(changed.flatMap(({ modules }) => [...modules.changed, ...modules.removed]));
  return Object.fromEntries([...moduleMd5s(upFrom.applications)].filter(([name]) => names.has(name)));
}

/** Folders of applications in the up-from release that the new one has elsewhere. */
function foldersLeft({ upFrom, manifest }: VersionContext): Record<string, string> {
  const now = new Set(manifest.applications.map(({ dir }) => dir));
  return Object.fromEntries(
    upFrom.applications.filter(({ dir }) => !now.has(dir)).map(({ name, dir }) => [name, dir]),
  );
}

function hasChecks({ options }: VersionContext): boolean {
  return (options.check ?? '').trim() !== '' || options.onStage !== undefined;
}

/** The version is told by its code, never by its name (H51, H82). */
function requireNewCode(lane: Lane, restarted: NodeObservation, { booted }: Seen): void {
  const { manifest, upFrom } = lane.context;
  const selfMade = booted === undefined ? [] : selfMadeModules(booted, upFrom);
  const differences = codeDifferences(restarted, { ...manifest, selfMade });
  if (differences.length === 0) {
    lane.context.recorder.note('restart', 'code');
    return;
  }
  throw new StepError({
    id: 'rehearsal-not-permanent',
    check: 'code',
    message: `After a restart the node does not run the code of ${manifest.version}: ${moduleList(differences)}.`,
    remedy: 'Package the release with the start script, boot file and start_erl.data that relx makes for it.',
  });
}

/** What is looked at after each step. */
class Steps {
  private relup: RelupEffects | undefined;
  private lines: number;

  constructor(
    private readonly lane: Lane,
    private readonly oldCode: Readonly<Record<string, string>>,
  ) {
    this.lines = lane.running.log.length;
  }

  async readRelup({ control }: NodeContext): Promise<RelupEffects> {
    const { manifest, upFrom } = this.lane.context;
    const file = join(this.lane.root, 'releases', manifest.version, 'relup');
    this.relup = await control.call<RelupEffects>('relup-effects', [file, upFrom.version]);
    return this.relup;
  }

  /**
   * Runs the check, and notes who survived step and check.
   *
   * @param keep gets what was seen, also when the check fails
   * @throws {StepError} when it does
   */
  async look({
    step,
    stage,
    runs,
    before,
    keep,
  }: {
    readonly step: StepName;
    readonly stage: Stage;
    readonly runs: string;
    readonly before: NodeObservation;
    readonly keep: (seen: NodeObservation) => void;
  }): Promise<void> {
    const { recorder } = this.lane.context;
    const oldFolders = step === 'downgrade' ? {} : foldersLeft(this.lane.context);
    const failure = await checkStage(this.lane, { step, stage, runs }).then(
      () => undefined,
      (error: StepError) => error,
    );
    const after = await this.lane.observe({ oldCode: this.oldCode, oldFolders }).catch((error: unknown) => {
      throw failure ?? error;
    });
    keep(after);
    const installation = recorder.installations[step];
    if (installation !== undefined) {
      recorder.installations[step] = { ...installation, supervised: countProcesses(before) };
    }
    recorder.note(step, 'processes');
    const printed = this.lane.running.log.slice(this.lines);
    this.lines = this.lane.running.log.length;
    const relup = this.relup as RelupEffects;
    const reports = reportFindings(step, printed);
    const script = relup[step === 'downgrade' ? 'down' : 'up'];
    const isQuiet = reports.length === 0 && before.printsErrors && after.printsErrors;
    for (const finding of [
      ...survivalFindings({ step, before, after, script, isQuiet }),
      ...pathFindings(step, after),
      ...callbackFindings({ step, before, changed: Object.keys(this.oldCode), script }),
      ...reports,
    ]) {
      recorder.add(finding);
    }
    if (failure !== undefined) throw failure;
  }
}
