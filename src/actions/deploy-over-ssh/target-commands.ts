// What the other machine's shell gets to see: constant text. It may be any shell, so each command is one line for it, without
// anything that some of them take for special; folders and files come through standard input.

/** First word of the lines that are meant for us: a shell's start files may print others. */
export const FACT = 'relup-action';

/** What a deploy there needs; `bash` and `timeout` are for `check` and the release's emulator. */
const TOOLS = 'bash timeout tar gzip mktemp rm cat uname';

/** Reads {@link EXAMINE_SCRIPT}. */
export const EXAMINE = 'exec sh -s';

/** Tells what the machine is and has, and makes a folder that only this user can enter. */
export const EXAMINE_SCRIPT = `LC_ALL=C
export LC_ALL
umask 077
missing=
for tool in ${TOOLS}; do
  command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
echo "${FACT} missing$missing"
echo "${FACT} system $(uname -s 2>/dev/null)"
echo "${FACT} machine $(uname -m 2>/dev/null)"
echo "${FACT} node $(command -v node 2>/dev/null)"
echo "${FACT} version $(node --version 2>/dev/null)"
if folder=$(mktemp -d /tmp/relup-action-XXXXXXXXXX 2>&1); then
  echo "${FACT} folder $folder"
else
  echo "${FACT} refused $folder"
fi
`;

/** Input: the folder, then a compressed tar. */
export const UNPACK = inShell('LC_ALL=C; export LC_ALL; umask 077; exec tar -xzf - -C "$d"');

/** Input: the folder. Whether the Node that was brought along runs there. */
export const TRY_NODE = inShell('exec "$d/node" --version');

/** Input: the folder, the path of Node, then signs of life. Not in place of the shell, which tells how it ended. */
export const DEPLOY = inShell(
  'read -r node; cd / && "$node" "$d/dist/deploy-over-ssh/index.mjs" "$d"; exit "$?"',
);

/** Input: the folder. Ends the deploy there at once, one that hangs, too. */
export const END = inShell('kill -KILL "$(cat "$d/pid")"');

/** Input: the folder. A deploy that is at work there may end first, for which it has a minute; else it removes the folder itself. */
export const REMOVE = inShell(
  [
    'cd /',
    'p=$(cat "$d/pid" 2>/dev/null)',
    'n=0',
    'while [ -n "$p" ] && [ "$n" -lt 60 ] && kill -0 "$p" 2>/dev/null; do sleep 1; n=$((n+1)); done',
    '[ "$n" -lt 60 ] && rm -rf -- "$d"',
  ].join('; '),
);

/** @param script without single quotes */
function inShell(script: string): string {
  return `exec sh -c 'read -r d; ${script}'`;
}
