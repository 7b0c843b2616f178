-- The schema of Understudy 0.1.0, written from PostgreSQL's catalog by bench/record-release.ts. It is never changed.

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% rows are immutable', tg_table_name using errcode = 'integrity_constraint_violation';
end $function$;

create table public.added_labels (
  bot text not null,
  id text not null,
  words text not null,
  added_by uuid not null,
  added_at timestamp with time zone default now() not null
);

create table public.alerts (
  cause text not null,
  since timestamp with time zone default now() not null,
  told_at timestamp with time zone,
  detail text not null
);

create table public.assignments (
  bot text not null,
  version integer not null,
  step integer not null,
  unit text not null,
  arm text not null,
  first_at timestamp with time zone default now() not null
);

create table public.audit (
  seq bigint not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb not null,
  previous_hash text not null,
  hash text not null
);

create table public.blind_labels (
  id uuid not null,
  question_id uuid not null,
  person_id uuid not null,
  label text,
  undone_at timestamp with time zone,
  at timestamp with time zone default now() not null
);

create table public.blind_questions (
  id uuid default gen_random_uuid() not null,
  bot text not null,
  message_id uuid,
  position integer not null,
  reason text not null,
  version integer,
  labels jsonb not null,
  asked_at timestamp with time zone default now() not null,
  closed_at timestamp with time zone,
  label text,
  input_sha256 text,
  channel_id text,
  posted_at timestamp with time zone,
  platform_id text,
  post_closed_at timestamp with time zone
);

create table public.choices (
  message_id uuid not null,
  policy text not null,
  slot text not null,
  version integer not null,
  label text not null,
  confidence double precision not null,
  known boolean not null,
  reason text not null,
  deadline_hit boolean not null,
  candidates jsonb not null,
  decided_at timestamp with time zone default now() not null,
  position integer default 0 not null,
  probabilities jsonb,
  unsure boolean default false not null
);

create table public.correction_reviews (
  id uuid default gen_random_uuid() not null,
  message_id uuid not null,
  position integer not null,
  decision text not null,
  person_id uuid not null,
  reason text,
  at timestamp with time zone default now() not null,
  revision integer,
  handed_on_at timestamp with time zone
);

create table public.corrections (
  message_id uuid not null,
  position integer default 0 not null,
  bot text not null,
  state text default 'open'::text not null,
  label text,
  decided_by text,
  provenance jsonb default '{}'::jsonb not null,
  revision integer default 1 not null,
  opened_at timestamp with time zone default now() not null,
  decided_at timestamp with time zone
);

create table public.dataset_corrections (
  root text not null,
  message_id uuid not null,
  position integer not null,
  label text not null,
  part text not null
);

create table public.datasets (
  root text not null,
  bot text not null,
  family text not null,
  examples_sha256 text not null,
  embeddings_sha256 text not null,
  size integer not null,
  label_counts jsonb not null,
  created_at timestamp with time zone default now() not null,
  parent text
);

create table public.decisions (
  id uuid not null,
  business_key text not null,
  bot text not null,
  version integer not null,
  evidence_id uuid not null,
  decision text not null,
  person_id uuid not null,
  reason text not null,
  override boolean default false not null,
  state text default 'requested'::text not null,
  refusal text,
  address jsonb,
  at timestamp with time zone default now() not null
);

create table public.evidence (
  id uuid default gen_random_uuid() not null,
  bot text not null,
  version integer not null,
  verdict text not null,
  payload jsonb not null,
  hash text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null
);

create table public.example_groups (
  bot text not null,
  input_sha256 text not null,
  group_key text not null,
  fingerprint text,
  held_out boolean not null,
  created_at timestamp with time zone default now() not null
);

create table public.example_inputs (
  bot text not null,
  example text not null,
  picture_sha256 text,
  text text
);

create table public.inbound_events (
  id bigint generated always as identity,
  transport_key text not null,
  business_key text,
  bot text not null,
  channel text not null,
  event_type text not null,
  ignored_because text,
  request jsonb,
  received_at timestamp with time zone default now() not null,
  claimed_until timestamp with time zone,
  started_at timestamp with time zone,
  paused boolean default false not null
);

create table public.inference_runtime (
  only_row boolean default true not null,
  backend text not null,
  why text not null,
  since timestamp with time zone default now() not null
);

create table public.kysely_migration (
  name character varying(255) not null,
  timestamp character varying(255) not null
);

