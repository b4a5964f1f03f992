import { info } from '@actions/core';
import { probeToolchain } from '../../build/toolchain.js';
import type { Workspace } from '../../shared/workspace.js';
import type { Note } from '../run.js';

/** What is installed, being found out. */
export type Probing = ReturnType<typeof probeToolchain>;

/** Begins to find out what is installed, and to compile our Erlang code, while other things are done. It prints nothing. */
export async function startProbing(workspace: Workspace): Promise<{ readonly probing: Probing }> {
  const probing = probeToolchain(await workspace.folder('erlang'));
  // Its failure is told when it is asked for; until then the workspace must stay.
  const begun = probing.catch(() => undefined);
  workspace.meanwhile(begun);
  workspace.atClose(async () => (await begun)?.erlang.close());
  return { probing };
}

/** Waits for what is installed, and tells. @throws {ActionError} as `probeToolchain` */
export async function tellProbed(probing: Probing, note: Note): Probing {
  const probed = await probing;
  const { toolchain } = probed;
  const { otpVersion, rebar3, architecture, libc } = toolchain;
  info(`Erlang/OTP ${otpVersion}, rebar3 ${rebar3}, ${architecture}, ${libc}`);
  note({ toolchain });
  return probed;
}
