import type { AppupEntry, ChosenAppup } from '../../src/model/appup.js';
import type { JournalStep } from '../../src/model/deploy.js';
import { stoppedBy, type Finding } from '../../src/model/finding.js';
import type { Rehearsal, RehearsedStep, StepName, SupervisedProcess } from '../../src/model/rehearsal.js';
import { compareReleases } from '../../src/model/release-difference.js';
import { NOTHING, type RunRecord } from '../../src/report/run-record.js';
import { application, builtRelease } from './releases.js';

/** Records as runs leave them, one for each outcome; the summary's snapshots, the browser tests and the screenshots show them. */

const upFrom = builtRelease(
  '1.0.0',
  [
    application('shop', '1.0.0', { shop_app: 'a', shop_sup: 'a', shop_cart: 'a', shop_old: 'a' }),
    application('pricing', '2.1.0', { pricing: 'a', pricing_rates: 'a' }),
    application('cowboy', '2.12.0', { cowboy: 'a' }),
  ],
  { name: 'shop' },
);
const release = builtRelease(
  '1.1.0',
  [
    application('shop', '1.1.0', { shop_app: 'a', shop_sup: 'b', shop_cart: 'b', shop_offers: 'b' }),
    application('pricing', '2.2.0', { pricing: 'b', pricing_rates: 'a' }),
    application('cowboy', '2.12.0', { cowboy: 'a' }),
  ],
  { name: 'shop' },
);

const entry = (instructions: readonly string[], explained?: readonly string[]): AppupEntry[] => [
  { upFrom: '1.0.0', pattern: '"1.0.0"', instructions, ...(explained === undefined ? {} : { explained }) },
];
const generated: ChosenAppup = {
  application: 'shop',
  version: '1.1.0',
  origin: 'generated',
  file: 'apps/shop/src/shop.appup.src',
  text: `{"1.1.0",
 [{"1.0.0",
   [{update,shop_cart,{advanced,[]}},
    {add_module,shop_offers},
    {update,shop_sup,supervisor},
    {apply,{supervisor,restart_child,[shop_sup,shop_offers]}},
    {delete_module,shop_old}]}],
 [{"1.0.0", []}]}.
`,
  up: entry(
    ['{update,shop_cart,{advanced,[]}}', '{update,shop_sup,supervisor}'],
    [
      'shop_cart is a gen_server whose state changed: its processes are suspended, and code_change converts',
      'shop_sup is a supervisor with other children',
    ],
  ),
  down: entry([], []),
};
const handWritten: ChosenAppup = {
  application: 'pricing',
  version: '2.2.0',
  origin: 'hand-written',
  file: 'apps/pricing/src/pricing.appup.src',
  up: [{ upFrom: '2.1.0', pattern: '<<"2\\\\.1\\\\..*">>', instructions: ['{load_module,pricing}'] }],
  down: [{ upFrom: '2.1.0', pattern: '"2.1.0"', instructions: ['{load_module,pricing}'] }],
};

const script = (instructions: readonly string[]): NonNullable<RunRecord['relup']>['up'][number] => ({
  version: '1.0.0',
  instructions,
  loads: [],
  removes: [],
  starts: [],
  restartsEmulator: false,
});

const cookie: Finding = {
  id: 'literal-cookie',
  severity: 'warning',
  message:
    "The packages hold the node's cookie in clear text (releases/1.1.0/vm.args), for everybody who can download the artifact.",
  remedy:
    'Write -setcookie ${NODE_COOKIE} in a vm_args_src file and set the variable where the node runs, or leave it to ~/.erlang.cookie there.',
};

const stateChanged: Finding = {
  id: 'state-changed',
  severity: 'error',
  application: 'shop',
  module: 'shop_cart',
  message:
    'The state of shop_cart (gen_server) has another shape in shop 1.1.0 than in 1.0.0, and nothing converts it (up from 1.0.0: there is no code_change/3; down to 1.0.0: there is no code_change/3):\n- -record(state,{items = []}).\n+ -record(state,{items = [],currency = eur}).',
  remedy:
    'Add code_change/3 to the -export list of shop_cart, and append to the module, and look whether the values of new fields are right:\ncode_change({down, _Vsn}, {state, Items, _}, _Extra) ->\n    {ok, {state, Items}};\ncode_change(_Vsn, {state, Items}, _Extra) ->\n    {ok, {state, Items, eur}}.',
  location: { file: 'apps/shop/src/shop_cart.erl', line: 12 },
};

const phases = [
  'Toolchain',
  'Refs',
  'Build',
  'Appups and relup',
  'Package',
  'Rehearsal',
  'Manifest',
  'Artifact',
].map((name, index) => ({ name, seconds: 0.4 * (index + 1), ok: true }));

