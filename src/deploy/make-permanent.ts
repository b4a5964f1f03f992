import { syncAll } from '../node/durable-file.js';
import { askToMakePermanent, putStartData, recordsOf } from '../node/permanent.js';
import { replaceStartScript } from '../node/release-script.js';
import type { UpgradeContext } from './upgrade-context.js';

/** `release_handler:make_permanent/1`, and relx's `bin/<name>` with it (H82). @throws {ControlError} */
export async function makePermanent(context: UpgradeContext): Promise<void> {
  const { session, deployRoot, manifest } = context;
  await session.giveRoom();
  await session.note({ step: 'make-permanent' });
  await askToMakePermanent(context);
  await putStartData(context);
  await syncAll(recordsOf(deployRoot));
  await session.note({ step: 'start-script' });
  await replaceStartScript(deployRoot, manifest.name, manifest.version);
}
