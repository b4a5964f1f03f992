import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/shared/errors.ts
var ActionError = class extends Error {
  remedy;
  details;
  location;
  constructor(message, options = {}) {
    super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
    this.name = new.target.name;
    this.remedy = options.remedy;
    this.details = options.details;
    this.location = options.location;
  }
};
var BadInputError = class extends ActionError {
};
var CommandFailedError = class extends ActionError {
  constructor(message, exitCode, { end, ...options } = {}) {
    super(message, options);
    this.exitCode = exitCode;
    this.end = end ?? endBy(exitCode);
  }
  exitCode;
  /** How it ended. */
  end;
};
function endBy(exitCode) {
  return exitCode === void 0 ? { kind: "not-started", text: "could not be started" } : { kind: "exited", text: `failed with exit status ${exitCode}` };
}
var RefusedError = class extends ActionError {
};
var StoppedError = class extends RefusedError {
};
var NodeRefusedError = class extends ActionError {
};
function errorMessage(error) {
  return error instanceof Error ? error.message : String(error);
}

export {
  ActionError,
  BadInputError,
  CommandFailedError,
  RefusedError,
  StoppedError,
  NodeRefusedError,
  errorMessage
};
