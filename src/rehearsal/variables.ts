import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { missingVariables } from '../node/configuration.js';
import type { BuiltRelease } from '../model/release.js';

/** Variables that a template of a release needs. */
export interface TemplateVariables {
  /** Relative to the release's root. */
  readonly file: string;
  readonly names: readonly string[];
}

/**
 * Variables that the templates of a release use without a default, and that nothing sets where the rehearsal runs: its nodes
 * would boot with empty values. What the start script or its hooks assign themselves counts as set.
 *
 * @param keepsName whether they run under the release's own name, so that it must be known
 */
export async function unsetVariables(
  { root, name, version }: Pick<BuiltRelease, 'root' | 'name' | 'version'>,
  environment: Readonly<Record<string, string>>,
  keepsName = false,
): Promise<TemplateVariables[]> {
  const scripts = await scriptsOf(root, name);
  const found: TemplateVariables[] = [];
  for (const file of ['sys.config.src', 'vm.args.src'].map((one) => `releases/${version}/${one}`)) {
    const template = await readFile(join(root, file), 'utf8').catch(() => '');
    const names = missingVariables(withoutIdentity(template, keepsName), environment).filter(
      (variable) => !assigns(scripts, variable),
    );
    if (names.length > 0) found.push({ file, names });
  }
  return found;
}

/** Scratch nodes get a name and a cookie of their own. */
function withoutIdentity(template: string, keepsName: boolean): string {
  return template.replaceAll(keepsName ? /-setcookie[ \t]+\S+/g : /-(?:s?name|setcookie)[ \t]+\S+/g, '');
}

function assigns(scripts: string, variable: string): boolean {
  return new RegExp(`(?:^|[\\s;"'{(])${variable.replaceAll(/\W/g, '\\$&')}(?::?=|\\?=)`, 'm').test(scripts);
}

async function scriptsOf(root: string, name: string): Promise<string> {
  const hooks = await readdir(join(root, 'bin/hooks'), { recursive: true }).catch((): string[] => []);
  const files = [`bin/${name}`, ...hooks.map((hook) => join('bin/hooks', hook))];
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8').catch(() => '')));
  return texts.join('\n');
}
