import { isTracing, recordSpans, spans } from '..';
import type { SpanRecording } from '..';

const client = '4bf92f3577b34da6a3ce929d0e0e4736';
const sampled = { traceparent: `00-${client}-00f067aa0ba902b7-01` };
const unsampled = { traceparent: `00-${client}-00f067aa0ba902b7-00` };
const stream = 'journal-led_1';

describe('without tracing', () => {
  it('there are no spans', () => {
    expect(isTracing()).toBe(false);
    expect(spans.request('GET', '/v1/ledgers', sampled)).toBeUndefined();
    expect(spans.command('PostTransaction', stream, sampled)).toBeUndefined();
  });
});

describe('spans', () => {
  let recording: SpanRecording;
  afterEach(() => recording.stop());

  it('go on with the trace of a request, and keep its tracestate', async () => {
    recording = await recordSpans();
    const request = spans.request('POST', '/v1/ledgers', { ...sampled, tracestate: 'vendor=x' });
    const command = spans.command('PostTransaction', stream, request?.context);
    command?.end({ 'ledger.outcome': 'accepted' });
    request?.end();
    const [inner, outer] = recording.spans();
    expect(outer).toMatchObject({
      name: 'POST /v1/ledgers',
      kind: 'server',
      traceId: client,
      parentSpanId: '00f067aa0ba902b7',
      tracestate: 'vendor=x',
    });
    expect(inner).toMatchObject({
      kind: 'internal',
      traceId: client,
      parentSpanId: outer?.spanId,
      tracestate: 'vendor=x',
      attributes: {
        'ledger.command.type': 'PostTransaction',
        'ledger.stream': stream,
        'ledger.outcome': 'accepted',
      },
    });
  });

  it('begin with a request only', async () => {
    recording = await recordSpans();
    const request = spans.request('GET', '/v1/ledgers', undefined);
    expect(request?.context.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(spans.command('PostTransaction', stream, undefined)).toBeUndefined();
    expect(spans.receive(undefined)).toBeUndefined();
  });

  it('are not made of what is not sampled', async () => {
    recording = await recordSpans();
    expect(spans.request('GET', '/v1/ledgers', unsampled)).toBeUndefined();
    expect(spans.command('PostTransaction', stream, unsampled)).toBeUndefined();
    expect(spans.command('PostTransaction', stream, { traceparent: 'nonsense' })).toBeUndefined();
  });

  it('begin as the sampler says', async () => {
    recording = await recordSpans({ sampler: 'parentbased_traceidratio', ratio: 0 });
    expect(spans.request('GET', '/v1/ledgers', undefined)).toBeUndefined();
    expect(spans.request('GET', '/v1/ledgers', sampled)).toBeDefined();
    await recording.stop();
    recording = await recordSpans({ sampler: 'always_on' });
    expect(spans.request('GET', '/v1/ledgers', unsampled)?.context.traceparent).toMatch(/-01$/);
    await recording.stop();
    recording = await recordSpans({ sampler: 'traceidratio', ratio: 0 });
    expect(spans.request('GET', '/v1/ledgers', sampled)).toBeUndefined();
  });

  it('say of an error only what kind it is', async () => {
    recording = await recordSpans();
    const error = new TypeError('merchants:acme has 12.50 too little');
    spans.command('PostTransaction', stream, sampled)?.fail(error);
    const [span] = recording.spans();
    expect(span).toMatchObject({ isError: true, attributes: { 'error.type': 'TypeError' } });
    expect(JSON.stringify(span)).not.toContain('acme');
  });

  it('link what is replayed, and count what is left out', async () => {
    recording = await recordSpans();
    const links = Array.from({ length: 3 }, (_, i) => `00-${client}-${String(i + 1).padStart(16, '0')}-01`);
    spans.replay({ system: 'kafka', destination: 'events' }, 7, links, Date.now())?.end();
    const [span] = recording.spans();
    expect(span).toMatchObject({ kind: 'consumer', parentSpanId: undefined });
    expect(span?.traceId).not.toBe(client);
    expect(span?.links).toHaveLength(3);
    expect(span?.attributes).toMatchObject({ 'messaging.batch.message_count': 7, 'ledger.replay': true });
  });
});
