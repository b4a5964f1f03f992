/** Release names as relx, the start script and release_handler's files can all hold them. */
const RELEASE_NAME = /^[A-Za-z][A-Za-z0-9_@-]*$/;

/** Application names; Erlang allows any atom. */
const APPLICATION_NAME = /^[A-Za-z0-9_][A-Za-z0-9_@.-]*$/;

/** Letters, digits and what semantic versions and Debian's use; never a path or an option (H15, H99). */
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+~-]*$/;

export function isReleaseName(text: string): boolean {
  return RELEASE_NAME.test(text);
}

export function isApplicationName(text: string): boolean {
  return APPLICATION_NAME.test(text);
}

/** Of a release or an application. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Whether a text names something in a folder, and nothing outside of it. */
export function isPathComponent(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && !/[/\0]/.test(text);
}

/** True when the tag is the version with nothing but a name or `v` before it: `1.2.3`, `v1.2.3`, `myapp-1.2.3`. */
export function tagNamesVersion(tag: string, version: string): boolean {
  return (
    tag.endsWith(version) && /^(?:[A-Za-z][\w.-]*[-_/])?v?$/.test(tag.slice(0, tag.length - version.length))
  );
}
