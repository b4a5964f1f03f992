import { info } from '@actions/core';
import { probeToolchain } from '../../build/toolchain.js';
import type { Workspace } from '../../shared/workspace.js';
import type { Note } from '../run.js';

/** Finds out what is installed, and tells. @throws {ActionError} as `probeToolchain` */
export async function probe(workspace: Workspace, note: Note): ReturnType<typeof probeToolchain> {
  const probed = await probeToolchain(await workspace.folder('erlang'));
  const { toolchain } = probed;
  const { otpVersion, rebar3, architecture, libc } = toolchain;
  info(`Erlang/OTP ${otpVersion}, rebar3 ${rebar3}, ${architecture}, ${libc}`);
  note({ toolchain });
  return probed;
}
