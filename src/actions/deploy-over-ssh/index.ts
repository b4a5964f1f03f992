// Not an action of its own: the part of a deploy that runs on the machine of the node (input `ssh`), as the ssh user.
import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveSigns } from '../../programs/life-signs.js';
import { ActionError } from '../../shared/errors.js';
import { explainFailure } from '../../shared/system-failure.js';
import { Workspace } from '../../shared/workspace.js';
import { failureOf, PID, readRequest, type Outcome } from '../deploy-as-user/hand-over.js';
import { deployAsOwner } from '../deploy-node.js';
import { endOnSignals } from '../run-workspace.js';
import { cancelWhenAlone } from './alone.js';
import { WORD } from './parcel.js';

const [folder = ''] = process.argv.slice(2);
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const { request } = await readRequest(folder);
const word = await readFile(join(folder, WORD), 'utf8');
await writeFile(join(folder, PID), String(process.pid));
// There is no runner here: commands run in the installed root, and nobody takes state.
process.env.GITHUB_WORKSPACE = request.inputs.deployRoot;
process.env.GITHUB_STATE = join(folder, 'state');
await writeFile(process.env.GITHUB_STATE, '');
const stop = cancelWhenAlone();
giveSigns();
let outcome: Outcome;
try {
  const workspace = await Workspace.open(folder);
  endOnSignals(workspace);
  outcome = { deployed: await deployAsOwner(request, { workspace }) };
} catch (error) {
  outcome = failureOf(error instanceof ActionError ? error : await explainFailure(error, folder));
}
stop();
process.stdout.write(`${word} ${JSON.stringify(outcome)}\n`);
