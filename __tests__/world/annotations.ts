/** What a run shows on the commit. */
export interface Annotations {
  readonly findings: readonly { readonly id: string; readonly severity: string; readonly message: string }[];
  /** The sentence that says why the run failed, and its remedy. */
  readonly reason?: string;
}

/** Reads the log of a run as a runner does. */
export function annotations(log: string): Annotations {
  const found = [...log.matchAll(/^::(error|warning|notice)(?: ([^:]*))?::(.*)$/gm)].map(
    ([, severity = '', properties = '', text = '']) => ({
      severity,
      id: /(?:^|,)title=relup: ([\w-]+)/.exec(decoded(properties))?.[1],
      message: decoded(text),
    }),
  );
  const findings = found.flatMap(({ id, ...rest }) => (id === undefined ? [] : [{ id, ...rest }]));
  const reason = found.find(({ id, severity }) => id === undefined && severity === 'error')?.message;
  return { findings, ...(reason === undefined ? {} : { reason }) };
}

/** As `@actions/core` encodes. */
function decoded(text: string): string {
  const characters: Readonly<Record<string, string>> = {
    '0D': '\r',
    '0A': '\n',
    '3A': ':',
    '2C': ',',
    '25': '%',
  };
  return text.replace(/%(0D|0A|3A|2C|25)/g, (_, code: string) => characters[code] ?? '');
}
