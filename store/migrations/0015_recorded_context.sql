-- What surrounded a recorded input when it was scored (domain/rollout/recorded-context.ts).
alter table recordings add column context jsonb not null default '{"intent": "ask", "subject": null, "earlier": []}';
