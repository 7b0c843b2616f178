-- How TensorFlow runs in the inference worker that started last, for /health and the pages.
create table inference_runtime (
  only_row boolean primary key default true check (only_row),
  backend text not null,
  why text not null,
  since timestamptz not null default now()
);
