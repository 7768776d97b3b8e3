import { customerNotFound, customerOrDeletedShape, customerPage } from '@fintech-ledger/customers/domain';
import {
  Endpoint,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { historyPage } from '@fintech-ledger/payments/domain';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { subjectKeysPort } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CustomerAsOfQuery, CustomersQuery } from './customer.dto';
import { CustomerReads } from './customer-reads';
import { customerParameter } from './customer-rules';
import { emailLabel, emailToFind } from './personal-fields';

const read = {
  method: 'GET',
  tag: 'Customers',
  scope: 'payments:read',
  kind: 'read',
  refusals: actsAlone,
} as const;
const one = { path: '/v1/customers/:customer', parameters: [customerParameter] };

@Controller()
export class CustomerQueriesController {
  constructor(
    @Inject(CustomerReads) private readonly reads: CustomerReads,
    @Inject(subjectKeysPort) private readonly keys: Pick<SubjectKeys, 'tagOf'>,
  ) {}

  @Endpoint({
    ...read,
    path: '/v1/customers',
    operation: 'listCustomers',
    summary: 'List customers, newest first',
    description: 'Without those who were deleted. `from` is inclusive, `to` exclusive.',
    query: CustomersQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: customerPage, description: 'A page of customers.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<CustomersQuery>(request);
    const { organizationId } = principalOf(request);
    const { email, metadata } = query;
    const filter = {
      organizationId,
      ...windowMs(query),
      ...(email !== undefined && {
        emailTag: this.keys.tagOf(organizationId, emailLabel, emailToFind(email)),
      }),
      ...(metadata !== undefined && { metadata }),
    };
    const answer = await this.reads.customers(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getCustomer',
    summary: 'Get a customer',
    description: 'Of somebody who was deleted: only that.',
    query: CustomerAsOfQuery,
    answer: { status: 200, schema: customerOrDeletedShape, description: 'The customer.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.customer(request, pathParameter(request, 'customer'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getCustomerHistory',
    summary: 'List what happened to a customer, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const id = pathParameter(request, 'customer');
    const answer = await this.reads.history(request, id, page, customerNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
