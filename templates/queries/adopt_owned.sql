select name, stack
from supacron.job
where removed_at is null
