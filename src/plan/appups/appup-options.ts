import type { GeneratorOptions } from './generator.js';
import type { AppupConfig } from './relup-config.js';
import type { AppupPlaces } from './sources.js';

/** Whether applications without a valid appup get a generated one. */
export type AppupMode = 'generate' | 'require';

export interface AppupOptions extends GeneratorOptions {
  readonly places: AppupPlaces;
  readonly mode: AppupMode;
  /** What relup.config says of an application. */
  readonly strategyOf: AppupConfig['strategyOf'];
  /** The project folder relative to the repository, for annotations. */
  readonly projectPath: string;
}
