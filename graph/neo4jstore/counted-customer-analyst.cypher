// All customers count in the figures of an analyst.
true
