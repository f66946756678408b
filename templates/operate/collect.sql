select supacron.collect();
