create or replace function supacron.slack_text(plain text) returns text
language sql immutable
set search_path = ''
as $function$
    select replace(replace(replace(plain, '&', '&amp;'), '<', '&lt;'), '>', '&gt;');
$function$;
comment on function supacron.slack_text(text) is 'Text that is no link and mentions nobody in Slack.';
