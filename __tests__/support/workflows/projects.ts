import { rebarConfig, serverApplication } from '../projects.js';
import type { TestRepository } from '../repository.js';

/** Commits another version of the plain project on a new branch off main; main stays what it was, and is checked out. */
export function nextVersion(
  repository: TestRepository,
  { branch, version, from }: { branch: string; version: string; from: readonly string[] },
): TestRepository {
  const entries = from.map((old) => `{"${old}", [{load_module, app}]}`).join(', ');
  repository.git('checkout', '--quiet', '-b', branch, 'main');
  repository.write({
    'rebar.config': rebarConfig(version),
    ...serverApplication('app', version, `${branch}`),
    'src/app.appup.src': `{"${version}", [${entries}], [${entries}]}.\n`,
  });
  repository.commit(version);
  return repository;
}
