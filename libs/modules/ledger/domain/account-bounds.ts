import { refuse } from '@fintech-ledger/contract';
import { amountDigitsMax } from './limits';
import { boundViolated, invalidBounds } from './account-commands';
import type { Refusal } from '@fintech-ledger/contract';

interface Bounds {
  readonly min: bigint | null;
  readonly max: bigint | null;
}

const signedPattern = new RegExp(`^(?:0|-?[1-9][0-9]{0,${amountDigitsMax - 1}})$`);

/** A balance or bound in minor units: as an amount, but zero and a leading minus are allowed. */
export function parseSigned(text: unknown): bigint | undefined {
  return typeof text === 'string' && signedPattern.test(text) ? BigInt(text) : undefined;
}

export function parseBounds(min: string | null, max: string | null): Bounds | Refusal<'invalid_bounds'> {
  const parsedMin = min === null ? null : parseSigned(min);
  if (parsedMin === undefined) return notABound('/min_balance');
  const parsedMax = max === null ? null : parseSigned(max);
  if (parsedMax === undefined) return notABound('/max_balance');
  if (parsedMin !== null && parsedMax !== null && parsedMin > parsedMax) {
    return refuse(
      invalidBounds,
      `min_balance ${parsedMin} is above max_balance ${parsedMax}`,
      '/min_balance',
    );
  }
  return { min: parsedMin, max: parsedMax };
}

function notABound(param: string): Refusal<'invalid_bounds'> {
  return refuse(
    invalidBounds,
    'a bound is null or a string of up to 36 digits, with "-" in front when negative',
    param,
  );
}

/** The minimum is judged on what is available, the maximum on what is posted: see `crossedBound`. */
export function boundViolation(
  { available, posted }: { readonly available: bigint; readonly posted: bigint },
  { min, max }: Bounds,
  address: string,
): Refusal<'bound_violated'> | undefined {
  if (min !== null && available < min) {
    return refuse(
      boundViolated,
      `${address} has ${available} available, below a minimum of ${min}`,
      '/min_balance',
    );
  }
  if (max !== null && posted > max) {
    return refuse(
      boundViolated,
      `${address} has ${posted} posted, above a maximum of ${max}`,
      '/max_balance',
    );
  }
  return undefined;
}
