import { releaseProblems, section, unannounced } from './changelog.mjs';
import { eventBreaks, eventFiles } from './events.mjs';
import { openApiBreaks } from './open-api.mjs';
import { publicEventBreaks, publicEventFiles } from './public-events.mjs';

interface Shape {
  readonly [key: string]: unknown;
}

/** A document with one operation. */
function document(request: Shape, answer: Shape, more: Shape = {}): Record<string, unknown> {
  const json = (schema: Shape): Shape => ({ content: { 'application/json': { schema } } });
  const operation = { requestBody: json(request), responses: { 201: json(answer) }, ...more };
  return {
    paths: { '/v1/things': { post: operation } },
    components: { schemas: { Name: { type: 'string' } } },
  };
}
const request = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { $ref: '#/components/schemas/Name' },
    kind: { enum: ['a', 'b'] },
    note: { type: 'string', maxLength: 10 },
  },
};
const answer = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
};
const parameter = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } };
const before = document(request, answer, { parameters: [parameter] });

const breaksOf = (after: Record<string, unknown>): string[] =>
  openApiBreaks(before, after).map(({ text }) => text);
const changed = (sent: Shape, read: Shape = {}, more: Shape = { parameters: [parameter] }): string[] =>
  breaksOf(document({ ...request, ...sent }, { ...answer, ...read }, more));
const properties = (extra: Shape): Shape => ({ properties: { ...request.properties, ...extra } });

describe('the API', () => {
  it('takes an enum of texts for the same with its type and without', () => {
    expect(changed(properties({ kind: { type: 'string', enum: ['a', 'b'] } }))).toEqual([]);
    expect(changed(properties({ kind: { type: 'integer' } }))).not.toEqual([]);
  });

  it('may stay, and may grow', () => {
    expect(breaksOf(before)).toEqual([]);
    expect(changed(properties({ more: { type: 'string' }, kind: { enum: ['a', 'b', 'c'] } }))).toEqual([]);
    expect(changed({}, { required: ['id', 'tags'] })).toEqual([]);
    expect(changed({}, {}, { parameters: [parameter, { name: 'more', in: 'query', schema: {} }] })).toEqual(
      [],
    );
  });

  it.each([
    ['a field that must be sent now', changed({ required: ['name', 'kind'] }), 'body: kind is required now'],
    [
      'a field that is gone',
      changed({ properties: { name: {}, kind: { enum: ['a', 'b'] } } }),
      'body: note is gone',
    ],
    [
      'a type that is another',
      changed(properties({ name: { type: 'integer' } })),
      'body: name was string, is integer',
    ],
    ['a value that is gone', changed(properties({ kind: { enum: ['a'] } })), 'body: kind no longer takes b'],
    [
      'a bound that is closer',
      changed(properties({ note: { type: 'string', maxLength: 9 } })),
      'body: note: maxLength was 10, is 9',
    ],
    [
      'a pattern that is new',
      changed(properties({ note: { type: 'string', maxLength: 10, pattern: '^a' } })),
      'body: note: pattern was none, is ^a',
    ],
    ['an answer that may lack a field', changed({}, { required: [] }), 'answer 201: id may be absent now'],
    [
      'an answer without a field',
      changed({}, { properties: { id: { type: 'string' } } }),
      'answer 201: tags is gone',
    ],
    [
      'an answer of another type',
      changed({}, { properties: { ...answer.properties, id: { type: ['string', 'null'] } } }),
      'answer 201: id was string, is string,null',
    ],
    [
      'items of another type',
      changed(
        {},
        { properties: { ...answer.properties, tags: { type: 'array', items: { type: 'object' } } } },
      ),
      'answer 201: tags[] was string, is object',
    ],
    ['a parameter that is gone', changed({}, {}, { parameters: [] }), 'query parameter limit is gone'],
    [
      'a parameter that must be sent',
      changed({}, {}, { parameters: [{ ...parameter, required: true }] }),
      'query parameter limit is required now',
    ],
    [
      'a parameter that is closer',
      changed({}, {}, { parameters: [{ ...parameter, schema: { type: 'integer', maximum: 50 } }] }),
      'query parameter limit: the whole: maximum was 100, is 50',
    ],
    [
      'a status that is gone',
      changed({}, {}, { parameters: [parameter], responses: {} }),
      'it no longer answers 201',
    ],
    ['an operation that is gone', breaksOf({ paths: {} }), 'the operation is gone'],
  ])('breaks by %s', (_what, breaks, text) => {
    expect(breaks).toContain(text);
  });
});

