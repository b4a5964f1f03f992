/** `tar-alone` assembles the release, too, in one go. */
export type Rebar3Task = 'release' | 'tar' | 'tar-alone';

/** What stands after `rebar3`. */
export function rebar3Arguments(
  task: Rebar3Task,
  { profile, release }: { readonly profile: string; readonly release?: string },
): string[] {
  const name = release === undefined ? [] : ['-n', release];
  if (task === 'tar-alone') return ['as', profile, 'tar', ...name];
  const assemble = ['release', ...name];
  if (task === 'release') return ['as', profile, ...assemble];
  // `do` takes a comma at the end of a word only.
  return ['as', profile, 'do', ...assemble.with(-1, `${assemble.at(-1) ?? ''},`), 'tar', ...name];
}
