-- The checkpoints of payments ledgers, whose folds have changed since some of them were written, are folded again
-- (docs/decisions/0133): those with anything but accounts, transactions, references, periods and transfers of a ledger.
-- Apart from 0092, whose lock nobody shall wait for meanwhile.
update writer.heads set folds = 'unknown'
 where stream like 'journal-%'
   and stream_id in (
     select stream_id from writer.records
      where key not like all (array['a:%', 't:%', 'r:%', 'period%', 'ledger\_transfer:%'])
   );