const base: RunRecord = {
  ...NOTHING,
  phases,
  release,
  upFrom: [upFrom],
  toolchain: {
    otpRelease: '27',
    otpVersion: '27.3.4.1',
    erts: '15.2.7',
    architecture: 'x86_64-pc-linux-gnu',
    rebar3: '3.24.0',
    libc: 'glibc 2.39',
  },
  build: { profile: 'prod', release: undefined, prepared: false, projectPath: '' },
  refs: {
    newRef: 'v1.1.0',
    newCommit: 'b'.repeat(40),
    newTag: 'v1.1.0',
    upFrom: [{ kind: 'ref', ref: 'v1.0.0', commit: 'a'.repeat(40) }],
    candidates: [
      {
        tag: 'v1.1.0',
        commit: 'b'.repeat(40),
        version: '1.1.0',
        taken: false,
        why: 'the new release itself',
      },
      {
        tag: 'v1.0.0',
        commit: 'a'.repeat(40),
        version: '1.0.0',
        taken: true,
        why: 'the highest earlier release version',
      },
      { tag: 'nightly', commit: 'a'.repeat(40), taken: false, why: 'does not match tag-pattern' },
    ],
    reason:
      '1.1.0 is upgraded from 1.0.0: the highest earlier release version among the ancestors of the new commit.',
    notes: [],
  },
  differences: [compareReleases(upFrom, release)],
};

const planned: RunRecord = {
  ...base,
  findings: [cookie],
  appups: [generated, handWritten],
  upgradeKind: 'hot',
  relup: {
    file: '/r/releases/1.1.0/relup',
    up: [
      script([
        '{load_object_code,{shop,"1.1.0",[shop_cart]}}',
        'point_of_no_return',
        '{suspend,[shop_cart]}',
      ]),
    ],
    down: [script(['point_of_no_return', '{resume,[shop_cart]}'])],
    warnings: [],
    startPhases: [],
    startTypes: [],
    dependents: {},
    configReaders: [],
    exposed: [],
  },
};

const packaged: RunRecord = {
  ...planned,
  packages: {
    full: { kind: 'full', path: '/p/shop-1.1.0.tar.gz', sha256: 'f'.repeat(64), size: 9_800_000, files: [] },
    upgrade: {
      kind: 'upgrade',
      path: '/p/shop-1.1.0.upgrade.tar.gz',
      sha256: 'e'.repeat(64),
      size: 17_600,
      files: [],
    },
    findings: [],
    keeps: {},
  },
  manifest: '/p/shop-1.1.0.manifest.json',
  report: '/p/report.json',
  artifact: {
    name: 'shop-1.1.0-relup',
    id: 7,
    url: 'https://github.com/octo/shop/actions/runs/1/artifacts/7',
  },
};

const step = (name: StepName, [start, seconds]: readonly [number, number], checks = {}): RehearsedStep => ({
  name,
  start,
  seconds,
  checks: { done: 'ok', ...checks },
});
const all = {
  code: 'ok',
  applications: 'ok',
  environment: 'ok',
  supervision: 'ok',
  processes: 'ok',
} as const;

function place(
  name: string,
  fate: SupervisedProcess['fate'],
  children: readonly SupervisedProcess[] = [],
): SupervisedProcess {
  return { name, kind: children.length > 0 ? 'supervisor' : 'worker', fate, children };
}

const rehearsal: Rehearsal & { corrections: [] } = {
  outcome: 'passed',
  corrections: [],
  versions: [
    {
      upFrom: '1.0.0',
      outcome: 'passed',
      steps: [
        step('boot', [0, 0.6], { processes: 'ok' }),
        step('upgrade', [0.7, 0.3], { ...all, processes: 'warning' }),
        step('downgrade', [1.1, 0.3], all),
        step('upgrade again', [1.4, 0.3], all),
        step('restart', [1.7, 1.8], { code: 'ok' }),
        step('cold boot', [0.6, 0.8]),
        step('full package', [1.4, 1.4], all),
      ],
      findings: [],
      corrections: [],
      trees: [],
      supervision: [
        {
          application: 'shop',
          top: place('shop_sup', 'new code', [
            place('shop_old', 'ended'),
            place('cart_sup', 'kept', [place('shop_cart', 'new code')]),
            place('shop_log', 'restarted'),
            place('shop_offers', 'started'),
          ]),
        },
      ],
      installations: {
        upgrade: { seconds: 0.0056, supervised: 12, suspended: { processes: 1, longestSeconds: 0.0013 } },
      },
      selfMade: [],
      seconds: 3.5,
    },
  ],
};

const hot: RunRecord = { ...packaged, verdict: 'hot', rehearsal };

function stopped(
  findings: readonly Finding[],
  what: string,
): Pick<RunRecord, 'findings' | 'failure' | 'verdict'> {
  const { message, details } = stoppedBy(what, findings);
  return { findings, verdict: 'refused', failure: { message, remedy: undefined, details } };
}

const journal = (steps: readonly JournalStep[]): NonNullable<RunRecord['journal']> =>
  steps.map((one, index) => ({ ...one, at: `2026-01-01T12:00:0${index}.000Z` }));

