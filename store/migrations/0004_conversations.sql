-- The door now stores requests of several kinds: a message, a vote, a wish to be matched, a change of an earlier message.
alter table inbound_events rename column message to request;
update inbound_events set request = jsonb_build_object('kind', 'message', 'message', request) where request is not null;
-- It waited while its bot was paused: it expires after the bot's own time, unless the operator said answer.
alter table inbound_events add column paused boolean not null default false;
drop index inbound_events_waiting;
create index inbound_events_waiting on inbound_events (id) where started_at is null and request is not null;

-- What a person may do with a bot; '*' stands for every bot.
create table roles (
  person_id uuid not null references people (id),
  bot text not null,
  role text not null check (role in ('viewer', 'reviewer', 'approver', 'admin')),
  granted_by text not null,
  granted_at timestamptz not null default now(),
  primary key (person_id, bot)
);
-- Tokens are kept as SHA-256: what is in the database opens nothing.
create table sign_in_links (
  token_sha256 text primary key,
  person_id uuid not null references people (id),
  expires_at timestamptz not null,
  used_at timestamptz
);
create table sessions (
  token_sha256 text primary key,
  person_id uuid not null references people (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- A paused bot's events are kept and not started.
create table pauses (
  bot text primary key,
  since timestamptz not null default now(),
  actor text not null
);

alter table messages
  -- What the person wants: one answer, every live version's, or nothing but a score (for a correction of a new picture).
  add column intent text not null default 'ask' check (intent in ('ask', 'ask-all', 'score-only', 'none')),
  -- Where to look when the message has no picture of its own.
  add column subject jsonb,
  -- Why it is refused, when the relay knew already.
  add column refusal text,
  -- Older messages expire after a pause.
  add column answer_within_ms integer,
  -- Load tests: kept out of recordings, evidence and figures.
  add column synthetic boolean not null default false,
  add column deleted_at timestamptz;
create index messages_in_thread on messages ((address ->> 'channelId'), (address ->> 'threadTs'));
create index messages_finished on messages (finished_at) where finished_at is not null;
create index messages_of_person on messages (person_id, bot, received_at desc);

-- A message may have several pictures: a score and a choice belong to one of them.
alter table scores drop constraint scores_pkey;
alter table scores add column position integer not null default 0;
alter table scores add primary key (message_id, position, slot, version);
alter table choices drop constraint choices_pkey;
alter table choices add column position integer not null default 0;
alter table choices add column probabilities jsonb;
-- Under the bot's threshold: the reply says so, and people are asked.
alter table choices add column unsure boolean not null default false;
alter table choices add primary key (message_id, position);

alter table replies drop constraint replies_kind_check;
alter table replies add constraint replies_kind_check
  check (kind in ('choice', 'refusal', 'apology', 'question', 'receipt', 'notice', 'prompt'));
alter table replies drop constraint replies_state_check;
alter table replies add constraint replies_state_check
  check (state in ('intended', 'sending', 'sent', 'undeliverable', 'unconfirmed'));
create index replies_by_platform_id on replies (platform_id) where platform_id is not null;

-- What people say the answer should have been: one row per prediction that anybody has voted on or was asked about.
create table corrections (
  message_id uuid not null references messages (id),
  position integer not null default 0,
  bot text not null,
  state text not null default 'open'
    check (state in ('open', 'accepted', 'confirmed', 'conflicted', 'quarantined', 'rejected', 'undecided')),
  -- The label that people settled on; the prediction's own label when it was confirmed.
  label text,
  decided_by text check (decided_by in ('quorum', 'reviewer')),
  provenance jsonb not null default '{}',
  revision integer not null default 1,
  opened_at timestamptz not null default now(),
  decided_at timestamptz,
  primary key (message_id, position)
);
create index corrections_recent on corrections (bot, opened_at desc);

create table votes (
  id uuid primary key,
  business_key text not null unique,
  message_id uuid not null,
  position integer not null,
  bot text not null,
  person_id uuid not null references people (id),
  -- Null: "can't tell".
  label text,
  via text not null check (via in ('command', 'button', 'reply', 'shortcut', 'api', 'page')),
  -- Where the person is told; null when they see it on the page.
  address jsonb,
  -- Null until counted.
  verdict text check (verdict in ('counted', 'daily-limit', 'superseded', 'too-late')),
  reviewer boolean not null default false,
  created_at timestamptz not null default now(),
  counted_at timestamptz
);
create index votes_of_prediction on votes (message_id, position);
create index votes_of_person on votes (person_id, created_at desc);

-- Predictions that people were asked about.
create table questions (
  message_id uuid not null,
  position integer not null,
  bot text not null,
  reason text not null check (reason in ('unsure', 'random', 'conflict')),
  channel_id text not null,
  platform_id text,
  asked_at timestamptz not null default now(),
  closed_at timestamptz,
  primary key (message_id, position)
);

-- People who want to be matched, and the profiles that are there from the start.
create table profiles (
  -- That of the message that it was made of; a random one for those that are there from the start.
  id uuid primary key,
  bot text not null,
  person_id uuid references people (id),
  name text,
  label text,
  confidence double precision,
  picture_sha256 text,
  address jsonb,
  starter boolean not null default false,
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
create unique index one_profile_per_person on profiles (bot, person_id) where removed_at is null and person_id is not null;
create table meetings (
  profile_id uuid not null references profiles (id),
  partner_id uuid not null references profiles (id),
  met_at timestamptz not null default now(),
  primary key (profile_id, partner_id)
);

-- What operators were told, once per cause.
create table alerts (
  cause text primary key,
  since timestamptz not null default now(),
  told_at timestamptz,
  detail text not null
);

-- A version from elsewhere may be uncalibrated: the most confident one is then not chosen by its confidence.
alter table versions add column calibrated boolean not null default true;
