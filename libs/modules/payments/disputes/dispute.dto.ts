import {
  Described,
  descriptionRule,
  flagRule,
  Is,
  lengthRule,
  lineRule,
  ListOf,
  metadataChangesRule,
  metadataFilterRule,
  Nullable,
  oneOfRule,
  Optional,
  PageQuery,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { disputeNotFound, disputeOutcomes, disputeStatuses } from '@fintech-ledger/payments/domain';
import type { DisputeOutcome } from '@fintech-ledger/payments/domain';
import { paymentIdRule } from '../payments/payment-rules';
import { evidenceFilesMax, evidenceLengthMax, fileNameLengthMax } from './limits';

const statusRule = oneOfRule('dispute_status', disputeStatuses);
const outcomeRule = oneOfRule('dispute_outcome', disputeOutcomes);
const textOfEvidenceRule = lengthRule('dispute_evidence', 1, evidenceLengthMax);
const fileNameRule = lineRule('evidence_file_name', fileNameLengthMax);
const sha256Rule = textRule(
  'sha256',
  'invalid_value',
  'the SHA-256 of the bytes of the file, 64 lower-case hexadecimal digits',
  /^[0-9a-f]{64}$/,
);

export const disputeParameter: PathParameter = {
  name: 'dispute',
  description: 'The id of the dispute.',
  pattern: /^dp_[A-Za-z0-9_-]{1,64}$/,
  refusal: disputeNotFound,
  detail: 'There is no such dispute.',
};

@Described('A file that is evidence. It stays with you: its hash says later which one it was.')
export class EvidenceFileDto {
  @Is(fileNameRule, 'What it is called.')
  declare readonly name: string;

  @Is(sha256Rule, 'The SHA-256 of its bytes.')
  declare readonly sha256: string;
}

@Described('What speaks against a dispute. It replaces what was given before.')
export class GiveEvidenceDto {
  @Is(textOfEvidenceRule, 'In your own words.')
  declare readonly text: string;

  @ListOf(() => EvidenceFileDto, { min: 0, max: evidenceFilesMax }, 'Files that prove it.')
  @Optional()
  declare readonly files?: readonly EvidenceFileDto[];

  @Is(flagRule, 'Whether it is submitted, which is for good; `false` keeps it. By default it is.')
  @Optional()
  declare readonly submit?: boolean;
}

@Described('What is to be changed of a dispute; what is left out stays.')
export class UpdateDisputeDto {
  @Is(descriptionRule, 'Your own words.')
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataChangesRule, 'Merged by key: null removes one; null for all of it removes all.')
  @Nullable()
  declare readonly metadata?: Readonly<Record<string, string | null>> | null;
}

@Described('How a dispute was decided.')
export class ResolveDisputeDto {
  @Is(outcomeRule, 'Who it was decided for: `won` is you.')
  declare readonly outcome: DisputeOutcome;
}

export class DisputesQuery extends PageQuery {
  @Is(statusRule, 'Only disputes with this status.')
  @Optional()
  declare readonly status?: string;

  @Is(paymentIdRule, 'Only disputes of this payment.')
  @Optional()
  declare readonly payment?: string;

  @Is(timeRule, 'Only disputes that were opened from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only disputes that were opened before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only disputes with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
