import { named, object, page, text } from '@fintech-ledger/shapes';
import type { EndpointOptions } from '../requests/endpoint-options';
import { buildDocument } from './build-document';

const street = named('Street', 'A street.', object({ name: text('Its name.', 'Main Street') }));
const address = named('Address', 'An address.', object({ street, zip: text('The zip code.', '10001') }));
const endpoint: EndpointOptions = {
  method: 'GET',
  path: '/v1/addresses',
  operation: 'listAddresses',
  summary: 'List addresses',
  tag: 'Addresses',
  scope: null,
  kind: 'plain',
  answer: { status: 200, schema: page(address), description: 'A page of addresses.' },
};

it('has whatever the answers of its operations name, however deep', () => {
  const document = buildDocument([endpoint], { refusals: [], facts: {}, factsOfEach: {} }, '1.0.0');
  const { schemas } = (document as { readonly components: { readonly schemas: Record<string, object> } })
    .components;
  expect(Object.keys(schemas)).toEqual(['Address', 'AddressPage', 'Problem', 'ProblemCode', 'Street']);
  expect(schemas['Address']).toEqual({
    type: 'object',
    properties: {
      street: { $ref: '#/components/schemas/Street' },
      zip: { type: 'string', description: 'The zip code.' },
    },
    required: ['street', 'zip'],
    description: 'An address.',
  });
});
