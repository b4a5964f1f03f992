import { execFileSync } from 'node:child_process';

/** Unpacks a zip with OTP's own module, as a fresh machine has no other program for it. */
export function unzip(zip: string, folder: string): void {
  const unpack = '[Zip, Dir] = init:get_plain_arguments(), {ok, _} = zip:unzip(Zip, [{cwd, Dir}]), halt().';
  execFileSync('erl', ['-noinput', '-boot', 'no_dot_erlang', '-eval', unpack, '-extra', zip, folder]);
}
