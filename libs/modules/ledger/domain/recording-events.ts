// Events that say something, and change no record.
import { listOf, nextVersion, object, schema, text, wholeNumber } from '@fintech-ledger/contract';
import { recordingEvent } from './ledger-event-type';
import type { RecordingEventType } from './ledger-event-type';

/** Which transactions of a bulk, from 0, `to` exclusive. */
interface BulkRange {
  readonly from: number;
  readonly of: number;
  readonly to: number;
}
export const transactionsRefused = recordingEvent({
  name: 'TransactionsRefused',
  description:
    'Of a bulk that was stored in parts, these transactions were refused, and nothing was booked of this part; ' +
    "its metadata's refusedItems say why. Moves no money.",
  schema: object<BulkRange>({
    from: wholeNumber({ description: 'The first one of them, counted from 0', minimum: 0 }),
    of: wholeNumber({ description: 'How many transactions the bulk has', minimum: 2 }),
    to: wholeNumber({ description: 'The first one behind them', minimum: 1 }),
  }),
});

/** An event that was not recorded. */
interface AnsweringFacts {
  readonly data: object;
  readonly type: string;
  readonly version: number;
}
/** What a command that changed nothing is answered with. */
interface UnchangedFacts {
  readonly answered: readonly AnsweringFacts[];
}
const answering = object<AnsweringFacts>({
  data: schema<object>({ type: 'object', description: 'As an event of that type and version has it' }),
  type: text({ description: 'The event that would have been recorded, had it changed something' }),
  version: wholeNumber({ minimum: 1 }),
});
const firstNothingChanged = recordingEvent({
  name: 'NothingChanged',
  description:
    'A command with an idempotency key changed nothing: it asked for what was so already. Keeps the key, so that a ' +
    'repetition gets the same answer instead of undoing a later change. Moves no money.',
  schema: object<UnchangedFacts>({ answered: listOf(answering, { minItems: 1 }) }),
});
export const nothingChanged: RecordingEventType<'NothingChanged', UnchangedFacts> = {
  ...firstNothingChanged,
  ...nextVersion(firstNothingChanged, {
    description:
      'A command with an idempotency key changed nothing: it asked for what was so already, or (`answered` is empty) ' +
      'the key is that of a request of many commands, which have keys of their own. Keeps the key. Moves no money.',
    schema: object<UnchangedFacts>({ answered: listOf(answering) }),
    touches: () => [],
    upcast: (data) => data,
  }),
};

/** What such an event was recorded instead of; undefined: it is another one. */
export function answeredBy({
  type,
  data,
}: {
  readonly type: string;
  readonly data: object;
}): readonly AnsweringFacts[] | undefined {
  return type === nothingChanged.name ? (data as UnchangedFacts).answered : undefined;
}
