select number from supacron_queue.migration;
