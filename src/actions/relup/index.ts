import { onSupportedNode } from '../supported-node.js';

await onSupportedNode(async () => (await import('./main.js')).main());
