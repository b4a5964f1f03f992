// Who may import whom (CONTRIBUTING.md, "Where things are"): actions → rooms → node → programs → model → shared.
const rooms = ['refs', 'build', 'plan', 'package', 'rehearsal', 'deploy', 'artifact', 'published'];
const anyRoom = rooms.join('|');

/** Modules of `from` may import modules of `to` only (and packages). */
function only(from, ...to) {
  return {
    name: `${from}-imports`,
    severity: 'error',
    from: { path: `^src/(${from})/` },
    to: { path: '^src/', pathNot: `^src/(${[from, ...to].join('|')})/` },
  };
}

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'rooms-know-no-other-room',
      severity: 'error',
      from: { path: `^src/(${anyRoom})/` },
      to: { path: `^src/(${anyRoom}|actions|report)/`, pathNot: '^src/$1/' },
    },
    only('report', 'model', 'shared'),
    only('node', 'programs', 'model', 'shared'),
    only('programs', 'shared'),
    only('model', 'shared'),
    only('shared'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node'] },
  },
};
