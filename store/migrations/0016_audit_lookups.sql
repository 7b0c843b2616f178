-- What was done to one thing, and when: rollbacks that nobody has been told of, and versions that were live before.
create index audit_by_action on audit (action, subject, at);
