-- Which payments are split with a connected account.
create index splits_of_account on read.splits using gin ((facts -> 'shares') jsonb_path_ops);
