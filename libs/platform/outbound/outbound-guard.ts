import { refusal, refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { parseAddress, rangeOf } from './address-range';
import { AllowedRanges } from './allowed-ranges';
import { lookUpMsMax, pinnedAddressesMax } from './limits';
import type { ResolveName } from './resolve-name';
import { parseTarget } from './target-url';
import type { TargetUrl, UrlRules } from './target-url';
import { untilAborted } from './until-aborted';

export const forbiddenUrl = refusal(
  'forbidden_url',
  'rule',
  'The URL leads to an address that is not public, such as a private or a link-local one. ' +
    'The operator can open ranges (`WEBHOOK_ALLOWED_CIDRS`).',
);

/** A target whose addresses were judged: these are connected to, whatever its name resolves to afterwards. */
export interface PinnedTarget {
  readonly target: TargetUrl;
  /** At least one. */
  readonly addresses: readonly string[];
  /** One of them is open only because the operator says so: nothing of an answer is kept. */
  readonly isOpened: boolean;
}

/** Why a name can't be judged now. */
export type Unresolved = { readonly unresolved: 'name_not_found' | 'name_lookup_failed' };

/** Decides where requests of the product may go. */
export class OutboundGuard {
  private readonly allowed: AllowedRanges;

  /** @param allowedRanges in CIDR notation, see `Config.webhookAllowedCidrs` */
  constructor(
    allowedRanges: readonly string[],
    private readonly resolve: ResolveName,
  ) {
    this.allowed = new AllowedRanges(allowedRanges);
  }

  /** Judges a URL that is to be used later. A name that does not resolve now is judged when it is used. */
  async refusalOf(url: string, rules: UrlRules): Promise<Refusal | undefined> {
    const judged = await this.pin(url, rules, AbortSignal.timeout(lookUpMsMax));
    return 'code' in judged ? judged : undefined;
  }

  /** Resolves a URL once, and judges what comes of it. */
  async pin(url: string, rules: UrlRules, signal: AbortSignal): Promise<PinnedTarget | Refusal | Unresolved> {
    const target = parseTarget(url, rules);
    if ('code' in target) return target;
    const found = target.isAddress ? [target.host] : await this.lookUp(target.host, signal);
    if (found === undefined) return { unresolved: 'name_lookup_failed' };
    if (found.length === 0) return { unresolved: 'name_not_found' };
    const judged = found.map((address) => ({ address, range: this.judge(address) }));
    // Of several the public ones are enough: where DNS64 adds an address of its own, names have both.
    const open = judged.filter(({ range }) => range === 'public' || range === 'opened');
    if (open.length === 0) {
      const why = `leads to an address that is not public: ${judged[0]?.range}`;
      return refuse(forbiddenUrl, `The URL ${why}.`, rules.param ?? '/url');
    }
    const pinned = open.slice(0, pinnedAddressesMax);
    return {
      target,
      addresses: pinned.map(({ address }) => address),
      isOpened: pinned.some(({ range }) => range === 'opened'),
    };
  }

  private judge(text: string): string {
    const address = parseAddress(text);
    if (address === undefined) return 'not an address';
    const range = rangeOf(address);
    return range !== 'public' && this.allowed.includes(address) ? 'opened' : range;
  }

  /** @returns undefined when it failed, or took until the signal */
  private async lookUp(host: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
    try {
      return await untilAborted(this.resolve(host), signal);
    } catch {
      return undefined;
    }
  }
}
