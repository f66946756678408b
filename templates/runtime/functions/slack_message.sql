create or replace function supacron.slack_message(message jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $function$
declare
    title constant text := format(
        case message ->> 'event'
            when 'start' then ':rotating_light: %s'
            when 'repeat' then ':rotating_light: %s goes on'
            when 'end' then ':white_check_mark: %s is over'
            else ':wave: %s, a test'
        end,
        supacron.slack_text(concat_ws('/', message ->> 'stack', message ->> 'alert'))
    );
    detail constant text := supacron.slack_text(left(message ->> 'detail', 1000));
    context constant text := supacron.slack_text(
        left(
            concat_ws(
                ' | ',
                message ->> 'description',
                'project ' || (message ->> 'project_ref'),
                'since ' || (message ->> 'started_at'),
                'until ' || (message ->> 'ended_at'),
                message ->> 'id'
            ),
            500
        )
    );
begin
    return jsonb_build_object(
        'text', format('%s: %s', title, detail),
        'blocks', jsonb_build_array(
            jsonb_build_object(
                'type', 'section',
                'text', jsonb_build_object('type', 'mrkdwn', 'text', format(E'*%s*\n%s', title, detail))
            ),
            jsonb_build_object(
                'type', 'context',
                'elements', jsonb_build_array(jsonb_build_object('type', 'mrkdwn', 'text', context))
            )
        )
    );
end;
$function$;
comment on function supacron.slack_message(jsonb) is
'The same message for an incoming webhook of Slack; docs/alerts.md describes it.';
