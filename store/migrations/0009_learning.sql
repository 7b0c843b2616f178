-- Groups of near-duplicates: which side of the split an input is on is decided by its group, once, before any label is seen.
create table example_groups (
  bot text not null,
  -- SHA-256 of the normalised input.
  input_sha256 text not null,
  -- The input that came first of its near-duplicates.
  group_key text not null,
  -- 64-bit difference hash of a picture in hexadecimal; null for texts.
  fingerprint text,
  held_out boolean not null,
  created_at timestamptz not null default now(),
  primary key (bot, input_sha256)
);
create index example_groups_by_key on example_groups (bot, group_key);

-- Which corrections a dataset holds, and on which side.
create table dataset_corrections (
  root text not null references datasets (root),
  message_id uuid not null,
  position integer not null,
  label text not null,
  part text not null check (part in ('train', 'correction-holdout')),
  primary key (root, message_id, position)
);
create index dataset_corrections_of_prediction on dataset_corrections (message_id, position);
alter table datasets add column parent text references datasets (root);

create table retrains (
  bot text not null,
  number integer not null,
  reason text not null check (reason in ('corrections', 'schedule', 'person', 'demo')),
  state text not null default 'running' check (state in ('running', 'succeeded', 'failed', 'cancelled')),
  -- One sentence of our own words.
  outcome text,
  dataset_root text references datasets (root),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (bot, number)
);
create unique index one_retrain_at_a_time on retrains (bot) where state = 'running';
-- Each slot of a retrain: what it starts from, what came out, and what the gates said.
create table retrain_slots (
  bot text not null,
  number integer not null,
  slot text not null,
  parent integer,
  -- File name to blob.
  dataset_files jsonb not null,
  version_files jsonb,
  gates jsonb,
  -- Held-out figures of challenger and champion on the same rows, for the evidence.
  judged jsonb,
  version integer,
  progress jsonb,
  primary key (bot, number, slot),
  foreign key (bot, number) references retrains (bot, number)
);

-- Where a version comes from: retrain, trigger, seed, trainer, machine, libraries.
alter table versions add column lineage jsonb not null default '{}';

-- Who took a correction back after it was accepted, or decided it as a reviewer on the page.
alter table corrections drop constraint corrections_state_check;
alter table corrections add constraint corrections_state_check
  check (state in ('open', 'accepted', 'confirmed', 'conflicted', 'quarantined', 'rejected', 'undecided', 'revoked'));
alter table corrections drop constraint corrections_decided_by_check;
alter table corrections add constraint corrections_decided_by_check check (decided_by in ('quorum', 'reviewer'));

-- The decoy: what models saw, as it was. Bytes are blobs; rows go when their time is over, or their message is deleted.
create table recordings (
  id bigint generated always as identity primary key,
  message_id uuid not null references messages (id),
  position integer not null,
  bot text not null,
  channel text not null,
  input_sha256 text not null,
  preprocessing_version text not null,
  -- Person or thread, as a hash that belongs to this bot alone.
  unit text not null,
  recorded_at timestamptz not null default now(),
  expires_at timestamptz not null,
  unique (message_id, position)
);
create index recordings_recent on recordings (bot, recorded_at desc);

create table replay_reports (
  id uuid primary key default gen_random_uuid(),
  bot text not null,
  version integer not null,
  against integer not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Inputs, labels and confidences rounded to 1e-3, no timings.
  hash text not null,
  verdict text not null check (verdict in ('pass', 'fail', 'inconclusive', 'no_data')),
  report jsonb not null,
  created_at timestamptz not null default now()
);
create index replay_reports_recent on replay_reports (bot, version, created_at desc);

-- Which versions are loaded and warm in which inference worker; a worker that does not say so any more is gone.
create table warm_versions (
  worker text not null,
  bot text not null,
  version integer not null,
  seen_at timestamptz not null default now(),
  primary key (worker, bot, version)
);

create table rollouts (
  bot text not null,
  version integer not null,
  slot text not null,
  champion integer not null,
  mode text not null check (mode in ('replace', 'join')),
  stage text not null check (stage in ('recorded', 'replay', 'shadow', 'canary', 'approval', 'bake', 'done')),
  step integer not null default 0,
  -- Its ending, with one sentence for people.
  ended_as text check (ended_as in ('promoted', 'rejected', 'rolled-back', 'failed-gates', 'expired', 'withdrawn')),
  reason text,
  numbers jsonb not null,
  started_at timestamptz not null default now(),
  -- Traffic's time counts from here.
  shadow_at timestamptz,
  stage_since timestamptz not null default now(),
  ended_at timestamptz,
  -- The card in the people's channel.
  card_platform_id text,
  card_evidence uuid,
  held boolean not null default false,
  primary key (bot, version),
  foreign key (bot, version) references versions (bot, version),
  constraint ended_when_done check ((ended_as is null) = (ended_at is null))
);
create unique index one_rollout_per_slot on rollouts (bot, slot) where ended_as is null;
-- What happened to a rollout, and when.
create table rollout_events (
  id bigint generated always as identity primary key,
  bot text not null,
  version integer not null,
  at timestamptz not null default now(),
  kind text not null,
  detail jsonb not null default '{}'
);
create index rollout_events_of_rollout on rollout_events (bot, version, id);

