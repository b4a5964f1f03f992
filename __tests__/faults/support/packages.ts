import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeManifest } from '../../../src/package/write-manifest.js';
import { readManifest } from '../../../src/deploy/read-manifest.js';
import { removeRuns, runAction } from '../../support/action.js';
import { sha256, type TestPackage } from '../../support/helloworld-package.js';
import { projectRoot, TestRepository } from '../../support/repository.js';

/** The release that nodes run at first, and the one that they are upgraded to. */
export const OLD = '1.0.0';
export const NEW = '1.1.0';

/** What relup-action makes of versions of examples/webcounter; `<folder>/<version>` is as an artifact. */
export class Packages {
  constructor(readonly folder: string) {}

  /** Those that the global setup made for all test files. */
  static shared(): Packages {
    return new Packages(process.env['FAULTS_PACKAGES'] as string);
  }

  /**
   * Builds a release from the sources in a folder.
   *
   * @param from the version to upgrade from, built before
   */
  async build(version: string, sources: string, from?: string): Promise<void> {
    const repository = TestRepository.create(join(this.folder, `repository-${version}`));
    repository.write({ '.gitignore': '_build/\n' }).copy(sources);
    repository.commit(version);
    repository.tag(version);
    const run = await runAction({
      workspace: repository.dir,
      inputs: {
        upload: 'false',
        cache: 'false',
        rehearse: 'false',
        'upgrade-from': from === undefined ? 'none' : this.full(from),
      },
      env: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: version },
    });
    if (run.exitCode !== 0) throw new Error(run.log);
    cpSync(join(run.outputs['manifest'] as string, '..'), join(this.folder, version), { recursive: true });
    // Some of them are made to fail on a node; what deploys ask for is the verdict alone.
    const folder = join(this.folder, version);
    const manifest = await readManifest(join(folder, basename(run.outputs['manifest'] as string)));
    await writeManifest(folder, { ...manifest, verdict: 'hot' });
    repository.remove();
    removeRuns();
  }

  /** The full package. */
  full(version: string): string {
    return join(this.folder, version, `webcounter-${version}.tar.gz`);
  }

  upgrade(version: string): string {
    return join(this.folder, version, `webcounter-${version}.upgrade.tar.gz`);
  }

  manifest(version: string): string {
    return join(this.folder, version, `webcounter-${version}.manifest.json`);
  }

  /** The full package, unpacked: to be copied. */
  installed(version: string): string {
    const root = join(this.folder, `installed-${version}`);
    if (!existsSync(root)) {
      mkdirSync(root);
      execFileSync('tar', ['-xzf', this.full(version), '-C', root]);
    }
    return root;
  }

  async good(version = NEW): Promise<TestPackage> {
    const manifest = await readManifest(this.manifest(version));
    const { sha256, files } = manifest.packages.upgrade ?? { sha256: '', files: [] };
    return { upgradePackage: { path: this.upgrade(version), sha256, files }, manifest };
  }

  /** A package whose installation takes a while before it suspends the first process. */
  pausing(): Promise<TestPackage> {
    return this.changed(`releases/${NEW}/relup`, (relup) =>
      relup.replaceAll('point_of_no_return', 'point_of_no_return,{apply,{timer,sleep,[3000]}}'),
    );
  }

  /** The upgrade package with one file changed, packed anew; its manifest says so. */
  async changed(path: string, change: (text: string) => string, version = NEW): Promise<TestPackage> {
    const { upgradePackage, manifest } = await this.good(version);
    const dir = join(
      this.folder,
      `changed-${sha256(Buffer.from(version + path + change.toString())).slice(0, 8)}`,
    );
    const tree = join(dir, 'tree');
    const packed = join(dir, `webcounter-${version}.upgrade.tar.gz`);
    // made once: another test may be deploying it
    if (!existsSync(packed)) {
      mkdirSync(tree, { recursive: true });
      execFileSync('tar', ['-xzf', upgradePackage.path, '-C', tree]);
      writeFileSync(join(tree, path), change(readFileSync(join(tree, path), 'utf8')));
      execFileSync('tar', ['-czf', packed, ...readdirSync(tree)], { cwd: tree });
    }
    const files = upgradePackage.files.map((file) => {
      const content = readFileSync(join(tree, file.path));
      return { ...file, size: content.length, sha256: sha256(content) };
    });
    return { upgradePackage: { path: packed, sha256: sha256(readFileSync(packed)), files }, manifest };
  }
}

/** The sources of a version of examples/webcounter. */
export function sourcesOf(version: string): string {
  return join(projectRoot, 'examples/webcounter', version);
}
