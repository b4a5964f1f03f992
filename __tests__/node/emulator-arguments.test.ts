import { describe, expect, it } from 'vitest';
import { parseEmulatorArguments, runsRelease } from '../../src/node/emulator-arguments.js';

/** As /proc/<pid>/cmdline of a release that relx's script started as a daemon. */
const DAEMON = [
  ...['/opt/hw/bin/helloworld', '-K', 'true', '-A', '4'],
  ...['--', '-root', '/opt/hw', '-bindir', '/opt/hw/erts-15.2.7/bin', '-progname', 'opt/hw/bin/helloworld'],
  ...['--', '-home', '/home/hw', '--', '-boot', '/opt/hw/releases/0.1.0/start', '-mode', 'embedded'],
  ...['-config', '/opt/hw/releases/0.1.0/sys.config', '-sname', 'hw@localhost', '-setcookie', 'secret'],
  ...['-kernel', 'inet_dist_listen_min', '9100', '--', '--', 'console', '', '--relx-disable-hooks', '--'],
];

describe('parseEmulatorArguments', () => {
  it('reads what relx passes on', () => {
    expect(parseEmulatorArguments(DAEMON)).toEqual({
      root: '/opt/hw',
      boot: '/opt/hw/releases/0.1.0/start',
      nameFlag: '-sname',
      nodeName: 'hw@localhost',
      cookie: 'secret',
      home: '/home/hw',
      distribution: [],
    });
  });

  it('takes over the flags of the distribution, with all their values', () => {
    const flags = [
      '-proto_dist',
      'inet_tls',
      '-ssl_dist_opt',
      'server_certfile',
      'cert.pem',
      '-start_epmd',
      'false',
    ];
    expect(parseEmulatorArguments(['beam.smp', '--', '-name', 'a@b.c', ...flags]).distribution).toEqual(
      flags,
    );
  });

  it.each([
    ['no name', ['-noshell'], undefined, undefined],
    ['a long name', ['-name', 'a@b.example'], '-name', 'a@b.example'],
    ['a name without host', ['-sname', 'a'], '-sname', 'a'],
    ['a name behind -extra', ['-extra', '-sname', 'a'], undefined, undefined],
  ])('with %s', (_, flags, nameFlag, nodeName) => {
    expect(parseEmulatorArguments(['beam.smp', '--', ...flags])).toMatchObject({ nameFlag, nodeName });
  });

  it("takes the node's own cookie, not one for other nodes", () => {
    const flags = ['-setcookie', 'other@host', 'theirs', '-setcookie', 'own'];
    expect(parseEmulatorArguments(['beam.smp', '--', ...flags]).cookie).toBe('own');
  });

  it('does not take emulator flags for flags of the release', () => {
    expect(parseEmulatorArguments(['beam.smp', '-root', '/wrong', '--', '-root', '/right']).root).toBe(
      '/right',
    );
  });
});

describe('runsRelease', () => {
  it.each([
    ['/opt/hw/releases/0.1.0/start', true],
    ['/opt/hw/releases/0.1.0/helloworld', true],
    ['/opt/hw/releases/0.1.0/start_clean', false],
    ['/opt/hw/bin/no_dot_erlang', false],
  ])('boot file %s: %s', (boot, expected) => {
    expect(runsRelease(parseEmulatorArguments(['beam.smp', '--', '-boot', boot]))).toBe(expected);
  });
});
