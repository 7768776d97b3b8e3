import { currencies, Orders } from './orders.mjs';

const day = 86_400_000;
export const daysOfMonth = 30;
/** Requests on their way at a time. */
const atOnce = 8;

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<void>} act
 */
async function together(items, act) {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** A marketplace: merchants and a developer per currency, and what they sell in a month of a sandbox's clock. */
export class Month {
  /** @type {{ id: string, currency: string }[]} */
  accounts = [];
  counts = {
    payments: 0,
    declined: 0,
    captured: 0,
    refunds: 0,
    refundsFailed: 0,
    transfers: 0,
    disputes: 0,
    payouts: 0,
  };
  /** Payments that can be refunded, with what is left of them. @type {{ id: string, kind: string, left: bigint }[]} */
  #paid = [];
  /** Authorized yesterday. @type {{ id: string, amount: bigint }[]} */
  #authorized = [];
  /** @type {Map<string, import('./orders.mjs').Market>} */
  #markets = new Map();

  /**
   * @param {import('./client.mjs').DemoClient} client
   * @param {{ payments: number, seed: number }} size
   */
  constructor(client, { payments, seed }) {
    this.client = client;
    this.perDay = Math.ceil(payments / daysOfMonth);
    this.payments = payments;
    this.orders = new Orders(seed);
    this.random = this.orders.random;
  }

  /** The platform, its merchants, its developers, and how they share. */
  async open() {
    for (const { currency, least, most } of currencies) {
      const merchants = [
        await this.#account('merchant', currency),
        await this.#account('merchant', currency),
      ];
      const developer = await this.#account('developer', currency);
      /** @type {Record<string, string>} */
      const rules = {};
      for (const merchant of merchants)
        rules[merchant] = await this.#splitRule(`Sales in ${currency}`, { developer, merchant });
      this.#markets.set(currency, { merchants, rules, least, most });
    }
  }

  /**
   * The days one after the other; the clock of the sandbox is frozen while one goes on.
   * @param {(day: number) => void} progress
   */
  async pass(progress) {
    const { time } = await this.client.read('/v1/clock');
    const midnight = (Math.floor(Date.parse(time) / day) + 1) * day;
    await this.client.command('/v1/clock', { time: new Date(midnight).toISOString() }, { method: 'PUT' });
    for (let n = 1; n <= daysOfMonth; n += 1) {
      await this.#sell();
      await this.#capture();
      await this.#refund();
      await this.#answerDisputes();
      if (n % 7 === 0) await this.#payOut();
      await this.#until(midnight + n * day);
      progress(n);
    }
    // What the last days sold is settled, and its disputes are decided; it has not been paid out.
    for (let n = 1; n <= 4; n += 1) {
      await this.#until(midnight + (daysOfMonth + n) * day);
      await this.#answerDisputes();
    }
  }

  /**
   * @param {'merchant' | 'developer'} role
   * @param {string} currency
   */
  async #account(role, currency) {
    const address = { line1: 'Hauptstrasse 1', city: 'Berlin', postal_code: '10115', country: 'DE' };
    const { id } = await this.client.command('/v1/connected_accounts', {
      type: 'company',
      country: 'DE',
      default_currency: currency,
      capabilities: { payments: { requested: true }, payouts: { requested: true } },
      metadata: { role },
    });
    await this.client.command(`/v1/connected_accounts/${id}/requirements`, {
      company: { name: `The ${role} ${id.slice(-4)}`, registration_number: `HRB ${id.slice(-4)}`, address },
      bank_account: { iban: 'DE89370400440532013000', account_holder: `The ${role} ${id.slice(-4)}` },
      tos_acceptance: { accepted: true },
    });
    this.accounts.push({ id, currency });
    return id;
  }

  /**
   * @param {string} name
   * @param {{ developer: string, merchant: string }} of
   * @returns {Promise<string>}
   */
  async #splitRule(name, { developer, merchant }) {
    const parties = [
      { id: 'platform', role: 'platform', account: 'platform', share_bps: 700 },
      { id: 'developer', role: 'developer', account: developer, share_bps: 1_000 },
      { id: 'merchant', role: 'merchant', account: merchant, remainder: true },
    ];
    return (await this.client.command('/v1/split_rules', { name, parties })).id;
  }

  async #sell() {
    const count = Math.min(this.perDay, this.payments - this.counts.payments);
    const orders = Array.from({ length: count }, () => this.orders.next(this.#markets));
    await together(orders, (order) => this.#pay(order));
  }

  /** @param {any} order */
  async #pay({ number, amount, currency, merchant, method, kind, parts }) {
    const body = { amount: String(amount), currency, confirm: true, payment_method: method, ...parts };
    const description = `order ${number}`;
    let payment = await this.client.command('/v1/payments', { ...body, description }, { allow: [402] });
    this.counts.payments += 1;
    if (payment.code === 'payment_declined') {
      this.counts.declined += 1;
      return;
    }
    if (payment.status === 'requires_action') {
      const outcome = number % 5 === 0 ? 'failed' : 'succeeded';
      const target = `/v1/test_helpers/payments/${payment.id}/complete_action`;
      payment = await this.client.command(target, { outcome });
      if (outcome === 'failed') this.counts.declined += 1;
    }
    if (payment.status === 'requires_capture') this.#authorized.push({ id: payment.id, amount });
    if (payment.status !== 'succeeded') return;
    this.counts.captured += 1;
    if (kind === 'separate') {
      const transfer = { amount: String((amount * 8n) / 10n), currency, destination: merchant };
      await this.client.command('/v1/transfers', { ...transfer, source_payment: payment.id });
      this.counts.transfers += 1;
    }
    this.#paid.push({ id: payment.id, kind, left: amount });
  }

  /** What was authorized: a part of it, the whole, or nothing. */
  async #capture() {
    await together(this.#authorized.splice(0), async ({ id, amount }) => {
      if (amount % 5n === 0n) {
        await this.client.command(`/v1/payments/${id}/cancel`, { cancellation_reason: 'abandoned' });
        return;
      }
      const part = amount % 2n === 0n ? amount : (amount * 3n) / 4n;
      await this.client.command(`/v1/payments/${id}/capture`, { amount_to_capture: String(part) });
      this.counts.captured += 1;
      this.#paid.push({ id, kind: 'manual', left: part });
    });
  }

  /** One in twelve is refunded, by a third or as a whole. A share that somebody was paid out already can't go back. */
  async #refund() {
    const chosen = new Set(
      Array.from(
        { length: Math.ceil(this.perDay / 12) },
        () => this.#paid[this.random(this.#paid.length || 1)],
      ),
    );
    await together([...chosen], async (payment) => {
      if (payment === undefined) return;
      const amount = payment.left > 2n && payment.left % 2n === 0n ? payment.left / 3n : payment.left;
      const flags = {
        ...(['direct', 'destination'].includes(payment.kind) && { refund_application_fee: true }),
        ...(payment.kind === 'destination' && { reverse_transfer: true }),
      };
      const body = { payment: payment.id, amount: String(amount), reason: 'requested_by_customer', ...flags };
      const refund = await this.client.command('/v1/refunds', body, { allow: [409, 422] });
      if (refund.object !== 'refund') {
        if (!['insufficient_available', 'payment_disputed', 'refund_exceeded'].includes(refund.code))
          throw new Error(`a refund was refused: ${refund.detail} (${refund.code})`);
        return;
      }
      this.counts.refunds += 1;
      if (refund.status === 'failed') this.counts.refundsFailed += 1;
      else payment.left -= amount;
      if (payment.left === 0n) this.#paid.splice(this.#paid.indexOf(payment), 1);
    });
  }

  /** Evidence for each; two of three are won. */
  async #answerDisputes() {
    const open = [];
    for await (const { id } of this.client.list('/v1/disputes?status=needs_response')) open.push(id);
    await together(open, async (id) => {
      this.counts.disputes += 1;
      await this.client.command(`/v1/disputes/${id}/evidence`, { text: 'Delivered and signed for.' });
      const outcome = this.counts.disputes % 3 === 0 ? 'lost' : 'won';
      await this.client.command(`/v1/test_helpers/disputes/${id}/resolve`, { outcome });
    });
  }

  /** The platform and each account: all that is available. */
  async #payOut() {
    for (const as of [undefined, ...this.accounts.map(({ id }) => id)]) {
      const { available } = await this.client.read('/v1/balance', { as });
      for (const { amount, currency } of available) {
        if (BigInt(amount) <= 0n) continue;
        await this.client.command('/v1/payouts', { amount, currency }, { as });
        this.counts.payouts += 1;
      }
    }
  }

  /** @param {number} ms */
  async #until(ms) {
    const to = new Date(ms).toISOString();
    await this.client.command('/v1/clock/advance', { to });
  }
}
