#!/usr/bin/env node
// Writes what is generated from the code: the OpenAPI document, the schemas of events and the reference. See --help.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { format, resolveConfig, version as prettierVersion } from 'prettier';
import { ByContent } from './lib/by-content.mjs';
import { build, root } from './lib/prepare.mjs';
import { bookingsReference } from './lib/bookings-reference.mjs';
import { eventsReference } from './lib/events-reference.mjs';
import { publicEventsReference } from './lib/public-events-reference.mjs';
import { commandLineParts } from './reference/command-line.mjs';
import { configurationTable, recordReadings, undescribed } from './reference/configuration.mjs';
import { withGenerated } from './reference/generated-parts.mjs';
import { librariesPicture } from './reference/libraries.mjs';
import { variables } from './reference/variables.mjs';

if (process.argv.includes('--help')) {
  process.stderr.write(
    `Usage: npm run generate [-- --check]

Writes schemas/openapi.json, the schemas in schemas/<module>/{events,public},
docs/reference/{bookings,errors,events,public-events}.md, and the generated parts of
docs/reference/{cli,configuration}.md and of CONTRIBUTING.md (the picture of the libraries).
--check: writes nothing, and fails when one of them differs from the code.
`,
  );
  process.exit(0);
}

build();
const require = createRequire(import.meta.url);
const http = path.join(root, 'dist', 'libs', 'engine', 'http');
const { openApiText } = require(path.join(http, 'documentation', 'open-api-document.js'));
const { errorReference } = require(path.join(http, 'documentation', 'error-reference.js'));
const { eventRegistryOf } = require(path.join(root, 'dist', 'libs', 'platform', 'runtime', 'index.js'));
const { modules, publicEvents } = require(path.join(root, 'dist', 'apps', 'modules.js'));
const { controllers, problems } = await modules.api();
const eventRegistry = eventRegistryOf(modules);
const { platformMigrations } = require(
  path.join(root, 'dist', 'libs', 'platform', 'installation', 'index.js'),
);
await checkMigrations([...modules.migrations, ...platformMigrations]);
const { schemaText } = require(path.join(root, 'dist', 'libs', 'engine', 'contract', 'index.js'));

/** By file, the text of each event type's schema, in every version. */
const eventSchemas = Object.fromEntries(
  [...eventRegistry.versions()].map((event) => [
    `schemas/${event.module}/events/${event.name}/v${event.version}.json`,
    schemaText(event),
  ]),
);

const { publicSchemaText } = require(path.join(root, 'dist', 'libs', 'modules', 'events', 'index.js'));
/** By file, what `data.object` of each public event is. */
const publicSchemas = Object.fromEntries(
  publicEvents.types.map((type) => [
    `schemas/${type.module}/public/${type.name}.json`,
    publicSchemaText(type),
  ]),
);

const document = (name) => readFile(path.join(root, name), 'utf8');
const outputs = {
  ...eventSchemas,
  ...publicSchemas,
  'schemas/openapi.json': openApiText(controllers, problems),
  'docs/reference/errors.md': errorsMarkdown(errorReference(problems.refusals)),
  'docs/reference/events.md': await eventsReference(eventRegistry, path.join(root, 'schemas')),
  'docs/reference/public-events.md': publicEventsReference(publicEvents),
  'docs/reference/bookings.md': bookingsReference(
    require(path.join(root, 'dist', 'libs', 'modules', 'payments', 'domain', 'index.js')),
    require(path.join(root, 'dist', 'libs', 'modules', 'fx', 'domain', 'index.js')),
    require(path.join(root, 'dist', 'libs', 'modules', 'bank', 'domain', 'index.js')),
  ),
  'docs/reference/cli.md': withGenerated(
    await document('docs/reference/cli.md'),
    await commandLineParts(root),
  ),
  'docs/reference/configuration.md': withGenerated(
    await document('docs/reference/configuration.md'),
    configurationParts(),
  ),
  'CONTRIBUTING.md': withGenerated(await document('CONTRIBUTING.md'), { libraries: librariesPicture(root) }),
};

const formatted = new ByContent(
  path.join(root, '.cache', 'generated.json'),
  `${prettierVersion} ${await document('.prettierrc.json')}`,
);
const isCheck = process.argv.includes('--check');
let differences = 0;
for (const [name, text] of Object.entries(outputs)) {
  const file = path.join(root, name);
  const present = await readFile(file, 'utf8').catch(() => '');
  const wanted =
    name in eventSchemas
      ? text
      : await formatted.get(name, text, async () =>
          format(text, { ...(await resolveConfig(file)), filepath: file }),
        );
  if (present === wanted) continue;
  differences += 1;
  if (isCheck) {
    process.stderr.write(`${name} is not what the code says: run \`npm run generate\` and commit it.\n`);
    continue;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, wanted);
  process.stderr.write(`wrote ${name}\n`);
}
formatted.save();
if (isCheck && differences > 0) process.exitCode = 1;

/** Each file of schemas/sql belongs to a module, or to the platform, and has a number of its own. */
async function checkMigrations(named) {
  const folder = path.join(root, 'schemas', 'sql');
  const { readMigrations } = require(
    path.join(root, 'dist', 'libs', 'platform', 'postgres', 'migration-files.js'),
  );
  await readMigrations(folder);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'));
  const wrong = [
    ...files.filter((file) => !named.includes(file)),
    ...named.filter((file) => !files.includes(file)),
  ];
  if (wrong.length > 0)
    throw new Error(`schemas/sql: no module's manifest names, or there is no ${wrong.join(', ')}`);
}

function configurationParts() {
  const { EnvironmentReader } = require(
    path.join(root, 'dist', 'libs', 'platform', 'config', 'environment-reader.js'),
  );
  const { readConfig } = require(path.join(root, 'dist', 'libs', 'platform', 'config', 'index.js'));
  const readings = recordReadings(EnvironmentReader, () => readConfig({}, {}));
  const problems = undescribed(variables, readings);
  if (problems.length > 0) throw new Error(`scripts/reference/variables.mjs: ${problems.join('; ')}`);
  const table = (group) =>
    configurationTable(
      variables.filter((variable) => variable.group === group),
      readings,
    );
  return { general: table('general'), distributed: table('distributed'), tracing: table('tracing') };
}

function errorsMarkdown(entries) {
  const sections = entries.map(({ code, status, meaning }) => `### ${code}\n\n\`${status}\` ${meaning}\n`);
  return [
    '# Errors\n',
    '<!-- Generated by `npm run generate`. -->\n',
    'Every problem (RFC 9457, `application/problem+json`) has a `code` of this list. A refused command leaves no trace, and burns no idempotency key.\n',
    ...sections,
  ].join('\n');
}
