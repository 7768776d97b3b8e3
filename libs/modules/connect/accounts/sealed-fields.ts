import type { CompanyFacts, IndividualFacts, NewBankAccount } from '@fintech-ledger/connect/domain';
import { ApiProblem } from '@fintech-ledger/http';
import { ibanInvalid, isIban, plainIban } from '@fintech-ledger/payments/domain';
import { sealValue } from '@fintech-ledger/privacy';
import type { KnownSubject } from '@fintech-ledger/privacy';
import type { AccountAddressDto, BankAccountDto, CompanyDto, IndividualDto } from './requirements.dto';

/** Encrypts the values of an account: what is left out stays out. Without a key nothing is kept: null. */
export class SealedFields {
  constructor(private readonly subject: KnownSubject) {}

  /** @param name what the value is */
  seal(name: string, value: unknown): string | null {
    const { id, key } = this.subject;
    return value === null || !key ? null : sealValue({ id, key }, `connected_account.${name}`, value);
  }

  individual(said: IndividualDto): Partial<IndividualFacts> {
    const { address, birth_date: birthDate, first_name: firstName, last_name: lastName } = said;
    return {
      ...(firstName !== undefined && { firstName: this.seal('first_name', firstName) }),
      ...(lastName !== undefined && { lastName: this.seal('last_name', lastName) }),
      ...(birthDate !== undefined && { birthDate: this.seal('birth_date', birthDate) }),
      ...(address !== undefined && { address: this.seal('address', wholeAddress(address)) }),
    };
  }

  company(said: CompanyDto): Partial<CompanyFacts> {
    const { address, name, registration_number: registrationNumber } = said;
    return {
      ...(name !== undefined && { name: this.seal('name', name) }),
      ...(registrationNumber !== undefined && {
        registrationNumber: this.seal('registration_number', registrationNumber),
      }),
      ...(address !== undefined && { address: this.seal('address', wholeAddress(address)) }),
    };
  }

  /** @param param where its number is in the body @throws ApiProblem `iban_invalid` */
  bankAccount(said: BankAccountDto, param: string): NewBankAccount {
    const iban = plainIban(said.iban);
    if (!isIban(iban))
      throw new ApiProblem(ibanInvalid, 'The check digits of the IBAN are wrong.', { param });
    return {
      accountHolder: this.seal('account_holder', said.account_holder),
      iban: this.seal('iban', iban),
    };
  }
}

function wholeAddress({
  line2 = null,
  state = null,
  ...said
}: AccountAddressDto): Required<AccountAddressDto> {
  return { ...said, line2, state };
}

/** The body of a request without what is personal in it: only that it is there. */
export function withoutPersonal(body: object, personal: readonly string[]): object {
  const said = body as Readonly<Record<string, unknown>>;
  const given = personal.filter((name) => said[name] !== undefined && said[name] !== null);
  return { ...body, ...Object.fromEntries(given.map((name) => [name, true])) };
}
