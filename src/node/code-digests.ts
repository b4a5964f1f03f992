import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import type { ReleaseApplication } from '../model/release.js';

/** The code of a beam as it lies on disk. */
export interface BeamCode {
  /** Module MD5, lower-case hex. */
  readonly md5: string;
  /** The same without the folder that it was compiled in (see `ReleaseApplication.modules`). */
  readonly digest: string;
}

/**
 * Reads the code of beams (src/erlang/relup_code.erl).
 *
 * @param files absolute paths
 * @param folder a private folder for the request
 * @returns by file; null for what is missing or no beam
 */
export async function readCode(
  erlang: Erlang,
  files: readonly string[],
  folder: string,
): Promise<Record<string, BeamCode | null>> {
  if (files.length === 0) return {};
  const list = join(folder, `beams-${randomUUID()}`);
  await writeFile(list, files.map((file) => `${file}\n`).join(''));
  try {
    return await erlang.query<Record<string, BeamCode | null>>('code', [list]);
  } finally {
    await rm(list, { force: true });
  }
}

/**
 * Tells the digest of loaded code, of which a node knows only the module MD5. Code of the given releases is known; other
 * code is looked up in the file that it was loaded from, when that is still the same code (H120).
 */
export class CodeDigests {
  private readonly known = new Map<string, string>();

  constructor(
    private readonly erlang: Erlang,
    private readonly folder: string,
    releases: readonly { readonly applications: readonly ReleaseApplication[] }[],
  ) {
    for (const { modules, md5s = {} } of releases.flatMap(({ applications }) => applications)) {
      for (const [module, digest] of Object.entries(modules)) this.known.set(md5s[module] ?? digest, digest);
    }
  }

  /** Adds the digest to every module that has an MD5. */
  async addTo<T extends { readonly file: string; readonly md5: string | null }>(
    modules: readonly T[],
  ): Promise<(T & { readonly code: string | null })[]> {
    await this.learn(modules);
    return modules.map((module) => ({ ...module, code: this.of(module.md5) }));
  }

  private of(md5: string | null): string | null {
    return md5 === null ? null : (this.known.get(md5) ?? md5);
  }

  private async learn(
    modules: readonly { readonly file: string; readonly md5: string | null }[],
  ): Promise<void> {
    const unknown = modules.filter(
      ({ file, md5 }) => md5 !== null && !this.known.has(md5) && file.startsWith('/'),
    );
    const found = await readCode(
      this.erlang,
      unknown.map(({ file }) => file),
      this.folder,
    );
    for (const { file, md5 } of unknown) {
      const code = found[file];
      this.known.set(md5 as string, code?.md5 === md5 ? code.digest : (md5 as string));
    }
  }
}

/** Module name → module MD5 as the loader reports it, of all modules of a release. Pure. */
export function moduleMd5s(applications: readonly ReleaseApplication[]): Map<string, string> {
  return new Map(applications.flatMap(({ modules, md5s = {} }) => Object.entries({ ...modules, ...md5s })));
}
