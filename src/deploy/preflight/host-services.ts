import { run } from '../../programs/exec.js';
import { CommandFailedError } from '../../shared/errors.js';
import type { Finding } from '../../model/finding.js';

/** Units that update packages by themselves, and restart services when a library they use was updated (H83). */
const UNITS = [
  'unattended-upgrades.service',
  'apt-daily-upgrade.timer',
  'dnf-automatic.timer',
  'dnf-automatic-install.timer',
  'yum-cron.service',
];

/** Warns when the machine may restart the node by itself during or after the upgrade; nothing where systemd does not run. */
export async function hostServiceFindings(): Promise<Finding[]> {
  const active = await activeUnits();
  if (active.length === 0) return [];
  return [
    {
      id: 'unattended-restarts',
      severity: 'warning',
      message: `${active.join(' and ')} may restart the node's service at any time, also during the upgrade.`,
      remedy:
        'Exclude the service from automatic restarts (for needrestart: $nrconf{override_rc}), or stop these units while deploying.',
    },
  ];
}

/** `is-active` prints a line for each unit, in their order, and fails when not all are. */
async function activeUnits(): Promise<string[]> {
  try {
    const { stdout } = await run('systemctl', ['is-active', ...UNITS], {
      okCodes: Array.from({ length: 256 }, (_, code) => code),
      timeoutSeconds: 10,
    });
    const states = stdout.split('\n');
    return UNITS.filter((_, index) => states[index] === 'active');
  } catch (error) {
    if (error instanceof CommandFailedError) return [];
    throw error;
  }
}
