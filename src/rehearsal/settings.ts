import { join } from 'node:path';
import { bootSettings, changedSettings } from './compare/environment-differences.js';
import { writeErlangRequest } from '../programs/erlang-request.js';
import type { Others } from './compare/compare.js';
import type { VersionContext } from './lane.js';
import type { Seen } from './main-lane.js';

/** Tells of settings that differ between the files of both releases, and that the upgrade does not apply. */
export async function tellSettings(context: VersionContext, seen: Seen, others: Others): Promise<void> {
  const { booted, upgraded } = seen;
  const { cold } = others;
  if (booted === undefined || upgraded === undefined || cold === undefined) return;
  tellBootSettings(context, bootSettings(booted, cold));
  const changed = changedSettings(booted, cold);
  if (changed.length > 0) await tellStartSettings(context, changed, seen.relup?.up.stopsApplications ?? []);
}

function tellBootSettings({ recorder, upFrom, manifest }: VersionContext, names: readonly string[]): void {
  if (names.length === 0) return;
  recorder.add({
    id: 'rehearsal-restart-only',
    severity: 'warning',
    step: 'upgrade',
    check: 'environment',
    message: `sys.config sets ${names.join(', ')} otherwise in ${manifest.version} than in ${upFrom.version}, but the upgraded node keeps the old one: OTP reads it only when a node boots.`,
    remedy:
      'Only a restart applies it; restart the node when it suits, or set what can be set at run time from an appup, e.g. {apply, {logger, set_primary_config, [level, info]}}.',
  });
}

/** A setting that only start code reads, of an application that does not want to be told of changes. */
interface StartSetting {
  readonly application: string;
  readonly key: string;
  /** The callback module of the application. */
  readonly callback: string;
  /** Whether it has a config_change/3, which hands nothing on. */
  readonly isStub: boolean;
  /** `shop_server:init/1` */
  readonly readers: readonly string[];
}

async function tellStartSettings(
  { options, folder, recorder, manifest }: VersionContext,
  changed: readonly [string, string][],
  restarted: readonly string[],
): Promise<void> {
  const { erlang, release, buildDir = '' } = options;
  const versions = new Map(release.applications.map(({ name, version }) => [name, version]));
  const settings = changed.map(([application, key]) => [application, versions.get(application) ?? '', key]);
  const file = join(folder, 'settings.request');
  await writeErlangRequest(file, [release.root, buildDir, settings]);
  for (const setting of await erlang.query<StartSetting[]>('settings', [file])) {
    const { application, key, callback, isStub, readers } = setting;
    if (restarted.includes(application)) continue;
    const lacks = isStub
      ? `config_change/3 of ${callback} hands nothing on`
      : `${callback} has no config_change/3`;
    recorder.add({
      id: 'rehearsal-config-change',
      severity: 'warning',
      step: 'upgrade',
      check: 'environment',
      application,
      message: `The files set ${application}:${key} otherwise in ${manifest.version}, but only start code reads it (${readers.join(', ')}), and ${lacks}: what runs goes on with the old value.`,
      remedy: `${isStub ? 'Hand the value on there' : `Export config_change/3 from ${callback} and hand the value on`}, read it in code_change, or read it each time it is used.`,
    });
  }
}