create table public.kysely_migration_lock (
  id character varying(255) not null,
  is_locked integer default 0 not null
);

create table public.left_out_corrections (
  message_id uuid not null,
  position integer not null,
  reason text not null,
  at timestamp with time zone default now() not null
);

create table public.live_notices (
  message_id uuid not null,
  position integer not null,
  bot text not null,
  version integer not null,
  corrected_at timestamp with time zone not null,
  live_at timestamp with time zone default now() not null
);

create table public.media (
  sha256 text not null,
  format text not null,
  bytes integer not null,
  width integer not null,
  height integer not null,
  created_at timestamp with time zone default now() not null
);

create table public.meetings (
  profile_id uuid not null,
  partner_id uuid not null,
  met_at timestamp with time zone default now() not null
);

create table public.message_files (
  message_id uuid not null,
  position integer not null,
  file_id text not null
);

create table public.message_media (
  message_id uuid not null,
  position integer not null,
  sha256 text not null
);

create table public.messages (
  id uuid not null,
  bot text not null,
  channel text not null,
  business_key text not null,
  workflow_id text not null,
  person_id uuid not null,
  address jsonb not null,
  text text not null,
  pictures jsonb not null,
  sent_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  outcome text,
  outcome_reason text,
  finished_at timestamp with time zone,
  intent text default 'ask'::text not null,
  subject jsonb,
  refusal text,
  answer_within_ms integer,
  synthetic boolean default false not null,
  deleted_at timestamp with time zone
);

create table public.moderations (
  sha256 text not null,
  verdict text not null,
  scores jsonb not null,
  model text not null,
  judged_at timestamp with time zone default now() not null
);

create table public.normalised_media (
  source_sha256 text not null,
  preprocessing_version text not null,
  sha256 text not null
);

create table public.opt_outs (
  bot text not null,
  person_id uuid not null,
  opted_out boolean not null,
  message_id uuid not null,
  wished_at timestamp with time zone not null
);

create table public.pauses (
  bot text not null,
  since timestamp with time zone default now() not null,
  actor text not null
);

create table public.people (
  id uuid default gen_random_uuid() not null,
  channel text not null,
  workspace text not null,
  platform_user_id text not null,
  created_at timestamp with time zone default now() not null
);

create table public.profiles (
  id uuid not null,
  bot text not null,
  person_id uuid,
  name text,
  label text,
  confidence double precision,
  picture_sha256 text,
  address jsonb,
  starter boolean default false not null,
  created_at timestamp with time zone default now() not null,
  removed_at timestamp with time zone
);

create table public.questions (
  message_id uuid not null,
  position integer not null,
  bot text not null,
  reason text not null,
  channel_id text not null,
  platform_id text,
  asked_at timestamp with time zone default now() not null,
  closed_at timestamp with time zone,
  quotes_deleted boolean default false not null
);

create table public.recordings (
  id bigint generated always as identity,
  message_id uuid not null,
  position integer not null,
  bot text not null,
  channel text not null,
  input_sha256 text not null,
  preprocessing_version text not null,
  unit text not null,
  recorded_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  context jsonb default '{"intent": "ask", "earlier": [], "subject": null}'::jsonb not null
);

create table public.replay_reports (
  id uuid default gen_random_uuid() not null,
  bot text not null,
  version integer not null,
  against integer not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  hash text not null,
  verdict text not null,
  report jsonb not null,
  created_at timestamp with time zone default now() not null,
  of_rollout boolean default false not null
);

create table public.replies (
  key text not null,
  message_id uuid,
  kind text not null,
  text text not null,
  state text default 'intended'::text not null,
  attempts integer default 0 not null,
  sending_at timestamp with time zone,
  platform_id text,
  adopted boolean default false not null,
  failure text,
  created_at timestamp with time zone default now() not null,
  sent_at timestamp with time zone
);

create table public.retrain_slots (
  bot text not null,
  number integer not null,
  slot text not null,
  parent integer,
  dataset_files jsonb not null,
  version_files jsonb,
  gates jsonb,
  judged jsonb,
  version integer,
  progress jsonb
);

create table public.retrains (
  bot text not null,
  number integer not null,
  reason text not null,
  state text default 'running'::text not null,
  outcome text,
  dataset_root text,
  started_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  asked_by uuid
);

