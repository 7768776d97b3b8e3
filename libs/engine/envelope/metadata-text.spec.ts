import fc from 'fast-check';
import { sealMetadata } from './envelope';
import { metadataText } from './metadata-text';

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
