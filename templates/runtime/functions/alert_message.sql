create or replace function supacron.alert_message(post supacron.alert_post, alert supacron.alert) returns jsonb
language plpgsql stable
set search_path = ''
as $function$
declare
    incident supacron.incident;
begin
    select * into incident from supacron.incident i where i.id = post.incident_id;
    return jsonb_build_object(
        'version', 1,
        'id', format('%s/%s/%s', post.stack, post.alert, post.id),
        'event', post.event,
        'at', supacron.iso(post.at),
        'stack', post.stack,
        'project_ref', (select r.project_ref from supacron.runtime r),
        'alert', post.alert,
        'kind', alert.kind,
        'description', alert.description,
        'incident', incident.id,
        'started_at', supacron.iso(incident.started_at),
        'ended_at', supacron.iso(incident.ended_at)
    ) || post.observed;
end;
$function$;
comment on function supacron.alert_message(supacron.alert_post, supacron.alert) is
'What a webhook of the format json gets; docs/alerts.md describes it.';