create table public.roles (
  person_id uuid not null,
  bot text not null,
  role text not null,
  granted_by text not null,
  granted_at timestamp with time zone default now() not null
);

create table public.rollout_events (
  id bigint generated always as identity,
  bot text not null,
  version integer not null,
  at timestamp with time zone default now() not null,
  kind text not null,
  detail jsonb default '{}'::jsonb not null
);

create table public.rollouts (
  bot text not null,
  version integer not null,
  slot text not null,
  champion integer not null,
  mode text not null,
  stage text not null,
  step integer default 0 not null,
  ended_as text,
  reason text,
  numbers jsonb not null,
  started_at timestamp with time zone default now() not null,
  shadow_at timestamp with time zone,
  stage_since timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  card_platform_id text,
  card_evidence uuid,
  held boolean default false not null
);

create table public.scores (
  message_id uuid not null,
  slot text not null,
  version integer not null,
  stage text not null,
  input_sha256 text not null,
  label text,
  confidence double precision,
  known boolean,
  probabilities jsonb,
  eval_ms double precision,
  attempts integer default 1 not null,
  error text,
  started_at timestamp with time zone default now() not null,
  scored_at timestamp with time zone,
  position integer default 0 not null
);

create table public.serving_sets (
  bot text not null,
  policy text not null,
  members jsonb not null,
  revision integer default 1 not null,
  updated_at timestamp with time zone default now() not null
);

create table public.sessions (
  token_sha256 text not null,
  person_id uuid not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null
);

create table public.sign_in_links (
  token_sha256 text not null,
  person_id uuid not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);

create table public.take_backs (
  id uuid default gen_random_uuid() not null,
  bot text not null,
  version integer not null,
  went_back_to integer not null,
  person_id uuid not null,
  reason text not null,
  at timestamp with time zone default now() not null
);

create table public.versions (
  bot text not null,
  version integer not null,
  slot text not null,
  family text not null,
  parent integer,
  dataset_root text not null,
  weights_sha256 text not null,
  files jsonb not null,
  labels jsonb not null,
  preprocessing_version text not null,
  created_at timestamp with time zone default now() not null,
  calibrated boolean default true not null,
  lineage jsonb default '{}'::jsonb not null
);

create table public.votes (
  id uuid not null,
  business_key text not null,
  message_id uuid not null,
  position integer not null,
  bot text not null,
  person_id uuid not null,
  label text,
  via text not null,
  address jsonb,
  verdict text,
  reviewer boolean default false not null,
  created_at timestamp with time zone default now() not null,
  counted_at timestamp with time zone
);

create table public.warm_versions (
  worker text not null,
  bot text not null,
  version integer not null,
  seen_at timestamp with time zone default now() not null
);

alter table public.added_labels add constraint added_labels_pkey PRIMARY KEY (bot, id);

alter table public.alerts add constraint alerts_pkey PRIMARY KEY (cause);

alter table public.assignments add constraint assignments_pkey PRIMARY KEY (bot, version, step, unit);

alter table public.assignments add constraint assignments_arm_check CHECK ((arm = ANY (ARRAY['canary'::text, 'control'::text])));

alter table public.audit add constraint audit_pkey PRIMARY KEY (seq);

alter table public.blind_labels add constraint blind_labels_pkey PRIMARY KEY (id);

alter table public.blind_questions add constraint blind_questions_pkey PRIMARY KEY (id);

alter table public.blind_questions add constraint blind_questions_bot_input_sha256_key UNIQUE (bot, input_sha256);

alter table public.blind_questions add constraint blind_questions_bot_message_id_position_key UNIQUE (bot, message_id, "position");

alter table public.blind_questions add constraint blind_questions_reason_check CHECK ((reason = ANY (ARRAY['disagreement'::text, 'random'::text])));

alter table public.choices add constraint choices_pkey PRIMARY KEY (message_id, "position");

alter table public.correction_reviews add constraint correction_reviews_pkey PRIMARY KEY (id);

alter table public.correction_reviews add constraint correction_reviews_decision_check CHECK ((decision = ANY (ARRAY['reject'::text, 'quarantine'::text, 'revoke'::text])));

alter table public.corrections add constraint corrections_pkey PRIMARY KEY (message_id, "position");

alter table public.corrections add constraint corrections_decided_by_check CHECK ((decided_by = ANY (ARRAY['quorum'::text, 'reviewer'::text])));

