/** Tokens for the runner's services, the files by which a step speaks to the runner, and an action's inputs and state. */
const RUNNERS_OWN = /^(?:ACTIONS_|INPUT_|STATE_|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$)/;

/**
 * An environment without what is the runner's own. Our environment goes to no program in any other way: not to git, not to
 * rebar3 with the project's plugins and hooks, not to commands of the user's, not to a node.
 *
 * What the workflow's `env:` sets stays, a GITHUB_TOKEN too: the runner sets none by itself, so who wrote it there means it.
 */
export function withoutRunnersOwn(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !RUNNERS_OWN.test(entry[0]),
    ),
  );
}

/** Takes every variable of ours from a program, as `env` of a run: it gets what is set beside this, and nothing else. */
export function nothingOfOurs(): Record<string, undefined> {
  return Object.fromEntries(Object.keys(process.env).map((variable) => [variable, undefined]));
}
