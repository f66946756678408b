create or replace function supacron.prune_alerts(batch integer) returns integer
language plpgsql
set search_path = ''
as $function$
declare
    gone integer;
    pruned integer;
begin
    -- Its posts go with an incident.
    delete from supacron.incident
    where id = any(array(
        select i.id
        from supacron.incident i
        join supacron.stack s on s.name = i.stack
        where i.ended_at < now() - s.runs_retention
        limit batch
    ));
    get diagnostics pruned = row_count;
    delete from supacron.alert_post
    where id = any(array(
        select p.id
        from supacron.alert_post p
        join supacron.stack s on s.name = p.stack
        where p.event = 'test' and p.at < now() - s.runs_retention
        limit batch
    ));
    get diagnostics gone = row_count;
    return pruned + gone;
end;
$function$;
comment on function supacron.prune_alerts(integer) is
'Deletes alerts that ended longer ago than each stack keeps runs, at most `batch` of them; returns how many rows went.';