alter table public.corrections add constraint corrections_state_check CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'confirmed'::text, 'conflicted'::text, 'quarantined'::text, 'rejected'::text, 'undecided'::text, 'revoked'::text])));

alter table public.dataset_corrections add constraint dataset_corrections_pkey PRIMARY KEY (root, message_id, "position");

alter table public.dataset_corrections add constraint dataset_corrections_part_check CHECK ((part = ANY (ARRAY['train'::text, 'correction-holdout'::text])));

alter table public.datasets add constraint datasets_pkey PRIMARY KEY (root);

alter table public.decisions add constraint decisions_pkey PRIMARY KEY (id);

alter table public.decisions add constraint decisions_business_key_key UNIQUE (business_key);

alter table public.decisions add constraint decisions_decision_check CHECK ((decision = ANY (ARRAY['promote'::text, 'hold'::text, 'reject'::text])));

alter table public.decisions add constraint decisions_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'applied'::text, 'refused'::text])));

alter table public.evidence add constraint evidence_pkey PRIMARY KEY (id);

alter table public.evidence add constraint evidence_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text, 'inconclusive'::text, 'no_data'::text])));

alter table public.example_groups add constraint example_groups_pkey PRIMARY KEY (bot, input_sha256);

alter table public.example_inputs add constraint example_inputs_pkey PRIMARY KEY (bot, example);

alter table public.example_inputs add constraint example_inputs_check CHECK ((num_nonnulls(picture_sha256, text) = 1));

alter table public.inbound_events add constraint inbound_events_pkey PRIMARY KEY (id);

alter table public.inbound_events add constraint inbound_events_business_key_key UNIQUE (business_key);

alter table public.inbound_events add constraint inbound_events_transport_key_key UNIQUE (transport_key);

alter table public.inbound_events add constraint a_message_has_a_key CHECK (((business_key IS NULL) = (request IS NULL)));

alter table public.inbound_events add constraint ignored_or_message CHECK (((ignored_because IS NULL) = (request IS NOT NULL)));

alter table public.inference_runtime add constraint inference_runtime_pkey PRIMARY KEY (only_row);

alter table public.inference_runtime add constraint inference_runtime_only_row_check CHECK (only_row);

alter table public.kysely_migration add constraint kysely_migration_pkey PRIMARY KEY (name);

alter table public.kysely_migration_lock add constraint kysely_migration_lock_pkey PRIMARY KEY (id);

alter table public.left_out_corrections add constraint left_out_corrections_pkey PRIMARY KEY (message_id, "position");

alter table public.live_notices add constraint live_notices_pkey PRIMARY KEY (message_id, "position");

alter table public.media add constraint media_pkey PRIMARY KEY (sha256);

alter table public.meetings add constraint meetings_pkey PRIMARY KEY (profile_id, partner_id);

alter table public.message_files add constraint message_files_pkey PRIMARY KEY (message_id, "position");

alter table public.message_media add constraint message_media_pkey PRIMARY KEY (message_id, "position");

alter table public.messages add constraint messages_pkey PRIMARY KEY (id);

alter table public.messages add constraint messages_business_key_key UNIQUE (business_key);

alter table public.messages add constraint messages_workflow_id_key UNIQUE (workflow_id);

alter table public.messages add constraint finished_with_an_outcome CHECK (((outcome IS NULL) = (finished_at IS NULL)));

alter table public.messages add constraint messages_intent_check CHECK ((intent = ANY (ARRAY['ask'::text, 'ask-all'::text, 'score-only'::text, 'none'::text])));

alter table public.messages add constraint messages_outcome_check CHECK ((outcome = ANY (ARRAY['answered'::text, 'refused'::text, 'failed'::text, 'expired'::text])));

alter table public.moderations add constraint moderations_pkey PRIMARY KEY (sha256);

alter table public.moderations add constraint moderations_verdict_check CHECK ((verdict = ANY (ARRAY['shown'::text, 'withheld'::text])));

alter table public.normalised_media add constraint normalised_media_pkey PRIMARY KEY (source_sha256, preprocessing_version);

alter table public.opt_outs add constraint opt_outs_pkey PRIMARY KEY (bot, person_id);

alter table public.pauses add constraint pauses_pkey PRIMARY KEY (bot);

alter table public.people add constraint people_pkey PRIMARY KEY (id);

