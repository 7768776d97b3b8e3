import { Query } from 'pg';
import type { Connection } from 'pg';

/** A `COPY … TO STDOUT`, whose messages are handed over as they come, without a value being made of each field. */
export class ReadCopy extends Query {
  constructor(
    private readonly statement: string,
    private readonly onData: (message: Buffer) => void,
  ) {
    super({ text: statement });
  }

  override submit = (connection: Connection): void => {
    connection.query(this.statement);
  };

  /** One row, most often; the first one has what the format begins with before it, and the last is its end. */
  readonly handleCopyData = ({ chunk }: { readonly chunk: Buffer }): void => this.onData(chunk);
}
