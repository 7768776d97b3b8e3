import { bankCommandRefusals, linesAtOnce } from '@fintech-ledger/bank/domain';
import type { BankStatementView, ImportBankLines, NewLine } from '@fintech-ledger/bank/domain';
import { ApiProblem, keyLost } from '@fintech-ledger/http';
import { bulkTooLarge, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandContext, CommandOutcome } from '@fintech-ledger/journal';
import { referencesIn, transferReferenceLength } from '@fintech-ledger/payments/domain';
import type { PaymentsLedgers } from '@fintech-ledger/payments/nest';
import { sealValue } from '@fintech-ledger/privacy';
import type { KnownSubject, SubjectClaim, SubjectKeys } from '@fintech-ledger/privacy';
import type { ReadLine } from '../camt053/entry-lines';
import type { ReadStatement } from '../camt053/read-camt053';
import type { BankWriter } from '../lines/bank-writer';
import type { CollectiveDebits } from './collective-debits';
import { digestOf, originIn } from './line-facts';
import type { PayerNames } from './payer-names';

/** Who imports, and whether real money is meant. */
export interface Importer {
  readonly context: CommandContext;
  readonly livemode: boolean;
}
export interface ImportedStatement {
  readonly view: BankStatementView;
  readonly position: string;
}
export interface Imported {
  readonly statements: readonly ImportedStatement[];
  /** All of it was answered before, under the same idempotency key. */
  readonly isReplay: boolean;
}
type Said = ImportBankLines['statement'];
type Answer = BankStatementView & { readonly dry_run?: true; readonly position: string };
interface Part {
  readonly answer: Answer;
  readonly isReplay: boolean;
}
/** What was read, what is said of it, and who imports it. */
interface Import {
  /** Which one of the file it is. */
  readonly at: number;
  readonly read: ReadStatement;
  readonly said: Said;
  readonly importer: Importer;
  /** How many lines a part has: fewer, once that many were too much for an append. */
  linesAtOnce: number;
}

/** What an import of lines may be refused with. */
export const importRefusals = [...bankCommandRefusals.ImportBankLines, bulkTooLarge] as const;

/**
 * Between the request's idempotency key and a part's place: not printable, so no client's key looks like a part's, and
 * named, so that neither does one of a line of a bulk.
 */
const keySeparator = '\u001fstatement/';

/**
 * Imports statements: nothing of any of them before all are judged, then each in parts that an append takes. What is
 * imported stays so: whoever sends the file again goes on where it ended, and a whole one changes nothing.
 *
 * Each part is a command under a key of its own, if the request has one: the first statement's first part has that of
 * the request, the others name their place. So a repetition finds every part, and its answer is made of the same ones.
 */
export class StatementImports {
  constructor(
    private readonly writer: Pick<BankWriter, 'submit'>,
    private readonly ledgers: PaymentsLedgers,
    private readonly keys: SubjectKeys,
    private readonly names: PayerNames,
    private readonly collective: CollectiveDebits,
  ) {}

  /** @throws ApiProblem with the refusal of the first statement that has one */
  async import(statements: readonly ReadStatement[], importer: Importer): Promise<Imported> {
    const { organizationId } = importer.context;
    const all: Import[] = [];
    for (const [at, each] of statements.entries()) {
      const read = await this.collective.split(each, organizationId, () => this.ledgerOf(importer.context));
      all.push({ at, read, said: this.said(read, importer), importer, linesAtOnce });
    }
    const known: Part[] = [];
    for (const each of all) known.push(await this.asked(each));
    const imported: ImportedStatement[] = [];
    let isReplay = true;
    for (const [at, each] of all.entries()) {
      const whole = await this.whole(each, known[at] as Part);
      isReplay &&= whole.isReplay;
      imported.push(whole);
    }
    return { statements: imported, isReplay };
  }

  /** @param known what is imported of it, or what the first part was answered with before */
  private async whole(one: Import, known: Part): Promise<ImportedStatement & Pick<Part, 'isReplay'>> {
    const { dryRun, idempotencyKey } = one.importer.context;
    let part = known;
    let before: Answer | undefined;
    while (part.isReplay && !isWhole(part.answer)) {
      before = part.answer;
      part = await this.asked(one, before);
    }
    // A statement of before is asked for once more, where a key is to be kept.
    const hasNoKey = dryRun || idempotencyKey === undefined;
    let isOver = part.isReplay || (isKnown(part.answer) && hasNoKey);
    let isReplay = part.isReplay || !isOver;
    while (!isOver) {
      part = await this.part(one, part.answer.lines_imported, before);
      before = part.answer;
      isReplay &&= part.isReplay;
      isOver = isWhole(before) || (dryRun && !part.isReplay);
    }
    // Judging was a dry run; whether the import is one is said of the whole of it.
    const { dry_run: _dryRun, position, ...view } = part.answer;
    return { view: { imported_before: false, ...view }, position, isReplay };
  }

  /**
   * What a part was answered with before, or how far the statement is: none of its lines is looked at.
   * @param before what the part before it was answered with; undefined: it is the first one
   */
  private async asked(one: Import, before?: Answer): Promise<Part> {
    const context = { ...contextOf(one, before), dryRun: true };
    return answered(await this.submit(one, before?.lines_imported ?? 0, [], context));
  }