alter table public.people add constraint people_channel_workspace_platform_user_id_key UNIQUE (channel, workspace, platform_user_id);

alter table public.profiles add constraint profiles_pkey PRIMARY KEY (id);

alter table public.questions add constraint questions_pkey PRIMARY KEY (message_id, "position");

alter table public.questions add constraint questions_reason_check CHECK ((reason = ANY (ARRAY['unsure'::text, 'random'::text, 'conflict'::text])));

alter table public.recordings add constraint recordings_pkey PRIMARY KEY (id);

alter table public.recordings add constraint recordings_message_id_position_key UNIQUE (message_id, "position");

alter table public.replay_reports add constraint replay_reports_pkey PRIMARY KEY (id);

alter table public.replay_reports add constraint replay_reports_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text, 'inconclusive'::text, 'no_data'::text])));

alter table public.replies add constraint replies_pkey PRIMARY KEY (key);

alter table public.replies add constraint answers_belong_to_a_message CHECK (((message_id IS NOT NULL) OR (kind = ANY (ARRAY['receipt'::text, 'notice'::text, 'card'::text, 'news'::text]))));

alter table public.replies add constraint replies_kind_check CHECK ((kind = ANY (ARRAY['choice'::text, 'refusal'::text, 'apology'::text, 'question'::text, 'receipt'::text, 'notice'::text, 'prompt'::text, 'card'::text, 'news'::text])));

alter table public.replies add constraint replies_state_check CHECK ((state = ANY (ARRAY['intended'::text, 'sending'::text, 'sent'::text, 'undeliverable'::text, 'unconfirmed'::text])));

alter table public.replies add constraint sent_with_an_id CHECK (((state = 'sent'::text) = (platform_id IS NOT NULL)));

alter table public.retrain_slots add constraint retrain_slots_pkey PRIMARY KEY (bot, number, slot);

alter table public.retrains add constraint retrains_pkey PRIMARY KEY (bot, number);

alter table public.retrains add constraint retrains_reason_check CHECK ((reason = ANY (ARRAY['corrections'::text, 'schedule'::text, 'person'::text, 'demo'::text])));

alter table public.retrains add constraint retrains_state_check CHECK ((state = ANY (ARRAY['running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text])));

alter table public.roles add constraint roles_pkey PRIMARY KEY (person_id, bot);

alter table public.roles add constraint roles_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'reviewer'::text, 'approver'::text, 'admin'::text])));

alter table public.rollout_events add constraint rollout_events_pkey PRIMARY KEY (id);

alter table public.rollouts add constraint rollouts_pkey PRIMARY KEY (bot, version);

alter table public.rollouts add constraint ended_when_done CHECK (((ended_as IS NULL) = (ended_at IS NULL)));

alter table public.rollouts add constraint rollouts_ended_as_check CHECK ((ended_as = ANY (ARRAY['promoted'::text, 'rejected'::text, 'rolled-back'::text, 'failed-gates'::text, 'expired'::text, 'withdrawn'::text])));

alter table public.rollouts add constraint rollouts_mode_check CHECK ((mode = ANY (ARRAY['replace'::text, 'join'::text])));

alter table public.rollouts add constraint rollouts_stage_check CHECK ((stage = ANY (ARRAY['recorded'::text, 'replay'::text, 'shadow'::text, 'canary'::text, 'approval'::text, 'bake'::text, 'done'::text])));

alter table public.scores add constraint scores_pkey PRIMARY KEY (message_id, "position", slot, version);

alter table public.serving_sets add constraint serving_sets_pkey PRIMARY KEY (bot);

alter table public.sessions add constraint sessions_pkey PRIMARY KEY (token_sha256);

alter table public.sign_in_links add constraint sign_in_links_pkey PRIMARY KEY (token_sha256);

alter table public.take_backs add constraint take_backs_pkey PRIMARY KEY (id);

alter table public.versions add constraint versions_pkey PRIMARY KEY (bot, version);

alter table public.votes add constraint votes_pkey PRIMARY KEY (id);

alter table public.votes add constraint votes_business_key_key UNIQUE (business_key);

alter table public.votes add constraint votes_verdict_check CHECK ((verdict = ANY (ARRAY['counted'::text, 'daily-limit'::text, 'superseded'::text, 'too-late'::text])));

alter table public.votes add constraint votes_via_check CHECK ((via = ANY (ARRAY['command'::text, 'button'::text, 'reply'::text, 'shortcut'::text, 'api'::text, 'page'::text])));

