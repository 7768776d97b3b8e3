import { status } from '@grpc/grpc-js';
import type { EventStoreUrl } from './event-store-url';
import { serverErrorOf } from './server-error';

/** What failed, in a sentence, and what to do about it where that can be told. Never holds the password. */
export function explainFailure(thrown: unknown, url: EventStoreUrl): string {
  const { code, details, exception } = serverErrorOf(thrown);
  const nodes = url.endpoints.map(({ address, port }) => `${address}:${port}`).join(', ');
  const user = url.credentials ? `the user "${url.credentials.username}"` : 'a caller without credentials';
  if (code === status.UNAUTHENTICATED) {
    return `EventStoreDB at ${nodes} refused ${user}: check user and password of the connection string`;
  }
  if (code === status.PERMISSION_DENIED || exception === 'access-denied') {
    const hint = url.isTls ? '' : ' (credentials are not sent with tls=false)';
    return (
      `EventStoreDB at ${nodes} does not let ${user} do this${hint}: ` +
      'it must read $all, and read and write the streams journal-… and org-…'
    );
  }
  if (code === status.UNIMPLEMENTED) {
    return `what answers at ${nodes} is no EventStoreDB 21.10 or later: check host and port (${details})`;
  }
  if (exception === 'not-leader')
    return `the node of EventStoreDB is not the leader: trying the leader (${nodes})`;
  return explainConnection(details, nodes, url.isTls);
}

function explainConnection(details: string, nodes: string, isTls: boolean): string {
  // gRPC wraps the socket's own words, which may hold a line break.
  const words = details
    .replace(/^No connection established\. Last error: (Error: )?/, '')
    .replace(/\.? ?Resolution note:\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const says = (sentence: string): string => `EventStoreDB can't be used: ${sentence} (${words})`;
  if (isTls && /wrong version number|packet length too long|EPROTO|unexpected message/i.test(details)) {
    return says(
      `what listens at ${nodes} does not speak TLS: add tls=false to the connection string if it is meant so`,
    );
  }
  if (/self[- ]signed|unable to (verify|get)|CERT_|certificate/i.test(details)) {
    return says(
      `the certificate of ${nodes} can't be verified: name its CA with tlsCAFile, and the host as the certificate does`,
    );
  }
  if (/ECONNREFUSED/.test(details))
    return says(`nothing listens at ${nodes}: check host and port, and that it runs`);
  if (/Name resolution failed|ENOTFOUND|EAI_AGAIN/.test(details))
    return says(`the host of ${nodes} is unknown`);
  if (/Failed to discover/.test(details)) {
    const hint = isTls
      ? ', that they speak TLS, and their CA with tlsCAFile'
      : ', and that they run without TLS';
    return says(`no node of the cluster ${nodes} says who leads it: check hosts and ports${hint}`);
  }
  if (!isTls && details.startsWith('No connection established')) {
    return says(
      `${nodes} ended the connection: if it expects TLS, remove tls=false from the connection string`,
    );
  }
  return says(`the connection to ${nodes} failed`);
}
