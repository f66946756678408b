create table supacron.alert (
    stack text not null references supacron.stack (name),
    name text not null,
    kind text not null,
    condition jsonb not null,
    webhook text not null,
    format text not null check (format in ('slack', 'json')),
    description text,
    start_after_ms bigint not null,
    end_after_ms bigint not null,
    repeat_every_ms bigint,
    applied jsonb not null default '{}',
    holds_since timestamptz,
    clear_since timestamptz,
    error text,
    primary key (stack, name),
    foreign key (stack, webhook) references supacron.secret (stack, name)
);
alter table supacron.alert enable row level security;
comment on table supacron.alert is 'What each stack wants to be told of, and how far each condition has come.';
comment on column supacron.alert.condition is 'What the function supacron.observe_<kind> needs to know. Durations in milliseconds.';
comment on column supacron.alert.webhook is 'The secret whose value is the URL to post to.';
comment on column supacron.alert.start_after_ms is 'The condition must hold at every look for so long before the alert starts.';
comment on column supacron.alert.end_after_ms is 'It must not hold at any look for so long before the alert ends.';
comment on column supacron.alert.repeat_every_ms is 'It is posted again while it is open; null: it is not.';
comment on column supacron.alert.applied is 'The definition as the last apply left it.';
comment on column supacron.alert.holds_since is 'Since when it holds at every look; null: it does not.';
comment on column supacron.alert.clear_since is 'Of an alert that is open: since when it holds at no look.';
comment on column supacron.alert.error is 'Why it could not be looked at the last time; null: it could.';

create table supacron.incident (
    id bigint generated always as identity primary key,
    stack text not null references supacron.stack (name),
    alert text not null,
    kind text not null,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    observed jsonb not null
);
create unique index incident_open on supacron.incident (stack, alert) where ended_at is null;
create index incident_stack on supacron.incident (stack, id);
alter table supacron.incident enable row level security;
comment on table supacron.incident is 'Each time that an alert was open, or is: ended_at is null then. It outlives the alert.';
comment on column supacron.incident.observed is 'What was seen last while the condition held: detail (a sentence), value, limit, unit.';

create table supacron.alert_post (
    id bigint generated always as identity primary key,
    stack text not null references supacron.stack (name),
    alert text not null,
    incident_id bigint references supacron.incident (id) on delete cascade,
    event text not null check (event in ('start', 'repeat', 'end', 'test')),
    at timestamptz not null default now(),
    observed jsonb not null,
    attempts integer not null default 0,
    try_at timestamptz,
    request_id bigint,
    sent_at timestamptz,
    delivered_at timestamptz,
    given_up_at timestamptz,
    status_code integer,
    error text
);
create index alert_post_unsettled on supacron.alert_post (stack, alert, id) where delivered_at is null and given_up_at is null;
create index alert_post_incident on supacron.alert_post (incident_id, at);
alter table supacron.alert_post enable row level security;
comment on table supacron.alert_post is 'What was posted of each alert, and what became of it.';
comment on column supacron.alert_post.try_at is 'When it is sent next; null while the answer is awaited, and once it is settled.';
comment on column supacron.alert_post.request_id is 'net.http_request_queue.id of the last attempt.';
comment on column supacron.alert_post.status_code is 'What the webhook answered to the last attempt.';

create table supacron.ping (
    stack text primary key references supacron.stack (name),
    secret text not null,
    every_ms bigint not null,
    applied jsonb not null default '{}',
    request_id bigint,
    sent_at timestamptz,
    seen_at timestamptz,
    status_code integer,
    error text,
    foreign key (stack, secret) references supacron.secret (stack, name)
);
alter table supacron.ping enable row level security;
comment on table supacron.ping is 'The URL that each stack calls while all is well, so that its silence tells of a database that is dead.';
comment on column supacron.ping.secret is 'The secret whose value is the URL.';
comment on column supacron.ping.seen_at is 'When the outcome of the ping sent at sent_at was recorded; null while it is awaited.';
