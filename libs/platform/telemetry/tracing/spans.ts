import { startSpan } from './tracer';
import type { OpenSpan, SpanAttributes } from './tracer';
import type { TraceContext } from './trace-context';

/** Where messages come from or go to: `messaging.*` of OpenTelemetry's semantic conventions. */
export interface MessagingPlace {
  readonly system: string;
  readonly destination: string;
  readonly consumerGroup?: string;
}

/** Events of one stream that one command made. */
export interface TracedEvents {
  readonly stream: string;
  /** Of the first one. */
  readonly id: string;
  readonly type: string;
  readonly revision: number;
  readonly count: number;
}

/**
 * Every span of the product, by what it stands for. Names and attributes follow OpenTelemetry's semantic conventions where they have one; ours begin
 * with `ledger.`. What is in them says where and what kind, never what was written: no path (it may hold an account's address), no
 * amounts, no idempotency keys, no messages of errors. See docs/how-to/trace-requests.md.
 */
export const spans = {
  /** A request to the API. `route` is the path's template. */
  request(method: string, route: string, parent: TraceContext | undefined): OpenSpan | undefined {
    const attributes = { 'http.request.method': method, 'http.route': route, 'url.scheme': 'http' };
    return startSpan({ name: `${method} ${route}`, kind: 'server', parent, isEntry: true, attributes });
  },

  /** A command on its way to the process that writes its stream: the sender's side. Several may share a request, each has its own span. */
  forward(address: string, parent: TraceContext | undefined): OpenSpan | undefined {
    const { hostname, port } = new URL(address);
    const attributes = { 'server.address': hostname, 'server.port': Number(port) };
    return startSpan({ name: 'forward command', kind: 'client', parent, attributes });
  },

  /** The same, the writer's side. */
  receive(parent: TraceContext | undefined): OpenSpan | undefined {
    return startSpan({ name: 'receive command', kind: 'server', parent });
  },

  /** A command from when its writer has it until its answer: waiting, deciding, appending. Its context is what the events carry. */
  command(type: string, stream: string, parent: TraceContext | undefined): OpenSpan | undefined {
    const attributes = { 'ledger.command.type': type, 'ledger.stream': stream };
    return startSpan({ name: type, kind: 'internal', parent, attributes });
  },

  /** The append that a command's events were part of: one for each command, because many share an append. */
  append(
    system: string,
    { stream, count }: Pick<TracedEvents, 'stream' | 'count'>,
    parent: TraceContext,
  ): OpenSpan | undefined {
    const attributes = {
      'db.operation.name': 'append',
      'db.system.name': system,
      'ledger.events': count,
      'ledger.stream': stream,
    };
    return startSpan({ name: 'append', kind: 'client', parent, attributes });
  },

  /** A command's events on their way into a topic, from when they are sent until they are acknowledged. */
  send(topic: string, partition: number, events: TracedEvents, parent: TraceContext): OpenSpan | undefined {
    const attributes = {
      ...messaging({ system: 'kafka', destination: topic }, 'send', events.count),
      ...about(events),
      'messaging.destination.partition.id': String(partition),
    };
    return startSpan({ name: `send ${topic}`, kind: 'producer', parent, attributes });
  },

  /** Old events that are sent again: a trace of its own, with links to the ones that they were made in. */
  resend(topic: string, count: number, links: readonly string[]): OpenSpan | undefined {
    const attributes = {
      ...messaging({ system: 'kafka', destination: topic }, 'send', count),
      'ledger.replay': true,
    };
    return startSpan({ name: `send ${topic}`, kind: 'client', isEntry: true, links, attributes });
  },

  /** A command's events on their way into read models. */
  project(
    place: MessagingPlace,
    events: TracedEvents,
    parent: TraceContext,
    startedAtMs: number,
  ): OpenSpan | undefined {
    const attributes = { ...messaging(place, 'process', events.count), ...about(events) };
    return startSpan({
      name: `process ${place.destination}`,
      kind: 'consumer',
      parent,
      attributes,
      startedAtMs,
    });
  },

  /** Old events that are projected: a trace of its own, with links to the ones that they were made in. */
  replay(
    place: MessagingPlace,
    count: number,
    links: readonly string[],
    startedAtMs: number,
  ): OpenSpan | undefined {
    const attributes = { ...messaging(place, 'process', count), 'ledger.replay': true };
    return startSpan({
      name: `process ${place.destination}`,
      kind: 'consumer',
      isEntry: true,
      links,
      attributes,
      startedAtMs,
    });
  },
} as const;

function messaging(place: MessagingPlace, operation: string, count: number): SpanAttributes {
  return {
    'messaging.destination.name': place.destination,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.system': place.system,
    ...(count > 1 ? { 'messaging.batch.message_count': count } : {}),
    ...(place.consumerGroup === undefined ? {} : { 'messaging.consumer.group.name': place.consumerGroup }),
  };
}

function about({ id, revision, stream, type, count }: TracedEvents): SpanAttributes {
  return {
    'ledger.event.type': type,
    'ledger.revision': revision,
    'ledger.stream': stream,
    ...(count > 1 ? {} : { 'messaging.message.id': id }),
  };
}
