import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from './repository.js';

/** A Hex repository on this machine: signed registry entries and packages, as rebar3 checks them. */
export interface HexRepository {
  /** A home folder whose rebar3 configuration names this repository, and no other download cache. */
  home(name: string): string;
  /** Paths that were asked for since the last call. */
  requests(): string[];
  close(): Promise<void>;
}

/** @param packages name → version */
export async function startHexRepository(
  dir: string,
  packages: Readonly<Record<string, string>>,
): Promise<HexRepository> {
  const script = join(projectRoot, '__tests__/support/hex_package.escript');
  const rebar3 = execFileSync('sh', ['-c', 'command -v rebar3'], { encoding: 'utf8' }).trim();
  for (const [name, version] of Object.entries(packages)) {
    execFileSync('escript', [script, rebar3, dir, name, version]);
  }
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    try {
      const content = readFileSync(join(dir, path));
      const tag = `"${createHash('sha256').update(content).digest('hex')}"`;
      response.writeHead(200, { etag: tag, 'content-length': content.length }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const key = JSON.stringify(readFileSync(join(dir, 'public.pem'), 'utf8'));
  const repository = `#{name => <<"local">>, repo_url => <<"http://127.0.0.1:${port}">>, repo_public_key => <<${key}>>, repo_verify_origin => false}`;
  return {
    home: (name) => {
      const home = join(dir, 'homes', name);
      mkdirSync(join(home, '.config/rebar3'), { recursive: true });
      writeFileSync(join(home, '.config/rebar3/rebar.config'), `{hex, [{repos, [${repository}]}]}.\n`);
      return home;
    },
    requests: () => asked.splice(0),
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
