import { randomBytes } from 'node:crypto';
import { apiKeyRevoked, apiKeySecretBytes, formatApiKey } from '@fintech-ledger/access/domain';
import type { KeyMode } from '@fintech-ledger/access/domain';
import { isRefusedAs, keyedByUs, ownCommand, ownKeyMark, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { derivedApiKeySecret, isApiKey } from '../api-keys/api-key-secret';
import { apiKeyCommand, newApiKey } from '../api-keys/new-api-key';
import type { NewApiKey } from '../api-keys/new-api-key';

/** What commands of a first start are told by. */
export const firstStart = 'first-start';
const keyName = 'First key';
const allScopes = ['*'];

export interface FirstKeyContext {
  readonly gateway: CommandGateway;
  readonly pepper: string;
  /** What the event store has: the organization that was made first, and the keys in force. */
  readonly store: {
    refresh(): Promise<boolean>;
    firstOrganization(): string | undefined;
    find(keyId: string): { readonly hmac: string } | undefined;
  };
  /** Which one this installation began with. */
  readonly organizations: {
    known(): Promise<string | undefined>;
    /** Takes this one, unless another one was taken. Returns the one that counts. */
    take(id: string): Promise<string>;
  };
}

/** Where the key will be kept. */
export interface FirstKeyDraft {
  /** The key was made there before: another one may be made when it was revoked, or lost. */
  readonly mayReplace: boolean;
  /** What was about to become the key when a start was interrupted. */
  readonly prepared: string | undefined;
  /** Keeps what is about to become the key. */
  prepare(key: string): Promise<void>;
}

export const keptNowhere: FirstKeyDraft = {
  mayReplace: false,
  prepared: undefined,
  prepare: () => Promise.resolve(),
};

interface MadeKey {
  readonly id: string;
  /** Undefined: only who made it knows it. */
  readonly key: string | undefined;
}

/**
 * Makes the first organization, when there is none, and a key for it with every scope; returns the key. It is
 * random, so only the start that makes it knows it, and those that find it where that has put it; the key of an
 * earlier release follows from the pepper. Undefined: it was made, and is revoked or not known here. The commands
 * are idempotent, so that two processes that start at once on an empty database make one organization and one
 * key.
 */
export async function createFirstApiKey(
  context: FirstKeyContext,
  draft: FirstKeyDraft = keptNowhere,
): Promise<string | undefined> {
  return new FirstKeys(context, await createOrganization(context), draft, 'live').key();
}

/** Makes the first organization, when there is none. Returns its id. */
export async function createOrganization(context: FirstKeyContext): Promise<string> {
  const organizationId = await organizationOf(context);
  const command = { type: 'CreateOrganization', name: 'Default organization' };
  const created = await context.gateway.submit(ownCommand(organizationId, command, firstStart));
  if (created.kind === 'refused' && created.refusal.code !== 'organization_exists') throw refused(created);
  return organizationId;
}

/** It is looked up, never computed. @throws WriterUnavailable it can't be looked up */
async function organizationOf({ store, organizations }: FirstKeyContext): Promise<string> {
  const known = await organizations.known();
  if (known !== undefined) return known;
  if (!(await store.refresh()))
    throw new WriterUnavailable('the event store does not say whether there is an organization');
  const random = randomBytes(13).toString('hex').toUpperCase();
  return organizations.take(store.firstOrganization() ?? `org_${random}`);
}

/** The first keys of an organization, or of a sandbox: each is made when the one before it was revoked, or is lost. */
export class FirstKeys {
  /** What is made when there is no key. Another one once it has been made: an id is a key's for ever. */
  private next: NewApiKey;

  constructor(
    private readonly context: FirstKeyContext,
    private readonly organizationId: string,
    private readonly draft: FirstKeyDraft,
    private readonly mode: KeyMode,
  ) {
    const { prepared } = draft;
    const known =
      prepared === undefined ? undefined : apiKeyCommand(context.pepper, prepared, keyName, allScopes);
    this.next = known ?? this.random();
  }

  /** Undefined: it was made, and is revoked or not known here. */
  async key(): Promise<string | undefined> {
    const { mayReplace } = this.draft;
    for (let number = 1; ; number += 1) {
      const made = await this.find(number);
      if (made === undefined) return number === 1 || mayReplace ? this.create(number) : undefined;
      if (await this.isRevoked(made)) continue;
      if (made.key !== undefined || !mayReplace) return made.key;
    }
  }

  /**
   * The key of this number, when it was made. Earlier releases made it under a key that clients can send too, which is why it counts only with the
   * hash of our request: a client's has another one.
   */
  private async find(number: number): Promise<MadeKey | undefined> {
    for (const idempotencyKey of [ourKey(number), ...earlierKeys(number)]) {
      const found = await this.submit(idempotencyKey, true);
      if (found.kind === 'accepted' && found.replayed) {
        const { id } = JSON.parse(found.answer) as { id: string };
        return {
          id,
          key: idempotencyKey === ourKey(number) ? this.own(id) : this.derived(id, idempotencyKey),
        };
      }
      if (found.kind === 'refused' && found.refusal.code !== 'idempotency_key_reused') throw refused(found);
    }
    return undefined;
  }

  /** Undefined: another process made it in the same moment. */
  private async create(number: number): Promise<string | undefined> {
    await this.draft.prepare(this.next.token);
    const created = await this.submit(ourKey(number), false);
    if (created.kind === 'refused') throw refused(created);
    const { id } = JSON.parse(created.answer) as { id: string };
    return this.own(id);
  }

  /** Asks the writer, which knows of every revocation. */
  private async isRevoked({ id }: MadeKey): Promise<boolean> {
    const outcome = await this.ask({ type: 'RevokeApiKey', apiKeyId: id }, { dryRun: true });
    return isRefusedAs(outcome, apiKeyRevoked);
  }

  private random(): NewApiKey {
    const secret = randomBytes(apiKeySecretBytes);
    return newApiKey(this.context.pepper, secret, keyName, allScopes, this.mode);
  }

  /** The key of this id, when it is what was drafted here. */
  private own(id: string): string | undefined {
    const { token, command } = this.next;
    if (id !== command.apiKeyId) return undefined;
    this.next = this.random();
    return token;
  }

  /** The key of this id as an earlier release made it. Undefined: it was made with another pepper. */
  private derived(id: string, idempotencyKey: string): string | undefined {
    const { pepper, store } = this.context;
    const key = formatApiKey(id, derivedApiKeySecret(pepper, this.organizationId, idempotencyKey));
    const known = store.find(id);
    return known === undefined || isApiKey(pepper, key, known.hmac) ? key : undefined;
  }

  private submit(idempotencyKey: string, dryRun: boolean): Promise<CommandOutcome> {
    return this.ask(this.next.command, { ...keyedByUs(idempotencyKey), ...(dryRun ? { dryRun } : {}) });
  }

  private ask(command: object, more: object = {}): Promise<CommandOutcome> {
    return this.context.gateway.submit({ ...ownCommand(this.organizationId, command, firstStart), ...more });
  }
}

const ourKey = (number: number): string => `${ownKeyMark}first-api-key/${number}`;
/** Under which keys were made whose secrets follow from the pepper. */
const earlierKeys = (number: number): readonly string[] => [
  `${ownKeyMark}first-api-key-${number}`,
  `first-api-key-${number}`,
];

function refused(outcome: Extract<CommandOutcome, { kind: 'refused' }>): Error {
  return new Error(`the first organization could not be made: ${outcome.refusal.detail}`);
}
