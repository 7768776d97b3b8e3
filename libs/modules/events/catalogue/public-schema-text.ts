import type { PublishedType } from './public-event-registry';

/** The JSON Schema of `data.object` of a type, with an example, as a file has it. */
export function publicSchemaText({ name, description, object, example }: PublishedType): string {
  const definitions = Object.entries(object.definitions).sort(([a], [b]) => (a < b ? -1 : 1));
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:fintech-ledger:public-event:${name}`,
    title: name,
    description,
    ...object.json,
    examples: [example],
    $defs: Object.fromEntries(definitions),
  };
  return `${JSON.stringify(document, null, 2).replaceAll('"#/components/schemas/', '"#/$defs/')}\n`;
}
