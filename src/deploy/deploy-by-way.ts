import { info } from '@actions/core';
import type { DeployResult } from '../model/deploy.js';
import { releasesText } from '../model/node.js';
import { deployHot } from './deploy-hot.js';
import { summary } from './node-summary.js';
import { installedRelease, type Look, lookAt } from './look.js';
import type { PlaceCheckInput } from './place/place-checks.js';
import { checkPlace } from './place/place-checks.js';
import { placeRelease } from './place/place-release.js';
import { doneState } from './place/placing.js';
import type { DeploySession } from './session/deploy-session.js';
import { placeOf, type Site } from './site.js';
import { type ChosenWay, wayOf } from './way.js';
import { NodeRefusedError } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';

/** Looks which way the release has to go, and goes it. */
export async function deployByWay(site: Site, session: DeploySession): Promise<Omit<DeployResult, 'record'>> {
  const look = await lookAt(site);
  try {
    const chosen = chosenWay(site, look);
    if (chosen.way === 'hot' && look.context !== undefined) {
      return { ...(await deployHot(site, session, look.context)), way: chosen.said };
    }
    return await deployPlaced(site, session, { look, chosen });
  } finally {
    look.context?.control.close();
  }
}

/** The way, told in the log. */
export function chosenWay({ options }: Site, { root, node }: Look): ChosenWay {
  const { manifest, allowRestart = false } = options;
  const chosen = wayOf({ manifest, root, node, allowRestart });
  info(chosen.said);
  return chosen;
}

async function deployPlaced(
  site: Site,
  session: DeploySession,
  { look, chosen }: { readonly look: Look; readonly chosen: ChosenWay },
): Promise<Omit<DeployResult, 'record'>> {
  const { manifest } = site.options;
  const check = await site.plan.phase('Deploy: preflight', async () => {
    const input = await placeInput(site, look, session.findings);
    return checkPlace(input);
  });
  look.context?.control.close();
  session.stopIfCancelled();
  if (chosen.runsAlready === true && check.before !== undefined) {
    const node = summary(check.before);
    const { version: deployedVersion } = manifest;
    return { deployedVersion, nodeState: 'upgraded', before: node, after: node, way: chosen.said };
  }
  const after = await placeRelease(placeOf(site, session), check);
  const { before } = check;
  info(`Releases before: ${releasesText(before?.releases ?? null)}; after: ${releasesText(after.releases)}.`);
  return {
    deployedVersion: manifest.version,
    nodeState: doneState({ way: check.way, goesBack: site.options.goesBack }),
    ...(before === undefined ? {} : { before: summary(before) }),
    after: summary(after),
    way: chosen.said,
  };
}

/** What the checks of an installation or a restart are about. */
export async function placeInput(site: Site, look: Look, findings: Finding[]): Promise<PlaceCheckInput> {
  const { options, deployRoot, commands, plan } = site;
  const { manifest, fullPackage: full, privateFolder } = options;
  const { root, node, context } = look;
  if (full === undefined && options.goesBack !== true) {
    throw new NodeRefusedError(
      `The full package of ${manifest.name} ${manifest.version} is missing, and only that can be installed or restarted into.`,
      { remedy: 'Keep packages and manifest together, as they are in the artifact.' },
    );
  }
  const old = root === 'empty' ? undefined : await installedRelease(site, node);
  const erlang = old === undefined ? undefined : await site.erlangOf(old);
  return {
    way: root === 'empty' ? 'install' : 'restart',
    old,
    node: context?.node,
    before: typeof node === 'string' ? undefined : node,
    ...{ deployRoot, manifest, full, findings },
    comparison:
      erlang === undefined || full === undefined
        ? undefined
        : { erlang, deployRoot, upgradePackage: full, manifest, privateFolder },
    checkUrl: plan.health.checkUrl ?? '',
    hasStart: commands.has('start'),
  };
}
