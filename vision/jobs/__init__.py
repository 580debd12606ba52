"""Work that takes minutes: a process beside the pages takes sets off the queue and analyses them."""
