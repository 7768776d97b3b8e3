import type { Metadata } from '@grpc/grpc-js';
import type { EventLog } from './event-log';
import { accessDenied, unauthenticated } from './rpc-errors';
import type { RpcError } from './rpc-errors';

export interface User {
  readonly username: string;
  readonly password: string;
}

/** Who may do what, by the server's own defaults: streams are anybody's who has a name, `$all` and the server's streams an administrator's. */
export class Users {
  /** @param admin absent: anybody may do anything */
  constructor(
    private readonly admin: User | undefined,
    private readonly plain: readonly User[],
    private readonly log: EventLog,
  ) {}

  /** Why a caller is none of ours. */
  refusal(metadata: Metadata): RpcError | undefined {
    if (this.admin === undefined) return undefined;
    const [given] = metadata.get('authorization');
    if (given === undefined) return accessDenied();
    return this.find(String(given)) ? undefined : unauthenticated();
  }

  mayRead(metadata: Metadata, stream: string): boolean {
    return this.may(metadata, stream) || this.log.readersOf(stream).includes(this.nameOf(metadata) ?? '');
  }

  mayWrite(metadata: Metadata, stream: string): boolean {
    return this.may(metadata, stream);
  }

  private may(metadata: Metadata, stream: string): boolean {
    // The metadata of a stream is as open as the stream.
    const subject = stream.startsWith('$$') ? stream.slice(2) : stream;
    return (
      !subject.startsWith('$') || this.admin === undefined || this.nameOf(metadata) === this.admin.username
    );
  }

  private nameOf(metadata: Metadata): string | undefined {
    return this.find(String(metadata.get('authorization')[0]))?.username;
  }

  private find(authorization: string): User | undefined {
    const all = this.admin === undefined ? [] : [this.admin, ...this.plain];
    return all.find(
      ({ username, password }) =>
        authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    );
  }
}
