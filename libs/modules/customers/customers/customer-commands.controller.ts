import { except } from '@fintech-ledger/contract';
import {
  customerAnswer,
  customerCommandRefusals,
  customerNotFound,
  deletedCustomerAnswer,
} from '@fintech-ledger/customers/domain';
import { bodyOf, Endpoint, pathParameter } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CreateCustomerDto, UpdateCustomerDto } from './customer.dto';
import { customerParameter } from './customer-rules';
import { CustomerWriter } from './customer-writer';

const command = { tag: 'Customers', scope: 'payments:write', kind: 'command' } as const;
const one = { path: '/v1/customers/:customer', parameters: [customerParameter] };

@Controller()
export class CustomerCommandsController {
  constructor(@Inject(CustomerWriter) private readonly writer: CustomerWriter) {}

  @Endpoint({
    ...command,
    method: 'POST',
    path: '/v1/customers',
    operation: 'createCustomer',
    summary: 'Create a customer',
    description:
      'E-mail address, name, telephone number and address are encrypted with a key of this customer from the first ' +
      'event on. Description and metadata are kept as they are.',
    body: CreateCustomerDto,
    answer: { status: 201, schema: customerAnswer, description: 'The customer.' },
    example: { email: 'jenny@example.com', name: 'Jenny Rosen', metadata: { crm: '17' } },
    refusals: [...customerCommandRefusals.CreateCustomer, ...actsAlone],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writer.create(request, reply, bodyOf<CreateCustomerDto>(request));
  }

  @Endpoint({
    ...command,
    ...one,
    method: 'PATCH',
    operation: 'updateCustomer',
    summary: 'Change a customer',
    body: UpdateCustomerDto,
    answer: { status: 200, schema: customerAnswer, description: 'The customer.' },
    example: { phone: '+1 555 0100', metadata: { crm: null } },
    refusals: [...except(customerCommandRefusals.UpdateCustomer, customerNotFound), ...actsAlone],
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = pathParameter(request, 'customer');
    return this.writer.update(request, reply, id, bodyOf<UpdateCustomerDto>(request));
  }

  @Endpoint({
    ...command,
    ...one,
    method: 'DELETE',
    operation: 'deleteCustomer',
    summary: 'Delete a customer',
    description:
      'The key of their personal fields is destroyed: events, read models, webhooks and repeated answers show null ' +
      'from now on, for good. What they saved to pay with is detached; payments keep their id.',
    answer: { status: 200, schema: deletedCustomerAnswer, description: 'What is left of the customer.' },
    refusals: [...except(customerCommandRefusals.DeleteCustomer, customerNotFound), ...actsAlone],
  })
  delete(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writer.delete(request, reply, pathParameter(request, 'customer'));
  }
}
