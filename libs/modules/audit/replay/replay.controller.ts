import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  asOfQuery,
  Endpoint,
  pageOf,
  pathParameter,
  queryOfRequest,
  readerAsOf,
  readerOf,
  sendAnswer,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { accountParameter, ledgerParameter } from '@fintech-ledger/ledger';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { ReadEvents } from '@fintech-ledger/ledger/nest';
import type { EventPage } from '@fintech-ledger/ledger/nest';
import { decodeCursor, encodeCursor, refusedQuery } from '@fintech-ledger/projection-runtime';
import { ReplayQuery } from './replay.dto';
import { replayPage } from './replay-shape';
import { replayStep } from './replay-step';

const cursorKind = 'replay';

@Controller()
export class ReplayController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Endpoint({
    method: 'GET',
    path: '/v1/ledgers/:ledger/accounts/:address/replay',
    parameters: [ledgerParameter, accountParameter],
    operation: 'replayAccount',
    tag: 'Audit',
    summary: 'Step through the history of an account, oldest first',
    description:
      'Each event that touched it, its entries, the balance after it, and who caused it: as the events say it, not ' +
      'the read models. A time of `as_of` is one at which events were recorded. A page may be short, even empty, and ' +
      'not be the last.',
    scope: 'audit:read',
    kind: 'read',
    query: ReplayQuery,
    answer: { status: 200, schema: replayPage, description: 'A page of steps, oldest first.' },
    refusals: [accountNotFound],
  })
  async replay(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = readerOf(request);
    const { ledgerId } = reader;
    const query = queryOfRequest<ReplayQuery>(request);
    const address = pathParameter(request, 'address');
    const asOf = asOfQuery(query, ledgerId);
    const { limit, cursor } = pageOf(query);
    const [from = 0] =
      cursor === undefined ? [] : (decodeCursor(cursorKind, ['revision'], cursor) as number[]);
    const read = new ReadEvents(readerAsOf(reader, asOf), { fromRevision: from, limit, account: address });
    const { events, nextRevision, revision } = await this.queries.execute<ReadEvents, EventPage>(read);
    const last = asOf !== undefined && 'revision' in asOf ? asOf.revision : Infinity;
    const until = asOf !== undefined && 'time' in asOf ? asOf.time : undefined;
    const data = events
      .filter((event) => event.revision <= last)
      .map((event) => replayStep(ledgerId, address, event))
      .filter((step) => until === undefined || step.recorded_at <= until);
    const isEnd = nextRevision === null || nextRevision > last || data.length < events.length;
    if (isEnd && data.length === 0 && cursor === undefined)
      throw refusedQuery(
        accountNotFound,
        `There is no account ${address}, or there was none at that moment.`,
      );
    const next_cursor = isEnd ? null : encodeCursor(cursorKind, [nextRevision]);
    sendAnswer(reply, { result: { data, has_more: !isEnd, next_cursor }, revision }, ledgerId);
  }
}