describe('an event', () => {
  const schema = (more: Shape = {}): string =>
    JSON.stringify({ type: 'object', properties: { title: { type: 'string' } }, ...more });
  const files = (text: string, example = '{"title":"x"}'): Map<string, string> =>
    new Map([
      ['Posted/v1.json', text],
      ['Posted/v1.example.json', example],
    ]);

  it('may be worded and spaced otherwise, and get another version', () => {
    const more = new Map([...files(schema({ description: 'other' })), ['Posted/v2.json', '{}']]);
    expect(eventBreaks(files(schema()), more)).toEqual([]);
    expect(eventBreaks(files(schema()), files(schema(), '{ "title": "x" }'))).toEqual([]);
  });

  it('is the same in the folder of its module', () => {
    const within = (folder: string) => [
      `${folder}/Posted/v1.json`,
      `${folder}/Posted/v1.example.json`,
      `${folder}/golden.json`,
    ];
    const text = (file: string): string => (file.endsWith('v1.json') ? schema() : '{ "title": "x" }');
    const before = eventFiles(['schemas/openapi.json', ...within('schemas/events')], text);
    const after = eventFiles(within('schemas/ledger/events'), text);
    expect([...before.keys()]).toEqual(['Posted/v1.json', 'Posted/v1.example.json']);
    expect(eventBreaks(before, after)).toEqual([]);
    expect(eventBreaks(before, eventFiles(within('schemas/ledger'), text))).toHaveLength(2);
  });

  it.each([
    ['a field is new', files(schema({ properties: { title: { type: 'string' }, more: {} } }))],
    ['a field called like a wording goes', files(schema({ properties: {} }))],
    ['its example changes', files(schema(), '{"title":"y"}')],
    ['its version goes', new Map<string, string>()],
  ])('is broken when %s', (_when, after) => {
    expect(eventBreaks(files(schema()), after)).toContainEqual(
      expect.objectContaining({ subject: 'Posted v1' }),
    );
  });
});

describe('the changelog', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n### Breaking\n\n- `POST /v1/a` needs a name.\n\n### Added\n\n- `POST /v1/b`.\n\n## [1.0.0] - 2026-01-31\n\n- All.\n\n[1.0.0]: https://example.com\n';

  it('has sections', () => {
    expect(section(changelog, '1.0.0')).toBe('- All.');
    expect(section(changelog, '2.0.0')).toBeUndefined();
  });

  it('announces breaks under Breaking only', () => {
    const breaks = ['POST /v1/a', 'POST /v1/b'].map((subject) => ({ subject, text: 'gone' }));
    expect(unannounced(breaks, section(changelog, 'Unreleased') ?? '')).toEqual([breaks[1]]);
  });

  it('lets a version out that has a date and entries, and leaves nothing unreleased', () => {
    const released = changelog.replace(/## \[Unreleased\][^]*?(?=## \[1)/, '## [Unreleased]\n\n');
    expect(releaseProblems(released, '1.0.0')).toEqual([]);
    expect(releaseProblems(changelog, '1.0.0')).toHaveLength(1);
    expect(releaseProblems(released, '1.1.0')[0]).toContain('has no heading');
    expect(releaseProblems(released.replace('- All.', ''), '1.0.0')).toEqual([
      'the section of 1.0.0 is empty',
    ]);
    expect(releaseProblems(released, 'Unreleased')).toEqual(['Unreleased is not a version']);
  });
});

describe('public events', () => {
  const schema = (properties: Shape, required: readonly string[]): string =>
    JSON.stringify({ $ref: '#/$defs/Thing', $defs: { Thing: { type: 'object', properties, required } } });
  const file = (text: string) => publicEventFiles(['schemas/ledger/public/thing.made.json'], () => text);
  const id = { type: 'string' };
  const old = file(schema({ id, state: { enum: ['a'] } }, ['id']));

  it('may stay, and may grow', () => {
    expect(publicEventBreaks(old, old)).toEqual([]);
    const grown = schema({ id, state: { enum: ['a', 'b'] }, more: id }, ['id', 'more']);
    expect(publicEventBreaks(old, file(grown))).toEqual([]);
  });

  it('may not end, lose a member, or have it otherwise', () => {
    const subject = 'ledger/thing.made';
    expect(publicEventBreaks(old, new Map())).toEqual([{ subject, text: 'the public event is gone' }]);
    const less = publicEventBreaks(old, file(schema({ id }, ['id'])));
    expect(less).toEqual([{ subject, text: 'state is gone' }]);
    const other = publicEventBreaks(old, file(schema({ id: { type: 'integer' }, state: {} }, [])));
    expect(other.map(({ text }) => text)).toContain('id may be absent now');
  });
});

it('compares variants that have names by these, in whatever order they are', () => {
  const variants = (...names: readonly string[]) => {
    const schemas = {
      A: { type: 'object', properties: { a: {} } },
      B: { type: 'object', properties: { b: {} } },
    };
    const anyOf = names.map((name) => ({ $ref: `#/components/schemas/${name}` }));
    return {
      ...document(request, { anyOf }),
      components: { schemas: { Name: { type: 'string' }, ...schemas } },
    };
  };
  const texts = (after: readonly string[]) =>
    openApiBreaks(variants('B'), variants(...after)).map(({ text }) => text);
  expect(texts(['A', 'B'])).toEqual([]);
  expect(texts(['A'])).toEqual([expect.stringContaining('has lost a variant of anyOf')]);
});

it('lets an answer be one of several kinds, if what it was is one of them, and no body', () => {
  const kind = (name: string) => ({ type: 'object', properties: { [name]: {} }, required: [name] });
  const [a, b] = [kind('a'), kind('b')];
  const texts = (was: typeof a, is: Parameters<typeof document>[1]) =>
    openApiBreaks(document(request, was), document(request, is)).map(({ text }) => text);
  expect(texts(a, { anyOf: [b, a] })).toEqual([]);
  expect(texts(a, { anyOf: [b, b] })).not.toEqual([]);
  expect(openApiBreaks(document(a, {}), document({ anyOf: [a, b] }, {}))).not.toEqual([]);
});
