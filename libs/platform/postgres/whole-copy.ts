import { Query } from 'pg';
import type { Connection } from 'pg';

/** What a client calls of its connection, and the library's declarations leave out. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * A COPY whose rows are sent with its statement, by one write: not only when the server asks for them, since one that
 * refuses the statement passes over the rows. Each write to the socket costs a projector more than making the rows.
 */
export class WholeCopy extends Query {
  constructor(
    private readonly statement: string,
    private readonly chunks: readonly Buffer[],
  ) {
    super({ text: statement });
  }

  override submit = (connection: Connection): void => {
    const { stream } = connection;
    const copying = connection as CopyConnection;
    stream.cork();
    try {
      copying.query(this.statement);
      for (const chunk of this.chunks) copying.sendCopyFromChunk(chunk);
      copying.endCopyFrom();
    } finally {
      stream.uncork();
    }
  };

  /** The server asks for what was sent. */
  readonly handleCopyInResponse = (): void => undefined;
}