-- Which arm of a canary a person or thread is in: written once, so the sample ratio is over people, not requests.
create table assignments (
  bot text not null,
  version integer not null,
  step integer not null,
  unit text not null,
  arm text not null check (arm in ('canary', 'control')),
  first_at timestamptz not null default now(),
  primary key (bot, version, step, unit)
);

-- Immutable: nothing updates a row.
create table evidence (
  id uuid primary key default gen_random_uuid(),
  bot text not null,
  version integer not null,
  verdict text not null check (verdict in ('pass', 'fail', 'inconclusive', 'no_data')),
  payload jsonb not null,
  hash text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  foreign key (bot, version) references rollouts (bot, version)
);
create index evidence_of_rollout on evidence (bot, version, created_at desc);
create trigger evidence_is_immutable before update or delete on evidence
  for each row execute function refuse_change();

-- A person's click: requested at the door, then applied or refused with the reason.
create table decisions (
  id uuid primary key,
  -- Two deliveries of one click are one.
  business_key text not null unique,
  bot text not null,
  version integer not null,
  evidence_id uuid not null,
  decision text not null check (decision in ('promote', 'hold', 'reject')),
  person_id uuid not null references people (id),
  -- The person's words; they stay in this row.
  reason text not null,
  -- A promotion although the evidence was inconclusive.
  override boolean not null default false,
  state text not null default 'requested' check (state in ('requested', 'applied', 'refused')),
  refusal text,
  -- Where the person is told.
  address jsonb,
  at timestamptz not null default now()
);
create unique index one_decision_per_evidence on decisions (evidence_id)
  where state = 'applied' and decision in ('promote', 'reject');

-- Disagreements, and a random share of all answers, that people label without knowing who said what.
create table blind_questions (
  id uuid primary key default gen_random_uuid(),
  bot text not null,
  message_id uuid not null,
  position integer not null,
  reason text not null check (reason in ('disagreement', 'random')),
  -- The rollout whose disagreement it is; null for the random share.
  version integer,
  -- In the order in which they are offered: drawn at random, so the order says nothing.
  labels jsonb not null,
  asked_at timestamptz not null default now(),
  closed_at timestamptz,
  label text,
  -- What the models read: the same input is asked about once, whoever sent it.
  input_sha256 text,
  -- Where and when it was put into Slack; null: on the page only. The platform's id when it is visible there.
  channel_id text,
  posted_at timestamptz,
  platform_id text,
  -- Its post says what it was settled as, and has no buttons any more.
  post_closed_at timestamptz,
  unique (bot, message_id, position),
  unique (bot, input_sha256)
);
create index blind_questions_open on blind_questions (bot, asked_at) where closed_at is null;
create table blind_labels (
  id uuid primary key,
  question_id uuid not null references blind_questions (id),
  person_id uuid not null references people (id),
  -- Null: "can't tell".
  label text,
  undone_at timestamptz,
  at timestamptz not null default now()
);
create unique index one_blind_label_per_person on blind_labels (question_id, person_id) where undone_at is null;

-- Who was told that their correction is live, once per correction.
create table live_notices (
  message_id uuid not null,
  position integer not null,
  bot text not null,
  version integer not null,
  corrected_at timestamptz not null,
  live_at timestamptz not null default now(),
  primary key (message_id, position)
);

-- Cards and news of a rollout go through the reply protocol and belong to no message.
alter table replies alter column message_id drop not null;
alter table replies drop constraint replies_kind_check;
alter table replies add constraint replies_kind_check
  check (kind in ('choice', 'refusal', 'apology', 'question', 'receipt', 'notice', 'prompt', 'card', 'news'));
alter table replies add constraint answers_belong_to_a_message
  check (message_id is not null or kind in ('receipt', 'notice', 'card', 'news'));

-- What reviewers decided on corrections past the votes, and who took versions back: the persons' words stay in these rows.
create table correction_reviews (
  id uuid primary key default gen_random_uuid(),
  message_id uuid not null,
  position integer not null,
  decision text not null check (decision in ('reject', 'quarantine', 'revoke')),
  person_id uuid not null references people (id),
  reason text,
  at timestamptz not null default now(),
  foreign key (message_id, position) references corrections (message_id, position)
);
create index correction_reviews_of_correction on correction_reviews (message_id, position);
create table take_backs (
  id uuid primary key default gen_random_uuid(),
  bot text not null,
  version integer not null,
  went_back_to integer not null,
  person_id uuid not null references people (id),
  reason text not null,
  at timestamptz not null default now()
);
