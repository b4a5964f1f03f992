import { constants } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sync } from '../../node/durable-file.js';
import { plainEnvironment, serviceEnvironmentOf } from '../../node/service-environment.js';
import { DEPLOY_FOLDER } from '../session/deploy-folder.js';
import type { PlaceContext } from './place-context.js';

/** Beside the copies of what a deploy changes, and as long as these; the variables may be secret. */
const FILE = `${DEPLOY_FOLDER}/before/environment.json`;

/** Keeps the environment of the node that runs, for whoever starts it after it was stopped. */
export async function keepEnvironment(
  { deployRoot }: PlaceContext,
  ofNode: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  if (ofNode === undefined) return;
  const file = join(deployRoot, FILE);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  await writeFile(file, JSON.stringify(serviceEnvironmentOf(ofNode, deployRoot)), {
    flag: flags,
    mode: 0o600,
  });
  await sync(file);
}

/** What the service is started with: what its node had, and `env-file`, which is preferred. */
export async function startEnvironment({
  deployRoot,
  serviceEnvironment,
}: Pick<PlaceContext, 'deployRoot' | 'serviceEnvironment'>): Promise<Record<string, string>> {
  const kept = await readFile(join(deployRoot, FILE), 'utf8').catch(() => '{}');
  return { ...plainEnvironment(), ...(JSON.parse(kept) as Record<string, string>), ...serviceEnvironment };
}
