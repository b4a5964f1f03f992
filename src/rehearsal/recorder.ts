import { info } from '@actions/core';
import type { Correction } from '../model/correction.js';
import type {
  CheckName,
  CheckResult,
  Installation,
  RehearsalFinding,
  RehearsedStep,
  StepName,
  TreeDifference,
} from '../model/rehearsal.js';

/** Collects what the rehearsal of one up-from version finds, step by step. */
export class Recorder {
  readonly findings: RehearsalFinding[] = [];
  readonly corrections: Correction[] = [];
  readonly trees: TreeDifference[] = [];
  readonly installations: Partial<Record<StepName, Installation>> = {};
  private readonly begun = performance.now();
  private readonly times = new Map<StepName, Pick<RehearsedStep, 'start' | 'seconds'>>();
  private readonly looked = new Map<StepName, Set<CheckName>>();

  private failed: StepName | undefined;

  constructor(readonly upFrom: string) {}

  /** Runs a step and takes its time, whether it succeeds or not. */
  async take<T>(step: StepName, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      const result = await work();
      this.note(step, 'done');
      return result;
    } catch (error) {
      this.failed = step;
      throw error;
    } finally {
      const seconds = (performance.now() - started) / 1000;
      this.times.set(step, { start: (started - this.begun) / 1000, seconds });
      info(`${this.upFrom}, ${step}: ${seconds.toFixed(1)} s`);
    }
  }

  /** The step that failed last. */
  get failedStep(): StepName {
    return this.failed ?? 'boot';
  }

  /** Notes that something was looked at, so that no finding means that it is as it should be. */
  note(step: StepName, ...checks: readonly CheckName[]): void {
    const looked = this.looked.get(step) ?? new Set();
    for (const check of checks) looked.add(check);
    this.looked.set(step, looked);
  }

  add(finding: Omit<RehearsalFinding, 'upFrom'>): void {
    this.note(finding.step, finding.check);
    this.findings.push({ upFrom: this.upFrom, ...finding });
  }

  replace(finding: RehearsalFinding, other: RehearsalFinding): void {
    this.findings.splice(this.findings.indexOf(finding), 1, other);
  }

  /** Takes all errors back. */
  withdrawErrors(): void {
    const others = this.findings.filter(({ severity }) => severity !== 'error');
    this.findings.splice(0, this.findings.length, ...others);
  }

  steps(): RehearsedStep[] {
    return [...this.times].map(([name, time]) => {
      const checks = [...(this.looked.get(name) ?? [])].map((check) => [check, this.result(name, check)]);
      return { name, ...time, checks: Object.fromEntries(checks) as RehearsedStep['checks'] };
    });
  }

  private result(step: StepName, check: CheckName): CheckResult {
    const severities = this.findings
      .filter((finding) => finding.step === step && finding.check === check)
      .map(({ severity }) => severity);
    if (severities.includes('error')) return 'failed';
    return severities.includes('warning') ? 'warning' : 'ok';
  }
}
