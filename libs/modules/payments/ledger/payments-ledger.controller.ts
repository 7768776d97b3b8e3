import { ledgerShape, organizationNotFound } from '@fintech-ledger/access/domain';
import { ApiProblem, Endpoint, organizationReaderOf, sendAnswer } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { sourceWaits } from '@fintech-ledger/projection-runtime';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PaymentsLedgers } from './payments-ledgers';

@Controller()
export class PaymentsLedgerController {
  constructor(@Inject(PaymentsLedgers) private readonly ledgers: PaymentsLedgers) {}

  @Endpoint({
    method: 'GET',
    path: '/v1/payments_ledger',
    operation: 'getPaymentsLedger',
    tag: 'Payments',
    summary: 'Get the payments ledger',
    description:
      'The ledger in which payments of this environment are booked, made when it is asked for first. It is read as ' +
      'any other one; accounts below `payments:` are changed by payments alone.',
    scope: 'payments:read',
    kind: 'read',
    answer: { status: 200, schema: ledgerShape, description: 'The ledger.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = organizationReaderOf(request);
    const { organizationId: owner, minRevision: revision } = reader;
    const made = await sourceWaits.until(
      () => this.ledgers.at(reader, request.id),
      (said) => ('kind' in said ? Infinity : said.revision),
      { owner, revision, what: 'The organization has' },
    );
    if ('kind' in made) throw ApiProblem.ofRefusal(made.refusal, [organizationNotFound]);
    sendAnswer(reply, made, owner);
  }
}
