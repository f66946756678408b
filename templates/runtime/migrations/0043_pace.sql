create table supacron.pace (
    stack text not null references supacron.stack (name) on delete cascade,
    name text not null,
    empty_at timestamptz not null,
    primary key (stack, name)
);
alter table supacron.pace enable row level security;
comment on table supacron.pace is
'For each limit with a rate: since when nothing has been left over of it. What has grown since may leave.';