  /**
   * A part, with the keys of what is personal in it. Lines whose events are too much for one append are halved: what
   * one line books may be large, by the payment that it pays. Nothing is recorded under the key of what was too large.
   */
  private async part(one: Import, from: number, before: Answer | undefined): Promise<Part> {
    const { read } = one;
    const context = contextOf(one, before);
    const { dryRun } = context;
    const lines = read.lines.slice(from, dryRun ? undefined : from + one.linesAtOnce);
    const claims = await Promise.all(lines.map((_, n) => this.claim(read, from + n, context)));
    await this.refuseLost(claims);
    const ledgerId = lines.length === 0 ? undefined : await this.ledgerOf(context);
    const sealed: NewLine[] = [];
    for (const [n, line] of lines.entries()) {
      const { subject } = claims[n] as SubjectClaim;
      sealed.push(await this.sealed(line, subject, read.currency, context, ledgerId));
    }
    let taken = sealed.length;
    let outcome = await this.submit(one, from, sealed, context);
    while (taken > 1 && isRefusedAs(outcome, bulkTooLarge)) {
      taken >>= 1;
      one.linesAtOnce = taken;
      outcome = await this.submit(one, from, sealed.slice(0, taken), context);
    }
    if (!dryRun) {
      const made = outcome.kind === 'accepted' ? taken : 0;
      // What is not said now of a key stands for nothing, and goes when it is found.
      await Promise.all(
        claims.map((claim, n) => (n < made ? this.keys.keep(claim, []) : this.keys.release(claim))),
      ).catch(() => undefined);
    }
    return answered(outcome);
  }

  private async submit(
    { read, said: statement }: Import,
    from: number,
    lines: readonly NewLine[],
    context: CommandContext,
  ): Promise<CommandOutcome> {
    const command = { type: 'ImportBankLines', from, lines, place: read.path, statement } as const;
    return (await this.writer.submit(command, context)).outcome;
  }

  /** Where payments are looked for by name; undefined: nothing was ever paid here. */
  private async ledgerOf({ correlationId, organizationId }: CommandContext): Promise<string | undefined> {
    const where = await this.ledgers.find(organizationId, correlationId);
    return where.kind === 'there' ? where.ledger.id : undefined;
  }

  private async claim(read: ReadStatement, number: number, context: CommandContext): Promise<SubjectClaim> {
    const { dryRun, organizationId } = context;
    const id = this.keys.idOf(organizationId, ['bank line', ...placeOf(read), number].join('\n'));
    if (!dryRun) return this.keys.claim(organizationId, id, 'bank_line');
    return { organizationId, subject: this.keys.trial(id), isNew: true, token: '' };
  }

  /** @throws ApiProblem nothing can be kept of a line whose key is lost, and lines come one after the other */
  private async refuseLost(claims: readonly SubjectClaim[]): Promise<void> {
    const lost = claims.find(({ subject }) => subject.key === undefined);
    if (lost === undefined) return;
    await Promise.all(claims.map((claim) => this.keys.release(claim))).catch(() => undefined);
    throw keyLost(lost.subject.id);
  }

  private async sealed(
    line: ReadLine,
    subject: KnownSubject,
    currency: string,
    { organizationId }: CommandContext,
    ledgerId: string | undefined,
  ): Promise<NewLine> {
    const { id, key } = subject;
    const seal = (name: string, value: string | null): string | null =>
      value === null || !key ? null : sealValue({ id, key }, `bank_line.${name}`, value);
    const written = [line.remittance, line.endToEndId].flatMap((text) => text ?? []).join(' ');
    const reference = line.references[0] ?? referencesIn(written, transferReferenceLength)[0] ?? null;
    const isUnknown = line.direction === 'credit' && reference === null && ledgerId !== undefined;
    const named = isUnknown ? await this.names.find(organizationId, ledgerId, currency, line) : null;
    return {
      ...{ amount: String(line.amountMinor), bankReference: line.bankReference, bookedOn: line.bookedOn },
      ...{ direction: line.direction, valueOn: line.valueOn, named, reference, subject: id },
      endToEndId: seal('end_to_end_id', line.endToEndId),
      origin: originIn(line),
      partyIban: seal('party_iban', line.partyIban),
      partyName: seal('party_name', line.partyName),
      remittance: seal('remittance', line.remittance),
    };
  }

  private said(read: ReadStatement, { context, livemode }: Importer): Said {
    const { currency, from, iban, lines, statementId, to } = read;
    const id = this.keys.idOf(context.organizationId, ['bank statement', ...placeOf(read)].join('\n'));
    return {
      ...{ currency, from, iban, livemode, statementId, to, lines: lines.length },
      closingBalance: String(read.closingMinor),
      digest: digestOf(lines),
      id: `bst_${id.slice('sub_'.length)}`,
      openingBalance: String(read.openingMinor),
    };
  }
}

const isKnown = ({ imported_before: isBefore }: Answer): boolean => isBefore === true;
const isWhole = (answer: Answer): boolean => isKnown(answer) || answer.lines_imported >= answer.lines;

/** @throws ApiProblem with the refusal */
function answered(outcome: CommandOutcome): Part {
  if (outcome.kind === 'refused') throw ApiProblem.ofRefusal(outcome.refusal, importRefusals);
  return { answer: JSON.parse(outcome.answer) as Answer, isReplay: outcome.replayed };
}

/** Under the key of a part. @param before what the part before it was answered with; undefined: it is the first one */
function contextOf({ at, importer: { context } }: Import, before: Answer | undefined): CommandContext {
  const { idempotencyKey: key } = context;
  if (key === undefined || (at === 0 && before === undefined)) return context;
  const place = before === undefined ? `${at}` : `${at}@${before.lines_imported}`;
  return { ...context, idempotencyKey: `${key}${keySeparator}${place}` };
}

const placeOf = ({ currency, iban, statementId }: ReadStatement): readonly string[] => [
  iban,
  currency,
  statementId,
];
