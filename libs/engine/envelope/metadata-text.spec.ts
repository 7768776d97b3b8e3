import fc from 'fast-check';
import { sealMetadata } from './envelope';
import { metadataText, metadataTexts } from './metadata-text';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const recordedAt = '2026-01-01T00:00:00.000Z';
const lookalikes = ['"traceparent":"x"', 'traceparent', '"recordedAt":"', '\\"traceparent\\":\\"', '":"'];

describe('metadataText', () => {
  it('finds what parsing finds, whatever the texts around it look like', () => {
    const anyText = fc.oneof(fc.string(), fc.constantFrom(...lookalikes));
    fc.assert(
      fc.property(anyText, anyText, fc.boolean(), (correlationId, idempotencyKey, isTraced) => {
        const { text } = sealMetadata(
          { id: 'i', stream: 's', revision: 0, type: 'T', data: '{}' },
          {
            $correlationId: correlationId,
            actor: 'system',
            commandIndex: 0,
            commandSize: 1,
            effectiveAt: recordedAt,
            idempotencyKey,
            organizationId: 'org_1',
            previousHash: '0',
            recordedAt,
            traceparent: isTraced ? traceparent : undefined,
            version: 1,
          },
        );
        expect(metadataText(text, 'recordedAt')).toBe(recordedAt);
        expect(metadataText(text, 'traceparent')).toBe(isTraced ? traceparent : undefined);
      }),
    );
  });
});

describe('metadataTexts', () => {
  const sealed = (more: object): string =>
    sealMetadata(
      { id: 'i', stream: 's', revision: 0, type: 'T', data: '{}' },
      {
        $correlationId: 'req_1',
        actor: 'system',
        commandIndex: 0,
        commandSize: 1,
        effectiveAt: recordedAt,
        organizationId: 'org_1',
        previousHash: '0'.repeat(64),
        recordedAt,
        version: 2,
        ...more,
      },
    ).text;

  it('is what parsing gives, or nothing, whatever the texts around it look like', () => {
    const anyText = fc.oneof(fc.string(), fc.constantFrom(...lookalikes));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('actor', 'idempotencyKey', 'traceparent'), anyText),
        (more) => {
          const text = sealed(more);
          const found = metadataTexts(text);
          if (!text.includes('\\')) expect(found).toBeDefined();
          if (found !== undefined) expect(JSON.parse(text)).toMatchObject(found);
        },
      ),
    );
  });

  it('leaves to parsing what is nested, lacks a member, comes twice or is no JSON', () => {
    const text = sealed({});
    expect(metadataTexts(text)).toMatchObject({ version: 2, organizationId: 'org_1' });
    expect(metadataTexts(text)).not.toHaveProperty('decidedAt');
    expect(metadataTexts(sealed({ decidedAt: recordedAt }))).toMatchObject({ decidedAt: recordedAt });
    const others = [
      sealed({ part: { from: 0, of: 2, to: 1 } }),
      sealed({
        refusedItems: [{ index: 0, refusal: { code: 'c', detail: 'd', meta: { recordedAt: 'x' } } }],
      }),
      text.replace('"version":2', '"version":02'),
      text.replace('"actor":"system"', '"actor":"sys\ntem"'),
      text.replace('"actor":"system",', ''),
      text.replace('"version":2', '"version":1,"version":2'),
      `${text} `,
      text.slice(0, -1),
    ];
    for (const other of others) expect(metadataTexts(other)).toBeUndefined();
  });
});
