/**
 * The import law: the engine knows no capability, a capability is one folder below modules/, the platform runs them, apps compose.
 * What breaks it today is listed in `.dependency-cruiser-known-violations.json`: that list may only shrink.
 */

const { manifestImports } = require('./scripts/lib/manifest-imports.cjs');

/** Which other modules a module may import: what its manifest says. The domain of another one counts as well. */
const manifests = manifestImports(__dirname);

/** A name in libs/<layer>/ that a path may have; a module's parts that have an index of their own. */
const parts = '(domain|formats|nest)';
const apart = '(\\.spec\\.ts|contract-suite\\.ts)$';

const only = (name, modules, allowedFrom, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: allowedFrom },
  to: { path: modules },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'what a manifest loads when it is asked to is loaded after all of it',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
    },
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
      comment: 'what two apps need is a library; the list of modules is one for all of them',
      severity: 'error',
      from: { path: '^apps/(?!standalone/)([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/($1/|modules\\.ts$)' },
    },
    {
      name: 'standalone-composes-the-api',
      comment: 'the one app that is made of another, through its index only',
      severity: 'error',
      from: { path: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/(standalone/|api/src/index\\.ts$|modules\\.ts$)' },
    },
    {
      name: 'testing-only-in-specs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(^libs/testing/|\\.spec\\.ts$|contract-suite\\.ts$)' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'engine-knows-no-module',
      comment: 'a capability declares itself to the engine, never the other way',
      severity: 'error',
      from: { path: '^libs/engine/', pathNot: apart },
      to: { path: '^libs/modules/' },
    },
    {
      name: 'engine-on-the-platform',
      comment: 'of the platform the engine takes configuration, logs, telemetry and Postgres',
      severity: 'error',
      from: { path: '^libs/engine/', pathNot: apart },
      to: { path: '^libs/platform/', pathNot: '^libs/platform/(config|logging|telemetry|postgres)/' },
    },
    {
      name: 'contract-is-the-ground',
      severity: 'error',
      from: { path: '^libs/engine/(contract|shapes)/', pathNot: apart },
      to: { path: '^libs/', pathNot: '^libs/engine/($1/|contract/index\\.ts$)' },
    },
    {
      name: 'platform-knows-no-module',
      comment: 'what composes takes its modules from the app',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: apart },
      to: { path: '^libs/modules/' },
    },
    {
      name: 'platform-below-the-engine',
      comment: 'what the engine stands on does not import it',
      severity: 'error',
      from: { path: '^libs/platform/(config|logging|telemetry|postgres|embedded-postgres)/', pathNot: apart },
      to: { path: '^libs/(engine|modules)/' },
    },
    {
      name: 'modules-not-to-the-runtime',
      comment: 'a module is composed, it does not compose',
      severity: 'error',
      from: { path: '^libs/modules/', pathNot: apart },
      to: {
        path: '^libs/platform/',
        pathNot: '^libs/platform/(config|logging|telemetry|postgres|health|outbound)/',
      },
    },
    {
      name: 'domain-is-pure',
      comment:
        "a module's domain imports nothing but the contract, what the shapes of answers are made of, and the domains " +
        'of other modules where its manifest says so: what it books is made by the ledger',
      severity: 'error',
      from: { path: '^libs/modules/([^/]+)/domain/', pathNot: apart },
      to: {
        path: '^libs/',
        pathNot: '^libs/(modules/$1/domain/|modules/[^/]+/domain/index[.]ts$|engine/(contract|shapes)/)',
      },
    },
    {
      name: 'pure-without-packages',
      comment: 'nor with the modules of Node.js; tsconfig.pure.json compiles these without the types of any',
      severity: 'error',
      from: { path: '^libs/(modules/[^/]+/domain|engine/(contract|shapes))/', pathNot: apart },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    ...Object.entries(manifests).map(([name, others]) => ({
      name: `${name}-by-its-manifest`,
      severity: 'error',
      from: { path: `^libs/modules/${name}/`, pathNot: apart },
      to: { path: '^libs/modules/', pathNot: `^libs/modules/(${[name, ...others].join('|')})/` },
    })),
    {
      name: 'module-without-a-manifest',
      severity: 'error',
      from: { path: '^libs/modules/', pathNot: `^libs/modules/(${Object.keys(manifests).join('|')})/` },
      to: { path: '^libs/modules/', pathNot: `^libs/modules/(${Object.keys(manifests).join('|')})/` },
    },
    {
      name: 'index-only',
      comment: 'of another library only its index, or its base, which needs no framework',
      severity: 'error',
      from: { path: '^libs/(engine|platform|modules)/([^/]+)/', pathNot: apart },
      to: {
        path: '^libs/(engine|platform|modules)/',
        pathNot: `^libs/($1/$2/|(engine|platform)/[^/]+/(base/)?index\\.ts$|modules/[^/]+/(${parts}/)?index\\.ts$)`,
      },
    },
    {
      name: 'index-only-from-outside',
      comment: 'of a library only its index',
      severity: 'error',
      from: { path: '^(apps|libs/testing)/', pathNot: apart },
      to: {
        path: '^libs/(engine|platform|modules)/',
        pathNot: `^libs/((engine|platform)/[^/]+/(base/)?index\\.ts$|modules/[^/]+/(${parts}/)?index\\.ts$)`,
      },
    },
    {
      name: 'verifier-stands-alone',
      comment: 'receivers install it: it has no dependency',
      severity: 'error',
      from: { path: '^libs/webhook-verifier/', pathNot: apart },
      to: { pathNot: '^libs/webhook-verifier/|^node:crypto$|^crypto$' },
    },
    {
      name: 'modules-send-through-the-guard',
      comment: "a request to a customer's URL is judged by platform/outbound",
      severity: 'error',
      from: { path: '^libs/modules/', pathNot: apart },
      to: { path: '^(node:)?(https?|http2|net|tls|dns|dns/promises)$|^node_modules/undici/' },
    },
    only(
      'ipaddr-only-in-outbound',
      '^node_modules/ipaddr\\.js/',
      '^libs/platform/(outbound|config)/',
      'one judge of addresses',
    ),
    only('pg-only-in-postgres', '^node_modules/pg/', '^libs/platform/postgres/', 'one adapter to Postgres'),
    only(
      'kafkajs-only-in-adapters',
      '^node_modules/kafkajs/',
      '^libs/engine/(kafka|event-feed/adapters/kafka)/',
      'one client of Kafka',
    ),
    only(
      'eventstoredb-client-only-in-its-adapter',
      '^node_modules/(@eventstore/db-client|@grpc/grpc-js|google-protobuf)/',
      '^libs/(engine/event-store/adapters/eventstoredb|testing/eventstoredb-server)/',
      'one adapter to EventStoreDB, and the wire-level server that tests it',
    ),
    only(
      'otel-only-in-telemetry',
      '^node_modules/@opentelemetry/',
      '^libs/platform/telemetry/',
      'names of spans in one place',
    ),
    only(
      'nest-only-at-the-edge',
      '^node_modules/@nestjs/',
      '(^apps/|^libs/engine/http/|\\.(module|handler|controller)\\.ts$)',
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
