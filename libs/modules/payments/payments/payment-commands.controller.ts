import { except } from '@fintech-ledger/contract';
import { bodyOf, Endpoint, isLive, pathParameter, principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { sortedMetadata } from '@fintech-ledger/ledger/domain';
import {
  paymentAnswer,
  paymentCommandRefusals,
  paymentDeclined,
  paymentNotFound,
  recipientInvalid,
  unknownConnectedAccount,
  unknownDestination,
  unknownSplitAccount,
} from '@fintech-ledger/payments/domain';
import type { PaymentCommand } from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  CancelPaymentDto,
  CapturePaymentDto,
  ConfirmPaymentDto,
  CreatePaymentDto,
  UpdatePaymentDto,
} from './payment.dto';
import { actingIn, actsAsAccount } from './connected-account';
import { recipientOf } from './recipient';
import { paymentParameter } from './payment-rules';
import { PaymentWriter } from './payment-writer';

const command = {
  tag: 'Payments',
  scope: 'payments:write',
  kind: 'command',
  mayActAsAccount: true,
} as const;
const one = { path: '/v1/payments/:payment', parameters: [paymentParameter] };
const changed = { status: 200, schema: paymentAnswer, description: 'The payment.' };

@Controller()
export class PaymentCommandsController {
  constructor(@Inject(PaymentWriter) private readonly writer: PaymentWriter) {}

  @Endpoint({
    ...command,
    method: 'POST',
    path: '/v1/payments',
    operation: 'createPayment',
    summary: 'Create a payment',
    description:
      'With `confirm` its rail is called at once, and the answer is what that said. A dry run calls no rail and ' +
      'makes no attempt: it answers with the payment as it is before the call.',
    body: CreatePaymentDto,
    answer: { status: 201, schema: paymentAnswer, description: 'The payment.' },
    example: { amount: '10000', currency: 'USD', payment_method: 'pm_card_visa', description: 'order 1001' },
    refusals: [...paymentCommandRefusals.CreatePayment, paymentDeclined, recipientInvalid],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<CreatePaymentDto>(request);
    const acting = actingIn(request);
    const asked = {
      type: 'CreatePayment',
      ...acting,
      ...recipientOf(body, acting),
      amount: body.amount,
      captureMethod: body.capture_method ?? 'automatic',
      confirm: body.confirm ?? false,
      currency: body.currency,
      customer: body.customer ?? null,
      description: body.description ?? null,
      livemode: isLive(principalOf(request)),
      metadata: sortedMetadata(body.metadata),
      offSession: body.off_session ?? false,
      paymentMethod: body.payment_method ?? null,
      rail: body.rail ?? null,
      returnUrl: body.return_url ?? null,
      transferGroup: body.transfer_group ?? null,
    } as const;
    return this.writer.writeAs(request, reply, asked, acting);
  }

  @Endpoint({
    ...command,
    ...one,
    method: 'PATCH',
    operation: 'updatePayment',
    summary: 'Change a payment',
    description:
      'Amount and payment method while it waits for a method or for its confirmation; description and metadata always.',
    body: UpdatePaymentDto,
    answer: changed,
    example: { metadata: { order: '1001' } },
    refusals: [...except(paymentCommandRefusals.UpdatePayment, paymentNotFound), ...actsAsAccount],
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const {
      amount,
      customer,
      description,
      metadata,
      payment_method: paymentMethod,
    } = bodyOf<UpdatePaymentDto>(request);
    return this.change(request, reply, {
      type: 'UpdatePayment',
      ...idOf(request),
      ...(amount !== undefined && { amount }),
      ...(customer !== undefined && { customer }),
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
      ...(paymentMethod !== undefined && { paymentMethod }),
    });
  }

  @Endpoint({
    ...command,
    method: 'POST',
    path: `${one.path}/confirm`,
    parameters: one.parameters,
    operation: 'confirmPayment',
    summary: 'Confirm a payment',
    description:
      'Its rail is called; the answer is what that said. A dry run calls no rail and makes no attempt: it answers ' +
      'with the payment as it is before the call.',
    body: ConfirmPaymentDto,
    isBodyOptional: true,
    answer: changed,
    example: { payment_method: 'pm_card_visa' },
    // An account with payments is not closed.
    refusals: [
      ...except(
        paymentCommandRefusals.ConfirmPayment,
        paymentNotFound,
        unknownConnectedAccount,
        unknownDestination,
        unknownSplitAccount,
      ),
      paymentDeclined,
    ],
  })
  confirm(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<ConfirmPaymentDto>(request);
    const { payment_method: paymentMethod, return_url: returnUrl, off_session: offSession } = body;
    return this.change(request, reply, {
      type: 'ConfirmPayment',
      ...idOf(request),
      ...(offSession !== undefined && { offSession }),
      ...(typeof paymentMethod === 'string' && { paymentMethod }),
      ...(returnUrl !== undefined && { returnUrl }),
    });
  }

  @Endpoint({
    ...command,
    method: 'POST',
    path: `${one.path}/capture`,
    parameters: one.parameters,
    operation: 'capturePayment',
    summary: 'Capture a payment',
    description:
      'What was authorized is taken, all of it or a part; the rest is released. A dry run calls no rail: it answers ' +
      'with the payment as it is before the call.',
    body: CapturePaymentDto,
    isBodyOptional: true,
    answer: changed,
    example: { amount_to_capture: '4000' },
    refusals: [
      ...except(paymentCommandRefusals.CapturePayment, paymentNotFound),
      paymentDeclined,
      ...actsAsAccount,
    ],
  })
  capture(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { amount_to_capture: amountToCapture, application_fee_amount: fee } =
      bodyOf<CapturePaymentDto>(request);
    const amounts = {
      ...(amountToCapture !== undefined && { amountToCapture }),
      ...(typeof fee === 'string' && { applicationFeeAmount: fee }),
    };
    return this.change(request, reply, { type: 'CapturePayment', ...idOf(request), ...amounts });
  }

  @Endpoint({
    ...command,
    method: 'POST',
    path: `${one.path}/cancel`,
    parameters: one.parameters,
    operation: 'cancelPayment',
    summary: 'Cancel a payment',
    description:
      'While it waits for something; what its rail has authorized is released. A dry run calls no rail: where one ' +
      'would be called it answers with the payment as it is before that, else with the canceled one.',
    body: CancelPaymentDto,
    isBodyOptional: true,
    answer: changed,
    example: { cancellation_reason: 'abandoned' },
    refusals: [...except(paymentCommandRefusals.CancelPayment, paymentNotFound), ...actsAsAccount],
  })
  cancel(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { cancellation_reason: cancellationReason = null } = bodyOf<CancelPaymentDto>(request);
    return this.change(request, reply, { type: 'CancelPayment', ...idOf(request), cancellationReason });
  }

  private change(request: ApiRequest, reply: FastifyReply, command: PaymentCommand): Promise<void> {
    return this.writer.writeAs(request, reply, command, actingIn(request));
  }
}

const idOf = (request: ApiRequest): { readonly actsAs?: string; readonly paymentId: string } => ({
  ...actingIn(request),
  paymentId: pathParameter(request, 'payment'),
});
