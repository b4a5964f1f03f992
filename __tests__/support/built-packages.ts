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

  /** @param services variables of artifact services, which then get an artifact of each version */
  static async make(services?: Readonly<Record<string, string>>): Promise<BuiltPackages> {
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
    for (const tag of ['0.1.0', '0.2.0']) {
      repository.git('checkout', '--quiet', '--detach', tag);
      const run = await runAction({
        workspace: repository.dir,
        inputs: { upload, cache: 'false', rehearse: 'required' },
        env: { GITHUB_SERVER_URL: 'https://github.com', ...services },
      });
      if (run.exitCode !== 0) throw new Error(run.log);
      cpSync(join(run.outputs.manifest as string, '..'), join(dir, tag), { recursive: true });
    }
    removeRuns();
    return new BuiltPackages(dir, join(dir, '0.1.0/helloworld-0.1.0.tar.gz'), join(dir, '0.2.0'));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
