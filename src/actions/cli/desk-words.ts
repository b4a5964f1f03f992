/**
 * What the actions say of their inputs, as it is said at a desk: `\`rehearse: false\`` is `--rehearse false` there. Other words
 * stay as they are. Pure.
 *
 * @param inputs names of all inputs
 */
export function deskWords(text: string, inputs: ReadonlySet<string>): string {
  return text
    .replaceAll(/\binput(?= `)/g, 'option')
    .replaceAll(/`([a-z-]+)(?:: ([^`]+))?`/g, (all, name: string, value: string | undefined) =>
      inputs.has(name) ? `\`--${name}${value === undefined ? '' : ` ${value}`}\`` : all,
    )
    .replaceAll(/(the option )?`--github-token`/g, 'the variable GITHUB_TOKEN');
}
