import { AsksFor, descriptionOf } from './decorators';
import type { BodyOf } from './decorators';

interface SendParcel {
  readonly type: 'SendParcel';
  readonly parcelId: string;
  readonly sentAt?: string | null;
  readonly grams: number;
}
type Body = BodyOf<SendParcel, 'parcelId'>;

@AsksFor<Body>('A parcel to be sent.')
class SendParcelDto {
  declare readonly grams: number;
  declare readonly sent_at?: string | null;
}

it('says what a body asks for', () => {
  expect(descriptionOf(SendParcelDto)).toBe('A parcel to be sent.');
});

it('does not compile with other fields than the command has', () => {
  // @ts-expect-error it lacks one that may be left out
  @AsksFor<Body>('')
  class Less {
    declare readonly grams: number;
  }
  // @ts-expect-error it lacks one that must be there
  @AsksFor<Body>('')
  class Without {
    declare readonly sent_at?: string | null;
  }
  // @ts-expect-error it has one that the command does not take
  @AsksFor<Body>('')
  class More extends SendParcelDto {
    declare readonly note?: string;
  }
  // @ts-expect-error it has one of another type
  @AsksFor<Body>('')
  class Other {
    declare readonly grams: string;
    declare readonly sent_at?: string | null;
  }
  expect([Less, Without, More, Other].map(descriptionOf)).toEqual(['', '', '', '']);
});
