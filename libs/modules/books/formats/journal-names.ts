import { hash } from 'node:crypto';
import { FingerprintCounts } from './fingerprints';

/**
 * Names of accounts in a journal. Each account wants a name; another one that has it already keeps it, and the later one gets a piece of its
 * hash behind. `owner`: what the name stands for; accounts of one owner (the units of one account of a source) share its name.
 */
export class JournalNames {
  private readonly taken = new FingerprintCounts();
  /** Only those that did not get what they wanted. */
  private readonly renamed = new Map<string, string>();

  /** `isNew`: nobody had it before, so it has to be opened. */
  claim(wanted: string, owner: string): { readonly name: string; readonly isNew: boolean } {
    const isTaken = this.taken.count(wanted) > 0;
    const isOwn = this.taken.count(`${wanted}\n${owner}`) > 0;
    const name = isTaken && !isOwn ? `${wanted}-${hash('sha256', owner, 'hex').slice(0, 10)}` : wanted;
    if (name !== wanted) this.renamed.set(`${wanted}\n${owner}`, name);
    const isNew = this.taken.add(name) === 0;
    this.taken.add(`${name}\n${owner}`);
    return { name, isNew };
  }

  of(wanted: string, owner: string): string {
    return this.renamed.get(`${wanted}\n${owner}`) ?? wanted;
  }
}
