import { rmSync } from 'node:fs';
import { temporaryFolder } from '../../support/repository.js';
import { setup as buildBundle } from '../../support/build-bundle.js';

/** Vitest's global setup: the packages are made once, by the bundle of the sources as they are now. */
export async function setup(): Promise<() => void> {
  const removeBundle = buildBundle();
  const folder = temporaryFolder('relup-faults-');
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    removeBundle();
  };
  try {
    // it reads where the bundle is when it is loaded
    const { NEW, OLD, Packages, sourcesOf } = await import('./packages.js');
    const packages = new Packages(folder);
    await packages.build(OLD, sourcesOf(OLD));
    await packages.build(NEW, sourcesOf(NEW), OLD);
    packages.installed(OLD);
  } catch (error) {
    remove();
    throw error;
  }
  process.env['FAULTS_PACKAGES'] = folder;
  return remove;
}
