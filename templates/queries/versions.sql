select
    (select r.tool_version from supacron.runtime r) as tool_version,
    array(select m.number from supacron.migration m order by m.number) as migrations;
