import type { Outcome } from './outcome.js';
import type { Scenario } from './scenario.js';

/** The outcome as a text to read. */
export function describeOutcome({ verdict, reason, lines }: Outcome): string {
  return [reason === undefined ? verdict : `${verdict}: ${reason}`, ...lines].join('\n  ');
}

/**
 * Why the outcome is not what the scenario expects, in words; undefined when it is.
 *
 * @param otp the OTP release, e.g. `29`
 */
export function complaint(scenario: Scenario, outcome: Outcome, otp: string): string | undefined {
  const { name, finds = [], never = [] } = scenario;
  const expect = scenario.expectOn?.[otp] ?? scenario.expect;
  const { findings } = outcome;
  const isTold = finds.every((id) => findings.includes(id)) && !never.some((id) => findings.includes(id));
  if (isExpected(expect, outcome) && isTold) return undefined;
  const wanted = expect === 'equal' ? 'equal' : Object.entries(expect).join().replace(',', ': ');
  const required = finds.length === 0 ? '' : `, finding ${finds.join(', ')}`;
  const unwanted = never.length === 0 ? '' : `, and not ${never.join(', ')}`;
  return `${name}: expected ${wanted}${required}${unwanted}; found ${findings.join(', ') || 'nothing'}, and ${describeOutcome(outcome)}`;
}

function isExpected(expect: Scenario['expect'], { verdict, reason, errors, findings }: Outcome): boolean {
  if (expect === 'equal') return verdict === 'equal';
  if ('told' in expect) return verdict === 'told' && findings.includes(expect.told);
  if (verdict !== 'refused') return false;
  return errors.includes(expect.refused) || (reason ?? '').startsWith(expect.refused);
}
