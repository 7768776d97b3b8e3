/**
 * What sells in a currency; `rules`: how a merchant's sales are split.
 * @typedef {{ merchants: string[], rules: Record<string, string>, least: number, most: number }} Market
 */

export const currencies = [
  { currency: 'USD', least: 500, most: 30_000 },
  { currency: 'EUR', least: 400, most: 20_000 },
  { currency: 'JPY', least: 300, most: 40_000 },
];

/** What payers do, in parts of a thousand. The rest pay by card, and nothing more happens. */
const cards = [
  { upTo: 40, method: 'pm_card_chargeDeclinedInsufficientFunds' },
  { upTo: 80, method: 'pm_card_threeDSecure2Required' },
  { upTo: 95, method: 'pm_card_createDispute' },
  { upTo: 105, method: 'pm_card_refundFail' },
  { upTo: 205, method: 'pm_card_bypassPending' },
  { upTo: 1_000, method: 'pm_card_visa' },
];

/**
 * Numbers below `most`, the same ones for the same seed: a linear congruential generator (Numerical Recipes).
 * @param {number} seed
 */
function numbers(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

/** What is ordered, the same for the same seed. */
export class Orders {
  #number = 0;

  /** @param {number} seed */
  constructor(seed) {
    this.random = numbers(seed);
  }

  /**
   * Orders are drawn before any is sent: a seed means the same ones however fast they are answered.
   * @param {ReadonlyMap<string, Market>} markets
   */
  next(markets) {
    this.#number += 1;
    const { currency } = currencies[this.random(currencies.length)] ?? currencies[0];
    const market = /** @type {any} */ (markets.get(currency));
    const amount = market.least + this.random(market.most - market.least);
    const merchant = market.merchants[this.random(market.merchants.length)];
    const drawn = this.random(1_000);
    const method = cards.find(({ upTo }) => drawn < upTo)?.method ?? 'pm_card_visa';
    const kind = ['platform', 'manual', 'direct', 'destination', 'separate', 'split'][this.random(6)] ?? '';
    const fee = String(Math.floor(amount / 20));
    const parts = {
      platform: {},
      manual: { capture_method: 'manual' },
      direct: { connected_account: merchant, application_fee_amount: fee },
      destination: { transfer_data: { destination: merchant }, application_fee_amount: fee },
      separate: { transfer_group: `order-${this.#number}` },
      split: { split_rule: market.rules[merchant] },
    }[kind];
    return { number: this.#number, amount: BigInt(amount), currency, merchant, method, kind, parts };
  }
}
