/** What stands after `rebar3`. */
export function rebar3Arguments(
  task: 'release' | 'tar',
  { profile, release }: { readonly profile: string; readonly release?: string },
): string[] {
  const name = release === undefined ? [] : ['-n', release];
  const assemble = ['release', ...name];
  if (task === 'release') return ['as', profile, ...assemble];
  // `do` takes a comma at the end of a word only.
  return ['as', profile, 'do', ...assemble.with(-1, `${assemble.at(-1) ?? ''},`), 'tar', ...name];
}
