import { isSampled, parseTraceContext, traceIdOf, unsampled } from './trace-context';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('a traceparent', () => {
  it.each([
    ['sampled', `00-${traceId}-${spanId}-01`, true],
    ['not sampled', `00-${traceId}-${spanId}-00`, false],
    ['with flags that are not known yet', `00-${traceId}-${spanId}-03`, true],
    ['of a later version, with more after it', `01-${traceId}-${spanId}-01-more`, true],
  ])('is read: %s', (_, traceparent, expected) => {
    expect(traceIdOf(traceparent)).toBe(traceId);
    expect(isSampled(traceparent)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['capital letters', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['more after version 00', `00-${traceId}-${spanId}-01-more`],
    ['the version that is forbidden', `ff-${traceId}-${spanId}-01`],
    ['several headers in one', `00-${traceId}-${spanId}-01,00-${traceId}-${spanId}-01`],
  ])('is not one: %s', (_, traceparent) => {
    expect(traceIdOf(traceparent)).toBeUndefined();
    expect(isSampled(traceparent)).toBe(false);
  });

  it('keeps what other systems said', () => {
    const context = parseTraceContext(
      { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'a=1,b=2' },
      true,
    );
    expect(context?.traceState?.get('b')).toBe('2');
  });

  it('can be taken out of the sample', () => {
    const context = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'a=1' };
    expect(unsampled(context)).toEqual({ traceparent: `00-${traceId}-${spanId}-00`, tracestate: 'a=1' });
  });
});
