import { join } from 'node:path';
import type { Finding } from '../../model/finding.js';
import type { Location } from '../../shared/errors.js';
import { RefusedError } from '../../shared/errors.js';
import type { AppupOptions } from './appup-options.js';
import { generateAppups } from './generator.js';
import { type AppupNeed, whyInvalid } from './needs.js';
import { appupPlace } from './places.js';
import { projectName, type ReadAppup } from './sources.js';
import { unended } from '../../shared/unended.js';

/** An application's need and what was read of its sources. */
export interface Tried {
  readonly need: AppupNeed;
  readonly sources: readonly ReadAppup[];
}

/** Names all applications without a valid appup at once (H29), with a generated text for each to start from. */
export async function missingAppups(options: AppupOptions, missing: readonly Tried[]): Promise<RefusedError> {
  const { places, projectPath } = options;
  const { appups } = await generateAppups(options, new Set(missing.map(({ need }) => need.application)));
  const templates = missing.map(({ need: { application } }) => ({
    ...appupPlace(application, places.projectDir, projectPath),
    text: appups.find((appup) => appup.application === application)?.text ?? '',
  }));
  const first = templates[0];
  return new RefusedError(`No valid appup for ${missing.map((one) => describe(options, one)).join('; ')}.`, {
    remedy: templates.map(({ file, text }) => `Write ${file}:\n${text}`).join('\n'),
    ...(first === undefined ? {} : { location: { file: first.annotate } }),
  });
}

function describe({ places }: AppupOptions, { need, sources }: Tried): string {
  const step = `${need.application} ${need.upFrom.join(', ')} → ${need.version}`;
  const tried = sources.map(
    (source) => `${projectName(places, source.file)}: ${whyInvalid(source, need) ?? ''}`,
  );
  return tried.length === 0 ? `${step} (no appup found)` : `${step} (${tried.join('; ')})`;
}

/** A file that a person wrote and that cannot be read is a mistake, not a reason to do without it. */
export function unreadableAppup(options: AppupOptions, { sources }: Tried): RefusedError | undefined {
  const source = sources.find((one) => one.origin === 'hand-written' && 'problem' in one);
  if (source === undefined || !('problem' in source)) return undefined;
  const file = projectName(options.places, source.file);
  return new RefusedError(`The appup ${file} cannot be used: ${unended(source.problem)}.`, {
    remedy: 'Correct it, or remove it to have one generated; docs/appups.md shows the form.',
    location: locate(options, file),
  });
}

/** Appups that exist and were not used (H23): left as they are, and told (H31). */
export function unusedAppups(options: AppupOptions, { need, sources }: Tried): Finding[] {
  return sources.map((source) => {
    const file = projectName(options.places, source.file);
    const own = source.origin === 'hand-written';
    return {
      id: 'appup-not-used',
      severity: 'notice',
      application: need.application,
      message: `${file} is not used, because ${whyInvalid(source, need) ?? 'relup.config says otherwise'}; an appup for ${need.application} ${need.upFrom.join(', ')} → ${need.version} was generated.`,
      ...(own
        ? {
            remedy: 'Bring it up to date or remove it; the generated one is in the artifact.',
            location: locate(options, file),
          }
        : {}),
    };
  });
}

function locate({ projectPath }: AppupOptions, file: string): Location {
  return { file: join(projectPath, file) };
}
