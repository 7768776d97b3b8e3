import {
  EventList,
  eventType,
  listOf,
  nextVersion,
  object,
  text,
  textOrNull,
  wholeNumber,
} from '@fintech-ledger/contract';
import { installationStream } from '@fintech-ledger/envelope';

const installationCreated = eventType({
  name: 'InstallationCreated',
  description:
    'In the stream `installation`: the event store belongs to the installation whose database has the same id. ' +
    'Several installations from before stream prefixes may each have one.',
  schema: object<{ readonly installation_id: string }>({ installation_id: text({ format: 'uuid' }) }),
  touches: () => [],
});

interface AcceptedStreamBefore {
  readonly known_revision: number;
  readonly store_end: number;
  readonly stream: string;
}
/** A stream of which more, or something else, was known than the event store had. */
export interface AcceptedStream extends AcceptedStreamBefore {
  readonly known_hash: string | null;
}
interface Accepted<S> {
  readonly accepted_by: string;
  readonly file_lines: number;
  readonly file_sha256: string;
  readonly streams: readonly S[];
}
export type OlderStoreAccepted = Accepted<AcceptedStream>;

const sha256 = '^[0-9a-f]{64}$';
const revisionMax = Number.MAX_SAFE_INTEGER;
const file = {
  accepted_by: text({ description: 'user@host', minLength: 1 }),
  file_lines: wholeNumber({ description: 'of the file that has what the store had not', minimum: 0 }),
  file_sha256: text({ description: 'of the whole file, hex', pattern: sha256 }),
};
const accepted = {
  known_revision: wholeNumber({
    description: 'how far checkpoints, read models and topics knew the stream to go',
    minimum: 0,
    maximum: revisionMax,
  }),
  store_end: wholeNumber({
    description: 'the last revision that the event store had; -1: none',
    minimum: -1,
    maximum: revisionMax,
  }),
  stream: text({ description: "without the installation's prefix", pattern: '^(journal|org)-.+$' }),
};
const description =
  'In the stream `installation`: `ledgerctl recover` accepted the event store as it is, though more was known of ' +
  'these streams; what it did not have is in a file.';

const olderStoreAccepted = nextVersion(
  eventType({
    name: 'OlderStoreAccepted',
    description,
    schema: object<Accepted<AcceptedStreamBefore>>({
      ...file,
      streams: listOf(object<AcceptedStreamBefore>(accepted)),
    }),
    touches: () => [],
  }),
  {
    description: `${description} Each stream has the hash of the last event that was known.`,
    schema: object<OlderStoreAccepted>({
      ...file,
      streams: listOf(
        object<AcceptedStream>({
          known_hash: textOrNull({
            description: 'the chain hash of the event at `known_revision`; null: not known',
            pattern: sha256,
          }),
          ...accepted,
        }),
      ),
    }),
    touches: () => [],
    upcast: (before) => ({
      ...before,
      streams: before.streams.map((stream) => ({ ...stream, known_hash: null })),
    }),
  },
);

export interface ParkedEventDiscarded {
  readonly api_key: string;
  readonly parked_event: string;
  readonly reader: string;
  readonly reason: string;
  readonly revision: number;
  readonly stream: string;
  readonly type: string | null;
  readonly webhook_endpoint: string | null;
}

const parkedEventDiscarded = eventType({
  name: 'ParkedEventDiscarded',
  description:
    'In the stream `installation`: an operator discarded an event that an outbox had set aside, because nothing ' +
    'could be made of it. Its receiver is never told of it.',
  schema: object<ParkedEventDiscarded>({
    api_key: text({ description: 'who discarded it', minLength: 1 }),
    parked_event: text({ description: 'as which it was listed', pattern: '^prk_[0-9a-f]{32}$' }),
    reader: text({ description: 'the outbox', minLength: 1 }),
    reason: text({ description: 'why, in the words of the operator', minLength: 1 }),
    revision: wholeNumber({ description: 'of the event in its stream', minimum: 0, maximum: revisionMax }),
    stream: text({ description: "without the installation's prefix", minLength: 1 }),
    type: textOrNull({ description: 'what it was to be sent as' }),
    webhook_endpoint: textOrNull({ description: 'to which it was to be sent' }),
  }),
  touches: () => [],
});

/** What the installation's own stream holds. */
export const installationEvents = new EventList({ name: installationStream }, [
  installationCreated,
  olderStoreAccepted,
  parkedEventDiscarded,
]);
