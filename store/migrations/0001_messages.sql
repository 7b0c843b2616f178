-- Deliveries at the doors. A row is committed before the platform gets its 200; the relay leases it and starts the workflow.
create table inbound_events (
  id bigint generated always as identity primary key,
  transport_key text not null unique,
  -- Only a message that we will answer has one, and only then `message` is kept.
  business_key text unique,
  bot text not null,
  channel text not null,
  event_type text not null,
  ignored_because text,
  message jsonb,
  received_at timestamptz not null default now(),
  claimed_until timestamptz,
  started_at timestamptz,
  constraint a_message_has_a_key check ((business_key is null) = (message is null)),
  constraint ignored_or_message check ((ignored_because is null) = (message is not null))
);
create index inbound_events_waiting on inbound_events (id) where started_at is null and message is not null;

-- People under ids of our own, so that a platform's id of a person stays in this table.
create table people (
  id uuid primary key default gen_random_uuid(),
  channel text not null,
  -- Slack user ids are unique per workspace only; empty on X.
  workspace text not null,
  platform_user_id text not null,
  created_at timestamptz not null default now(),
  unique (channel, workspace, platform_user_id)
);

create table messages (
  id uuid primary key,
  bot text not null,
  channel text not null,
  business_key text not null unique,
  workflow_id text not null unique,
  person_id uuid not null references people (id),
  address jsonb not null,
  text text not null,
  pictures jsonb not null,
  sent_at timestamptz not null,
  received_at timestamptz not null,
  outcome text check (outcome in ('answered', 'refused', 'failed', 'expired')),
  outcome_reason text,
  finished_at timestamptz,
  constraint finished_with_an_outcome check ((outcome is null) = (finished_at is null))
);
create index messages_unfinished on messages (received_at) where outcome is null;
create index messages_recent on messages (bot, received_at desc);

-- Originals by SHA-256; the bytes are blobs.
create table media (
  sha256 text primary key,
  format text not null,
  bytes integer not null,
  width integer not null,
  height integer not null,
  created_at timestamptz not null default now()
);
-- What models read: the original, normalised by one version of the preprocessing.
create table normalised_media (
  source_sha256 text not null references media (sha256),
  preprocessing_version text not null,
  sha256 text not null,
  primary key (source_sha256, preprocessing_version)
);
create table message_media (
  message_id uuid not null references messages (id),
  position integer not null,
  sha256 text not null references media (sha256),
  primary key (message_id, position)
);

-- One row per version that was asked about a message, late ones included; a failed attempt leaves its error code.
create table scores (
  message_id uuid not null references messages (id),
  slot text not null,
  version integer not null,
  stage text not null,
  input_sha256 text not null,
  label text,
  confidence double precision,
  known boolean,
  probabilities jsonb,
  eval_ms double precision,
  attempts integer not null default 1,
  error text,
  started_at timestamptz not null default now(),
  scored_at timestamptz,
  primary key (message_id, slot, version)
);

create table choices (
  message_id uuid primary key references messages (id),
  policy text not null,
  slot text not null,
  version integer not null,
  label text not null,
  confidence double precision not null,
  known boolean not null,
  reason text not null,
  deadline_hit boolean not null,
  candidates jsonb not null,
  decided_at timestamptz not null default now()
);

-- The reply protocol: the row is there before the call, `sending_at` is set right before it.
create table replies (
  key text primary key,
  message_id uuid not null references messages (id),
  kind text not null check (kind in ('choice', 'refusal', 'apology')),
  text text not null,
  state text not null default 'intended' check (state in ('intended', 'sending', 'sent', 'undeliverable')),
  attempts integer not null default 0,
  sending_at timestamptz,
  platform_id text,
  -- True when an earlier attempt was found at the platform instead of posting again.
  adopted boolean not null default false,
  failure text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  constraint sent_with_an_id check ((state = 'sent') = (platform_id is not null))
);
create index replies_of_message on replies (message_id);
