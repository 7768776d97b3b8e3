import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { bulkTooLarge } from '@fintech-ledger/journal';
import { journalStream, revisionInId } from '@fintech-ledger/envelope';
import type { EventMetadata } from '@fintech-ledger/envelope';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import {
  bodyOf,
  Endpoint,
  pageOf,
  PageQuery,
  pathParameter,
  queryOfRequest,
  readerOf,
  sendAnswer,
} from '@fintech-ledger/http';
import type { ApiRequest, PathParameter } from '@fintech-ledger/http';
import { eventStorePort, found } from '@fintech-ledger/projection-runtime';
import { closesPeriod, commandRefusals, ledgerEvents } from '@fintech-ledger/ledger/domain';
import type { ClosePeriod } from '@fintech-ledger/ledger/domain';
import { reachJournal } from '../history/reach-journal';
import { readRevisions } from '../history/read-revisions';
import { submitToLedger } from '../journal/write-to-ledger.handler';
import type { OperationsOf } from '../journal/write-to-ledger.handler';
import { ledgerParameter } from '../ledgers/ledger-parameter';
import { ReadModels } from '../ledgers/read-models';
import { periodCloseAnswer, periodClosePage, periodCloseShape } from '../views/period-close';
import type { PeriodCloseView } from '../views/period-close';
import { PeriodCloseDto } from './period-close.dto';
import { periodCloseNotFound } from './period-close-refusals';
import { periodCloseView } from './period-close-view';
import { findPeriodCloses } from './read-period-closes';

const closeParameter: PathParameter = {
  name: 'close',
  description: 'The id of the close.',
  pattern: /^pcl_[A-Za-z0-9_-]{1,64}$/,
  refusal: periodCloseNotFound,
  detail: 'There is no such close.',
};
const ofLedger = { tag: 'Periods', parameters: [ledgerParameter] } as const;
const ofClose = { livemodeOf: 'itself' } as const;
const path = '/v1/ledgers/:ledger/period_closes';

@Controller()
export class PeriodClosesController implements OperationsOf<ClosePeriod> {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(eventStorePort) private readonly store: EventStore,
  ) {}

  @Endpoint({
    ...ofLedger,
    method: 'POST',
    path,
    operation: 'closePeriod',
    summary: 'Close the books of a ledger through a moment',
    description:
      'From then on nothing with an `effective_at` at or before `through` is booked (`period_closed`), unless it ' +
      'says what it corrects (`correction_of`): that counts when it is booked. What became of a hold, and what a ' +
      'rail has done, is booked as ever, and counts when it happens. A close is for ever.',
    scope: 'ledger:admin',
    kind: 'command',
    body: PeriodCloseDto,
    answer: { status: 201, schema: periodCloseAnswer, description: 'The close.', ...ofClose },
    example: { through: '2026-01-31T23:59:59.999Z', reason: 'January is reconciled' },
    refusals: [...commandRefusals.ClosePeriod, bulkTooLarge],
  })
  close(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { through, reason } = bodyOf<PeriodCloseDto>(request);
    return submitToLedger(this.commands, { type: 'ClosePeriod', through, reason }, request, reply);
  }

  @Endpoint({
    ...ofLedger,
    method: 'GET',
    path,
    operation: 'listPeriodCloses',
    summary: 'List the closes of the books of a ledger, newest first',
    scope: 'ledger:read',
    kind: 'read',
    query: PageQuery,
    answer: { status: 200, schema: periodClosePage, description: 'A page of closes.', livemodeOf: 'data' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = readerOf(request);
    const { ledgerId } = reader;
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const ledger = await this.models.ledger(reader);
    const places = await findPeriodCloses(ledger, ledgerId, page);
    const oldestFirst = [...places.revisions].reverse();
    const { events } = await readRevisions(this.store, journalStream(ledgerId), oldestFirst);
    const data = events.flatMap((event) => closeOf(event) ?? []).reverse();
    const result = { data, has_more: places.nextCursor !== null, next_cursor: places.nextCursor };
    sendAnswer(reply, { result, revision: places.revision }, ledgerId);
  }

  @Endpoint({
    ...ofLedger,
    parameters: [ledgerParameter, closeParameter],
    method: 'GET',
    path: `${path}/:close`,
    operation: 'getPeriodClose',
    summary: 'Get a close of the books of a ledger',
    scope: 'ledger:read',
    kind: 'read',
    answer: { status: 200, schema: periodCloseShape, description: 'The close.', ...ofClose },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = readerOf(request);
    const { ledgerId } = reader;
    await this.models.check(reader);
    const reached = await reachJournal(this.store, reader);
    const id = pathParameter(request, 'close');
    const stream = journalStream(ledgerId);
    const at = revisionInId(id, stream);
    // An id says where its event is: no read model is asked.
    const { events } = await readRevisions(this.store, stream, at === undefined ? [] : [at]);
    const close = events.flatMap((event) => closeOf(event) ?? []).find((one) => one.id === id) ?? null;
    const answer = found(
      { result: close, revision: Math.max(at ?? -1, reached) },
      periodCloseNotFound,
      `There is no close ${id}.`,
    );
    sendAnswer(reply, answer, ledgerId);
  }
}

function closeOf({ type, data, metadata }: RecordedEvent): PeriodCloseView | undefined {
  const { version } = JSON.parse(metadata) as EventMetadata;
  const event = ledgerEvents.read(type, version, JSON.parse(data) as object);
  return typeof event !== 'string' && closesPeriod(event) ? periodCloseView(event.data) : undefined;
}
