// A seeded journal of transactions with two entries, as the writer records them.
const startMs = Date.UTC(2026, 0, 1);
/** 5,000 events a second of book time. */
const timeOf = (revision) => new Date(startMs + Math.floor(revision / 5)).toISOString();
const segments = ['merchants', 'users', 'fees', 'cash'];

/** mulberry32: small, seeded, good enough to draw accounts. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const addressOf = (i) =>
  `${segments[i % segments.length]}:customer-${String(i).padStart(7, '0')}:main`;

/** @param imported whether all transactions are dated, and debit the first account: an import of old books */
export function generatedEvents({ lib, ledgerId, accounts, seed, plain, imported = false }) {
  const { canonicalJson, eventIds, sealMetadata, genesisHash, timeSortableId } = lib('engine/envelope');
  const stream = `journal-${ledgerId}`;
  const draw = random(seed);
  const totals = Array.from({ length: accounts }, () => ({ debits: 0n, credits: 0n, version: 1 }));
  let chainHash = genesisHash;
  const generator = { revision: 0, startMs, take, transactionIdOf };
  return generator;

  function take(count, sealed) {
    const events = [];
    while (generator.revision < accounts) events.push(opening(generator.revision, sealed));
    for (let i = 0; i < count; i += 1) events.push(transaction(sealed));
    return events;
  }
  function opening(i, sealed) {
    const account = {
      address: addressOf(i),
      currency: 'USD',
      maxBalance: null,
      metadata: { customer: String(i) },
      minBalance: null,
      openedAt: timeOf(generator.revision),
      status: 'open',
      type: i % 2 === 0 ? 'asset' : 'liability',
    };
    return record('AccountOpened', { account, version: 1 }, timeOf(generator.revision), sealed);
  }
  function transaction(sealed) {
    const { revision } = generator;
    const a = imported ? 0 : Math.floor(draw() * accounts);
    const b = (a + 1 + Math.floor(draw() * (accounts - 1))) % accounts;
    const amount = BigInt(1 + Math.floor(draw() * 1_000_000));
    const recordedAt = timeOf(revision);
    const isDated = imported || (!plain && draw() < 0.05);
    const effectiveAt = isDated
      ? new Date(startMs - Math.floor(draw() * 30 * 86_400_000)).toISOString()
      : recordedAt;
    const header = {
      description: `order ${revision}`,
      effectiveAt,
      expiresAt: null,
      id: transactionIdOf(revision),
      metadata: !plain && draw() < 0.25 ? { order: String(revision), shop: `shop-${revision % 100}` } : {},
      recordedAt,
      reference: !plain && draw() < 0.5 ? `order-${revision}` : null,
      reverses: null,
      status: 'posted',
    };
    const entries = [entry(a, 'debit', amount), entry(b, 'credit', amount)];
    return record('TransactionPosted', { entries, transaction: header }, effectiveAt, sealed, recordedAt);
  }
  function entry(i, direction, amount) {
    const account = totals[i];
    if (direction === 'debit') account.debits += amount;
    else account.credits += amount;
    account.version += 1;
    return {
      account: addressOf(i),
      accountType: i % 2 === 0 ? 'asset' : 'liability',
      after: {
        pendingCredits: '0',
        pendingDebits: '0',
        postedCredits: String(account.credits),
        postedDebits: String(account.debits),
        version: account.version,
      },
      amount: String(amount),
      currency: 'USD',
      direction,
      effect: 'post',
    };
  }
  function record(type, body, effectiveAt, sealed, recordedAt = effectiveAt) {
    const revision = generator.revision++;
    const id = eventIds(stream, `bench-${revision}`)(0);
    const data = sealed ? canonicalJson(body) : JSON.stringify(body);
    const metadata = {
      $correlationId: `req_${revision}`,
      actor: 'key_01KA0000000000000000000000',
      commandIndex: 0,
      commandSize: 1,
      effectiveAt,
      idempotencyKey: `bench-${revision}`,
      organizationId: 'org_01KA0000000000000000000000',
      previousHash: chainHash,
      recordedAt,
      requestHash: '0'.repeat(64),
      version: 1,
    };
    let text = JSON.stringify({ ...metadata, hash: chainHash });
    if (sealed) {
      const seal = sealMetadata({ id, stream, revision, type, data }, metadata);
      chainHash = seal.hash;
      text = seal.text;
    }
    return { id, type, data, metadata: text, stream, revision, position: String(revision) };
  }
  function transactionIdOf(revision) {
    return timeSortableId('txn', Date.parse(timeOf(revision)), revision, stream);
  }
}
