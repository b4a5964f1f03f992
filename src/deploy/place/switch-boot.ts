import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../node/durable-file.js';
import { placeInRoot } from '../../node/inside-root.js';
import { ownUser } from '../../programs/own-user.js';
import { exists } from '../../shared/exists.js';
import { type InstalledVersion, type PlaceContext, stagedFolder } from './place-context.js';
import { putScripts } from './put-files.js';

/**
 * Makes the next start boot the release of the manifest: release_handler's records, as its own make_permanent would leave them, and
 * relx's scripts. Doing it twice does no harm.
 *
 * @param booted what boots until then
 */
export async function switchBoot(place: PlaceContext, booted: InstalledVersion): Promise<void> {
  const { deployRoot, manifest, privateFolder } = place;
  const installed = join(deployRoot, 'releases/RELEASES');
  const staged = join(stagedFolder(place), 'releases/RELEASES');
  const merged = join(privateFolder, 'RELEASES');
  const source = (await exists(staged)) ? staged : installed;
  const erlang = await place.erlangOf(booted);
  await erlang.query('releases', [installed, source, manifest.version, merged]);
  await put(place, 'releases/RELEASES', merged);
  const data = join(privateFolder, 'start_erl.data');
  await writeFile(data, `${manifest.erts} ${manifest.version}`);
  await put(place, 'releases/start_erl.data', data);
  await putScripts(place);
}

async function put({ deployRoot }: PlaceContext, path: string, source: string): Promise<void> {
  await replaceFile(await placeInRoot(deployRoot, path), source, { ...ownUser(), mode: 0o644 });
}
