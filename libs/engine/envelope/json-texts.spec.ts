import fc from 'fast-check';
import { eventOfText } from './event-text';
import { itemTexts, memberTexts } from './json-texts';

describe('the texts of a JSON value', () => {
  it('are those of its members and items, whatever stands in them', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', '{', '},{', '":"', ',', '[]', '\n'));
    fc.assert(
      fc.property(fc.dictionary(text, fc.jsonValue()), fc.nat(2), (object, indent) => {
        const members = memberTexts(JSON.stringify(object, undefined, indent));
        expect([...(members ?? [])].map(([name, value]) => [name, JSON.parse(value)])).toEqual(
          Object.entries(JSON.parse(JSON.stringify(object)) as object),
        );
        const items = Object.values(object);
        expect(itemTexts(JSON.stringify(items)).map((item) => JSON.parse(item) as unknown)).toEqual(
          JSON.parse(JSON.stringify(items)),
        );
      }),
    );
  });

  it('are as they were spelled', () => {
    expect([...(memberTexts('{ "a" : {"b":1,"b":1.0} ,"\\u0063":[ ]}') ?? [])]).toEqual([
      ['a', ' {"b":1,"b":1.0} '],
      ['c', '[ ]'],
    ]);
    expect(itemTexts('[]')).toEqual([]);
  });

  it('are none where a name comes twice', () => {
    expect(memberTexts('{"a":1,"\\u0061":2}')).toBeUndefined();
  });
});

describe('eventOfText', () => {
  it('keeps the spelling of data and metadata', () => {
    const text =
      '{"id":"i","object":"event","stream":"s","type":"T","revision":3,"data":{"a":1,"a":2},"metadata":{ }}';
    expect(eventOfText(text)).toEqual({
      id: 'i',
      stream: 's',
      type: 'T',
      revision: 3,
      data: '{"a":1,"a":2}',
      metadata: '{ }',
    });
  });

  it.each(['', 'null', '7', '[]', '{}', '{"id":1}', '{"data":{},"data":{}}'])('refuses %j', (text) => {
    expect(() => eventOfText(text)).toThrow(SyntaxError);
  });
});
