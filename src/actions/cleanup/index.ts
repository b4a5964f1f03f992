import { isSupported } from '../supported-node.js';

// Where the step could not run there is nothing to clean up.
if (isSupported(process.versions.node)) {
  const { main } = await import('./main.js');
  await main();
}