alter table public.warm_versions add constraint warm_versions_pkey PRIMARY KEY (worker, bot, version);

CREATE INDEX audit_by_action ON public.audit USING btree (action, subject, at);

CREATE INDEX blind_questions_open ON public.blind_questions USING btree (bot, asked_at) WHERE (closed_at IS NULL);

CREATE INDEX correction_reviews_of_correction ON public.correction_reviews USING btree (message_id, "position");

CREATE INDEX correction_reviews_waiting ON public.correction_reviews USING btree (at) WHERE (handed_on_at IS NULL);

CREATE INDEX corrections_recent ON public.corrections USING btree (bot, opened_at DESC);

CREATE INDEX dataset_corrections_of_prediction ON public.dataset_corrections USING btree (message_id, "position");

CREATE INDEX evidence_of_rollout ON public.evidence USING btree (bot, version, created_at DESC);

CREATE INDEX example_groups_by_key ON public.example_groups USING btree (bot, group_key);

CREATE INDEX example_inputs_picture ON public.example_inputs USING btree (picture_sha256) WHERE (picture_sha256 IS NOT NULL);

CREATE INDEX inbound_events_waiting ON public.inbound_events USING btree (id) WHERE ((started_at IS NULL) AND (request IS NOT NULL));

CREATE INDEX messages_finished ON public.messages USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX messages_in_thread ON public.messages USING btree (((address ->> 'channelId'::text)), ((address ->> 'threadTs'::text)));

CREATE INDEX messages_of_conversation ON public.messages USING btree (((address ->> 'channelId'::text)), received_at DESC) WHERE (channel = 'slack'::text);

CREATE INDEX messages_of_person ON public.messages USING btree (person_id, bot, received_at DESC);

CREATE INDEX messages_recent ON public.messages USING btree (bot, received_at DESC);

CREATE INDEX messages_unfinished ON public.messages USING btree (received_at) WHERE (outcome IS NULL);

CREATE UNIQUE INDEX one_blind_label_per_person ON public.blind_labels USING btree (question_id, person_id) WHERE (undone_at IS NULL);

CREATE UNIQUE INDEX one_decision_per_evidence ON public.decisions USING btree (evidence_id) WHERE ((state = 'applied'::text) AND (decision = ANY (ARRAY['promote'::text, 'reject'::text])));

CREATE UNIQUE INDEX one_profile_per_person ON public.profiles USING btree (bot, person_id) WHERE ((removed_at IS NULL) AND (person_id IS NOT NULL));

CREATE UNIQUE INDEX one_retrain_at_a_time ON public.retrains USING btree (bot) WHERE (state = 'running'::text);

CREATE UNIQUE INDEX one_rollout_per_slot ON public.rollouts USING btree (bot, slot) WHERE (ended_as IS NULL);

CREATE INDEX questions_quoting_deleted ON public.questions USING btree (bot) WHERE quotes_deleted;

CREATE INDEX recordings_recent ON public.recordings USING btree (bot, recorded_at DESC);

CREATE INDEX replay_reports_recent ON public.replay_reports USING btree (bot, version, created_at DESC);

CREATE INDEX replies_by_platform_id ON public.replies USING btree (platform_id) WHERE (platform_id IS NOT NULL);

CREATE INDEX replies_of_message ON public.replies USING btree (message_id);

CREATE INDEX rollout_events_of_rollout ON public.rollout_events USING btree (bot, version, id);

CREATE INDEX scores_by_input ON public.scores USING btree (input_sha256);

CREATE INDEX votes_of_person ON public.votes USING btree (person_id, created_at DESC);

CREATE INDEX votes_of_prediction ON public.votes USING btree (message_id, "position");

alter table public.added_labels add constraint added_labels_added_by_fkey FOREIGN KEY (added_by) REFERENCES people(id);

alter table public.blind_labels add constraint blind_labels_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.blind_labels add constraint blind_labels_question_id_fkey FOREIGN KEY (question_id) REFERENCES blind_questions(id);

alter table public.choices add constraint choices_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id);

alter table public.correction_reviews add constraint correction_reviews_message_id_position_fkey FOREIGN KEY (message_id, "position") REFERENCES corrections(message_id, "position");

alter table public.correction_reviews add constraint correction_reviews_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.corrections add constraint corrections_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id);

