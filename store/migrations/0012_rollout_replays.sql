-- The report that a rollout's own replay made: what its gate and its evidence rest on. What people ask for beside it is not.
alter table replay_reports add column of_rollout boolean not null default false;
