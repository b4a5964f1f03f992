// Imports nothing, and is all that an entry imports: an older Node cannot even read the rest.

/** Whether our code can be loaded by a version of Node. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

/**
 * Runs an action where Node can, and fails the step elsewhere. GitHub's runners bring the Node that action.yml names; those of other
 * forges take the one of the job's image.
 *
 * @param run loads the action and runs it
 */
export async function onSupportedNode(run: () => Promise<void>): Promise<void> {
  const version = process.versions.node;
  if (isSupported(version)) return run();
  process.stdout.write(
    `::error title=relup-action::relup-action needs Node 22.13 or newer; the one of this job is ${version}.%0A` +
      'Run the job in an image with Node 24, e.g. `container: node:24-bookworm`.\n',
  );
  process.exitCode = 1;
}
