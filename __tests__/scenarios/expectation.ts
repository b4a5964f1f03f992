import type { Outcome } from './outcome.js';
import type { Scenario } from './scenario.js';

/** The outcome as a text to read. */
export function describeOutcome({ verdict, reason, lines }: Outcome): string {
  return [reason === undefined ? verdict : `${verdict}: ${reason}`, ...lines].join('\n  ');
}

/** Whether it is what the scenario expects. */
export function isExpected(
  { expect, finds = [] }: Scenario,
  { verdict, reason, errors, findings }: Outcome,
): boolean {
  if (!finds.every((id) => findings.includes(id))) return false;
  if (expect === 'equal') return verdict === 'equal';
  if ('told' in expect) return verdict === 'told' && findings.includes(expect.told);
  if (verdict !== 'refused') return false;
  return errors.includes(expect.refused) || (reason ?? '').startsWith(expect.refused);
}

/** Why it is not, in words; undefined when it is. */
export function complaint(scenario: Scenario, outcome: Outcome): string | undefined {
  if (isExpected(scenario, outcome)) return undefined;
  const { expect, finds = [] } = scenario;
  const wanted = expect === 'equal' ? 'equal' : Object.entries(expect).join().replace(',', ': ');
  const with_ = finds.length === 0 ? '' : `, finding ${finds.join(', ')}`;
  return `${scenario.name}: expected ${wanted}${with_}; found ${outcome.findings.join(', ') || 'nothing'}, and ${describeOutcome(outcome)}`;
}
