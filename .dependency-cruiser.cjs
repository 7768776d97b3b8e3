/** The import law: contract <- ledger, access <- event-registry; event-contracts <- journal, access, application, projections <- adapters <- apps. */
const only = (name, modules, allowedFrom, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: allowedFrom },
  to: { path: modules },
});
const layer = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^libs/${from}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^libs/', pathNot: `^libs/(${allowed.join('|')})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'a file that nothing imports is dead',
      from: { orphan: true, pathNot: '(main|\\.spec|\\.d)\\.ts$' },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'libs-not-to-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-not-to-apps',
      comment: 'what two apps need is a library',
      severity: 'error',
      from: { path: '^apps/(?!standalone/)([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'standalone-composes-the-api',
      comment: 'the one app that is made of another, through its index only',
      severity: 'error',
      from: { path: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/(standalone/|api/src/index\\.ts$)' },
    },
    {
      name: 'testing-only-in-specs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(^libs/testing/|\\.spec\\.ts$|contract-suite\\.ts$)' },
      to: { path: '^libs/testing/' },
    },
    layer('contract-knows-no-module', 'contract', ['contract'], 'what modules declare themselves with'),
    layer('ledger-is-pure', 'ledger', ['contract', 'ledger'], 'the domain depends on the contract alone'),
    layer(
      'access-is-pure',
      'access',
      ['contract', 'ledger', 'access', 'shapes'],
      'the domain depends on the contract alone, and on the builders of shapes',
    ),
    layer(
      'event-contracts-layer',
      'event-contracts',
      ['event-contracts'],
      'how events are hashed and named depends on nothing',
    ),
    layer(
      'journal-has-no-io',
      'journal',
      ['contract', 'ledger', 'event-contracts', 'event-store', 'journal', 'telemetry'],
      'the writer talks to ports',
    ),
    {
      name: 'pure-libs-no-npm',
      severity: 'error',
      from: { path: '^libs/(contract|ledger|access)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional'] },
    },
    only(
      'pg-only-in-postgres',
      '^node_modules/(pg|pg-copy-streams)/',
      '^libs/postgres/',
      'one adapter to Postgres',
    ),
    only(
      'kafkajs-only-in-adapters',
      '^node_modules/kafkajs/',
      '^libs/(kafka|event-feed/src/adapters/kafka)/',
      'one client of Kafka',
    ),
    only(
      'eventstoredb-client-only-in-its-adapter',
      '^node_modules/(@eventstore/db-client|@grpc/grpc-js|google-protobuf)/',
      '^libs/(event-store/src/adapters/eventstoredb|testing/src/eventstoredb-server)/',
      'one adapter to EventStoreDB, and the wire-level server that tests it',
    ),
    only(
      'otel-only-in-telemetry',
      '^node_modules/@opentelemetry/',
      '^libs/telemetry/',
      'names of spans in one place',
    ),
    only(
      'nest-only-in-apps',
      '^node_modules/@nestjs/',
      '(^apps/|\\.(module|handler|controller)\\.ts$)',
      'the framework stays at the edge',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'import', 'default'],
    },
  },
};
