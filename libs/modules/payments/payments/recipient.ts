import { ApiProblem } from '@fintech-ledger/http';
import { recipientInvalid } from '@fintech-ledger/payments/domain';
import type { CreatePayment } from '@fintech-ledger/payments/domain';
import type { Acting } from './connected-account';
import { splitPartyOf } from '../splits/split-party.dto';
import type { CreatePaymentDto } from './payment.dto';

type Recipient = Pick<
  CreatePayment,
  'applicationFeeAmount' | 'connectedAccount' | 'splitRule' | 'splits' | 'transferData'
>;

/**
 * Who gets a payment, as its request says it.
 * @param acting whom the request acts as: the payment is its own
 * @throws ApiProblem `recipient_invalid`: it has two, or a fee of nobody
 */
export function recipientOf(body: CreatePaymentDto, { actsAs }: Acting): Recipient {
  const { application_fee_amount: asked, connected_account: said, transfer_data: to } = body;
  const fee = asked === '0' ? null : asked;
  const connectedAccount = actsAs ?? said ?? null;
  if (actsAs !== undefined && typeof said === 'string' && said !== actsAs)
    throw invalid(`The request acts as ${actsAs}: a payment is its own.`, '/connected_account');
  if (connectedAccount !== null && to)
    throw invalid('A payment of a connected account transfers nothing.', '/transfer_data');
  const split = splitOf(body, connectedAccount !== null || Boolean(to));
  const amount = to?.amount ?? null;
  if (typeof fee === 'string' && ((connectedAccount === null && !to) || amount !== null))
    throw invalid(
      'A fee is taken of a connected account, of a payment of its own or one that it gets whole.',
      '/application_fee_amount',
    );
  return {
    ...split,
    ...(typeof fee === 'string' && { applicationFeeAmount: fee }),
    ...(connectedAccount !== null && { connectedAccount }),
    ...(to && { transferData: { amount, destination: to.destination } }),
  };
}

/** @param isOthers whether somebody else gets it already */
function splitOf({ split_rule: rule, splits }: CreatePaymentDto, isOthers: boolean): Recipient {
  if (rule && splits) throw invalid('A payment is split by a rule, or among parties.', '/splits');
  if (isOthers && (rule || splits)) {
    const field = rule ? '/split_rule' : '/splits';
    throw invalid("What is split is a payment of the platform's own, and nobody gets it otherwise.", field);
  }
  return { ...(rule && { splitRule: rule }), ...(splits && { splits: splits.map(splitPartyOf) }) };
}

const invalid = (detail: string, param: string): ApiProblem =>
  new ApiProblem(recipientInvalid, detail, { param });
