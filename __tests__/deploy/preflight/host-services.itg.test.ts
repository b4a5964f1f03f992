import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { hostServiceFindings } from '../../../src/deploy/preflight/host-services.js';
import { pathWith, removeKept } from '../../support/failures.js';

vi.mock('@actions/core');

afterEach(() => vi.unstubAllEnvs());
afterAll(removeKept);

describe('a machine', () => {
  it('that updates itself is told of (H83)', async () => {
    const states =
      'for unit in "$@"; do case $unit in apt-daily*|yum*) echo active;; is-active) ;; *) echo inactive;; esac; done; exit 3';
    vi.stubEnv('PATH', pathWith({ systemctl: states }));
    expect(await hostServiceFindings()).toMatchObject([
      {
        id: 'unattended-restarts',
        message:
          "apt-daily-upgrade.timer and yum-cron.service may restart the node's service at any time, also during the upgrade.",
      },
    ]);
  });

  it('without systemd is fine', async () => {
    vi.stubEnv('PATH', pathWith({ systemctl: undefined }));
    expect(await hostServiceFindings()).toEqual([]);
  });
});
