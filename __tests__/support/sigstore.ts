import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from '@sigstore/mock';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import { temporaryFolder } from './repository.js';

const HOSTS = [
  'fulcio.githubapp.com',
  'timestamp.githubapp.com',
  'fulcio.sigstore.dev',
  'rekor.sigstore.dev',
  'token.actions.githubusercontent.com',
];
const ISSUER = 'https://token.actions.githubusercontent.com';

type Claims = Record<string, string>;

/** Stand-ins of Sigstore's services and of GitHub's identity tokens, reached as a runner reaches them, through a proxy. */
export interface TestSigstore {
  /** Of GitHub's own instance, and of the public one; as `gh attestation trusted-root` writes them. */
  readonly roots: Readonly<Record<'github' | 'public', string>>;
  /** What the next tokens say of the run. */
  readonly claims: Claims;
  /** What the runner gives to a step of a job that may sign. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sets it in this process, until `vi.unstubAllEnvs`. */
  setEnvironment(): void;
  close(): Promise<void>;
}

export async function testSigstore(): Promise<TestSigstore> {
  const dir = temporaryFolder();
  const claims = claimsOf('octo/project');
  const { handlers, roots } = await services();
  const keys = await generateKeyPair('RS256');
  const token = (audience: string): Promise<string> =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'key' })
      .setAudience(audience)
      .setIssuer(ISSUER)
      .setSubject(`https://github.com/${claims.job_workflow_ref}`)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey);
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'key', alg: 'RS256' }] };
  const hosts = createTlsServer(certificate(dir), (request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status, CONTENT).end(body));
  });
  const CONTENT = { 'content-type': 'application/json' };
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string | Uint8Array }> => {
    const path = request.url ?? '';
    if (path.endsWith('/openid-configuration'))
      return { status: 200, body: JSON.stringify({ jwks_uri: `${ISSUER}/jwks` }) };
    if (path === '/jwks') return { status: 200, body: JSON.stringify(jwks) };
    const handler = handlers[`${request.headers.host}${path}`];
    if (handler === undefined) return { status: 404, body: '{}' };
    const { statusCode, response } = await handler(await text(request));
    return { status: statusCode, body: response as string | Uint8Array };
  };
  const identity: RequestListener = (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    void token(searchParams.get('audience') ?? '').then((value) =>
      response.writeHead(200, CONTENT).end(JSON.stringify({ value })),
    );
  };
  const tlsPort = await listen(hosts);
  const proxy = createServer(identity);
  proxy.on('connect', (request: IncomingMessage, socket) => {
    // Whatever is not one of ours is not reached from here.
    if (!HOSTS.includes((request.url ?? '').split(':')[0] ?? '')) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const target = connect(tlsPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) end.on('error', () => socket.destroy());
  });
  const port = await listen(proxy);
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, readFileSync(join(dir, 'hosts.pem'), 'utf8')]);
  const variables = {
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    https_proxy: `http://127.0.0.1:${port}`,
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    GITHUB_SERVER_URL: 'https://github.com',
    NODE_EXTRA_CA_CERTS: join(dir, 'hosts.pem'),
  };
  const files = Object.entries(roots).map(([name, root]): [string, string] => {
    const file = join(dir, `${name}.jsonl`);
    writeFileSync(file, `${JSON.stringify(root)}\n`);
    return [name, file];
  });
  return {
    roots: Object.fromEntries(files) as TestSigstore['roots'],
    claims,
    environment: variables,
    setEnvironment: () => {
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    },
    close: async () => {
      setDefaultCACertificates(before);
      rmSync(dir, { recursive: true, force: true });
      await Promise.all([closed(hosts), closed(proxy)]);
    },
  };
}

/** What GitHub's token says of a run of a repository's release workflow. */
export function claimsOf(repository: string, workflow = 'release.yml'): Claims {
  const ref = `${repository}/.github/workflows/${workflow}@refs/tags/v1.0.0`;
  return {
    ...{ repository, workflow_ref: ref, job_workflow_ref: ref, ref: 'refs/tags/v1.0.0', sha: 'c'.repeat(40) },
    ...{ repository_id: '1', repository_owner_id: '2', runner_environment: 'github-hosted' },
    ...{ event_name: 'push', run_id: '42', run_attempt: '1' },
  };
}

