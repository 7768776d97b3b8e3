import { except } from '@fintech-ledger/contract';
import {
  customerCommandRefusals,
  customerNotFound,
  paymentMethodAnswer,
  paymentMethodNotFound,
  paymentMethodPage,
  paymentMethodShape,
} from '@fintech-ledger/customers/domain';
import {
  bodyOf,
  Endpoint,
  isLive,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { historyPage } from '@fintech-ledger/payments/domain';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AttachPaymentMethodDto, CustomerAsOfQuery } from '../customers/customer.dto';
import { CustomerReads } from '../customers/customer-reads';
import { customerParameter, methodParameter } from '../customers/customer-rules';
import { CustomerWriter } from '../customers/customer-writer';

const tag = 'Payment methods';
const read = { method: 'GET', tag, scope: 'payments:read', kind: 'read', refusals: actsAlone } as const;
const command = { method: 'POST', tag, scope: 'payments:write', kind: 'command' } as const;
const ofCustomer = { path: '/v1/customers/:customer/payment_methods', parameters: [customerParameter] };
const one = { path: '/v1/payment_methods/:method', parameters: [methodParameter] };

@Controller()
export class PaymentMethodsController {
  constructor(
    @Inject(CustomerWriter) private readonly writer: CustomerWriter,
    @Inject(CustomerReads) private readonly reads: CustomerReads,
  ) {}

  @Endpoint({
    ...command,
    ...ofCustomer,
    operation: 'savePaymentMethod',
    summary: 'Save a payment method',
    description: 'A test payment method is a template: each saving makes a new one that behaves as it does.',
    body: AttachPaymentMethodDto,
    answer: { status: 201, schema: paymentMethodAnswer, description: 'The payment method.' },
    example: { payment_method: 'pm_card_visa' },
    refusals: [...except(customerCommandRefusals.AttachPaymentMethod, customerNotFound), ...actsAlone],
  })
  save(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writer.write(request, reply, {
      type: 'AttachPaymentMethod',
      customerId: pathParameter(request, 'customer'),
      livemode: isLive(principalOf(request)),
      template: bodyOf<AttachPaymentMethodDto>(request).payment_method,
    });
  }

  @Endpoint({
    ...read,
    ...ofCustomer,
    operation: 'listPaymentMethods',
    summary: 'List what a customer has saved, newest first',
    query: PageQuery,
    answer: { status: 200, schema: paymentMethodPage, description: 'A page of payment methods.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.methods(request, pathParameter(request, 'customer'), page);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getPaymentMethod',
    summary: 'Get a payment method',
    query: CustomerAsOfQuery,
    answer: { status: 200, schema: paymentMethodShape, description: 'The payment method.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.method(request, pathParameter(request, 'method'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getPaymentMethodHistory',
    summary: 'List what happened to a payment method, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const id = pathParameter(request, 'method');
    const answer = await this.reads.history(request, id, page, paymentMethodNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...command,
    path: `${one.path}/detach`,
    parameters: one.parameters,
    operation: 'detachPaymentMethod',
    summary: 'Detach a payment method',
    description: 'For good: nothing is paid with it any more. It can still be read.',
    answer: { status: 200, schema: paymentMethodAnswer, description: 'The payment method.' },
    refusals: [...except(customerCommandRefusals.DetachPaymentMethod, paymentMethodNotFound), ...actsAlone],
  })
  detach(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const paymentMethodId = pathParameter(request, 'method');
    return this.writer.write(request, reply, { type: 'DetachPaymentMethod', paymentMethodId });
  }
}
