import { hash } from 'node:crypto';
import { formatApiKey } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import type { CommandAccepted, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { derivedApiKeySecret } from '../api-keys/api-key-secret';
import { newApiKey } from '../api-keys/new-api-key';

/** Not printable, so no client can send an idempotency key that begins with it. */
const ourKeys = '\u001f';

interface FirstKey {
  readonly id: string;
  readonly key: string;
}

/**
 * Makes the first organization, when there is none, and a key for it with every scope; returns the key, at later starts too. It is made once:
 * undefined when it was revoked, unless `mayReplace`, which makes the next one. The organization's id follows from the pepper and the commands are
 * idempotent, so that two processes that start at once on an empty database make one organization and one key.
 */
export async function createFirstApiKey(
  gateway: CommandGateway,
  pepper: string,
  mayReplace = false,
): Promise<string | undefined> {
  const keys = new FirstKeys(gateway, pepper);
  await keys.createOrganization();
  for (let number = 1; ; number += 1) {
    const made = await keys.find(number);
    if (made === undefined) return number === 1 || mayReplace ? (await keys.create(number)).key : undefined;
    if (!(await keys.isRevoked(made))) return made.key;
  }
}

class FirstKeys {
  private readonly organizationId: string;

  constructor(
    private readonly gateway: CommandGateway,
    private readonly pepper: string,
  ) {
    const id = hash('sha256', `first-organization\n${pepper}`, 'hex');
    this.organizationId = `org_${id.slice(0, 26).toUpperCase()}`;
  }

  async createOrganization(): Promise<void> {
    const created = await this.ask({ type: 'CreateOrganization', name: 'Default organization' });
    if (created.kind === 'refused' && created.refusal.code !== 'organization_exists') throw refused(created);
  }

  /**
   * The key of this number, when it was made. Earlier releases made it under a key that clients can send too, which is why it counts only with the
   * hash of our request: a client's has another one.
   */
  async find(number: number): Promise<FirstKey | undefined> {
    for (const idempotencyKey of [ourKey(number), earlierKey(number)]) {
      const found = await this.submit(idempotencyKey, true);
      if (found.kind === 'accepted' && found.replayed) return this.keyOf(found, idempotencyKey);
      if (found.kind === 'refused' && found.refusal.code !== 'idempotency_key_reused') throw refused(found);
    }
    return undefined;
  }

  async create(number: number): Promise<FirstKey> {
    const created = await this.submit(ourKey(number), false);
    if (created.kind === 'refused') throw refused(created);
    return this.keyOf(created, ourKey(number));
  }

  /** Asks the writer, which knows of every revocation. */
  async isRevoked({ id }: FirstKey): Promise<boolean> {
    const outcome = await this.ask({ type: 'RevokeApiKey', apiKeyId: id }, { dryRun: true });
    return outcome.kind === 'refused' && outcome.refusal.code === 'api_key_revoked';
  }

  private submit(idempotencyKey: string, dryRun: boolean): Promise<CommandOutcome> {
    const { command } = newApiKey(this.pepper, this.secretOf(idempotencyKey), 'First key', ['*']);
    const requestHash = hash('sha256', idempotencyKey, 'hex');
    return this.ask(command, { idempotencyKey, requestHash, ...(dryRun ? { dryRun } : {}) });
  }

  private keyOf({ answer }: CommandAccepted, idempotencyKey: string): FirstKey {
    const { id } = JSON.parse(answer) as { id: string };
    return { id, key: formatApiKey(id, this.secretOf(idempotencyKey)) };
  }

  private secretOf(idempotencyKey: string): Uint8Array {
    return derivedApiKeySecret(this.pepper, this.organizationId, idempotencyKey);
  }

  private ask(command: object, more: object = {}): Promise<CommandOutcome> {
    const { organizationId } = this;
    const stream = organizationStream(organizationId);
    const asked = { actor: 'system', correlationId: 'first-start', organizationId, stream };
    return this.gateway.submit({ ...asked, command, ...more });
  }
}

const earlierKey = (number: number): string => `first-api-key-${number}`;
const ourKey = (number: number): string => `${ourKeys}${earlierKey(number)}`;

function refused(outcome: Extract<CommandOutcome, { kind: 'refused' }>): Error {
  return new Error(`the first organization could not be made: ${outcome.refusal.detail}`);
}
