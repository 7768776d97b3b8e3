import type { ApportionBankLine, MatchBankLine } from '@fintech-ledger/bank/domain';
import { ApiProblem } from '@fintech-ledger/http';
import type { MatchBankLineDto } from './bank-line.dto';

/** What a request says that a line is for. @throws ApiProblem it says nothing, or more than can be */
export function matchOf(lineId: string, said: MatchBankLineDto): ApportionBankLine | MatchBankLine {
  const { amount = null, description = null, difference = null, objects, own = null } = said;
  const { payment = null, payout = null, refund = null, bank_statement_line = null } = said;
  const alone = [payment, refund, payout, bank_statement_line].filter((each) => each !== null);
  const isList = objects !== undefined;
  if (alone.length + Number(isList) + Number(own !== null) !== 1) {
    const why = 'It is for a payment, a refund, a payout, a line, several of them, or `own`: one of these.';
    throw new ApiProblem('missing_field', why, { param: '/payment' });
  }
  if (own !== null && difference !== null)
    throw new ApiProblem('invalid_value', 'What is `own` differs from nothing.', { param: '/difference' });
  const isOwn = own !== null || (difference !== null && difference !== '0');
  if (description !== null && !isOwn)
    throw new ApiProblem(
      'invalid_value',
      'It describes a `difference`, or what is `own`: there is neither.',
      {
        param: '/description',
      },
    );
  const [object] = alone;
  if (object !== undefined && amount === null && difference === null)
    return { type: 'MatchBankLine', lineId, object };
  const of = { amount, description, difference: difference ?? '0', isList, own };
  return { ...of, type: 'ApportionBankLine', lineId, objects: objects ?? alone };
}
