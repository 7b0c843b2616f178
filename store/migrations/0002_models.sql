create table datasets (
  root text primary key,
  bot text not null,
  family text not null,
  -- Blobs: the list of examples, and their embeddings in the same order.
  examples_sha256 text not null,
  embeddings_sha256 text not null,
  size integer not null,
  label_counts jsonb not null,
  created_at timestamptz not null default now()
);

-- Versions are immutable: nothing updates a row.
create table versions (
  bot text not null,
  version integer not null,
  slot text not null,
  family text not null,
  parent integer,
  dataset_root text not null references datasets (root),
  weights_sha256 text not null,
  -- File name to blob: weights.bin, metadata.json, card.md, evaluation.json.
  files jsonb not null,
  labels jsonb not null,
  preprocessing_version text not null,
  created_at timestamptz not null default now(),
  primary key (bot, version)
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are immutable', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger versions_are_immutable before update or delete on versions
  for each row execute function refuse_change();

create table serving_sets (
  bot text primary key,
  policy text not null,
  members jsonb not null,
  revision integer not null default 1,
  updated_at timestamptz not null default now()
);

-- Every row holds the hash of the one before, so that a change of the past shows.
create table audit (
  seq bigint primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb not null,
  previous_hash text not null,
  hash text not null
);
create trigger audit_is_append_only before update or delete on audit
  for each row execute function refuse_change();
