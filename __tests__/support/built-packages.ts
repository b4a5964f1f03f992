import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeRuns, runAction } from './action.js';
import { helloworldRepository, temporaryFolder } from './repository.js';

const TEMPLATE = '[{helloworld, [{host, "${DB_HOST:-nowhere}"}]}].\n';

/** What relup-action makes of examples/helloworld: the packages of both versions; 0.2.0 has a sys.config.src. */
export class BuiltPackages {
  private constructor(
    private readonly dir: string,
    /** rebar3's package of 0.1.0, for an installation. */
    readonly oldTarball: string,
    /** Packages, manifest and report of 0.2.0, side by side as in an artifact. */
    readonly folder: string,
  ) {}

  /**
   * @param services variables of artifact services, which then get an artifact of each version
   * @param between whether there is a 0.1.1, too, which differs by its release version only: 0.2.0 is upgraded to from both
   */
  static async make(services?: Readonly<Record<string, string>>, between = false): Promise<BuiltPackages> {
    const dir = temporaryFolder('relup-packages-');
    const repository = helloworldRepository(join(dir, 'repository'));
    const rebarConfig = readFileSync(join(repository.dir, 'rebar.config'), 'utf8');
    repository.write({
      'config/sys.config.src': TEMPLATE,
      'rebar.config': rebarConfig.replace(/sys_config, "([^"]*)"/, 'sys_config_src, "$1.src"'),
    });
    repository.commit('template');
    repository.git('tag', '--force', '0.2.0');
    const upload = services === undefined ? 'false' : 'true';
    if (between) {
      repository.git('checkout', '--quiet', '--detach', '0.1.0');
      const config = readFileSync(join(repository.dir, 'rebar.config'), 'utf8');
      repository.write({ 'rebar.config': config.replace('{helloworld, "0.1.0"}', '{helloworld, "0.1.1"}') });
      repository.commit('0.1.1');
      repository.tag('0.1.1');
    }
    const earlier = between ? ['0.1.0', '0.1.1'] : ['0.1.0'];
    for (const tag of [...earlier, '0.2.0']) {
      repository.git('checkout', '--quiet', '--detach', tag);
      const from = tag === '0.2.0' ? earlier.join(',') : 'none';
      const run = await runAction({
        workspace: repository.dir,
        inputs: { upload, cache: 'false', rehearse: 'required', 'upgrade-from': from },
        env: { GITHUB_SERVER_URL: 'https://github.com', ...services },
      });
      if (run.exitCode !== 0) throw new Error(run.log);
      cpSync(join(run.outputs.manifest as string, '..'), join(dir, tag), { recursive: true });
    }
    removeRuns();
    return new BuiltPackages(dir, join(dir, '0.1.0/helloworld-0.1.0.tar.gz'), join(dir, '0.2.0'));
  }

  /** The full package of an earlier version. */
  tarball(version: string): string {
    return join(this.dir, version, `helloworld-${version}.tar.gz`);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
