select name from supacron.job where stack = %(stack)s order by removed_at is not null, name;