type Handler = (
  body: string,
) => Promise<{ statusCode: number; response: string | ArrayBufferView<ArrayBuffer> }>;

async function services() {
  const key = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ctKey = key();
  // Whole seconds, as the real authority's: fractions that end in zero are written in a way that not everybody reads.
  // A minute ahead, as the certificates of all that follows are valid from when they are made, by the machine's clock.
  const clock = new Date(1000 * Math.floor(Date.now() / 1000 + 60));
  const ctLog = await initializeCTLog(ctKey, clock);
  const publicCa = await initializeCA(key(), ctLog, clock);
  const githubCa = await initializeCA(key(), undefined, clock);
  const tsa = await initializeTSA(key(), clock);
  const log = await initializeTLog('https://rekor.sigstore.dev', key(), clock);
  const all: [string, { path: string; fn: Handler }][] = [
    ['fulcio.sigstore.dev', fulcioHandler(publicCa)],
    ['fulcio.githubapp.com', fulcioHandler(githubCa)],
    ['timestamp.githubapp.com', tsaHandler(tsa)],
    [
      'rekor.sigstore.dev',
      { path: rekorHandler(log).path, fn: (body) => rekorHandler(log).fn(asKept(body)) },
    ],
  ];
  const handlers = Object.fromEntries(all.map(([host, { path, fn }]) => [`${host}${path}`, fn]));
  const validFor = { start: new Date(0).toISOString() };
  const publicKey = (rawBytes: Buffer) => ({
    ...{ rawBytes: rawBytes.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
  });
  const authority = (...chain: ArrayBufferView[]) => ({
    ...{ subject: { organization: 'test', commonName: 'test' }, uri: 'https://test', validFor },
    certChain: { certificates: chain.map((one) => ({ rawBytes: base64(one) })) },
  });
  const entry = (baseUrl: string, key: Buffer, id: string) => ({
    ...{ baseUrl, hashAlgorithm: 'SHA2_256', publicKey: publicKey(key), logId: { keyId: id } },
  });
  const mediaType = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
  return {
    handlers,
    roots: {
      github: {
        ...{
          mediaType,
          tlogs: [],
          ctlogs: [],
          certificateAuthorities: [authority(githubCa.rootCertificate)],
        },
        timestampAuthorities: [authority(tsa.intCertificate, tsa.rootCertificate)],
      },
      public: {
        ...{
          mediaType,
          certificateAuthorities: [authority(publicCa.rootCertificate)],
          timestampAuthorities: [],
        },
        tlogs: [
          entry(
            'https://rekor.sigstore.dev',
            log.publicKey,
            createHash('sha256').update(log.publicKey).digest('base64'),
          ),
        ],
        ctlogs: [entry('https://ctfe.sigstore.dev', ctLog.publicKey, base64(ctLog.logID))],
      },
    },
  };
}

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly [{ readonly sig: string }];
}

/** Rekor keeps digests and signatures of what it is handed, not the whole; the mock does not do that. */
function asKept(body: string): string {
  const { spec, ...entry } = JSON.parse(body) as {
    spec: { proposedContent: { envelope: string; verifiers: [string] } };
  };
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope) as Envelope;
  const hash = (content: string | Buffer) => ({
    ...{ algorithm: 'sha256', value: createHash('sha256').update(content).digest('hex') },
  });
  const kept = {
    envelopeHash: hash(envelope),
    payloadHash: hash(Buffer.from(payload, 'base64')),
    signatures: [{ signature: signatures[0].sig, verifier: verifiers[0] }],
  };
  return JSON.stringify({ ...entry, spec: kept });
}

function base64(bytes: ArrayBufferView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** For all hosts; signed by itself. */
function certificate(dir: string): { key: string; cert: string } {
  const [key, cert] = [join(dir, 'hosts.key'), join(dir, 'hosts.pem')];
  const names = HOSTS.map((host) => `DNS:${host}`).join(',');
  const what = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const how = ['-days', '2', '-subj', '/CN=hosts', '-addext', `subjectAltName=${names}`];
  execFileSync('openssl', [...what, ...how, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
