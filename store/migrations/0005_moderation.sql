-- Whether a picture may be shown to other people than its sender. No row: not judged yet, so not shown.
create table moderations (
  sha256 text primary key references media (sha256) on delete cascade,
  verdict text not null check (verdict in ('shown', 'withheld')),
  -- What the network said, so that a threshold can be moved and pictures looked up.
  scores jsonb not null,
  model text not null,
  judged_at timestamptz not null default now()
);
