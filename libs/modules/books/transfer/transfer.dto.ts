import { dateOrders, exportFormats } from '@fintech-ledger/books/formats';
import type { DateOrder } from '@fintech-ledger/books/formats';
import { CommandQuery, Is, Optional, oneOfRule, textRule } from '@fintech-ledger/http';

const columnsRule = textRule(
  'columns',
  'invalid_parameter',
  '<role>=<column>,… such as transaction=txnidx,date=date,account=account,amount=amount,unit=commodity',
  /^[^\r\n]{1,2000}$/u,
);
const unitsRule = textRule(
  'units',
  'invalid_parameter',
  '<unit of the file>=<code>,… or <unit of the file>=<code>/<decimals>,…',
  /^[^\r\n]{1,2000}$/u,
);
const typesRule = textRule(
  'types',
  'invalid_parameter',
  '<first segment of accounts>=<type>,… such as Aktiva=asset,Passiva=liability',
  /^[^\r\n]{1,2000}$/u,
);

export class ImportQuery extends CommandQuery {
  @Is(columnsRule, 'Which column is what.')
  @Optional()
  declare readonly columns?: string;

  @Is(unitsRule, 'What units are booked as.')
  @Optional()
  declare readonly units?: string;

  @Is(typesRule, 'The types of accounts by the first segments of their addresses.')
  @Optional()
  declare readonly types?: string;

  @Is(oneOfRule('date_order', dateOrders), 'How dates are written, where the file does not show it.')
  @Optional()
  declare readonly date_order?: DateOrder;

  @Is(oneOfRule('decimal_mark', ['.', ',']), 'How numbers are written, where the file does not show it.')
  @Optional()
  declare readonly decimal_mark?: '.' | ',';
}

export class ExportQuery {
  @Is(oneOfRule('export_format', Object.keys(exportFormats)), 'The format of the file.')
  @Optional()
  declare readonly format?: keyof typeof exportFormats;

  @Is(
    oneOfRule('safe', ['true', 'false']),
    "Of `csv`: `true` for a spreadsheet. A text that it would take for a formula (`=`, `+`, `-`, `@`) begins with `'`.",
  )
  @Optional()
  declare readonly safe?: 'true' | 'false';
}
