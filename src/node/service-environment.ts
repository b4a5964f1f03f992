import { userInfo } from 'node:os';
import { withoutRunnersOwn } from '../programs/runner-environment.js';

/** What relx's start script and the emulator's launcher set by themselves, each for the release that it starts. */
const OF_THE_START = new Set([
  ...['ROOTDIR', 'BINDIR', 'EMU', 'PROGNAME', 'ESCRIPT_NAME', 'HEART_COMMAND', 'ERL_LIBS'],
  ...['REL_NAME', 'RELEASE_NAME', 'RELEASE_VSN', 'RELEASE_PROG', 'RELEASE_ROOT_DIR'],
]);

/** Of the process that it was, the job that started it, and the unit's run that it belonged to. */
const OF_THE_PROCESS = new Set([
  ...['PWD', 'OLDPWD', 'SHLVL', '_', 'RUNNER_TRACKING_ID'],
  ...['INVOCATION_ID', 'NOTIFY_SOCKET', 'JOURNAL_STREAM', 'MAINPID', 'SYSTEMD_EXEC_PID', 'WATCHDOG_PID'],
  ...['WATCHDOG_USEC', 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES'],
]);

/** Their folders of the release are put first by the start. */
const PATHS = ['PATH', 'LD_LIBRARY_PATH'];

const PLAIN = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };

/**
 * The environment that a service was started with, told from that of its node, in which the start has left its own (H119). Pure.
 *
 * @param root the installed root
 */
export function serviceEnvironmentOf(
  node: Readonly<Record<string, string>>,
  root: string,
): Record<string, string> {
  const kept = Object.entries(withoutRunnersOwn(node)).filter(
    ([name]) => !OF_THE_START.has(name) && !OF_THE_PROCESS.has(name),
  );
  const environment = Object.fromEntries(kept);
  for (const name of PATHS) {
    const folders = (environment[name] ?? '').split(':').filter((folder) => !isBelow(folder, root));
    const rest = folders.filter((folder) => folder !== '').join(':');
    if (rest === '') delete environment[name];
    else environment[name] = rest;
  }
  return environment;
}

/** What a service finds when nobody says anything: where programs are, whose it is, and that text is UTF-8. */
export function plainEnvironment(): Record<string, string> {
  try {
    return { ...PLAIN, HOME: userInfo().homedir };
  } catch {
    // a user of a container need not be known to the system
    return { ...PLAIN, HOME: '/' };
  }
}

function isBelow(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(`${root}/`);
}
