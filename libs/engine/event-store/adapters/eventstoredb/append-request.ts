import { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { EventToAppend, ExpectedRevision } from '../../port';
import { messageBytesMax } from './limits';

const utf8 = new TextEncoder();
/** What a proposed event has on the wire besides data and metadata, at most. */
const framingBytes = 512;

/**
 * One append, as one message or as many as its bytes take; the server waits for the final one. It has no deadline: the
 * only one that the client knows is a time of day, which the server judges by its own clock, and refuses every append of a machine
 * whose clock is behind. The server gives up on its own after 2 s; we have a timer of our own.
 */
export function appendRequests(
  correlationId: string,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): BatchAppendReq[] {
  const options = new BatchAppendReq.Options().setStreamIdentifier(streamIdentifier(stream));
  if (expected === 'any') options.setAny(new Empty());
  else if (expected === 'no_stream') options.setNoStream(new Empty());
  else if (expected === 'stream_exists') options.setStreamExists(new Empty());
  else options.setStreamPosition(String(expected));
  const messages = inMessages(events).map((proposals) =>
    new BatchAppendReq()
      .setCorrelationId(uuid(correlationId))
      .setProposedMessagesList(proposals)
      .setIsFinal(false),
  );
  messages[0]?.setOptions(options);
  messages.at(-1)?.setIsFinal(true);
  return messages;
}

function inMessages(events: readonly EventToAppend[]): BatchAppendReq.ProposedMessage[][] {
  const messages: BatchAppendReq.ProposedMessage[][] = [];
  let left = 0;
  for (const event of events) {
    const proposal = proposed(event);
    const bytes = proposal.getData_asU8().length + proposal.getCustomMetadata_asU8().length + framingBytes;
    if (bytes > left) {
      messages.push([]);
      left = messageBytesMax;
    }
    left -= bytes;
    messages.at(-1)?.push(proposal);
  }
  return messages;
}

export function streamIdentifier(stream: string): StreamIdentifier {
  return new StreamIdentifier().setStreamName(utf8.encode(stream));
}

function uuid(text: string): UUID {
  return new UUID().setString(text);
}

/** JSON for the server's projections and its user interface, but the very bytes that we were given. */
function proposed({ id, type, data, metadata }: EventToAppend): BatchAppendReq.ProposedMessage {
  const message = new BatchAppendReq.ProposedMessage()
    .setId(uuid(id))
    .setData(utf8.encode(data))
    .setCustomMetadata(utf8.encode(metadata));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return message;
}