alter table public.dataset_corrections add constraint dataset_corrections_root_fkey FOREIGN KEY (root) REFERENCES datasets(root);

alter table public.datasets add constraint datasets_parent_fkey FOREIGN KEY (parent) REFERENCES datasets(root);

alter table public.decisions add constraint decisions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.evidence add constraint evidence_bot_version_fkey FOREIGN KEY (bot, version) REFERENCES rollouts(bot, version);

alter table public.left_out_corrections add constraint left_out_corrections_message_id_position_fkey FOREIGN KEY (message_id, "position") REFERENCES corrections(message_id, "position");

alter table public.meetings add constraint meetings_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES profiles(id);

alter table public.meetings add constraint meetings_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES profiles(id);

alter table public.message_files add constraint message_files_message_id_position_fkey FOREIGN KEY (message_id, "position") REFERENCES message_media(message_id, "position") ON DELETE CASCADE;

alter table public.message_media add constraint message_media_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id);

alter table public.message_media add constraint message_media_sha256_fkey FOREIGN KEY (sha256) REFERENCES media(sha256);

alter table public.messages add constraint messages_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.moderations add constraint moderations_sha256_fkey FOREIGN KEY (sha256) REFERENCES media(sha256) ON DELETE CASCADE;

alter table public.normalised_media add constraint normalised_media_source_sha256_fkey FOREIGN KEY (source_sha256) REFERENCES media(sha256);

alter table public.opt_outs add constraint opt_outs_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.profiles add constraint profiles_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.recordings add constraint recordings_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id);

alter table public.replies add constraint replies_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id);

alter table public.retrain_slots add constraint retrain_slots_bot_number_fkey FOREIGN KEY (bot, number) REFERENCES retrains(bot, number);

alter table public.retrains add constraint retrains_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES people(id);

alter table public.retrains add constraint retrains_dataset_root_fkey FOREIGN KEY (dataset_root) REFERENCES datasets(root);

alter table public.roles add constraint roles_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.rollouts add constraint rollouts_bot_version_fkey FOREIGN KEY (bot, version) REFERENCES versions(bot, version);

alter table public.scores add constraint scores_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id);

alter table public.sessions add constraint sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.sign_in_links add constraint sign_in_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.take_backs add constraint take_backs_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

alter table public.versions add constraint versions_dataset_root_fkey FOREIGN KEY (dataset_root) REFERENCES datasets(root);

alter table public.votes add constraint votes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dataset_corrections_are_immutable BEFORE DELETE OR UPDATE ON public.dataset_corrections FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER datasets_are_immutable BEFORE DELETE OR UPDATE ON public.datasets FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER evidence_is_immutable BEFORE DELETE OR UPDATE ON public.evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER versions_are_immutable BEFORE DELETE OR UPDATE ON public.versions FOR EACH ROW EXECUTE FUNCTION refuse_change();

insert into public.kysely_migration (name, timestamp) values
('0001_messages', '2026-12-01T00:00:00.000Z'),
('0002_models', '2026-12-01T00:00:00.000Z'),
('0003_inference', '2026-12-01T00:00:00.000Z'),
('0004_conversations', '2026-12-01T00:00:00.000Z'),
('0005_moderation', '2026-12-01T00:00:00.000Z'),
('0006_turns', '2026-12-01T00:00:00.000Z'),
('0007_opt_outs', '2026-12-01T00:00:00.000Z'),
('0008_labels', '2026-12-01T00:00:00.000Z'),
('0009_learning', '2026-12-01T00:00:00.000Z'),
('0010_left_out_corrections', '2026-12-01T00:00:00.000Z'),
('0011_corrections', '2026-12-01T00:00:00.000Z'),
('0012_rollout_replays', '2026-12-01T00:00:00.000Z'),
('0013_example_inputs', '2026-12-01T00:00:00.000Z'),
('0014_retrain_author', '2026-12-01T00:00:00.000Z'),
('0015_recorded_context', '2026-12-01T00:00:00.000Z'),
('0016_audit_lookups', '2026-12-01T00:00:00.000Z'),
('0017_blind_questions_let_go', '2026-12-01T00:00:00.000Z'),
('0018_questions_let_go', '2026-12-01T00:00:00.000Z');

insert into public.kysely_migration_lock (id, is_locked) values
('migration_lock', '0');
