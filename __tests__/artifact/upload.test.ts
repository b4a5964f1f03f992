import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactUrl, requireArtifactService, safeArtifactName } from '../../src/artifact/upload.js';
import { ActionError } from '../../src/shared/errors.js';

describe('safeArtifactName', () => {
  it.each([
    ['helloworld-0.2.0-relup', 'helloworld-0.2.0-relup'],
    ['release/v1.2.0', 'release-v1.2.0'],
    ['"a:b<c>d|e*f?g\rh\ni\\j/k"', '-a-b-c-d-e-f-g-h-i-j-k-'],
    ['  spaced name \n', 'spaced name'],
    ['größe 大', 'größe 大'],
    ['', 'relup'],
    [' \t ', 'relup'],
    ['/', '-'],
  ])('%j becomes %j', (name, expected) => {
    expect(safeArtifactName(name)).toBe(expected);
  });

  it('gives a name that is accepted and stays the same, whatever it gets', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const safe = safeArtifactName(name);
        expect(safe).not.toMatch(/^\s*$|["*/:<>?\\|\r\n]/);
        expect(safeArtifactName(safe)).toBe(safe);
      }),
    );
  });
});

describe('artifactUrl', () => {
  const env = {
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo/project',
    GITHUB_RUN_ID: '42',
  };

  it('is the page of the artifact in the run', () => {
    expect(artifactUrl(7, env)).toBe('https://github.com/octo/project/actions/runs/42/artifacts/7');
  });

  it.each(Object.keys(env))('is absent without %s', (name) => {
    expect(artifactUrl(7, { ...env, [name]: undefined })).toBeUndefined();
  });
});

describe('requireArtifactService', () => {
  const env = { ACTIONS_RUNTIME_TOKEN: 'token', ACTIONS_RESULTS_URL: 'https://results.example.invalid/' };
  const refusal = (changes: Record<string, string | undefined>): ActionError | undefined => {
    try {
      requireArtifactService({ ...env, ...changes });
      return undefined;
    } catch (error) {
      expect(error).toBeInstanceOf(ActionError);
      return error as ActionError;
    }
  };

  it.each([undefined, '', 'https://github.com', 'https://octo.ghe.com', 'http://github.localhost'])(
    'accepts the server %j',
    (server) => {
      expect(refusal({ GITHUB_SERVER_URL: server })).toBeUndefined();
    },
  );

  it.each(['https://github.example.com', 'https://notgithub.com', 'https://ghe.com.example'])(
    'refuses the GitHub Enterprise Server %s and says what to do instead',
    (server) => {
      const error = refusal({ GITHUB_SERVER_URL: server });
      expect(error?.message).toMatch(/^The artifact service of GitHub Enterprise Server \(.*\) lacks .*\.$/);
      expect(error?.remedy).toMatch(/`upload: false`.*`tarball`/);
    },
  );

  it.each(['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'])('refuses to go on without %s', (name) => {
    const error = refusal({ [name]: undefined });
    expect(error?.message).toContain(`only be uploaded in a workflow run: ${name} must be set`);
    expect(error?.remedy).toContain('`upload: false`');
  });
});
