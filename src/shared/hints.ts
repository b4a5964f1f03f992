import { ActionError } from './errors.js';
import { defined } from './optional.js';

/** The remedy and details of what was thrown, if it has any. */
export function hints(error: unknown): { remedy?: string; details?: string } {
  return error instanceof ActionError ? defined({ remedy: error.remedy, details: error.details }) : {};
}
