import { vi } from 'vitest';

// What the deploys say is told when one of them fails.
vi.mock('@actions/core');
