-- A dataset has as many files as its kind of model needs: file name to blob, as versions have theirs.
alter table datasets add column files jsonb;
alter table datasets disable trigger datasets_are_immutable;
-- Beside the two files that every dataset has had so far, a dataset of texts has two more, which the slots that learn from it and the
-- versions that learned from it name.
update datasets set files = coalesce((
    select jsonb_object_agg(named.key, named.value) from (
      select file.key, file.value from versions cross join jsonb_each(versions.files) as file
      where versions.dataset_root = datasets.root
      union
      select file.key, file.value from retrains
        join retrain_slots using (bot, number) cross join jsonb_each(retrain_slots.dataset_files) as file
      where retrains.dataset_root = datasets.root
    ) as named where named.key in ('grams.bin', 'split.json')
  ), '{}') || jsonb_build_object('examples.json', examples_sha256, 'embeddings.bin', embeddings_sha256);
alter table datasets enable trigger datasets_are_immutable;
alter table datasets alter column files set not null, drop column examples_sha256, drop column embeddings_sha256;
