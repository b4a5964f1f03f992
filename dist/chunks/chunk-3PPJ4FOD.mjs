import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/shared/names.ts
var RELEASE_NAME = /^[A-Za-z][A-Za-z0-9_@-]*$/;
var APPLICATION_NAME = /^[A-Za-z0-9_][A-Za-z0-9_@.-]*$/;
var VERSION = /^[A-Za-z0-9][A-Za-z0-9._+~-]*$/;
function isReleaseName(text) {
  return RELEASE_NAME.test(text);
}
function isApplicationName(text) {
  return APPLICATION_NAME.test(text);
}
function isVersion(text) {
  return VERSION.test(text);
}
function isPathComponent(text) {
  return text !== "" && text !== "." && text !== ".." && !/[/\0]/.test(text);
}
function tagNamesVersion(tag, version) {
  return tag.endsWith(version) && /^(?:[A-Za-z][\w.-]*[-_/])?v?$/.test(tag.slice(0, tag.length - version.length));
}

export {
  isReleaseName,
  isApplicationName,
  isVersion,
  isPathComponent,
  tagNamesVersion
};
