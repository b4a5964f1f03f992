import { bootSettings } from '../../node/environment-differences.js';
import type { Others } from './compare.js';
import type { VersionContext } from './lane.js';
import type { Seen } from './main-lane.js';

/** Tells of settings that differ between the files of both releases, and that the upgrade does not apply. */
export function tellSettings(
  { recorder, upFrom, manifest }: VersionContext,
  seen: Seen,
  others: Others,
): void {
  const { booted, upgraded } = seen;
  const { cold } = others;
  if (booted === undefined || upgraded === undefined || cold === undefined) return;
  const names = bootSettings(booted, cold);
  if (names.length === 0) return;
  recorder.add({
    id: 'rehearsal-restart-only',
    severity: 'warning',
    step: 'upgrade',
    check: 'environment',
    message: `sys.config sets ${names.join(', ')} otherwise in ${manifest.version} than in ${upFrom.version}, and the upgraded node goes on as before: OTP reads that when a node boots.`,
    remedy:
      'Only a restart applies it; restart the node when it suits, or set what can be set at run time from an appup, e.g. {apply, {logger, set_primary_config, [level, info]}}.',
  });
}
