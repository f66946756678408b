select number from supacron.migration;
