import type { Attempt } from '../../model/deploy.js';
import { configurationFiles } from '../../node/configuration.js';
import { installedPath } from '../../node/package-files.js';
import type { PlaceContext } from './place-context.js';
import type { PlaceCheck } from './place-checks.js';
import { isSwitched, switchedScripts } from './put-files.js';

/** What is about to be done, with all that is needed to undo it. */
export async function placeAttempt(place: PlaceContext, check: PlaceCheck): Promise<Attempt> {
  const { manifest, full, session } = place;
  const { name, version } = manifest;
  const members = (full?.files ?? []).map(({ path }) => installedPath(path, manifest));
  const footprint = await session.recordFootprint(
    members.filter((path) => !isSwitched(path, manifest)),
    check.way === 'install'
      ? []
      : [
          ...['releases/RELEASES', 'releases/start_erl.data', `bin/${name}`],
          ...switchedScripts(place),
          ...configurationFiles(version),
        ],
  );
  const { old } = check;
  return {
    ...{ name, version, footprint, way: check.way },
    from: old?.version ?? '',
    packageSha256: full?.sha256 ?? '',
    wasRegistered: false,
    ...(old === undefined ? {} : { fromErts: old.erts, ran: check.node !== undefined }),
    ...(full === undefined ? { goesBack: true as const } : {}),
  };
}
