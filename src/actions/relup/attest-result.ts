import { attestFiles } from '../../published/attest.js';
import type { Note, Run } from '../run.js';
import type { RelupInputs } from './relup-inputs.js';

/** Signs the build provenance of everything that others may install, or judge an installation by. @throws {ActionError} */
export async function attestResult(inputs: RelupInputs, run: Run, note: Note): Promise<void> {
  const { packages, manifest } = run.record;
  if (packages === undefined || manifest === undefined) throw new Error('there is nothing to attest');
  const made = [packages.full, packages.upgrade, packages.debug].flatMap((one) => one?.path ?? []);
  note({ attestation: await attestFiles(inputs.githubToken, [...made, manifest]) });
}
