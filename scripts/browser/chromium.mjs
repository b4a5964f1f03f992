// The machine's own Chromium or Chrome, without a window; scripts/browser/install brings one where there is none.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function startChromium() {
  // Only pages that we made are opened, and as root it has no sandbox.
  return chromium.launch({ executablePath: program(), args: ['--no-sandbox', '--disable-gpu'] });
}

/** @returns {string} */
function program() {
  const places = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined)
    throw new Error('There is no Chromium on the PATH: scripts/browser/install installs it.');
  return found;
}
