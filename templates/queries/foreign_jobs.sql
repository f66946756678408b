select name, stack from supacron.job where stack <> %(stack)s and removed_at is null;