const attempt = {
  name: 'shop',
  version: '1.1.0',
  from: '1.0.0',
  packageSha256: 'e'.repeat(64),
  wasRegistered: false,
  footprint: { absent: [], saved: [] },
};
const node = { node: 'shop@web1', osPid: '4711', startedAt: 1_767_000_000_000 };

const rehearsalFailed: Rehearsal & { corrections: [] } = {
  ...rehearsal,
  outcome: 'failed',
  versions: rehearsal.versions.map((version) => ({
    ...version,
    outcome: 'failed',
    reason: 'The child shop: shop_sup → shop_offers does not run.',
    steps: version.steps.map((one) =>
      one.name === 'upgrade' ? { ...one, checks: { ...one.checks, supervision: 'failed' } } : one,
    ),
    trees: [
      {
        step: 'upgrade',
        application: 'shop',
        found: 'shop_sup\n  shop_cart: shop_cart\n  shop_offers (not running)',
        booted: 'shop_sup\n  shop_cart: shop_cart\n  shop_offers: shop_offers',
      },
    ],
  })),
};

export const records: Readonly<Record<string, RunRecord>> = {
  hot,
  unproven: {
    ...packaged,
    verdict: 'unproven',
    unproven:
      'The up-from release 1.0.0 could not be booted on this runner: nothing sets DATABASE_URL on this runner, which releases/1.0.0/sys.config.src would be filled in with.',
    findings: [
      cookie,
      {
        id: 'rehearsal-impossible',
        severity: 'warning',
        message:
          'The up-from release 1.0.0 could not be booted on this runner: nothing sets DATABASE_URL on this runner, which releases/1.0.0/sys.config.src would be filled in with.',
        remedy:
          'Write a default in the template: ${DATABASE_URL:-default}. Or set it in this step:\n  env:\n    DATABASE_URL: …',
      },
    ],
  },
  restart: {
    ...base,
    upgradeKind: 'restart',
    verdict: 'restart',
    packages: { ...packaged.packages, upgrade: undefined } as unknown as NonNullable<RunRecord['packages']>,
  },
  none: {
    ...base,
    upFrom: [],
    differences: [],
    upgradeKind: 'none',
    verdict: 'none',
    packages: { ...packaged.packages, upgrade: undefined } as unknown as NonNullable<RunRecord['packages']>,
  },
  refused: {
    ...base,
    appups: planned.appups ?? [],
    ...stopped([cookie, stateChanged], 'The upgrade would go wrong on a node'),
  },
  'refused by the rehearsal': {
    ...planned,
    rehearsal: rehearsalFailed,
    failedArtifact: { name: 'shop-1.1.0-relup-failed', id: 8 },
    ...stopped(
      [
        {
          id: 'rehearsal-supervision',
          severity: 'error',
          application: 'shop',
          message:
            'The child shop: shop_sup → shop_offers does not run after the upgrade to 1.1.0, but does when the release boots.',
          remedy:
            'Add at the end of the first list of the appup of shop: {apply,{supervisor,restart_child,[shop_sup,shop_offers]}}.',
        },
      ],
      'The rehearsal of the upgrade from 1.0.0 failed',
    ),
  },
  'bad input': {
    ...NOTHING,
    failure: {
      message: 'The input `purge` is "gentle".',
      remedy: 'Write brutal or soft.',
      details: undefined,
    },
  },
  deployed: {
    ...hot,
    nodeState: 'upgraded',
    deployed: {
      deployedVersion: '1.1.0',
      nodeState: 'upgraded',
      before: {
        ...node,
        releases: [{ name: 'shop', version: '1.0.0', applications: [], status: 'permanent' }],
      },
      after: {
        ...node,
        releases: [
          { name: 'shop', version: '1.1.0', applications: [], status: 'permanent' },
          { name: 'shop', version: '1.0.0', applications: [], status: 'old' },
        ],
      },
      record: { findings: [], journal: [] },
    },
    journal: journal([
      { step: 'begin', format: 1, attempt },
      { step: 'unpack' },
      { step: 'make-permanent' },
      { step: 'end', nodeState: 'upgraded' },
    ]),
  },
  'failed deploy': {
    ...NOTHING,
    brought: { name: 'shop', version: '1.1.0', commit: 'b'.repeat(40) },
    phases: [{ name: 'Package', seconds: 0.2, ok: true }],
    nodeState: 'downgraded',
    journal: journal([
      { step: 'begin', format: 1, attempt },
      { step: 'downgrade', reason: 'check-url answered with status 503' },
      { step: 'end', nodeState: 'downgraded' },
    ]),
    failure: {
      message: 'shop 1.1.0 did not become healthy within 60 seconds: check-url answered with status 503.',
      remedy: 'See the log of the node, then deploy a corrected release.',
      details: '=CRASH REPORT==== 1-Jan-2026::12:00:03\n  initial call: shop_cart:init/1',
    },
  },
};
