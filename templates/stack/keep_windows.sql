select supacron.keep_windows();
