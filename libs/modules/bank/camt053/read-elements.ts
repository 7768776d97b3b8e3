import { statementMalformed, statementNotSupported } from '@fintech-ledger/bank/domain';
import { SaxesParser } from 'saxes';
import type { Element } from './element';
import { elementDepthMax, elementTextMax } from './limits';
import { StatementProblem } from './statement-problem';

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  readonly path: string;
  readonly counts: Map<string, number>;
  text: string;
}

const namespaces = new Set([
  'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02',
  'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08',
]);
/** What is delivered as soon as it is whole, and not kept. */
const whole = new Set(['GrpHdr', 'Ntry']);

/** What a reader is told. */
export interface ElementHandler {
  /** An element within a statement begins that has entries. */
  statementBegins(path: string): void;
  /** One of a statement, or the header of the message. */
  element(element: Element): void;
  statementEnds(): void;
}

/**
 * Reads the XML of a camt.053 as it comes. Nothing outside of it is ever looked up: a document type is refused, so
 * that no entity can be declared. What is held is one entry.
 */
export class ElementReader {
  private readonly parser = new SaxesParser({ xmlns: true, position: true });
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private readonly open: Open[] = [];
  private problem: StatementProblem | undefined;

  constructor(private readonly handler: ElementHandler) {
    const { parser } = this;
    parser.on('error', (error) => this.malformed(error.message.replace(/^(?:[^:]*:)?\d+:\d+: /, '')));
    parser.on('doctype', () => this.malformed('A document type is not read.'));
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8')
        this.malformed(`It says that it is in ${encoding}: only UTF-8 is read.`);
    });
    parser.on('opentag', ({ attributes, local, uri }) =>
      this.guarded(() => {
        if (this.open.length === 0 && !(local === 'Document' && namespaces.has(uri))) throw other(local, uri);
        if (this.open.length >= elementDepthMax) return this.malformed('Its elements are nested too deep.');
        const values = Object.values(attributes).map(({ local: name, value }) => [name, value]);
        this.begin(local, Object.fromEntries(values) as Record<string, string>);
      }),
    );
    const text = (more: string): void => {
      const element = this.open.at(-1);
      if (element === undefined) return;
      element.text += more;
      if (element.text.length > elementTextMax) this.malformed('The text of an element is too long.');
    };
    parser.on('text', text);
    parser.on('cdata', text);
    parser.on('closetag', () => this.guarded(() => this.end()));
  }

  /** @throws StatementProblem */
  write(bytes: Uint8Array): void {
    this.decoded(() => this.parser.write(this.decoder.decode(bytes, { stream: true })));
  }

  /** @throws StatementProblem */
  close(): void {
    this.decoded(() => {
      this.parser.write(this.decoder.decode());
      this.parser.close();
    });
  }

  private decoded(work: () => void): void {
    try {
      if (this.problem === undefined) work();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.malformed('It is not UTF-8.');
    }
    if (this.problem !== undefined) throw this.problem;
  }

  /** The first problem is the one that is told; after it nothing is read. */
  private guarded(work: () => void): void {
    if (this.problem !== undefined) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof StatementProblem)) throw error;
      this.problem = error;
    }
  }

  private malformed(detail: string): void {
    const { line, column } = this.parser;
    this.problem ??= new StatementProblem(statementMalformed, detail, undefined, { line, column });
  }

  private begin(name: string, attributes: Record<string, string>): void {
    const parent = this.open.at(-1);
    const count = (parent?.counts.get(name) ?? 0) + 1;
    parent?.counts.set(name, count);
    const number = name === 'Stmt' || name === 'Ntry' || name === 'TxDtls' || count > 1 ? `[${count}]` : '';
    const path = `${parent?.path ?? ''}/${name}${number}`;
    if (this.open.length === 1 && name !== 'BkToCstmrStmt') throw other(name, '');
    this.open.push({ name, attributes, children: [], path, counts: new Map(), text: '' });
    if (name === 'Stmt' && this.open.length === 3) this.handler.statementBegins(path);
  }

  private end(): void {
    const element = this.open.pop();
    if (element === undefined) return;
    const { counts: _counts, text, ...closed } = element;
    const done: Element = { ...closed, text: text.trim() };
    const parent = this.open.at(-1);
    if (done.name === 'Stmt' && this.open.length === 2) return this.handler.statementEnds();
    const isOfStatement = parent?.name === 'Stmt' && this.open.length === 3;
    if (isOfStatement || whole.has(done.name)) this.handler.element(done);
    else parent?.children.push(done);
  }
}

const other = (name: string, uri: string): StatementProblem =>
  new StatementProblem(
    statementNotSupported,
    `It is ${name.slice(0, 100)}${uri === '' ? '' : ` of ${uri.slice(0, 200)}`}, and no camt.053.001.02 or .08.`,
    `/${name.slice(0, 100)}`,
  );
